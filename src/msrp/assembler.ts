/**
 * Makes messages out of chunks (RFC 4975 section 7.3.1): in any order, overlapping (the later one wins), with or without
 * announced ends and totals. One for each session.
 *
 * What is kept is bounded: by the size of a message, by twice that for all unfinished messages of the session, by
 * their number, by the number of gaps in one, and by time. So is the work: chunks that overlap have bytes copied, and
 * a message that makes us copy a multiple of the largest size is refused.
 */
import type { Clock, Timer } from '../common/clock.ts';
import type { ByteRange } from './byte-range.ts';
import { Gathering } from './gathering.ts';
import type { ContinuationFlag } from './head.ts';

export interface AssemblerOptions {
  readonly clock: Clock;
  /** The largest message that is taken. */
  readonly maxMessageBytes: number;
  /** How long a message may wait for its next chunk (RFC 7701 section 6.1 wants minutes); default 540,000. */
  readonly timeoutMs?: number;
}

/** A chunk that is coming in. */
export interface Chunk {
  readonly messageId: string;
  /** Where it begins; the first byte is 0 here. */
  readonly at: number;
  readonly gathering: Gathering;
}

/** What became of a chunk: the message goes on, was given up by its sender, is too much for us, or is whole. */
export type Finished = 'more' | 'aborted' | 'refused' | { readonly body: Buffer };

interface Segment {
  readonly at: number;
  readonly gathering: Gathering;
}

interface Unfinished {
  /** Sorted, not overlapping. */
  segments: Segment[];
  bytes: number;
  /** Bytes copied because chunks overlapped. */
  copied: number;
  /** The length of the message; known from the chunk with `$`. */
  size: number | undefined;
  timer: Timer;
}

const MOST_UNFINISHED = 16;
const MOST_SEGMENTS = 2048;
const MOST_REFUSED = 64;
/** How often all bytes of the largest message may be copied because its chunks overlap. */
const MOST_COPIES = 16;

export class Assembler {
  readonly #clock: Clock;
  readonly #maxMessageBytes: number;
  readonly #timeoutMs: number;
  readonly #unfinished = new Map<string, Unfinished>();
  /** Messages of which no more is taken. */
  readonly #refused = new Set<string>();
  #bytes = 0;

  constructor(options: AssemblerOptions) {
    this.#clock = options.clock;
    this.#maxMessageBytes = options.maxMessageBytes;
    this.#timeoutMs = options.timeoutMs ?? 540_000;
  }

  /** Whether some of this message has come. */
  has(messageId: string): boolean {
    return this.#unfinished.has(messageId);
  }

  /** How many messages are unfinished. */
  get unfinished(): number {
    return this.#unfinished.size;
  }

  /** A chunk begins. Undefined when it is to be refused with 413 (RFC 4975 section 10.5). */
  begin(messageId: string, range: ByteRange | undefined): Chunk | undefined {
    const tooLarge = Math.max(range?.total ?? 0, (range?.start ?? 1) - 1) > this.#maxMessageBytes;
    const tooMany = !this.has(messageId) && this.#unfinished.size >= MOST_UNFINISHED;
    if (tooLarge || tooMany || this.#refused.has(messageId)) {
      this.refuse(messageId);
      return undefined;
    }
    return { messageId, at: (range?.start ?? 1) - 1, gathering: new Gathering() };
  }

  /** Bytes of the chunk. False when they are too many: the chunk is lost and its message refused. */
  add(chunk: Chunk, bytes: Buffer): boolean {
    const end = chunk.at + chunk.gathering.length + bytes.length;
    const all = this.#bytes + chunk.gathering.length + bytes.length;
    if (end > this.#maxMessageBytes || all > 2 * this.#maxMessageBytes) {
      this.refuse(chunk.messageId);
      return false;
    }
    chunk.gathering.add(bytes);
    return true;
  }

  /** The chunk has ended. A Byte-Range that was wrong about its end or the total does no harm: the bytes count. */
  finish(chunk: Chunk, flag: ContinuationFlag): Finished {
    if (flag === '#') {
      this.#forget(chunk.messageId);
      return 'aborted';
    }
    const known = this.#unfinished.get(chunk.messageId);
    if (!known && flag === '$' && chunk.at === 0) return { body: chunk.gathering.bytes };
    return this.#join(chunk, flag, known ?? this.#start(chunk.messageId));
  }

