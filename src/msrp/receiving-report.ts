/** A REPORT of the peer while it comes in. It is never answered, whatever it says (RFC 4975 section 7.1.2). */
import type { IncomingReport } from './api.ts';
import { parseByteRange } from './byte-range.ts';
import type { MsrpHead } from './head.ts';
import type { Receiver } from './receiving.ts';
import { reportedStatus } from './responses.ts';

/** Bytes of a body that are kept. It is informational only (RFC 4975 section 7.1.2): a longer one is as if it were not there. */
const MOST_BODY = 16_384;

/** What a REPORT needs of the session that it came for. */
interface ReportedSession {
  reported(report: IncomingReport): void;
}

/** Tells the session of a REPORT when its end-line is there: what breaks off in its middle has said nothing. */
export class ReceivingReport implements Receiver {
  readonly #session: ReportedSession;
  readonly #head: MsrpHead;
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(session: ReportedSession, head: MsrpHead) {
    this.#session = session;
    this.#head = head;
  }

  body(bytes: Buffer, from: number, to: number): void {
    this.#size += to - from;
    if (this.#size > MOST_BODY) this.#pieces = [];
    else this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
  }

  end(): void {
    const { contentType, messageId, statusLine } = this.#head;
    const status = reportedStatus(statusLine);
    if (!status) return;
    const isKept = contentType !== '' && this.#size <= MOST_BODY;
    const body = isKept ? { contentType, body: Buffer.concat(this.#pieces) } : undefined;
    this.#session.reported({ messageId, ...status, byteRange: parseByteRange(this.#head.byteRange), body });
  }
}
