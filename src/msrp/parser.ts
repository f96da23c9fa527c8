/**
 * Incremental MSRP parser: bytes in, calls to a sink out (RFC 4975 section 9).
 *
 * It never touches a socket, a timer or a session. The same input cut into any pieces gives the same heads, the same
 * body bytes and the same flags. A body is handed on as it comes and never collected, so a chunk of any size
 * costs no memory here.
 */
import { latin1 } from '../common/latin1.ts';
import { type ContinuationFlag, DASHES, isFlag, MsrpHead, MsrpSyntaxError, readHead } from './head.ts';
import { PartialHead } from './partial-head.ts';
import { PathMemory } from './path-memory.ts';

/** What the parser tells, in the order of the wire: one head, any number of body pieces, one end. */
export interface FrameSink {
  head(head: MsrpHead): void;
  /** A piece of the body, never empty: what stands in `bytes` from `from` to `to`. A view for each would take as long as all the rest. */
  body(bytes: Buffer, from: number, to: number): void;
  end(flag: ContinuationFlag): void;
  /** The stream is out of step; nothing is told after it. */
  failed(error: MsrpSyntaxError): void;
}

/**
 * The next frame of a stream is about as long as the last one. So much of it is looked at as text at once, within these
 * bounds; a longer head is looked at a second time, a longer body is searched for its end as bytes.
 */
const LEAST_TEXT = 512;
const MOST_TEXT = 2048;
const LONGER = 64;
/** Where bytes were kept, so many of the next ones are put behind them first: not all, they may be many. */
const JOINED = 1024;
const CR = 13;
const LF = 10;

export class MsrpParser {
  readonly #sink: FrameSink;
  readonly #maxHeadBytes: number;
  #stopped = false;
  #usual = LEAST_TEXT;
  readonly #paths = new PathMemory();
  /** A head of which the end has not come. */
  #partial: PartialHead | undefined;
  /** CRLF, dashes and transaction id; set while inside a body. */
  #endLine = '';
  /** The next two bytes are the blank line before the body. They may also be the CRLF before the end-line. */
  #fresh = false;
  /** Bytes of a body that may be the beginning of its end-line. */
  #held: Buffer | undefined;

  /** `maxHeadBytes` (default 16,384) is the most that start line and headers may have together. */
  constructor(sink: FrameSink, options: { maxHeadBytes?: number } = {}) {
    this.#sink = sink;
    this.#maxHeadBytes = options.maxHeadBytes ?? 16_384;
  }

