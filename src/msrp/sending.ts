/** One message of ours on its way: which of it is sent, and how that went. */
import type { Settled } from './api.ts';
import type { ByteRange } from './byte-range.ts';
import type { BodyListener, BodyReader, GrowingBody } from './growing-body.ts';
import { DASHES } from './head.ts';
import type { FailureReport } from './outgoing-message.ts';
import type { Asker } from './transactions.ts';
import { endLine, LONGEST_PLAIN, type SendForm } from './writer.ts';

/** The bytes of an end-line before its flag are fewer than these. */
const END_LINE = DASHES.length + 32;

/** What a message needs to know of the session that sends it. */
export interface SendingSession {
  readonly peer: {
    /** To-Path and From-Path as lines. */
    readonly lines: string;
    /** The largest body of a chunk that gets to the peer; Infinity where any does. */
    readonly longestChunk: number;
  };
  /** The largest message that the peer takes. */
  readonly peerMaxBytes: number;
  /** An answer that is about the session and not only about this message: 481 and 506. */
  refused(status: number): void;
  /** More is kept for it than may be. */
  overflowed(): void;
  /** Nothing more is expected of this message. */
  finished(sending: Sending): void;
}

export class Sending implements Asker, BodyListener {
  readonly messageId: string;
  readonly form: SendForm;
  readonly failureReport: FailureReport;
  /** Where a body goes on that is not whole yet; `grew` is told when there is more of it. */
  readonly #rest: GrowingBody | undefined;
  #reader: BodyReader | undefined;
  /** Told when there is something to write again. */
  wake: (() => void) | undefined;
  readonly #session: SendingSession;
  #settled: Settled | undefined;
  #unanswered = 0;
  #offset = 0;
  #transactionId = '';
  /** Those of its chunks, where an answer to them is looked out for. */
  readonly #transactionIds: string[] = [];
  #open = false;
  #begun = false;
  #stopped = false;
  /** It was given up by us behind a chunk with `+`: the peer still has to be told. */
  #owesAbort = false;
  /** The next bytes would complete the end-line of the open chunk. */
  #collides = false;
  /** The last bytes of the open chunk, where an end-line may have begun in them. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(
    session: SendingSession,
    form: SendForm,
    messageId: string,
    failureReport: FailureReport,
    settled: Settled | undefined,
    rest?: GrowingBody,
  ) {
    this.#session = session;
    this.form = form;
    this.messageId = messageId;
    this.failureReport = failureReport;
    this.#settled = settled;
    this.#rest = rest;
    this.#reader = rest?.read(this);
  }

  /** Whether it needs chunks that can be interrupted. */
  get isLong(): boolean {
    return this.#rest !== undefined || this.form.body.length > LONGEST_PLAIN;
  }

