/** A long message of the peer, of which the beginning has come. */
import type { MessageFlow, MessageOpening } from './api.ts';
import type { MsrpHead } from './head.ts';
import type { Enclosure, FailureReport } from './outgoing-message.ts';
import type { ReceivingSession } from './receiving-session.ts';
import { failureReportOf, wantsSuccessReport } from './responses.ts';

/** What its receiver is shown, and afterwards what stands between the receiver and the assembler. */
export class Opening implements MessageOpening, MessageFlow {
  readonly messageId: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly total: number | undefined;
  readonly wantsSuccessReport: boolean;
  readonly failureReport: FailureReport;
  readonly #session: ReceivingSession;
  #flow: MessageFlow | undefined;
  #paused = false;
  #over = false;
  /** Bytes of the whole message; undefined while it is none. */
  #size: number | undefined;
  #reported = false;

  /** `head`: of the chunk that has come last. */
  constructor(session: ReceivingSession, head: MsrpHead, body: Buffer, total: number | undefined) {
    this.#session = session;
    this.messageId = head.messageId;
    this.contentType = head.contentType;
    this.body = body;
    this.total = total;
    this.wantsSuccessReport = wantsSuccessReport(head);
    this.failureReport = failureReportOf(head);
  }

  /** Says who takes it. */
  take(flow: MessageFlow): void {
    this.#flow = flow;
  }

  data(bytes: Buffer): void {
    this.#flow?.data(bytes);
  }

  end(size: number): void {
    this.#size = size;
    this.#finish();
    this.#flow?.end(size);
  }

  aborted(): void {
    this.#finish();
    this.#flow?.aborted();
  }

  pause(): void {
    if (this.#paused || this.#over) return;
    this.#paused = true;
    this.#session.link?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#session.link?.resume();
  }

  report(status: number, comment?: string, body?: Enclosure): void {
    const wanted = status === 200 ? this.wantsSuccessReport : this.failureReport !== 'no';
    if (this.#reported || this.#size === undefined || !wanted) return;
    this.#reported = true;
    const range = { start: 1, end: this.#size, total: this.#size };
    if (status === 200) this.#session.seen.reported(this.messageId, range);
    this.#session.report(this.messageId, range, status, comment, body);
  }

  #finish(): void {
    this.#over = true;
    this.resume();
  }
}
