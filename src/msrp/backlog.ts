/**
 * How much waits for one connection, and what that means (RFC 7701 section 6.4). A connection is congested from 80 % of its
 * send budget until less than half of it waits; also when it takes nothing at all for a while, until it does.
 */

/**
 * `clear`: nothing to be careful about. `stuck`: the connection takes nothing now, so nothing large should be sent. `congested`: what can be missed should not be sent. `nearly-full` (above 87.5 % of
 * the budget): nor should anything large. `full`: nothing should be sent that must not.
 */
export type Fill = 'clear' | 'stuck' | 'congested' | 'nearly-full' | 'full';

/** The part of it that is one session's. */
export interface Share {
  /** Bytes that wait. */
  bytes: number;
}

export interface BacklogEvents {
  /** The connection has become congested, or is it no more. Told by turns. */
  congestion(congested: boolean): void;
  /** Twice the budget waits. May be told several times. */
  overflowed(): void;
}

const CONGESTED = 0.8;
const NEARLY_FULL = 0.875;
const CLEAR = 0.5;
/** What cannot be left out (answers, reports) may fill the budget so many times. */
const OVERFLOWED = 2;

export class Backlog {
  readonly #budget: number;
  readonly #events: BacklogEvents;
  #bytes = 0;
  #congested = false;

  /** `budget` in bytes. */
  constructor(budget: number, events: BacklogEvents) {
    this.#budget = budget;
    this.#events = events;
  }

  /** From here on `rose` is to be called. */
  get high(): number {
    return this.#budget * CONGESTED;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get congested(): boolean {
    return this.#congested;
  }

  get fill(): Fill {
    if (!this.#congested) return 'clear';
    if (this.#bytes >= this.#budget) return 'full';
    if (this.#bytes > this.#budget * NEARLY_FULL) return 'nearly-full';
    return this.#bytes < this.#budget * CLEAR ? 'stuck' : 'congested';
  }

  /**
   * What a long message counts, in bytes. At most a quarter of the budget: its body is shared by all who get it, and one of
   * them must not silence the texts behind it. Nothing where it grows: its source is stopped in time.
   */
  weightOf({ grows, left }: { readonly grows: boolean; readonly left: number }): number {
    return grows ? 0 : Math.min(left, this.#budget / 4);
  }

  add(share: Share, bytes: number): void {
    share.bytes += bytes;
    this.#bytes += bytes;
  }

  remove(share: Share, bytes: number): void {
    share.bytes -= bytes;
    this.#bytes -= bytes;
  }

  /** Bytes were added until there were more than `high`, and the connection takes no more now. */
  rose(): void {
    if (this.#bytes > this.#budget * OVERFLOWED) this.#events.overflowed();
    if (this.#bytes >= this.high) this.stuck();
  }

  /** The connection takes no more, and has not for a while. */
  stuck(): void {
    if (this.#congested) return;
    this.#congested = true;
    this.#events.congestion(true);
  }

  /** The connection took as much as it takes for now. */
  fell(): void {
    if (!this.#congested || this.#bytes >= this.#budget * CLEAR) return;
    this.#congested = false;
    this.#events.congestion(false);
  }
}
