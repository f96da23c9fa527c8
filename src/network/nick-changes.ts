/** Changes of a puppet's nick that were asked for: one after the other, each answered by the server. */
import type { Clock, Timer } from '../common/clock.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Link } from '../irc/link.ts';
import { done, refused, type Outcome } from '../room/refusals.ts';
import { refusalOf, refuses } from './refusals.ts';

/** Milliseconds for the server's answer (design decision 6). */
const ANSWER_TIME = 10_000;
/** Milliseconds for which a nick that was given up may still be ours in the eyes of the reader. */
const RECENT_TIME = 10_000;
const MOST_WAITING = 10;

export interface NickChangeParts {
  readonly clock: Clock;
  /** While it is registered. */
  readonly link: () => Pick<Link, 'nick' | 'isupport' | 'isOwn' | 'send'> | undefined;
  /** Whether it is known that somebody else has the nick. */
  readonly taken: (nick: string) => boolean;
}

interface Change {
  readonly nick: string;
  readonly settled: (outcome: Outcome) => void;
}

export class NickChanges {
  readonly #parts: NickChangeParts;
  /** The first is the one that the server is asked for. */
  readonly #waiting: Change[] = [];
  /** The first has been seen to; whoever is told of an outcome may ask for the next at once. */
  #asked = false;
  /** Nicks that we had not long ago, until when. */
  readonly #recent = new Map<string, number>();
  #timer: Timer | undefined;

  constructor(parts: NickChangeParts) {
    this.#parts = parts;
  }

  /** Asks for a nick; `settled` is told once. */
  ask(nick: string, settled: (outcome: Outcome) => void): void {
    if (!this.#parts.link()) return settled(refused('unavailable', 'IRC cannot be reached now'));
    if (this.#waiting.length >= MOST_WAITING)
      return settled(refused('too-many', 'too many changes of the nick'));
    this.#waiting.push({ nick, settled });
    this.#next();
  }

  /** Whether a nick is one that we had, or ask for: the reader may see it before we are told, or later. */
  mayBe(nick: string): boolean {
    const fold = (name: string): string => this.#parts.link()?.isupport.fold(name) ?? name;
    if (this.#waiting[0] && fold(this.#waiting[0].nick) === fold(nick)) return true;
    return (this.#recent.get(fold(nick)) ?? 0) > this.#parts.clock.now();
  }

  /** The server has changed our nick. True where it was asked to. */
  changed(nick: string): boolean {
    const [change] = this.#waiting;
    if (!change || change.nick !== nick) return false;
    this.#settle(done);
    return true;
  }

  /** True where the server refuses what was asked. */
  refused({ numeric, text }: Extract<IrcEvent, { type: 'refused' }>): boolean {
    // It may name a channel: 437 where somebody who is banned there may not change the nick.
    if (this.#waiting.length === 0 || !this.#parts.link() || !refuses('nick', numeric)) return false;
    this.#settle(refusalOf('nick', numeric, text));
    return true;
  }

  /** The link is gone: nobody answers any more. */
  end(): void {
    this.#timer?.cancel();
    this.#asked = false;
    const lost = refused('unavailable', 'the connection to IRC is lost');
    for (const { settled } of this.#waiting.splice(0)) settled(lost);
  }

  #next(): void {
    const [change] = this.#waiting;
    const link = this.#parts.link();
    if (!change || !link || this.#asked) return;
    this.#asked = true;
    if (change.nick === link.nick) return this.#settle(done);
    if (!link.isOwn(change.nick) && this.#parts.taken(change.nick)) {
      return this.#settle(refused('nickname-in-use', `${change.nick} is in use`));
    }
    this.#recent.clear();
    this.#recent.set(link.isupport.fold(link.nick), this.#parts.clock.now() + RECENT_TIME + ANSWER_TIME);
    link.send('NICK', change.nick);
    // Later than that nobody waits for the answer; a nick that comes all the same is told as one that the network chose.
    this.#timer = this.#parts.clock.after(ANSWER_TIME, () =>
      this.#settle(refused('nickname-in-use', 'IRC does not answer')),
    );
  }

  #settle(outcome: Outcome): void {
    this.#timer?.cancel();
    const change = this.#waiting.shift();
    this.#asked = false;
    change?.settled(outcome);
    this.#next();
  }
}
