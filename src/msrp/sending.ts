/** One message of ours on its way: which of it is sent, and how that went. */
import type { FailureReport, Settled } from './api.ts';
import type { ByteRange } from './byte-range.ts';
import { newTransactionId } from './idents.ts';
import type { Asker } from './transactions.ts';
import { endLine, type SendForm } from './writer.ts';

/** The largest body of a chunk that need not be interruptible (RFC 4975 section 7.1.1). */
const LONGEST_PLAIN = 2048;

/** What a message needs to know of the session that sends it. */
export interface SendingSession {
  /** To-Path and From-Path as lines. */
  readonly paths: string;
  /** An answer that is about the session and not only about this message: 481 and 506. */
  refused(status: number): void;
  /** Nothing more is expected of this message. */
  finished(sending: Sending): void;
}

export class Sending implements Asker {
  readonly messageId: string;
  readonly form: SendForm;
  readonly failureReport: FailureReport;
  readonly #session: SendingSession;
  #settled: Settled | undefined;
  #unanswered = 0;
  #offset = 0;
  #transactionId = '';
  #open = false;
  #stopped = false;

  constructor(
    session: SendingSession,
    form: SendForm,
    messageId: string,
    failureReport: FailureReport,
    settled: Settled | undefined,
  ) {
    this.#session = session;
    this.form = form;
    this.messageId = messageId;
    this.failureReport = failureReport;
    this.#settled = settled;
  }

  /** Whether it needs chunks that can be interrupted. */
  get isLong(): boolean {
    return this.form.body.length > LONGEST_PLAIN;
  }

  /** Whether an answer to it must be looked out for, however it is sent. */
  get expectsAnswers(): boolean {
    return (
      this.failureReport !== 'no' &&
      (this.isLong || this.#settled !== undefined || this.failureReport === 'yes')
    );
  }

  /** Bytes of the body that are not written yet. */
  get left(): number {
    return this.form.body.length - this.#offset;
  }

  /** A chunk is begun and not ended. */
  get open(): boolean {
    return this.#open;
  }

  /** No more of it is to be sent. */
  get stopped(): boolean {
    return this.#stopped;
  }

  get transactionId(): string {
    return this.#transactionId;
  }

  /** The whole message as one frame; only for a message that is not long. */
  whole(): string {
    this.#transactionId = this.#newId();
    this.#offset = this.form.body.length;
    if (this.expectsAnswers) this.#unanswered = 1;
    return this.form.whole(this.#transactionId, this.#session.paths, this.messageId);
  }

  /** Begins a chunk with everything that is left. Returns its head. */
  begin(): string {
    const total = this.form.body.length;
    // What can be interrupted has an open end (RFC 4975 section 7.1.1).
    const end = this.left > LONGEST_PLAIN ? undefined : total;
    const range: ByteRange = { start: this.#offset + 1, end, total };
    this.#transactionId = this.#newId();
    this.#open = true;
    if (this.expectsAnswers) this.#unanswered += 1;
    return this.form.head(this.#transactionId, this.#session.paths, this.messageId, range);
  }

  /** The next bytes of the open chunk, at most `most`. */
  take(most: number): Buffer {
    const slice = this.form.body.subarray(this.#offset, this.#offset + most);
    this.#offset += slice.length;
    return slice;
  }

  /** Ends the open chunk. Returns what to write. */
  end(): string {
    this.#open = false;
    const flag = this.left === 0 ? '$' : this.#stopped ? '#' : '+';
    return `\r\n${endLine(this.#transactionId, flag)}`;
  }

  /** No more of it is sent; an open chunk is to be ended. */
  stop(): void {
    this.#stopped = true;
  }

  answered(status: number, comment: string): void {
    this.#unanswered -= 1;
    if (status >= 200 && status < 300) {
      if (this.#isOver) this.settle(status, comment);
      return;
    }
    // No more chunks after 413 (RFC 4975 section 10.5); after any other error they would be of no use (section 7.3.2).
    this.stop();
    this.settle(status, comment);
    this.#session.refused(status);
  }

  unanswered(): void {
    this.#unanswered -= 1;
    if (this.failureReport === 'yes') {
      this.stop();
      this.settle(408, 'no answer came in time');
    } else if (this.#isOver) {
      // No news is good news (RFC 4975 section 7.1.1).
      this.#settled = undefined;
      this.#session.finished(this);
    }
  }

  /** Says how it went, once. */
  settle(status: number, comment: string): void {
    const settled = this.#settled;
    this.#settled = undefined;
    this.#session.finished(this);
    settled?.(status, comment);
  }

  get #isOver(): boolean {
    return this.left === 0 && !this.#open && this.#unanswered === 0;
  }

  #newId(): string {
    for (;;) {
      const transactionId = newTransactionId();
      if (this.form.allows(transactionId)) return transactionId;
    }
  }
}
