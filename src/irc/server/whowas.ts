/** Who had a nick before (modern-irc WHOWAS). */
import type { Client } from './client.ts';
import { fold } from './limits.ts';

/** Entries kept; above it the oldest goes. */
const KEPT = 1000;

export interface Former {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  readonly realname: string;
  /** When the nick was given up, in milliseconds since 1970. */
  readonly at: number;
}

export class Whowas {
  #entries: Former[] = [];

  /** A client gives up the nick that it has. */
  add(client: Client, now: number): void {
    const { nick, user, host, realname } = client;
    this.#entries.push({ nick, user, host, realname, at: now });
    if (this.#entries.length > KEPT * 2) this.#entries = this.#entries.slice(-KEPT);
  }

  /** The last `most` who had a nick, latest first. */
  find(nick: string, most = KEPT): Former[] {
    const key = fold(nick);
    return this.#entries
      .slice(-KEPT)
      .filter((entry) => fold(entry.nick) === key)
      .toReversed()
      .slice(0, most);
  }
}