  /** Reads bytes and tells the sink what they mean. After `failed` or `stop` they are ignored. */
  push(chunk: Buffer): void {
    if (this.#stopped) return;
    try {
      let at = 0;
      while ((this.#partial ?? this.#held) && at < chunk.length) {
        const bytes = this.#withKept(chunk.subarray(at, at + JOINED));
        at += JOINED;
        if (bytes) this.#read(bytes);
      }
      if (at < chunk.length) this.#read(at === 0 ? chunk : chunk.subarray(at));
    } catch (error) {
      if (!(error instanceof MsrpSyntaxError)) throw error;
      this.stop();
      this.#sink.failed(error);
    }
  }

  /** Reads nothing more, not even the rest of the bytes being pushed. */
  stop(): void {
    this.#stopped = true;
    this.#partial = undefined;
    this.#held = undefined;
  }

  /** What was kept with what comes behind it; undefined while that is not enough. */
  #withKept(piece: Buffer): Buffer | undefined {
    if (this.#partial) {
      const bytes = this.#partial.add(piece);
      if (bytes) this.#partial = undefined;
      return bytes;
    }
    const bytes = Buffer.concat([this.#held ?? Buffer.alloc(0), piece]);
    this.#held = undefined;
    return bytes;
  }

  #read(bytes: Buffer): void {
    let at = 0;
    while (at >= 0 && at < bytes.length && !this.#stopped) {
      at = this.#endLine === '' ? this.#readHead(bytes, at) : this.#readBody(bytes, at);
    }
  }

  /** Returns where to read on, or -1 when the rest of the bytes is kept. */
  #readHead(bytes: Buffer, at: number): number {
    const text = latin1(bytes, at, at + this.#usual);
    let head = readHead(text, this.#paths);
    if (!head && bytes.length > at + this.#usual) {
      head = readHead(bytes.toString('latin1', at, at + this.#maxHeadBytes + 2), this.#paths);
    }
    if (!head) {
      const partial = new PartialHead(this.#maxHeadBytes);
      if (partial.add(bytes.subarray(at))) throw new Error('a whole head was not read');
      this.#partial = partial;
      return -1;
    }
    if (head.length > this.#maxHeadBytes) {
      const text = bytes.toString('latin1', at, at + this.#maxHeadBytes);
      throw new MsrpSyntaxError(`head is longer than ${this.#maxHeadBytes} bytes`, text);
    }
    this.#usual = Math.max(LEAST_TEXT, head.length + LONGER);
    if (head.flag !== undefined) {
      this.#sink.head(head);
      if (!this.#stopped) this.#sink.end(head.flag);
      return at + head.length;
    }
    const length = this.#readWhole(head, text, bytes, at);
    if (length > 0) return at + length;
    this.#fresh = true;
    this.#endLine = `\r\n${DASHES}${head.transactionId}`;
    this.#sink.head(head);
    return at + head.length;
  }

  /** Tells a frame that stands whole in the text; its length, or 0 where it does not. Text is searched faster than bytes. */
  #readWhole(head: MsrpHead, text: string, bytes: Buffer, at: number): number {
    const stop = endLineOf(head, text);
    if (stop < 0) return 0;
    const flagAt = stop + 2 + DASHES.length + head.transactionId.length;
    const flag = text[flagAt];
    if (!isFlag(flag) || text.charCodeAt(flagAt + 1) !== CR || text.charCodeAt(flagAt + 2) !== LF) return 0;
    this.#usual = Math.min(MOST_TEXT, flagAt + LONGER);
    this.#sink.head(head);
    // Behind the head stands the blank line, or the CRLF of the end-line itself.
    const from = head.length + 2;
    if (stop > from && !this.#stopped) this.#sink.body(bytes, at + from, at + stop);
    if (!this.#stopped) this.#sink.end(flag);
    return flagAt + 3;
  }

  /**
   * A body has no length: it ends at CRLF, seven dashes, the transaction id, a flag and CRLF (RFC 4975 section 7.1).
   * Everything that cannot be the beginning of that is handed on at once.
   */
  #readBody(bytes: Buffer, at: number): number {
    const endLine = this.#endLine;
    for (let from = at; ;) {
      const found = bytes.indexOf(endLine, from, 'latin1');
      const stop = found < 0 ? this.#suspect(bytes, from) : found;
      const flagAt = stop + endLine.length;
      if (found < 0 || (bytes.length < flagAt + 3 && mayEnd(bytes, flagAt))) {
        this.#release(bytes, at, stop);
        if (stop < bytes.length) this.#held = bytes.subarray(stop);
        return -1;
      }
      const flag = String.fromCharCode(bytes[flagAt] ?? 0);
      if (isFlag(flag) && bytes[flagAt + 1] === CR && bytes[flagAt + 2] === LF) {
        this.#release(bytes, at, stop);
        this.#endLine = '';
        if (!this.#stopped) this.#sink.end(flag);
        return flagAt + 3;
      }
      from = flagAt;
    }
  }

  #release(bytes: Buffer, at: number, stop: number): void {
    if (stop === at) return;
    const from = this.#fresh ? at + 2 : at;
    this.#fresh = false;
    if (stop > from) this.#sink.body(bytes, from, stop);
  }

  /** Where the last bytes begin that may be the beginning of the end-line; the length when there are none. */
  #suspect(bytes: Buffer, from: number): number {
    for (let at = Math.max(from, bytes.length - this.#endLine.length + 1); at < bytes.length; at += 1) {
      // CR stands only at the beginning of the end-line, so each CR is a suspect of its own.
      if (bytes[at] === CR && this.#endLine.startsWith(bytes.toString('latin1', at))) return at;
    }
    return bytes.length;
  }
}

/** Whether the bytes that are there of flag and CRLF are right so far. */
function mayEnd(bytes: Buffer, flagAt: number): boolean {
  if (bytes.length > flagAt && !isFlag(String.fromCharCode(bytes[flagAt] ?? 0))) return false;
  return bytes.length <= flagAt + 1 || bytes[flagAt + 1] === CR;
}

/** Where the CRLF before the dashes and the transaction id stands in the text, behind the head; -1 where it does not. */
function endLineOf(head: MsrpHead, text: string): number {
  const { transactionId } = head;
  const dashes = text.indexOf(DASHES, head.length);
  if (dashes < 0) return -1;
  const idAt = dashes + DASHES.length;
  const isFirst =
    dashes >= head.length + 2 &&
    text.charCodeAt(dashes - 1) === LF &&
    text.charCodeAt(dashes - 2) === CR &&
    text.slice(idAt, idAt + transactionId.length) === transactionId;
  // The dashes alone are found faster; where they stand in a body they may stand there often.
  return isFirst ? dashes - 2 : text.indexOf(`\r\n${DASHES}${transactionId}`, head.length);
}
