/** The nick of one puppet: which one is in force, what it is called in the rooms, and how it gets another one. */
import type { Clock } from '../common/clock.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Link } from '../irc/link.ts';
import type { Source } from '../irc/source.ts';
import type { Newcomer, ParticipantId, RequestId } from '../room/inputs.ts';
import { refused } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import { NickChanges } from './nick-changes.ts';
import type { NickShape } from './nicks.ts';

/** Nicks to try where the default one is asked for. */
const DEFAULTS = 5;

export interface PuppetNickParts {
  readonly clock: Clock;
  readonly newcomer: Newcomer;
  readonly shape: () => NickShape;
  /** Whether it is known that somebody else has a nick. */
  readonly taken: (nick: string) => boolean;
  /** While it is registered. */
  readonly link: () => Pick<Link, 'nick' | 'isupport' | 'isOwn' | 'send' | 'mask'> | undefined;
  readonly rooms: () => readonly BridgedRoom[];
  /** It has given up a nick. */
  readonly gaveUp: (nick: string) => void;
  /** Says something to the participant. */
  readonly tell: (text: string) => void;
}

export class PuppetNick {
  readonly #parts: PuppetNickParts;
  readonly #participant: ParticipantId;
  readonly #changes: NickChanges;
  #nick = '';
  #nickname = '';
  /** The nick that it would have if a ghost of its own did not hold it; empty where there is none. */
  #wanted = '';

  constructor(parts: PuppetNickParts) {
    this.#parts = parts;
    this.#participant = parts.newcomer.id;
    this.#changes = new NickChanges({ clock: parts.clock, link: parts.link, taken: parts.taken });
  }

  /** The nick that was in force last; empty before the first. */
  get nick(): string {
    return this.#nick;
  }

  /** What the rooms see of the nick. */
  get nickname(): string {
    return this.#nickname;
  }

  /** Nicks to log in with, best first. */
  *toLogIn(): Generator<string> {
    if (this.#nick !== '') yield this.#nick;
    yield* this.#candidates(this.#parts.taken);
  }

  /** The server knows us by this nick. */
  loggedIn(nick: string): void {
    const before = this.#nick;
    const [best = nick] = before === '' ? this.#candidates(() => false) : [before];
    // Those who asked for privacy look alike: whose ghost it is could not be told.
    this.#wanted = nick === best || this.#parts.newcomer.anonymous ? '' : best;
    this.#set(nick);
    if (before !== '' && before !== nick) this.#tellAll();
  }

  /** Whether a nick is ours: the reader may see a change before we are told, or later. */
  is(nick: string): boolean {
    return this.#parts.link()?.isOwn(nick) === true || this.#changes.mayBe(nick);
  }

  /** Without a nickname the default one is asked for, or where somebody has that by now, what is nearest to it. */
  rename(room: BridgedRoom, request: RequestId, nickname: string | undefined): void {
    if (nickname === undefined) return this.#renameTo(room, request, this.#defaults());
    const nick = this.#parts.shape().shape(nickname);
    if (nick !== undefined) return this.#renameTo(room, request, [nick]);
    room.settle(request, refused('nickname-malformed', `${nickname} cannot be a nick on IRC`));
  }

  /** The server has changed our nick, asked to or not. */
  changed(nick: string): void {
    const before = this.#nick;
    this.#set(nick);
    if (!this.#changes.changed(nick) && before !== nick) this.#tellAll();
  }

  /** True where the server refuses what we asked for. */
  refused(event: Extract<IrcEvent, { type: 'refused' }>): boolean {
    return this.#changes.refused(event);
  }

  /** Somebody has left or changed this nick. Where that was a ghost of ours we are called as before, if the server lets us: once. */
  freed({ nick, user, host }: Source): void {
    const link = this.#parts.link();
    const wanted = this.#wanted;
    if (!link || wanted === '' || link.isupport.fold(nick) !== link.isupport.fold(wanted)) return;
    if (link.mask.user !== user || link.mask.host !== host) return;
    this.#wanted = '';
    this.#changes.ask(wanted, (outcome) => {
      if (outcome.ok) this.#tellAll();
    });
  }

  /** The link is gone: nobody answers any more. */
  end(): void {
    this.#changes.end();
  }

  #candidates(taken: (nick: string) => boolean): Generator<string> {
    return this.#parts.shape().candidates(this.#parts.newcomer, taken);
  }

  #defaults(): string[] {
    const best: string[] = [];
    for (const nick of this.#candidates(this.#parts.taken)) if (best.push(nick) === DEFAULTS) break;
    return best;
  }

  #renameTo(room: BridgedRoom, request: RequestId, [nick = '', ...more]: readonly string[]): void {
    this.#changes.ask(nick, (outcome) => {
      const another = !outcome.ok && outcome.refusal !== 'unavailable' && more.length > 0;
      if (another) return this.#renameTo(room, request, more);
      if (outcome.ok) this.#wanted = '';
      room.settle(request, outcome.ok ? { ok: true, nick: this.#nickname } : outcome);
      if (outcome.ok) this.#tellRooms(room);
    });
  }

  #set(nick: string): void {
    if (nick === this.#nick) return;
    if (this.#nick !== '') this.#parts.gaveUp(this.#nick);
    this.#nick = nick;
    this.#nickname = this.#parts.shape().bare(nick);
  }

  #tellAll(): void {
    this.#tellRooms(undefined);
    this.#parts.tell(`you are ${this.#nickname} on IRC now`);
  }

  /** A nick is one for all rooms of the network. */
  #tellRooms(except: BridgedRoom | undefined): void {
    for (const room of this.#parts.rooms()) {
      if (room !== except) room.push({ type: 'changed', id: this.#participant, nick: this.#nickname });
    }
  }
}
