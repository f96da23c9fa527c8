/** From bytes to frames: one datagram, or a stream that is cut by Content-Length (RFC 3261 section 18.3). */
import { announcedLength, Head, LIMITS, parseHead } from './head.ts';
import { badRequest, type Refusal, tooLarge } from './refusal.ts';

/** One message, not yet looked into. */
export interface Frame {
  readonly head: Head;
  readonly body: Buffer;
  /** What is wrong with it as a whole, before any header is looked at. */
  readonly fault: Refusal | undefined;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const CR = 13;
const LF = 10;

/** Undefined for a keep-alive and for what does not look like SIP at all. */
export function datagramFrame(bytes: Buffer): Frame | undefined {
  let start = 0;
  while (bytes[start] === CR || bytes[start] === LF || bytes[start] === 0) start++;
  if (start === bytes.length) return undefined;
  const end = bytes.indexOf(END_OF_HEAD, start);
  const head = parseHead(bytes.subarray(start, end < 0 ? bytes.length : end));
  if (end < 0) {
    const fault = badRequest('No End Of Header Fields');
    return /SIP\//.test(head.startLine) ? { head, body: NOTHING, fault } : undefined;
  }
  const rest = bytes.subarray(end + END_OF_HEAD.length);
  // Without a length the body goes to the end of the datagram; beyond the length is nothing of ours (RFC 3261 section 18.3).
  const length = announcedLength(head) ?? rest.length;
  if (typeof length !== 'number') return { head, body: NOTHING, fault: length };
  if (length > rest.length)
    return { head, body: NOTHING, fault: badRequest('Content-Length Exceeds Message') };
  const fault = length > LIMITS.body ? tooLarge : undefined;
  return { head, body: rest.subarray(0, fault ? 0 : length), fault };
}

export interface StreamSink {
  frame(frame: Frame): void;
  /** The peer wants a sign of life (RFC 5626 section 4.4.1). */
  ping(): void;
  /** Nothing after this can be told apart; the stream takes no more. */
  broken(): void;
}

/** Cuts a stream of bytes into frames. Holds at most one head and one body, each within its bound. */
export class SipStream {
  readonly #sink: StreamSink;
  #pending: Buffer = NOTHING;
  /** The head whose body is being waited for. */
  #head: Head | undefined;
  #bodyLength = 0;
  #pieces: Buffer[] = [];
  #gathered = 0;
  #broken = false;

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  /** A message has begun and is not complete. A line end alone is some client's keep-alive. */
  get inside(): boolean {
    return this.#head !== undefined || this.#pending.length > END_OF_HEAD.length;
  }

  push(bytes: Buffer): void {
    let rest: Buffer | undefined = bytes;
    while (rest !== undefined && !this.#broken)
      rest = this.#head ? this.#readBody(rest) : this.#readHead(rest);
  }

  /** Takes no more bytes. */
  stop(): void {
    this.#broken = true;
    this.#pending = NOTHING;
    this.#pieces = [];
  }

  /** Returns what follows the head, or undefined when more bytes are needed. */
  #readHead(bytes: Buffer): Buffer | undefined {
    const joined = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const start = this.#skipEmptyLines(joined);
    const end = joined.indexOf(END_OF_HEAD, start);
    const size = (end < 0 ? joined.length : end) - start;
    if (size > LIMITS.head) return this.#break(parseHead(joined.subarray(start)), tooLarge);
    if (end < 0) {
      this.#pending = joined.subarray(start);
      return undefined;
    }
    this.#pending = NOTHING;
    const head = parseHead(joined.subarray(start, end));
    const length = announcedLength(head);
    // On a stream the length is a must (RFC 3261 section 20.14).
    if (length === undefined) return this.#break(head, badRequest('Content-Length Required'));
    if (typeof length !== 'number') return this.#break(head, length);
    this.#head = head;
    this.#bodyLength = length;
    return joined.subarray(end + END_OF_HEAD.length);
  }

  #readBody(bytes: Buffer): Buffer | undefined {
    const missing = this.#bodyLength - this.#gathered;
    this.#pieces.push(bytes.subarray(0, missing));
    this.#gathered += Math.min(bytes.length, missing);
    if (bytes.length < missing || !this.#head) return undefined;
    const frame: Frame = { head: this.#head, body: Buffer.concat(this.#pieces), fault: undefined };
    this.#head = undefined;
    this.#pieces = [];
    this.#gathered = 0;
    this.#sink.frame(frame);
    return bytes.length > missing ? bytes.subarray(missing) : undefined;
  }

  /** Where the message begins: empty lines before it mean nothing (RFC 3261 section 7.5), two of them are a ping. */
  #skipEmptyLines(bytes: Buffer): number {
    let start = 0;
    while (bytes[start] === CR && bytes[start + 1] === LF) {
      if (bytes[start + 2] === CR && bytes[start + 3] === LF) {
        this.#sink.ping();
        start += 4;
      } else if (
        bytes[start + 2] === undefined ||
        (bytes[start + 2] === CR && bytes[start + 3] === undefined)
      )
        break;
      else start += 2;
    }
    return start;
  }

  #break(head: Head, fault: Refusal): undefined {
    this.#sink.frame({ head, body: NOTHING, fault });
    this.stop();
    this.#sink.broken();
  }
}
