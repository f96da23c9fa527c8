/**
 * Requests of peers over UDP: one that comes again is answered as before (the windows I and J), and a refused INVITE is
 * refused again until its ACK comes (timer G). sip.js leaves that out. RFC 3261 section 17.2.
 */
import type { Clock, Timer } from '../common/clock.ts';
import { T1, T2, TRANSACTION_TIME } from './timers.ts';

interface Served {
  readonly method: string;
  /** Sends the last answer again. */
  replay: (() => void) | undefined;
  status: number;
  /** Timer G. */
  timer: Timer | undefined;
  end: Timer;
}

/** A request that is not answered is forgotten after this; its sender has given up long ago, or has been told 100. */
const UNANSWERED_TIME = 10 * 60_000;
/** Beyond it the oldest are forgotten: they would then be handled once more. */
const MOST_SERVED = 20_000;

export class ServerReliability {
  readonly #clock: Clock;
  readonly #served = new Map<string, Served>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Transactions that are remembered. */
  get size(): number {
    return this.#served.size;
  }

  /** True: the request has come before; it is dealt with. `key` names the transaction, see via.ts. */
  requestReceived(key: string, method: string): boolean {
    const served = this.#served.get(key);
    if (method === 'ACK') {
      if (served && served.status >= 300) served.timer?.cancel();
      return false;
    }
    // A CANCEL has the key of its INVITE, and a transaction of its own.
    const name = method === 'CANCEL' ? `${key} CANCEL` : key;
    const before = this.#served.get(name);
    if (before) {
      before.replay?.();
      return true;
    }
    const [oldest] = this.#served.keys();
    if (this.#served.size >= MOST_SERVED && oldest !== undefined) this.#forget(oldest);
    const end = this.#clock.after(UNANSWERED_TIME, () => this.#forget(name));
    this.#served.set(name, { method, replay: undefined, status: 0, timer: undefined, end });
    return false;
  }

  /** An answer goes out; `send` is what to do for each further time. */
  responseSent(key: string, method: string, status: number, send: () => void): void {
    const name = method === 'CANCEL' ? `${key} CANCEL` : key;
    const served = this.#served.get(name);
    if (!served || served.status >= 200) return;
    served.replay = send;
    served.status = status;
    if (status < 200) return;
    served.end.cancel();
    served.end = this.#clock.after(TRANSACTION_TIME, () => this.#forget(name));
    // The 2xx to an INVITE is sent again by sip.js, up to its ACK.
    if (method === 'INVITE' && status >= 300) this.#again(served, T1);
  }

  close(): void {
    for (const name of [...this.#served.keys()]) this.#forget(name);
  }

  #again(served: Served, interval: number): void {
    served.timer = this.#clock.after(interval, () => {
      served.replay?.();
      this.#again(served, Math.min(interval * 2, T2));
    });
  }

  #forget(name: string): void {
    const served = this.#served.get(name);
    served?.timer?.cancel();
    served?.end.cancel();
    this.#served.delete(name);
  }
}
