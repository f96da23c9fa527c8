/** Time as a value that can be replaced: whatever waits or tells the time takes a `Clock`. */

/** Something that will happen later. Cancelling it twice, or after it happened, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs `action` once, `ms` milliseconds from now. The timer does not keep the process alive. */
  after(ms: number, action: () => void): Timer;
}

/** The longest delay that the platform's timers take; above it they would fire at once. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, Math.min(Math.max(ms, 0), LONGEST));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
