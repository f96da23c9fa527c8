/**
 * Requests of ours over UDP: sent again until they are answered (timers A and E), and answers that come again kept away
 * (the windows D and K). sip.js leaves that out. RFC 3261 section 17.1; time-outs B and F are sip.js's.
 */
import type { Clock, Timer } from '../common/clock.ts';
import { T1, T2, T4, TRANSACTION_TIME } from './timers.ts';

/** An INVITE that rings for longer than this is forgotten here. */
const UNANSWERED_TIME = 10 * 60_000;

interface Pending {
  readonly method: string;
  readonly send: () => void;
  interval: number;
  readonly until: number;
  timer: Timer | undefined;
  final: boolean;
  /** The ACK to a refusal. */
  ack: (() => void) | undefined;
}

export class ClientReliability {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Transactions that are remembered. */
  get size(): number {
    return this.#pending.size;
  }

  /** A request goes out for the first time; `send` is what to do for each further time. */
  requestSent(branch: string, method: string, send: () => void): void {
    if (method === 'ACK') {
      // Only the ACK to a refusal has the branch of its INVITE; the other is sip.js's to send again.
      const invite = this.#pending.get(`${branch} INVITE`);
      if (invite?.final) invite.ack = send;
      return;
    }
    const until = this.#clock.now() + TRANSACTION_TIME;
    const pending: Pending = {
      method,
      send,
      interval: T1,
      until,
      timer: undefined,
      final: false,
      ack: undefined,
    };
    this.#pending.get(`${branch} ${method}`)?.timer?.cancel();
    this.#pending.set(`${branch} ${method}`, pending);
    this.#again(pending, branch);
  }

  /** False: an answer that has come before; it is dealt with. */
  responseReceived(branch: string, method: string, status: number): boolean {
    const key = `${branch} ${method}`;
    const pending = this.#pending.get(key);
    if (!pending) return true;
    if (pending.final) {
      if (status >= 200) pending.ack?.();
      return false;
    }
    if (status < 200) {
      // An INVITE that is being worked on is not sent again; other requests are, slowly (RFC 3261 section 17.1.2.2).
      if (method === 'INVITE') this.#keep(pending, key, UNANSWERED_TIME);
      else pending.interval = T2;
      return true;
    }
    if (method === 'INVITE' && status < 300) {
      // Each 2xx that comes again is to be acknowledged again, which sip.js does.
      pending.timer?.cancel();
      this.#pending.delete(key);
      return true;
    }
    pending.final = true;
    this.#keep(pending, key, method === 'INVITE' ? TRANSACTION_TIME : T4);
    return true;
  }

  close(): void {
    for (const pending of this.#pending.values()) pending.timer?.cancel();
    this.#pending.clear();
  }

  /** Nothing more is sent by itself; forgotten when time is over. */
  #keep(pending: Pending, key: string, time: number): void {
    pending.timer?.cancel();
    pending.timer = this.#clock.after(time, () => this.#pending.delete(key));
  }

  #again(pending: Pending, branch: string): void {
    pending.timer = this.#clock.after(pending.interval, () => {
      if (this.#clock.now() >= pending.until) {
        this.#pending.delete(`${branch} ${pending.method}`);
        return;
      }
      pending.send();
      const doubled = pending.interval * 2;
      pending.interval = pending.method === 'INVITE' ? doubled : Math.min(doubled, T2);
      this.#again(pending, branch);
    });
  }
}