  /** Whether an answer to it must be looked out for, however it is sent. */
  get expectsAnswers(): boolean {
    return (
      this.failureReport !== 'no' &&
      (this.isLong || this.#settled !== undefined || this.failureReport === 'yes')
    );
  }

  /** Bytes of the body that can be written now and are not. */
  get left(): number {
    if (!this.#rest) return this.form.body.length - this.#offset;
    const more = this.#reader?.left ?? 0;
    // What is in front of it waits for the first bytes: a chunk without any could only be a broken one.
    if (more === 0 && this.waits) return 0;
    return Math.max(0, this.form.body.length - this.#offset) + more;
  }

  /** Its body is not known whole from the beginning. */
  get grows(): boolean {
    return this.#rest !== undefined;
  }

  /** More bytes will come than can be written now. */
  get waits(): boolean {
    return this.#reader?.waits === true;
  }

  /** No chunk of it may have a larger body. */
  get longestChunk(): number {
    return this.#session.peer.longestChunk;
  }

  /** A chunk is begun and not ended. */
  get open(): boolean {
    return this.#open;
  }

  /** No more of it is to be sent. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Given up after a chunk that said that more would come: a last one is to say that it will not. */
  get owesAbort(): boolean {
    return this.#owesAbort;
  }

  /** The open chunk cannot go on: its end-line would stand in its body. */
  get collides(): boolean {
    return this.#collides;
  }

  get transactionId(): string {
    return this.#transactionId;
  }

  /** The transactions of its chunks to which an answer may come. */
  get transactionIds(): readonly string[] {
    return this.#transactionIds;
  }

  /**
   * Nothing of it is left to send and nobody wants to know how it went: an error could stop nothing any more. It need not be
   * kept until the time for answers is over, nor its body.
   */
  get isDone(): boolean {
    const isSent = this.#stopped || (this.left === 0 && !this.waits);
    return isSent && !this.#open && !this.#owesAbort && !this.#settled;
  }

  /** The whole message as one frame; only for a message that is not long. */
  whole(): string {
    this.#transactionId = this.form.newTransactionId();
    this.#offset = this.form.body.length;
    if (this.expectsAnswers) this.#unanswered = 1;
    return this.form.whole(this.#transactionId, this.#session.peer.lines, this.messageId);
  }

  /** Begins a chunk with everything that is left. Returns its head. */
  begin(): string {
    this.#transactionId = this.form.newTransactionId();
    this.#open = true;
    this.#begun = true;
    this.#collides = false;
    this.#tail = Buffer.alloc(0);
    if (this.expectsAnswers && !this.#stopped) {
      this.#unanswered += 1;
      this.#transactionIds.push(this.#transactionId);
    }
    return this.form.head(this.#transactionId, this.#session.peer.lines, this.messageId, this.#range());
  }

  /** The next bytes of the open chunk, at most `most`; none where it has to end first. */
  take(most: number): Buffer {
    const { body } = this.form;
    if (!this.#rest || this.#offset < body.length) {
      const slice = body.subarray(this.#offset, this.#offset + most);
      this.#offset += slice.length;
      if (this.#rest) this.#tail = slice.subarray(-END_LINE);
      return slice;
    }
    const reader = this.#reader;
    if (!reader) return Buffer.alloc(0);
    const { bytes, dashed } = reader.peek();
    const slice = bytes.subarray(0, this.#harmless(bytes.subarray(0, most), dashed));
    this.#offset += slice.length;
    reader.take(slice.length);
    if (reader.left === 0 && !reader.waits) reader.leave();
    return slice;
  }

  /** Ends the open chunk. Returns what to write. */
  end(): string {
    this.#open = false;
    this.#owesAbort = false;
    const flag = this.#stopped ? '#' : this.left === 0 && !this.waits ? '$' : '+';
    if (this.isDone) this.#session.finished(this);
    return `\r\n${endLine(this.#transactionId, flag)}`;
  }

  /** No more of it is sent; an open chunk is to be ended. */
  stop(): void {
    this.#stopped = true;
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.leave();
    this.wake?.();
  }

  /** We send no more of it, and say so to a peer that has got some of it. */
  giveUp(): void {
    if (this.#stopped || (this.#begun && this.left === 0 && !this.waits)) return;
    this.#owesAbort = this.#begun && !this.#open;
    this.stop();
  }

  grew(): void {
    // The size was not known, or not truly said.
    if (this.form.body.length + (this.#rest?.length ?? 0) > this.#session.peerMaxBytes) {
      this.giveUp();
      return this.settle(413, 'larger than the peer takes');
    }
    this.wake?.();
  }

  gaveUp(): void {
    this.giveUp();
    this.settle(0, 'given up');
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
    return this.left === 0 && !this.waits && !this.#open && this.#unanswered === 0;
  }

  #range(): ByteRange {
    // Where nothing is left to send but the word that it was given up (RFC 4975 section 7.1.1: no bytes are 1-0).
    if (this.#stopped) return { start: 1, end: 0, total: this.#total };
    // What can be interrupted has an open end (RFC 4975 section 7.1.1); a growing body may have to be before an end-line.
    const mayEnd = this.grows || this.left > LONGEST_PLAIN;
    const end = mayEnd ? undefined : this.#offset + this.left;
    return { start: this.#offset + 1, end, total: this.#total };
  }

  get #total(): number | undefined {
    const { body } = this.form;
    if (!this.#rest) return body.length;
    const total = this.#rest.isWhole ? this.#rest.length : this.#rest.total;
    return total === undefined ? undefined : body.length + total;
  }

  /**
   * How many of these bytes can stand in the open chunk: its end-line must not (RFC 4975 section 7.1). The body was not
   * known when the transaction id was made, and a recipient in league with the sender can tell it.
   */
  #harmless(bytes: Buffer, dashed: boolean): number {
    if (!dashed && this.#tail.length === 0) return bytes.length;
    const endLineOfChunk = DASHES + this.#transactionId;
    const across = Buffer.concat([this.#tail, bytes.subarray(0, END_LINE)]).indexOf(endLineOfChunk);
    const found = across >= 0 ? across - this.#tail.length : bytes.indexOf(endLineOfChunk);
    this.#collides = across >= 0 || found >= 0;
    // One byte of it may stand: the rest is in the next chunk, which ends in another way.
    if (this.#collides) return Math.max(0, found + 1);
    const tail = Buffer.concat([this.#tail, bytes.subarray(-END_LINE)]).subarray(-END_LINE);
    this.#tail = tail.includes('-') ? tail : Buffer.alloc(0);
    return bytes.length;
  }
}
