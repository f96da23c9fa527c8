/** Connections that are not registered yet. They are counted apart, so that those who only connect keep nobody out. */

/** There may be as many, however small the server is. */
const LEAST = 32;

/** What is known of one of them. */
export interface Newcomer {
  /** It comes from this host, and may be a gateway that is about to say so. */
  readonly local: boolean;
  /** It has sent a line. */
  readonly said: boolean;
  /** Ends its connection. */
  refuse(reason: string): void;
}

export class Newcomers {
  /** The oldest first; those of this host and the others know nothing of each other. */
  readonly #local = new Set<Newcomer>();
  readonly #remote = new Set<Newcomer>();

  /**
   * Takes one more. A quarter as many as there may be `clients` have room, of this host itself as many; where it is taken,
   * the oldest that has said nothing gives way, or else the oldest: whoever means to register has done so long before.
   */
  add(newcomer: Newcomer, clients: number): void {
    const waiting = newcomer.local ? this.#local : this.#remote;
    const most = Math.max(LEAST, newcomer.local ? clients : Math.floor(clients / 4));
    if (waiting.size >= most) oldest(waiting)?.refuse('Too many connections are waiting');
    waiting.add(newcomer);
  }

  /** It is registered, has come by a trusted gateway, or is gone. */
  delete(newcomer: Newcomer): void {
    this.#local.delete(newcomer);
    this.#remote.delete(newcomer);
  }
}

function oldest(waiting: Iterable<Newcomer>): Newcomer | undefined {
  let first: Newcomer | undefined;
  for (const newcomer of waiting) {
    if (!newcomer.said) return newcomer;
    first ??= newcomer;
  }
  return first;
}
