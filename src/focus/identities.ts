/** Who is in any room of the process, from where, and under which anonymous name. */
import type { Clock, Timer } from '../common/clock.ts';

/** Milliseconds for which an anonymous name is kept for who may come back: as long as a nickname rests. */
const REST = 10 * 60_000;

interface Anonym {
  readonly uri: string;
  users: number;
  timer: Timer | undefined;
}

/** An address in use by one device; to be released once. */
export interface Claim {
  /** The device has come to another network address. */
  move(host: string): void;
  release(): void;
}

/** An anonymous name in use by one device; to be released once. */
export interface Anonymity {
  readonly uri: string;
  release(): void;
}

export class Identities {
  readonly #clock: Clock;
  /** The hosts of the devices of an address. */
  readonly #hosts = new Map<string, string[]>();
  readonly #anonyms = new Map<string, Anonym>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes an address for a device at a network address. Nothing when it is in use, in whatever room, and no device of it
   * is there: nobody becomes somebody's second device by claiming a name (contract.md, Addresses).
   */
  claim(address: string, host: string): Claim | undefined {
    const hosts = this.#hosts.get(address) ?? [];
    if (hosts.length > 0 && !hosts.includes(host)) return undefined;
    hosts.push(host);
    this.#hosts.set(address, hosts);
    let at = host;
    let released = false;
    return {
      move(to) {
        if (!released) hosts[hosts.indexOf(at)] = to;
        at = to;
      },
      release: () => {
        if (released) return;
        released = true;
        hosts.splice(hosts.indexOf(at), 1);
        if (hosts.length === 0) this.#hosts.delete(address);
      },
    };
  }

  /**
   * The name under which a device of an address is anonymous (RFC 4575 section 5.6): the same for all devices of it,
   * and for some time after the last one has gone. Without an address it is a new one each time.
   */
  anonym(address: string | undefined): Anonymity {
    const known = address === undefined ? undefined : this.#anonyms.get(address);
    const anonym = known ?? { uri: this.#newAnonym(), users: 0, timer: undefined };
    anonym.users += 1;
    anonym.timer?.cancel();
    if (address !== undefined) this.#anonyms.set(address, anonym);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      anonym.users -= 1;
      if (anonym.users > 0 || address === undefined) return;
      anonym.timer = this.#clock.after(REST, () => this.#anonyms.delete(address));
    };
    return { uri: anonym.uri, release };
  }

  #newAnonym(): string {
    this.#count += 1;
    return `sip:anonymous${this.#count}@anonymous.invalid`;
  }
}
