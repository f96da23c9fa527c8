/** Requests of the peer while they come in: what is told by the parser once the session is found. */
import type { IncomingMessage, MessageReply } from './api.ts';
import type { Chunk } from './assembler.ts';
import type { ByteRange } from './byte-range.ts';
import { type ContinuationFlag, isHeaderName, type MsrpHead } from './head.ts';
import { isMessageId } from './idents.ts';
import { Opening } from './opening.ts';
import type { Enclosure, FailureReport } from './outgoing-message.ts';
import type { ReceivingSession } from './receiving-session.ts';
import { failureReportOf, wantsSuccessReport } from './responses.ts';

/** Takes the body and the end of one request. */
export interface Receiver {
  /** A piece of the body: what stands in `bytes` from `from` to `to`. */
  body(bytes: Buffer, from: number, to: number): void;
  end(flag: ContinuationFlag): void;
}

const TOO_MANY = 'too many at once';

/** A request that was answered or is not to be: the rest of it is dropped. */
export const discard: Receiver = { body: () => {}, end: () => {} };

/** A SEND: a chunk of a message, or one without a body. */
export class ReceivingSend implements Receiver {
  readonly #session: ReceivingSession;
  readonly #head: MsrpHead;
  readonly #range: ByteRange | undefined;
  #chunk: Chunk | undefined;
  #answered = false;

  constructor(session: ReceivingSession, head: MsrpHead, range: ByteRange | undefined) {
    this.#session = session;
    this.#head = head;
    this.#range = range;
    // A request that ends behind its headers, or has no Content-Type, may yet have no body at all.
    if (head.flag !== undefined || head.contentType === '') return;
    this.#begin();
  }

