/** A token bucket: so many at once, then so many a second. */
import type { Clock } from './clock.ts';

/** How many may go at once, and how many are added a second. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** What may be missing of a token, since parts of it are added up. */
const SLACK = 1e-6;

export class TokenBucket {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, clock: Clock) {
    this.#clock = clock;
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = clock.now();
  }

  /** Takes a token if there is one. */
  take(): boolean {
    this.#refill();
    if (this.#tokens < 1 - SLACK) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Milliseconds until the next token is there; 0 when there is one now. */
  wait(): number {
    this.#refill();
    const missing = 1 - SLACK / 2 - this.#tokens;
    return missing <= SLACK / 2 ? 0 : Math.ceil((missing / this.#rate.perSecond) * 1000);
  }

  #refill(): void {
    const now = this.#clock.now();
    const gained = (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#at = now;
  }
}
