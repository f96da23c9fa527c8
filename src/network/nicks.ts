/** Nicks of our puppets: what may be one, the first to try, and the shape that a network asks for. */
import { isReservedNickname, nicknameCandidates } from '../room/nicknames.ts';
import type { Newcomer } from '../room/inputs.ts';

/** RFC 2812 section 2.3.1, without its limit of nine characters. */
const NICK = /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]*$/;

/** Characters that decorations must leave to a nickname; a template that leaves less is not followed. */
const LEAST = 3;
/** Nicknames in a row that cannot be one, after which it is given up to make more of a name. */
const MOST_MISSES = 100;

/** How nicks of puppets are made of nicknames and read back: `networks.*.puppetNick`, which holds `{nick}` once. */
export class NickShape {
  readonly #before: string;
  readonly #after: string;
  /** Bytes of a nick at most. */
  readonly #limit: number;

  constructor(template: string, limit: number) {
    const at = template.indexOf('{nick}');
    const fits = at >= 0 && limit - (template.length - '{nick}'.length) >= LEAST;
    this.#before = fits ? template.slice(0, at) : '';
    this.#after = fits ? template.slice(at + '{nick}'.length) : '';
    this.#limit = limit;
  }

  /** The nick for a nickname; undefined where a server would not take it. */
  shape(nickname: string): string | undefined {
    const nick = this.#before + nickname + this.#after;
    return nickname !== '' && nick.length <= this.#limit && NICK.test(nick) && NICK.test(nickname)
      ? nick
      : undefined;
  }

  /** The nickname in a nick; the whole nick where it does not have the shape (a server or services chose it). */
  bare(nick: string): string {
    const shaped =
      nick.startsWith(this.#before) &&
      nick.endsWith(this.#after) &&
      nick.length > this.#before.length + this.#after.length;
    return shaped ? nick.slice(this.#before.length, nick.length - this.#after.length) : nick;
  }

  /** Nicks to try for somebody new, best first and without end: reserved ones, and those that `taken` knows, are passed over. */
  *candidates(newcomer: Newcomer, taken: (nick: string) => boolean): Generator<string> {
    const room = this.#limit - this.#before.length - this.#after.length;
    const names = newcomer.anonymous ? [] : [newcomer.displayName, newcomer.userName];
    const nicknames = nicknameCandidates(
      names,
      (name) => this.shape(name) !== undefined,
      (name, kept) => name.slice(0, Math.max(1, room - kept)),
    );
    let misses = 0;
    for (const nickname of nicknames) {
      const nick = isReservedNickname(nickname) ? undefined : this.shape(nickname);
      if (nick !== undefined && !taken(nick)) yield nick;
      misses = nick === undefined ? misses + 1 : 0;
      if (misses > MOST_MISSES) break;
    }
    for (let number = 1; ; number++) if (!taken(`guest${number}`)) yield `guest${number}`;
  }
}
