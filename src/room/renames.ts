/** Who is called what: first nicknames and new ones (RFC 7701 section 7). */
import { skeletonOf } from './confusables.ts';
import type { RoomEffect } from './effects.ts';
import { moderators, type Newcomer, type ParticipantId, type RequestId } from './inputs.ts';
import {
  cutNickname,
  isReservedNickname,
  nicknameCandidates,
  nicknameKey,
  prepareNickname,
  Quarantine,
} from './nicknames.ts';
import { refused } from './refusals.ts';
import { answer, rosterChanged, type Input, type RoomState } from './state.ts';
import type { Entry } from './roster.ts';

/** What somebody waits for; without a nick the default one. */
interface Wanted {
  readonly participant: ParticipantId;
  readonly nick: string | undefined;
}

/** What others in the room are called. */
interface Others {
  /** As nicknames are compared. */
  readonly keys: ReadonlySet<string>;
  /** Nicknames that nobody may imitate, by what they look like. */
  readonly skeletons: ReadonlyMap<string, string>;
}

export class Renames {
  readonly #state: RoomState;
  readonly #quarantine = new Quarantine();
  readonly #newcomers = new Map<ParticipantId, Newcomer>();
  /** Requests that the network's side will settle. */
  readonly #pending = new Map<RequestId, Wanted>();

  constructor(state: RoomState) {
    this.#state = state;
  }

  /** The nickname of somebody who comes in where there is no network to choose it. */
  firstNick(newcomer: Newcomer, now: number): string {
    const names = [newcomer.displayName, newcomer.userName].map((name) => prepareNickname(name) ?? '');
    const candidates = nicknameCandidates(
      newcomer.anonymous ? [] : names,
      (name) => name !== '',
      cutNickname,
    );
    const others = this.#others(newcomer.id);
    for (const candidate of candidates) {
      if (this.#objection(candidate, newcomer.id, now, others) === undefined) return candidate;
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
    // The last of several requests decides, so one that changes nothing waits for those before it.
    const waits = [...this.#pending.values()].some((other) => other.participant === participant);
    if (wanted === entry.nick && !waits) return [answer(request, { ok: true, nick: wanted })];
    const objection = wanted === undefined ? undefined : this.#objection(wanted, participant, now);
    if (objection !== undefined) {
      return [answer(request, refused('nickname-in-use', `${wanted} ${objection}`))];
    }
    if (this.#state.networked) {
      this.#pending.set(request, { participant, nick: wanted });
      return [{ type: 'rename', request, participant, nick: wanted }];
    }
    return this.#give(request, entry, wanted ?? this.#default(entry, now), now);
  }

  settled({ request, outcome }: Input<'settled'>, now: number): RoomEffect[] {
    const wanted = this.#pending.get(request);
    if (!wanted) return [];
    this.#pending.delete(request);
    const entry = this.#state.roster.entry(wanted.participant);
    if (!entry || !outcome.ok) return [answer(request, outcome)];
    if (outcome.nick !== undefined) return this.#give(request, entry, outcome.nick, now);
    // The network's side has no nick of its own for this participant. Somebody else may have been faster.
    const nick = wanted.nick ?? this.#default(entry, now);
    const objection = this.#objection(nick, entry.id, now);
    if (objection !== undefined) {
      return [answer(request, refused('nickname-in-use', `${nick} ${objection}`))];
    }
    return this.#give(request, entry, nick, now);
  }

  /** The room ends: whoever still waits is told. */
  abandon(text: string): RoomEffect[] {
    const waiting = [...this.#pending.keys()];
    this.#pending.clear();
    return waiting.map((request) => answer(request, refused('no-room', text)));
  }

  #default(entry: Entry, now: number): string {
    const newcomer = this.#newcomers.get(entry.id);
    return newcomer ? this.firstNick(newcomer, now) : entry.nick;
  }

  #give(request: RequestId, entry: Entry, nick: string, now: number): RoomEffect[] {
    this.released(entry, nick, now);
    const changed = this.#state.roster.change(entry.id, { nick });
    return [answer(request, { ok: true, nick }), ...(changed ? [rosterChanged] : [])];
  }

  /** Looked at once, however many nicknames are tried then: hundreds may call themselves the same. */
  #others(whom: ParticipantId): Others {
    const keys = new Set<string>();
    const skeletons = new Map<string, string>();
    for (const entry of this.#state.roster.entries()) {
      if (entry.id === whom) continue;
      keys.add(nicknameKey(entry.nick));
      if (this.#isProtected(entry)) skeletons.set(skeletonOf(entry.nick), entry.nick);
    }
    return { keys, skeletons };
  }

  /** Why somebody may not have a nickname (RFC 7701 sections 7.1 and 11); nothing where it may. */
  #objection(
    nick: string,
    whom: ParticipantId,
    now: number,
    others = this.#others(whom),
  ): string | undefined {
    const key = nicknameKey(nick);
    if (others.keys.has(key)) return 'is in use';
    if (isReservedNickname(nick) || this.#isOurs(key)) return 'is reserved';
    if (this.#quarantine.holds(nick, whom, now)) return 'was in use not long ago';
    const double = others.skeletons.get(skeletonOf(nick));
    return double === undefined ? undefined : `looks like ${double}`;
  }

  #isOurs(key: string): boolean {
    return this.#state.settings.reservedNicknames.some((reserved) => nicknameKey(reserved) === key);
  }

  /** Who moderates is worth imitating. In a room without a network nobody is more than the others. */
  #isProtected({ roles }: Entry): boolean {
    return !this.#state.networked || roles.some((role) => moderators.has(role));
  }
}
