/** Requests of ours that may still be answered, by transaction id; one table for each connection. */
import type { Clock, Timer } from '../common/clock.ts';

/** Who hears of the answer to a request. */
export interface Asker {
  answered(status: number, comment: string): void;
  /** No answer came in time. Where none was due this may do nothing. */
  unanswered(): void;
}

/** Above this the oldest are taken for unanswered before their time. */
const MOST_WAITING = 10_000;

interface Waiting {
  readonly asker: Asker;
  readonly until: number;
}

export class Transactions {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** These are made when they are needed: of most requests no answer is looked out for. */
  #beingSent: Map<string, Asker> | undefined;
  /** In the order in which their time runs out. */
  #waiting: Map<string, Waiting> | undefined;
  #timer: Timer | undefined;
  #over = false;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** A request begins to be written. An answer may come from now on, its time does not run yet. */
  begin(transactionId: string, asker: Asker): void {
    if (!this.#over) (this.#beingSent ??= new Map()).set(transactionId, asker);
  }

  /** Its last byte is written: now its time runs (RFC 4975 section 7.1.1). */
  sent(transactionId: string): void {
    const asker = this.#beingSent?.get(transactionId);
    if (!asker) return;
    this.#forget(transactionId);
    this.#waiting ??= new Map();
    this.#waiting.set(transactionId, { asker, until: this.#clock.now() + this.#timeoutMs });
    if (this.#waiting.size > MOST_WAITING) this.#expire(1);
    this.#timer ??= this.#clock.after(this.#timeoutMs, () => this.#tick());
  }

  /** An answer came: gives who asked, once. */
  take(transactionId: string): Asker | undefined {
    const asker = this.#beingSent?.get(transactionId) ?? this.#waiting?.get(transactionId)?.asker;
    this.#forget(transactionId);
    return asker;
  }

  /** Forgets everything, tells nobody, and takes nothing more. */
  end(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#beingSent?.clear();
    this.#waiting?.clear();
  }

  /** An empty table is let go: who is asked for a sign of life now and then needs none in between. */
  #forget(transactionId: string): void {
    this.#beingSent?.delete(transactionId);
    if (this.#beingSent?.size === 0) this.#beingSent = undefined;
    this.#waiting?.delete(transactionId);
    if (this.#waiting?.size === 0) this.#waiting = undefined;
  }

  #tick(): void {
    this.#timer = undefined;
    this.#expire(0);
    const [next] = this.#waiting?.values() ?? [];
    if (next) this.#timer = this.#clock.after(next.until - this.#clock.now(), () => this.#tick());
  }

  /** Ends those whose time is over, and at least `least`. */
  #expire(least: number): void {
    let ended = 0;
    for (const [transactionId, { asker, until }] of this.#waiting ?? []) {
      if (ended >= least && until > this.#clock.now()) return;
      this.#forget(transactionId);
      ended += 1;
      asker.unanswered();
    }
  }
}
