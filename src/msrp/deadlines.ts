/**
 * Those who have the same time for something: sessions that wait for their peer, connections that wait for a session. Who
 * came first is over first, so one timer serves them all, and thousands may wait at little cost.
 */
import type { Clock, Timer } from '../common/clock.ts';

export class Deadlines<T> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #over: (item: T) => void;
  /** Until when, in the order in which their time runs out. */
  readonly #waiting = new Map<T, number>();
  #timer: Timer | undefined;

  /** Each has `ms` milliseconds; `over` is told of those who were not taken out before. */
  constructor(clock: Clock, ms: number, over: (item: T) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#over = over;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Whose time is over first. */
  get first(): T | undefined {
    const [first] = this.#waiting.keys();
    return first;
  }

  /** The time of this one begins now, also where it had begun. */
  add(item: T): void {
    this.#waiting.delete(item);
    this.#waiting.set(item, this.#clock.now() + this.#ms);
    this.#timer ??= this.#clock.after(this.#ms, () => this.#tick());
  }

  /** It has done what it had time for. */
  delete(item: T): void {
    if (!this.#waiting.delete(item) || this.#waiting.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #tick(): void {
    this.#timer = undefined;
    for (const [item, until] of this.#waiting) {
      const left = until - this.#clock.now();
      if (left > this.#ms) return this.#restart();
      if (left > 0) return this.#wait(left);
      this.#waiting.delete(item);
      this.#over(item);
    }
  }

  /** The clock was set back: nobody waits until it shows the same time again. */
  #restart(): void {
    const until = this.#clock.now() + this.#ms;
    for (const item of this.#waiting.keys()) this.#waiting.set(item, until);
    this.#wait(this.#ms);
  }

  /** Also where somebody has come while others were over: that one waits longer. */
  #wait(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(ms, () => this.#tick());
  }
}