  body(bytes: Buffer, from: number, to: number): void {
    if (this.#answered) return;
    if (!this.#chunk) this.#begin();
    if (!this.#chunk) return;
    if (!this.#session.assembler.add(this.#chunk, bytes, from, to)) return this.#refuse(413);
    const front = this.#session.assembler.front(this.#chunk);
    if (front) this.#offer(front);
  }

  end(flag: ContinuationFlag): void {
    if (this.#answered) return;
    // Without a body it only shows that the session is alive; it is never shown (RFC 4975 section 7.1).
    if (!this.#chunk) return this.#session.respond(this.#head, 200);
    const finished = this.#session.assembler.finish(this.#chunk, flag);
    if (finished === 'refused') return this.#refuse(413);
    if (finished === 'more' || finished === 'aborted') return this.#session.respond(this.#head, 200);
    this.#session.seen.add(this.#head.messageId);
    if (finished === 'flowed') {
      this.#session.respond(this.#head, 200);
      return this.#chunk.flow?.end();
    }
    this.#session.message(new ReceivedMessage(this.#session, this.#head, finished.body));
  }

  /** Asks whether a long message is to be handed on while it comes in. */
  #offer(front: Buffer): void {
    const { assembler } = this.#session;
    const { messageId } = this.#head;
    const opening = new Opening(this.#session, this.#head, front, this.#range?.total);
    const beginning = this.#session.begins(opening);
    if (beginning === 'later') return;
    if (beginning === 'keep') return assembler.keep(messageId);
    if ('status' in beginning) {
      assembler.refuse(messageId);
      return this.#refuse(beginning.status, beginning.comment);
    }
    opening.take(beginning);
    assembler.flow(messageId, opening);
  }

  /** Bytes of a body come: everything that can be said against them is said now. */
  #begin(): void {
    const { contentType, messageId } = this.#head;
    if (contentType === '' || !isMediaType(contentType) || !isMessageId(messageId)) return this.#refuse(400);
    const seen = this.#session.seen.find(messageId);
    if (seen) {
      // Acknowledged again, but not shown again (RFC 4975 section 5.4).
      this.#refuse(200);
      const report = seen.reported;
      if (report && wantsSuccessReport(this.#head)) this.#session.report(messageId, report, 200);
      return;
    }
    const { assembler } = this.#session;
    if (assembler.isNew(messageId)) {
      if (!this.#session.accepts(contentType)) return this.#refuse(415);
      if (!this.#session.admits()) {
        assembler.refuse(messageId);
        return this.#refuse(413, TOO_MANY);
      }
    }
    this.#chunk = this.#session.assembler.begin(messageId, this.#range);
    if (!this.#chunk) this.#refuse(413);
  }

  #refuse(status: number, comment?: string): void {
    this.#answered = true;
    this.#chunk = undefined;
    this.#session.respond(this.#head, status, comment);
  }
}

/** A NICKNAME (RFC 7701 section 7.1). */
export class ReceivingNickname implements Receiver {
  readonly #session: ReceivingSession;
  readonly #head: MsrpHead;
  #hasBody = false;

  constructor(session: ReceivingSession, head: MsrpHead) {
    this.#session = session;
    this.#head = head;
  }

  body(): void {
    this.#hasBody = true;
  }

  end(): void {
    const head = this.#head;
    if (head.successReport !== '' || head.failureReport !== '' || this.#hasBody || head.contentType !== '') {
      return this.#session.respond(head, 400);
    }
    if (head.nicknames !== 1 || CONTROL.test(head.nickname)) return this.#session.respond(head, 424);
    if (!this.#session.admits()) return this.#session.respond(head, 425, TOO_MANY);
    let answered = false;
    this.#session.nickname({
      value: head.nickname,
      respond: (status, comment) => {
        if (answered) return;
        answered = true;
        this.#session.respond(head, status, comment);
      },
    });
  }
}

/** A whole message, as its receiver sees it. */
class ReceivedMessage implements IncomingMessage {
  readonly messageId: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly transactionId: string;
  readonly wantsSuccessReport: boolean;
  readonly failureReport: FailureReport;
  readonly reply: MessageReply;

  constructor(session: ReceivingSession, head: MsrpHead, body: Buffer) {
    this.messageId = head.messageId;
    this.contentType = head.contentType;
    this.body = body;
    this.transactionId = head.transactionId;
    this.wantsSuccessReport = wantsSuccessReport(head);
    this.failureReport = failureReportOf(head);
    this.reply = new Reply(session, head, body.length);
  }

  respond(status: number, comment?: string): void {
    this.reply.respond(status, comment);
  }

  report(status: number, comment?: string, body?: Enclosure): void {
    this.reply.report(status, comment, body);
  }
}

/** The answers to a message of `size` bytes. */
class Reply implements MessageReply {
  readonly #session: ReceivingSession;
  readonly #head: MsrpHead;
  readonly #size: number;
  #status = 0;
  #reported = false;

  constructor(session: ReceivingSession, head: MsrpHead, size: number) {
    this.#session = session;
    this.#head = head;
    this.#size = size;
  }

  respond(status: number, comment?: string): void {
    if (this.#status !== 0) return;
    this.#status = status;
    // What was refused may be sent again under the same Message-ID.
    if (status >= 300) this.#session.seen.delete(this.#head.messageId);
    this.#session.respond(this.#head, status, comment);
  }

  report(status: number, comment?: string, body?: Enclosure): void {
    if (this.#reported || this.#status >= 300) return;
    const wanted = status === 200 ? wantsSuccessReport(this.#head) : failureReportOf(this.#head) !== 'no';
    if (!wanted) return;
    this.#reported = true;
    const range = { start: 1, end: this.#size, total: this.#size };
    if (status === 200) this.#session.seen.reported(this.#head.messageId, range);
    this.#session.report(this.#head.messageId, range, status, comment, body);
  }
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x1f\x7f]/;

/** Without parameters, in lower case. */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Whether it looks like `type/subtype`; parameters are the receiver's business. */
function isMediaType(contentType: string): boolean {
  if (CONTROL.test(contentType)) return false;
  const slash = contentType.indexOf('/');
  return slash > 0 && isHeaderName(contentType.slice(0, slash));
}
