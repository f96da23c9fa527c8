/**
 * Flood control: a client's lines are dealt with no faster than its bucket fills. Above that its connection is not read, so
 * that what it sends waits at its own end; one that leaves no room for a whole minute is given up.
 */
import { TokenBucket, type Rate } from '../../common/bucket.ts';
import type { Clock, Timer } from '../../common/clock.ts';
import type { Connection } from '../../transport/connection.ts';
import { Intake, type Taken } from './intake.ts';

/** For everybody: a paste at once, then faster than anybody types. */
export const USUAL: Rate = { burst: 30, perSecond: 5 };

/** For this host's own programs and for gateways that it trusts, which pace their users themselves. */
export const TRUSTED: Rate = { burst: 500, perSecond: 500 };

/** Milliseconds for which a client may be late without a pause. */
const PATIENCE = 60_000;

export class Flow {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #taken: (taken: Taken) => void;
  readonly #flooded: () => void;
  readonly #intake = new Intake();
  #bucket: TokenBucket;
  #timer: Timer | undefined;
  #lateSince: number | undefined;
  #stopped = false;
  #running = false;
  #held = false;

  constructor(
    connection: Connection,
    rate: Rate,
    clock: Clock,
    taken: (taken: Taken) => void,
    flooded: () => void,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#bucket = new TokenBucket(rate, clock);
    this.#taken = taken;
    this.#flooded = flooded;
  }

  setRate(rate: Rate): void {
    this.#bucket = new TokenBucket(rate, this.#clock);
  }

  add(bytes: Buffer): void {
    if (this.#stopped) return;
    this.#intake.add(bytes);
    if (!this.#timer) this.#run();
  }

  /** Nothing more is dealt with until `release`: the answer to the last line is still on its way. */
  hold(): void {
    if (this.#held || this.#stopped) return;
    this.#held = true;
    this.#connection.pause();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#continue();
  }

  /** Nothing more is dealt with. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    // What it still sends is thrown away, so that its end of the connection can come through.
    this.#connection.resume();
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    while (!this.#stopped && !this.#held) {
      const wait = this.#bucket.wait();
      if (wait > 0 && this.#intake.waiting > 0) {
        this.#delay(wait);
        break;
      }
      const taken = this.#intake.next();
      if (!taken) {
        this.#lateSince = undefined;
        break;
      }
      this.#bucket.take();
      this.#taken(taken);
    }
    this.#running = false;
  }

  #delay(wait: number): void {
    const now = this.#clock.now();
    this.#lateSince ??= now;
    if (now - this.#lateSince > PATIENCE) {
      this.#flooded();
      return;
    }
    this.#connection.pause();
    this.#timer = this.#clock.after(wait, () => {
      this.#timer = undefined;
      this.#continue();
    });
  }

  #continue(): void {
    if (this.#timer) return;
    this.#run();
    if (!this.#timer && !this.#stopped && !this.#held) this.#connection.resume();
  }
}
