/** Messages that a naive MSRP end gets: from chunks to a whole, and the success reports on the way (RFC 4975 sections 7.1.3, 7.3.1). */
import { Gathering } from './msrp-chunks.ts';
import { field, type MsrpFrame } from './msrp-frame.ts';

export interface ArrivedMessage {
  readonly messageId: string;
  readonly type: string;
  readonly body: Buffer;
  /** Its chunks in the order in which they came. */
  readonly frames: readonly MsrpFrame[];
}

/** Where whole messages go, and how reports are sent. */
interface Hearer {
  readonly messages: { add(message: ArrivedMessage): void };
  readonly aborted: { add(message: ArrivedMessage): void };
  readonly reportsOn: 'whole' | 'chunks' | 'nothing';
  onMessage(message: ArrivedMessage): void;
  report(messageId: string, range: string, status: string): void;
}

export class Arrivals {
  readonly #hearer: Hearer;
  readonly #gathering = new Map<string, Gathering>();

  constructor(hearer: Hearer) {
    this.#hearer = hearer;
  }

  /** Takes a SEND that has a body and was not refused. */
  add(frame: MsrpFrame): void {
    const messageId = field(frame, 'Message-ID') ?? '';
    const gathering = this.#gathering.get(messageId) ?? new Gathering();
    this.#gathering.set(messageId, gathering);
    const body = gathering.add(frame);
    const reports = field(frame, 'Success-Report') === 'yes' ? this.#hearer.reportsOn : 'nothing';
    if (reports === 'chunks') this.#reportChunk(messageId, frame);
    if (body === undefined) return;
    this.#gathering.delete(messageId);
    const { frames } = gathering;
    const type = field(frame, 'Content-Type') ?? '';
    if (body === 'aborted')
      return this.#hearer.aborted.add({ messageId, type, body: Buffer.alloc(0), frames });
    if (reports === 'whole') this.#hearer.report(messageId, `1-${body.length}/${body.length}`, '200 OK');
    const message = { messageId, type, body, frames };
    this.#hearer.messages.add(message);
    this.#hearer.onMessage(message);
  }

  #reportChunk(messageId: string, frame: MsrpFrame): void {
    const [start, , total] = (field(frame, 'Byte-Range') ?? '').split(/[-/]/);
    const end = Number(start) - 1 + (frame.body?.length ?? 0);
    this.#hearer.report(messageId, `${start}-${end}/${total}`, '200 OK');
  }
}
