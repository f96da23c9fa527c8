/** Whether a client is still there: it is asked with PING when it is silent, and given up when it stays so. */
import type { Clock, Timer } from '../../common/clock.ts';

/** Milliseconds in which a client must have said something. */
const FIRST = 15_000;
/** Milliseconds in which a client must have registered. */
const REGISTRATION = 60_000;
/** Milliseconds of silence before PING, and after it. */
const SILENCE = 90_000;
const ANSWER = 60_000;

export interface LivenessHandler {
  ping(): void;
  /** `reason` is why it is given up, as QUIT and ERROR tell it. */
  gone(reason: string): void;
}

export class Liveness {
  readonly #clock: Clock;
  readonly #handler: LivenessHandler;
  #heard: number;
  #heardLine = false;
  #timer: Timer;

  constructor(clock: Clock, handler: LivenessHandler) {
    this.#clock = clock;
    this.#handler = handler;
    this.#heard = clock.now();
    const late = (): void => handler.gone('Registration timed out');
    this.#timer = clock.after(FIRST, () => {
      if (this.#heardLine) this.#timer = clock.after(REGISTRATION - FIRST, late);
      else late();
    });
  }

  /** Something came from the client. */
  heard(): void {
    this.#heard = this.#clock.now();
  }

  /** A whole line came from the client. */
  said(): void {
    this.#heardLine = true;
  }

  /** From now on it may be silent as long as it answers. */
  registered(): void {
    this.#watch(SILENCE);
  }

  stop(): void {
    this.#timer.cancel();
  }

  #watch(ms: number): void {
    this.#timer.cancel();
    this.#timer = this.#clock.after(ms, () => {
      const silent = this.#clock.now() - this.#heard;
      if (silent < SILENCE) this.#watch(SILENCE - silent);
      else this.#ask();
    });
  }

  #ask(): void {
    const asked = this.#clock.now();
    this.#handler.ping();
    this.#timer = this.#clock.after(ANSWER, () => {
      if (this.#heard > asked) this.#watch(SILENCE - (this.#clock.now() - this.#heard));
      else this.#handler.gone(`Ping timeout: ${(SILENCE + ANSWER) / 1000} seconds`);
    });
  }
}
