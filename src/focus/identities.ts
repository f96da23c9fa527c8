/** Who is in any room of the process, from where, and under which anonymous name. */
import type { Clock, Timer } from '../common/clock.ts';
import { addressKey } from '../sip/index.ts';

/** Milliseconds for which an anonymous name is kept for who may come back: as long as a nickname rests. */
const REST = 10 * 60_000;

interface Anonym {
  readonly uri: string;
  users: number;
  timer: Timer | undefined;
}

/** An address in use by one device; to be released once. */
export interface Claim {
  /** The address in the form in which the first device of its owner came with it: one person has one (`addressKey`). */
  readonly address: string;
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
  /** The addresses in use, and the hosts of their devices. */
  readonly #used = new Map<string, { readonly address: string; readonly hosts: string[] }>();
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
    const key = addressKey(address);
    const use = this.#used.get(key) ?? { address, hosts: [] };
    const { hosts } = use;
    if (hosts.length > 0 && !hosts.includes(host)) return undefined;
    hosts.push(host);
    this.#used.set(key, use);
    let at = host;
    let released = false;
    return {
      address: use.address,
      move(to) {
        if (!released) hosts[hosts.indexOf(at)] = to;
        at = to;
      },
      release: () => {
        if (released) return;
        released = true;
        hosts.splice(hosts.indexOf(at), 1);
        if (hosts.length === 0) this.#used.delete(key);
      },
    };
  }

  /**
   * The name under which a device of an address is anonymous (RFC 4575 section 5.6): the same for all devices of it,
   * and for some time after the last one has gone. Without an address it is a new one each time.
   */
  anonym(address: string | undefined): Anonymity {
    const key = address === undefined ? undefined : addressKey(address);
    const known = key === undefined ? undefined : this.#anonyms.get(key);
    const anonym = known ?? { uri: this.#newAnonym(), users: 0, timer: undefined };
    anonym.users += 1;
    anonym.timer?.cancel();
    if (key !== undefined) this.#anonyms.set(key, anonym);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      anonym.users -= 1;
      if (anonym.users > 0 || key === undefined) return;
      anonym.timer = this.#clock.after(REST, () => this.#anonyms.delete(key));
    };
    return { uri: anonym.uri, release };
  }

  #newAnonym(): string {
    this.#count += 1;
    return `sip:anonymous${this.#count}@anonymous.invalid`;
  }
}
