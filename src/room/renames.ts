/** Who is called what: first nicknames and new ones (RFC 7701 section 7). */
import type { RoomEffect } from './effects.ts';
import type { Newcomer, ParticipantId, RequestId } from './inputs.ts';
import { nicknameCandidates, nicknameKey, prepareNickname, Quarantine } from './nicknames.ts';
import { refused } from './refusals.ts';
import { answer, rosterChanged, type Input, type RoomState } from './state.ts';
import type { Entry } from './roster.ts';

export class Renames {
  readonly #state: RoomState;
  readonly #quarantine = new Quarantine();
  readonly #newcomers = new Map<ParticipantId, Newcomer>();
  /** Requests that the network's side will settle, by whom they are for. */
  readonly #pending = new Map<RequestId, ParticipantId>();

  constructor(state: RoomState) {
    this.#state = state;
  }

  /** The nickname of somebody who comes in where there is no network to choose it. */
  firstNick(newcomer: Newcomer, now: number): string {
    const names = [newcomer.displayName, newcomer.userName].map((name) => prepareNickname(name) ?? '');
    const candidates = nicknameCandidates(
      newcomer.anonymous ? [] : names,
      (name) => name !== '',
      (name) => name,
    );
    for (const candidate of candidates) {
      if (this.#free(candidate, newcomer.id, now)) return candidate;
    }
    return newcomer.id;
  }

  entered(newcomer: Newcomer): void {
    this.#newcomers.set(newcomer.id, newcomer);
  }

  left(entry: Entry, now: number): void {
    this.#quarantine.add(entry.nick, entry.id, now);
    this.#newcomers.delete(entry.id);
  }

  /** The network's side says that a participant is called something else now. */
  released(entry: Entry, nick: string, now: number): void {
    if (nicknameKey(entry.nick) !== nicknameKey(nick)) this.#quarantine.add(entry.nick, entry.id, now);
  }

  rename({ request, participant, nick }: Input<'rename'>, now: number): RoomEffect[] {
    const entry = this.#state.roster.entry(participant);
    if (!entry) return [answer(request, refused('forbidden', 'not in this room'))];
    if (!this.#state.settings.nicknames) {
      return [answer(request, refused('nicknames-off', 'this room has no nicknames'))];
    }
    const wanted = nick === undefined ? undefined : prepareNickname(nick);
    if (nick !== undefined && wanted === undefined) {
      return [answer(request, refused('nickname-malformed', 'this cannot be a nickname'))];
    }
    if (wanted === entry.nick) return [answer(request, { ok: true, nick: wanted })];
    if (wanted !== undefined && !this.#free(wanted, participant, now)) {
      return [answer(request, refused('nickname-in-use', `${wanted} is in use`))];
    }
    if (this.#state.networked) {
      this.#pending.set(request, participant);
      return [{ type: 'rename', request, participant, nick: wanted }];
    }
    const newcomer = this.#newcomers.get(participant);
    const given = wanted ?? (newcomer ? this.firstNick(newcomer, now) : entry.nick);
    return this.#give(request, entry, given, now);
  }

  settled({ request, outcome }: Input<'settled'>, now: number): RoomEffect[] {
    const participant = this.#pending.get(request);
    if (participant === undefined) return [];
    this.#pending.delete(request);
    const entry = this.#state.roster.entry(participant);
    if (!entry || !outcome.ok || outcome.nick === undefined) return [answer(request, outcome)];
    return this.#give(request, entry, outcome.nick, now);
  }

  #give(request: RequestId, entry: Entry, nick: string, now: number): RoomEffect[] {
    this.released(entry, nick, now);
    const changed = this.#state.roster.change(entry.id, { nick });
    return [answer(request, { ok: true, nick }), ...(changed ? [rosterChanged] : [])];
  }

  /** Whether nobody else has a nickname, and nobody's quarantine keeps it. */
  #free(nick: string, whom: ParticipantId, now: number): boolean {
    const key = nicknameKey(nick);
    for (const { id, nick: taken } of this.#state.roster.entries()) {
      if (id !== whom && nicknameKey(taken) === key) return false;
    }
    return !this.#quarantine.holds(nick, whom, now);
  }
}
