/** A REPORT of the peer while it comes in. It is never answered, whatever it says (RFC 4975 section 7.1.2). */
import type { Enclosure } from './api.ts';
import type { MsrpHead } from './head.ts';
import type { Receiver } from './receiving.ts';

/** Bytes of a body that are kept. It is informational only (RFC 4975 section 7.1.2): a longer one is as if it were not there. */
const MOST_BODY = 16_384;

/** What a REPORT needs of the session that it came for. */
interface ReportedSession {
  reported(head: MsrpHead, body: Enclosure | undefined): void;
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

  body(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > MOST_BODY) this.#pieces = [];
    else this.#pieces.push(Buffer.from(bytes));
  }

  end(): void {
    const { contentType } = this.#head;
    const isKept = contentType !== '' && this.#size <= MOST_BODY;
    this.#session.reported(
      this.#head,
      isKept ? { contentType, body: Buffer.concat(this.#pieces) } : undefined,
    );
  }
}
