/**
 * How long others wait behind a chunk that stands open while its source sends no more. Not at all would cut files that
 * come steadily into chunks, for ever would let one sender silence a connection.
 */
import type { Clock, Timer } from '../common/clock.ts';

/** Milliseconds for one who waits. */
const PATIENCE = 300;

/** Of one connection. */
export class Patience {
  readonly #clock: Clock;
  readonly #over: () => void;
  /** Since when somebody waits; -1: nobody does. */
  #since = -1;
  #timer: Timer | undefined;

  /** `over` is told when it is time to ask again. */
  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** Whether so many, at least one, have waited long enough. The more are waiting the sooner: each of many gets its turn in the time. */
  isOver(waiting: number): boolean {
    const now = this.#clock.now();
    if (this.#since < 0) this.#since = now;
    const left = this.#since + PATIENCE / waiting - now;
    if (left <= 0) return true;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(left, () => this.#over());
    return false;
  }

  /** Nobody waits behind an open chunk any more. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#since = -1;
  }
}
