/** What goes out to one client: its lines are collected and written once per tick; how much may wait is bounded. */
import type { Connection } from '../../transport/connection.ts';
import type { Departing, Departures } from './departures.ts';

export class Outbox implements Departing {
  readonly #connection: Connection;
  readonly #departures: Departures;
  readonly #most: () => number;
  readonly #overflowed: () => void;
  readonly #flushed: () => void;
  readonly #ended: () => void;
  #lines: string[] = [];
  #octets = 0;
  #scheduled = false;
  #state: 'open' | 'full' | 'ending' | 'closed' = 'open';

  /**
   * `most` says how many octets may wait. When there are more, everything after them is dropped and `overflowed` is called,
   * in a later tick: whoever was sending is not disturbed in the middle of its work. `flushed` is called when all was
   * written, and the connection takes more, `ended` when the last was.
   */
  constructor(
    connection: Connection,
    departures: Departures,
    most: () => number,
    overflowed: () => void,
    flushed: () => void,
    ended: () => void,
  ) {
    this.#connection = connection;
    this.#departures = departures;
    this.#most = most;
    this.#overflowed = overflowed;
    this.#flushed = flushed;
    this.#ended = ended;
  }

  /** There is room for a part of a long reply: less than half of what may wait does. */
  get roomy(): boolean {
    return this.#state === 'open' && this.#octets + this.#connection.pendingBytes < this.#most() / 2;
  }

  /** A line with its CRLF. */
  push(line: string): void {
    if (this.#state === 'full' || this.#state === 'closed') return;
    this.#octets += Buffer.byteLength(line);
    if (this.#octets + this.#connection.pendingBytes > this.#most()) this.#state = 'full';
    else this.#lines.push(line);
    this.#schedule();
  }

  /** Sends what waits, with all that this tick brings; it is the last. */
  end(): void {
    if (this.#state === 'open') this.#state = 'ending';
    this.#schedule();
  }

  /** Forgets what waits. */
  discard(): void {
    this.#state = 'closed';
    this.#lines = [];
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#departures.add(this);
  }

  /** The tick is over: writes what waits. */
  flush(): void {
    this.#scheduled = false;
    if (this.#state === 'closed') return;
    if (this.#lines.length > 0) this.#connection.write(this.#departures.join(this.#lines));
    this.#lines = [];
    this.#octets = 0;
    if (this.#state === 'full') {
      this.discard();
      this.#overflowed();
    } else if (this.#state === 'ending') {
      this.discard();
      this.#ended();
    } else this.#flushed();
  }
}
