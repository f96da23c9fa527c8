/** Decides when the next link of a network may be opened: a network sees a few of us at a time, never a storm. */
import { TokenBucket, type Rate } from '../common/bucket.ts';
import type { Clock, Timer } from '../common/clock.ts';
import type { LossKind } from './losses.ts';

/**
 * `reader` goes before everybody; `new` is somebody who waits at a phone; `again` comes back after a loss, and is paced apart, so
 * that a network's return does not keep newcomers waiting.
 */
export type LinkClass = 'reader' | 'new' | 'again';

/** Told once of each link that was opened: the server knows it, or why it does not. */
export type Settled = (how: 'registered' | LossKind) => void;

const CLASSES: readonly LinkClass[] = ['reader', 'new', 'again'];

const RATES: Readonly<Record<Exclude<LinkClass, 'reader'>, Rate>> = {
  new: { burst: 50, perSecond: 10 },
  again: { burst: 10, perSecond: 4 },
};

/** Links that may be between dialling and being known to the server at the same time. */
const AT_ONCE = 10;

/** Milliseconds for which nobody goes when the server says that we come too fast; doubled each time that it says so again. */
const PAUSE = 20_000;
const LONGEST_PAUSE = 5 * 60_000;

interface Waiting {
  readonly open: (settled: Settled) => void;
  cancelled: boolean;
}

export class Governor {
  readonly #clock: Clock;
  readonly #buckets: Readonly<Record<Exclude<LinkClass, 'reader'>, TokenBucket>>;
  readonly #queues: Readonly<Record<LinkClass, Waiting[]>> = { reader: [], new: [], again: [] };
  #opening = 0;
  /** How often we were too fast since a link was let in. */
  #strikes = 0;
  #pausedUntil = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#buckets = { new: new TokenBucket(RATES.new, clock), again: new TokenBucket(RATES.again, clock) };
  }

  /** Has `open` called when it is time, maybe at once. */
  request(kind: LinkClass, open: (settled: Settled) => void): { cancel(): void } {
    const waiting: Waiting = { open, cancelled: false };
    this.#queues[kind].push(waiting);
    this.#run();
    return {
      cancel: () => {
        waiting.cancelled = true;
      },
    };
  }

  #run(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const paused = this.#pausedUntil - this.#clock.now();
    const wait = paused > 0 ? paused : this.#openDue();
    if (wait !== undefined) this.#timer = this.#clock.after(Math.max(wait, 1), () => this.#run());
  }

  /** Opens what may be opened now. Milliseconds until more may; undefined where nobody waits for time to pass. */
  #openDue(): number | undefined {
    let wait: number | undefined;
    for (const kind of CLASSES) {
      const queue = this.#queues[kind];
      while (queue.length > 0) {
        if (queue[0]?.cancelled === true) {
          queue.shift();
          continue;
        }
        // Whoever settles makes room, and runs this again. After a strike one goes ahead to see.
        if (this.#opening >= (this.#strikes > 0 ? 1 : AT_ONCE)) return wait;
        if (kind !== 'reader' && !this.#buckets[kind].take()) {
          wait = Math.min(wait ?? Infinity, this.#buckets[kind].wait());
          break;
        }
        const next = queue.shift();
        if (next) this.#open(next);
      }
    }
    return wait;
  }

  #open(waiting: Waiting): void {
    this.#opening += 1;
    let open = true;
    waiting.open((how) => {
      if (!open) return;
      open = false;
      this.#opening -= 1;
      if (how === 'registered') this.#strikes = 0;
      if (how === 'throttled') this.#pause();
      this.#run();
    });
  }

  #pause(): void {
    const now = this.#clock.now();
    // Those who were on their way together are one strike.
    if (this.#pausedUntil <= now) this.#strikes += 1;
    const pause = Math.min(LONGEST_PAUSE, PAUSE * 2 ** (this.#strikes - 1));
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pause);
  }
}
