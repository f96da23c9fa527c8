/**
 * Finds peers that are gone without a word. Where nothing came from a peer for some time, an empty SEND asks for an answer
 * (RFC 4975 section 7.1 lets any session be shown alive that way); without a sign of life the connection is lost. What we
 * have sent in the meantime is none: who only listens answers nothing, and the system takes bytes for a host that is gone
 * for a quarter of an hour.
 *
 * One timer serves all connections and looks at them in coarse steps, so that a message costs no timer: it only leaves
 * a mark that something has come.
 */
import type { Clock, Timer } from '../common/clock.ts';

/** A connection as the walk sees it. */
export interface Probed {
  /** Whether a sign of life came since this was asked last: bytes of the peer, or room for bytes that had to wait. */
  heard(): boolean;
  /** Nothing was heard for the whole interval: asks for a sign of life. False where there is no session to ask in. */
  probe(): boolean;
  /** No sign of life came. */
  dead(): void;
}

interface Watched {
  /** Steps in which nothing was heard. */
  still: number;
  /** Runs from the probe on. */
  timer: Timer | undefined;
}

/** The interval is counted in so many steps: a connection is probed after it, and no later than a quarter of it more. */
const STEPS = 4;
/** How long the sign of life may take, in milliseconds: as long as any answer (RFC 4975 section 7.1.1). */
const PATIENCE_MS = 30_000;

export class KeepAlive {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #watched = new Map<Probed, Watched>();
  #timer: Timer | undefined;

  /** `intervalMs`: 0 for never. */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  add(connection: Probed): void {
    if (this.#intervalMs === 0 || this.#watched.has(connection)) return;
    this.#watched.set(connection, { still: 0, timer: undefined });
    this.#timer ??= this.#next();
  }

  remove(connection: Probed): void {
    this.#watched.get(connection)?.timer?.cancel();
    this.#watched.delete(connection);
    if (this.#watched.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #next(): Timer {
    return this.#clock.after(this.#intervalMs / STEPS, () => {
      this.#timer = this.#next();
      for (const [connection, watched] of this.#watched) this.#look(connection, watched);
    });
  }

  #look(connection: Probed, watched: Watched): void {
    if (connection.heard()) {
      watched.timer?.cancel();
      watched.timer = undefined;
      watched.still = 0;
      return;
    }
    watched.still += 1;
    if (watched.still < STEPS) return;
    watched.still = 0;
    if (watched.timer || !connection.probe()) return;
    watched.timer = this.#clock.after(PATIENCE_MS, () => {
      watched.timer = undefined;
      if (!connection.heard()) connection.dead();
    });
  }
}
