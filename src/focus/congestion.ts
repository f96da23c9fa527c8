/**
 * What a device that does not keep up is not sent (RFC 7701 section 6.4; checklist 64). The less a message would be missed,
 * the sooner it is left out: first what the room says of itself, then what is large, then text. When the device has
 * caught up it is told how many it has missed; who does not catch up for minutes is hung up on.
 */
import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Fill } from '../msrp/index.ts';

/** What a message is worth. `signal`: somebody is typing. `status`: the room says something. `large`: a file, or a long text. */
export type Worth = 'signal' | 'status' | 'large' | 'text';

export interface CongestionEvents {
  /** It takes messages again; so many were left out. */
  recovered(skipped: number): void;
  /** It has been congested without a pause for too long. */
  overdue(): void;
}

export interface CongestionParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Whom it is about, for the log. */
  readonly facts: object;
  /** How long a device may be congested without a pause, in milliseconds. */
  readonly mostMs: number;
  readonly events: CongestionEvents;
}

/** What is left out from which mark on. */
const SKIPPED: Readonly<Record<Exclude<Fill, 'clear'>, ReadonlySet<Worth>>> = {
  stuck: new Set(['large']),
  congested: new Set(['signal', 'status']),
  'nearly-full': new Set(['signal', 'status', 'large']),
  full: new Set(['signal', 'status', 'large', 'text']),
};

const NONE: Readonly<Record<Worth, number>> = { signal: 0, status: 0, large: 0, text: 0 };

/** Of one device. */
export class Congestion {
  readonly #parts: CongestionParts;
  #skipped: Record<Worth, number> = { ...NONE };
  #timer: Timer | undefined;

  constructor(parts: CongestionParts) {
    this.#parts = parts;
  }

  /** Whether a message is to be left out, where so much waits already; it is counted then. */
  skips(worth: Worth, fill: Exclude<Fill, 'clear'>): boolean {
    if (!SKIPPED[fill].has(worth)) return false;
    this.missed(worth);
    return true;
  }

  /** A message did not get to the device. */
  missed(worth: Worth): void {
    this.#skipped[worth] += 1;
  }

  /** The device is congested, or is it no more. */
  changed(congested: boolean): void {
    const { clock, mostMs, events } = this.#parts;
    if (congested) {
      this.#timer ??= clock.after(mostMs, () => events.overdue());
      return;
    }
    const { status, large, text } = this.#skipped;
    this.end();
    // Nobody has missed that somebody was typing.
    if (status + large + text > 0) events.recovered(status + large + text);
  }

  /** The device is gone, or has caught up: what it has missed is logged, once for the whole time. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const skipped = this.#skipped;
    this.#skipped = { ...NONE };
    if (Object.values(skipped).every((count) => count === 0)) return;
    this.#parts.log.info(
      { ...this.#parts.facts, skipped },
      'messages for a device that did not keep up were left out',
    );
  }
}
