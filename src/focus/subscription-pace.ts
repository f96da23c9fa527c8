/**
 * How fast one subscriber is told of changes: up to three NOTIFYs in a row, then one in 5 s (RFC 4575 section 3.9).
 * However the changes fall, there are never more than three in 15 s but those 5 s apart.
 */

/** Milliseconds between two NOTIFYs. */
const SPACING = 5_000;
/** How many may go in a row. */
const ROW = 3;

export class SubscriptionPace {
  /** When the last ones went. */
  readonly #sent: number[] = [];

  /** Milliseconds until the next may go. */
  wait(now: number): number {
    const last = this.#sent.at(-1);
    const first = this.#sent.at(-ROW);
    if (last === undefined || first === undefined) return 0;
    return Math.max(0, Math.min(last + SPACING, first + ROW * SPACING) - now);
  }

  sent(now: number): void {
    this.#sent.push(now);
    if (this.#sent.length > ROW) this.#sent.shift();
  }
}
