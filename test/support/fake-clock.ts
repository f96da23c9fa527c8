/** A clock that stands still until a test moves it. */
import type { Clock, Timer } from '../../src/common/clock.ts';

interface Waiting {
  readonly at: number;
  readonly action: () => void;
  cancelled: boolean;
}

export class FakeClock implements Clock {
  #now: number;
  /** By time, those of one time in the order in which they were set. */
  readonly #waiting: Waiting[] = [];
  #pending = 0;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): Timer {
    const waiting = { at: this.#now + Math.max(0, ms), action, cancelled: false };
    this.#waiting.splice(this.#placeOf(waiting.at), 0, waiting);
    this.#pending += 1;
    return {
      cancel: () => {
        if (!waiting.cancelled) this.#pending -= 1;
        waiting.cancelled = true;
      },
    };
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#pending;
  }

  /** Moves the time forward and runs, in order of time, what falls due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.#waiting[0]; due !== undefined && due.at <= end; due = this.#waiting[0]) {
      this.#waiting.shift();
      if (due.cancelled) continue;
      due.cancelled = true;
      this.#pending -= 1;
      this.#now = due.at;
      due.action();
    }
    this.#now = end;
  }

  /** Behind all that fall due at that time or before. */
  #placeOf(at: number): number {
    let from = 0;
    let to = this.#waiting.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#waiting[middle]?.at ?? 0) <= at) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