  /** Takes no more of a message, and forgets what came of it. */
  refuse(messageId: string): void {
    this.#forget(messageId);
    this.#refused.delete(messageId);
    this.#refused.add(messageId);
    if (this.#refused.size > MOST_REFUSED) {
      for (const oldest of this.#refused) {
        this.#refused.delete(oldest);
        break;
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const messageId of this.#unfinished.keys()) this.#forget(messageId);
  }

  #start(messageId: string): Unfinished {
    const timer = this.#timer(messageId);
    const unfinished: Unfinished = { segments: [], bytes: 0, copied: 0, size: undefined, timer };
    this.#unfinished.set(messageId, unfinished);
    return unfinished;
  }

  #join(chunk: Chunk, flag: ContinuationFlag, message: Unfinished): Finished {
    message.timer.cancel();
    message.timer = this.#timer(chunk.messageId);
    this.#bytes -= message.bytes;
    // The chunk with `$` defines the length (RFC 4975 section 7.3.1).
    if (flag === '$') message.size = chunk.at + chunk.gathering.length;
    insert(message, chunk);
    if (message.size !== undefined) cut(message, message.size);
    message.bytes = message.segments.reduce((sum, { gathering }) => sum + gathering.length, 0);
    this.#bytes += message.bytes;
    if (message.segments.length > MOST_SEGMENTS || message.copied > MOST_COPIES * this.#maxMessageBytes) {
      this.refuse(chunk.messageId);
      return 'refused';
    }
    // Segments do not overlap and end before the size, so as many bytes as that are all bytes.
    if (message.bytes !== message.size) return 'more';
    const bodies = message.segments.map(({ gathering }) => gathering.bytes);
    this.#forget(chunk.messageId);
    return { body: bodies.length === 1 && bodies[0] ? bodies[0] : Buffer.concat(bodies) };
  }

  #timer(messageId: string): Timer {
    return this.#clock.after(this.#timeoutMs, () => this.#forget(messageId));
  }

  #forget(messageId: string): void {
    const message = this.#unfinished.get(messageId);
    if (!message) return;
    message.timer.cancel();
    this.#bytes -= message.bytes;
    this.#unfinished.delete(messageId);
  }
}

/** Puts a chunk in its place; where bytes are there already, the new ones count. */
function insert(message: Unfinished, { at, gathering }: Chunk): void {
  const end = at + gathering.length;
  if (end === at) return;
  const last = message.segments.at(-1);
  const reached = last ? last.at + last.gathering.length : 0;
  if (last && reached === at) {
    last.gathering.add(gathering.bytes);
    return;
  }
  if (at >= reached) {
    message.segments.push({ at, gathering });
    return;
  }
  const before: Segment[] = [];
  const after: Segment[] = [];
  for (const segment of message.segments) {
    const left = part(message, segment, 0, at);
    const right = part(message, segment, end, Infinity);
    if (left) before.push(left);
    if (right) after.push(right);
  }
  message.segments = [...before, { at, gathering }, ...after];
}

/** Takes away what lies behind the end of a message. */
function cut(message: Unfinished, size: number): void {
  const last = message.segments.at(-1);
  if (!last || last.at + last.gathering.length <= size) return;
  message.segments = message.segments.flatMap((segment) => part(message, segment, 0, size) ?? []);
}

/** What of a segment lies between two places. A copy, so that a few bytes do not keep a large buffer alive. */
function part(message: Unfinished, segment: Segment, from: number, to: number): Segment | undefined {
  const end = segment.at + segment.gathering.length;
  if (segment.at >= from && end <= to) return segment;
  const start = Math.max(segment.at, from);
  const stop = Math.min(end, to);
  if (start >= stop) return undefined;
  const bytes = segment.gathering.bytes.subarray(start - segment.at, stop - segment.at);
  message.copied += bytes.length;
  return { at: start, gathering: new Gathering(Buffer.from(bytes)) };
}
