/** A clock that stands still until a test moves it. */
import type { Clock, Timer } from '../../src/common/clock.ts';

interface Waiting {
  at: number;
  action: () => void;
}

export class FakeClock implements Clock {
  #now: number;
  #waiting: Waiting[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): Timer {
    const waiting = { at: this.#now + Math.max(0, ms), action };
    this.#waiting.push(waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      },
    };
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Moves the time forward and runs, in order of time, what falls due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      this.#now = due.at;
      due.action();
    }
    this.#now = end;
  }
}
