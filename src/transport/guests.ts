/**
 * Who is connected, counted by network address, over all listeners that share it: one address cannot take what others
 * need (RFC 4975 section 14.5).
 */
import type { Address } from './connection.ts';

/** Both ends of a connection: they tell it from every other. */
export interface Ends {
  readonly local: Address;
  readonly remote: Address;
}

/** What one address has. */
interface Party {
  count: number;
  /** Those of whom nobody knows yet what they want, with what closes them, the oldest first. */
  readonly newcomers: Map<string, () => void>;
}

export class Guests {
  readonly #most: number;
  /** The address of each. Nothing more is kept of one that stays: there may be many. */
  readonly #hosts = new Map<string, string>();
  readonly #parties = new Map<string, Party>();

  /** `most` connections of one address. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Counts a connection that has come; `shut` closes it. Where its address has too many, the oldest of them that is
   * still a newcomer gives way: who only connects keeps nobody out. Where there is none: false, and it is not counted.
   */
  enter(ends: Ends, shut: () => void): boolean {
    const { host } = ends.remote;
    const party = this.#parties.get(host) ?? { count: 0, newcomers: new Map<string, () => void>() };
    if (party.count >= this.#most) {
      const [oldest] = party.newcomers;
      if (!oldest) return false;
      const [key, shutOldest] = oldest;
      // At once: its own end may be told late.
      this.#forget(key);
      shutOldest();
    }
    const key = keyOf(ends);
    this.#hosts.set(key, host);
    party.count += 1;
    party.newcomers.set(key, shut);
    this.#parties.set(host, party);
    return true;
  }

  /** It has shown what it wants, and stays. */
  settled(ends: Ends): void {
    this.#parties.get(ends.remote.host)?.newcomers.delete(keyOf(ends));
  }

  /** Nobody knows yet what it wants. */
  isNewcomer(ends: Ends): boolean {
    return this.#parties.get(ends.remote.host)?.newcomers.has(keyOf(ends)) === true;
  }

  /** It has gone. */
  left(ends: Ends): void {
    this.#forget(keyOf(ends));
  }

  #forget(key: string): void {
    const host = this.#hosts.get(key);
    const party = host === undefined ? undefined : this.#parties.get(host);
    if (host === undefined || !party) return;
    this.#hosts.delete(key);
    party.newcomers.delete(key);
    party.count -= 1;
    if (party.count === 0) this.#parties.delete(host);
  }
}

function keyOf({ local, remote }: Ends): string {
  return [remote.host, remote.port, local.host, local.port].join(' ');
}
