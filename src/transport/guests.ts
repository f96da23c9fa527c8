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

interface Guest {
  readonly host: string;
  readonly shut: () => void;
}

/** What one address has. */
interface Party {
  count: number;
  /** Those of whom nobody knows yet what they want, the oldest first. */
  readonly newcomers: Set<string>;
}

export class Guests {
  readonly #most: number;
  readonly #guests = new Map<string, Guest>();
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
    const party = this.#parties.get(host) ?? { count: 0, newcomers: new Set<string>() };
    if (party.count >= this.#most) {
      const [oldest] = party.newcomers;
      if (oldest === undefined) return false;
      const guest = this.#guests.get(oldest);
      // At once: its own end may be told late.
      this.#forget(oldest);
      guest?.shut();
    }
    const key = keyOf(ends);
    this.#guests.set(key, { host, shut });
    party.count += 1;
    party.newcomers.add(key);
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
    const guest = this.#guests.get(key);
    const party = guest && this.#parties.get(guest.host);
    if (!guest || !party) return;
    this.#guests.delete(key);
    party.newcomers.delete(key);
    party.count -= 1;
    if (party.count === 0) this.#parties.delete(guest.host);
  }
}

function keyOf({ local, remote }: Ends): string {
  return `${remote.host} ${remote.port} ${local.host} ${local.port}`;
}
