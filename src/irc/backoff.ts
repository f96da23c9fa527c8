/** How long to wait before a link that was lost is opened again. */
import type { LossKind } from './losses.ts';

/** Milliseconds: before the first attempt, and before the later ones at most. */
const FIRST = 1_000;
const MOST = 30_000;
/** A link that stood so long was a good one: the next one is tried soon. */
const GOOD = 30_000;

/** The least that a loss of this kind makes us wait, in milliseconds; undefined: until somebody asks us to come. */
const LEAST: Readonly<Record<LossKind, number | undefined>> = {
  net: 0,
  throttled: 20_000,
  limit: 60_000,
  banned: undefined,
  // An operator's order is obeyed for a while.
  killed: 30_000,
  flood: 5_000,
  refused: 30_000,
  own: 0,
};

/** Doubles from attempt to attempt, with full jitter, so that many who were lost together do not come back together. */
export class Backoff {
  readonly #random: () => number;
  #attempts = 0;

  /** `random` gives numbers from 0 to 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Milliseconds until the next attempt; undefined where there is to be none. */
  next(kind: LossKind): number | undefined {
    const least = LEAST[kind];
    if (least === undefined) return undefined;
    const most = Math.min(MOST, FIRST * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 20);
    return least + Math.round(most / 4 + ((most * 3) / 4) * this.#random());
  }

  /** A link has ended that stood for so many milliseconds after the server knew it. */
  stood(ms: number): void {
    if (ms >= GOOD) this.#attempts = 0;
  }
}
