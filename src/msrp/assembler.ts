/**
 * Makes messages out of chunks (RFC 4975 section 7.3.1): in any order, overlapping (the later one wins), with or without
 * announced ends and totals. One for each session. A long message may be handed on while it comes in instead.
 *
 * What is kept is bounded: by the size of a message, by twice that for all unfinished messages of the session, by
 * their number, by the number of gaps in one, and by time. So is the work: chunks that overlap have bytes copied, and
 * a message that makes us copy a multiple of the largest size is refused.
 */
import type { Clock, Timer } from '../common/clock.ts';
import type { MessageFlow } from './api.ts';
import type { ByteRange } from './byte-range.ts';
import { Gathering } from './gathering.ts';
import type { ContinuationFlag } from './head.ts';
import { Inflow } from './inflow.ts';
import { Segments } from './segments.ts';

export interface AssemblerOptions {
  readonly clock: Clock;
  /** The largest message that is taken. */
  readonly maxMessageBytes: number;
  /** Messages above this may be handed on while they come in; default: none. */
  readonly longMessageBytes?: number | undefined;
  /** How long a message may wait for its next bytes (RFC 7701 section 6.1 wants minutes); default 540,000. */
  readonly timeoutMs?: number;
}

/** A chunk that is coming in. */
export interface Chunk {
  readonly messageId: string;
  /** The whole message, where the sender says its size. */
  readonly total: number | undefined;
  /** Where what is in `gathering` begins; the first byte of the message is 0 here. */
  at: number;
  gathering: Gathering;
  /** Where the message is handed on to. */
  flow: Inflow | undefined;
}

/**
 * What became of a chunk: the message goes on, was given up by its sender, is too much for us, has been handed on to its
 * end (the chunk has its `flow`, which is to be told), or is whole.
 */
export type Finished = 'more' | 'aborted' | 'refused' | 'flowed' | { readonly body: Buffer };

interface Unfinished {
  readonly segments: Segments;
  bytes: number;
  /** The length of the message; known from the chunk with `$`. */
  size: number | undefined;
  /** How far chunks of it have reached, or are said to. */
  reach: number;
  /** It is asked whether it is handed on when so many bytes have come; Infinity: it is not. */
  askAt: number;
  flow: Inflow | undefined;
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
  readonly #longMessageBytes: number;
  readonly #timeoutMs: number;
  readonly #unfinished = new Map<string, Unfinished>();
  /** Messages of which no more is taken. */
  readonly #refused = new Set<string>();
  #bytes = 0;

  constructor(options: AssemblerOptions) {
    this.#clock = options.clock;
    this.#maxMessageBytes = options.maxMessageBytes;
    this.#longMessageBytes = options.longMessageBytes ?? Infinity;
    this.#timeoutMs = options.timeoutMs ?? 540_000;
  }

  /** Whether nothing is known of this message: nothing of it has come, nor was it refused. */
  isNew(messageId: string): boolean {
    return !this.has(messageId) && !this.#refused.has(messageId);
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
    const at = (range?.start ?? 1) - 1;
    const tooLarge = Math.max(range?.total ?? 0, at) > this.#maxMessageBytes;
    const tooMany = !this.has(messageId) && this.#unfinished.size >= MOST_UNFINISHED;
    if (tooLarge || tooMany || this.#refused.has(messageId)) {
      this.refuse(messageId);
      return undefined;
    }
    return { messageId, total: range?.total, at, gathering: new Gathering(), flow: undefined };
  }

  /**
   * Bytes of the chunk: what stands in `bytes` from `from` to `to`. False when they are too many: the chunk is lost and
   * its message refused.
   */
  add(chunk: Chunk, bytes: Buffer, from = 0, to = bytes.length): boolean {
    const length = chunk.gathering.length + to - from;
    const end = chunk.at + length;
    const all = this.#bytes + length;
    if (
      end > this.#maxMessageBytes ||
      all > 2 * this.#maxMessageBytes ||
      this.#refused.has(chunk.messageId)
    ) {
      this.refuse(chunk.messageId);
      return false;
    }
    const flow = this.#flowOf(chunk);
    if (flow && chunk.at <= flow.offset) chunk.at = flow.pass(chunk.at, bytes.subarray(from, to));
    else chunk.gathering.add(bytes, from, to);
    return true;
  }

  /**
   * What has come of a long message, without a gap from its first byte on, when it is to be asked whether it is handed on
   * from here: `flow` says that it is, `keep` that it never will be. Else it is asked again when twice as much has come.
   */
  front(chunk: Chunk): Buffer | undefined {
    const reach = Math.max(chunk.at + chunk.gathering.length, chunk.total ?? 0);
    const known = this.#unfinished.get(chunk.messageId);
    if (Math.max(reach, known?.reach ?? 0) <= this.#longMessageBytes || known?.askAt === Infinity)
      return undefined;
    const message = known ?? this.#start(chunk.messageId);
    message.reach = Math.max(reach, message.reach);
    if (chunk.at > message.segments.frontEnd) return undefined;
    if (!this.#join(chunk, message)) return undefined;
    chunk.at += chunk.gathering.length;
    chunk.gathering = new Gathering();
    if (message.segments.frontEnd < message.askAt) return undefined;
    message.askAt = 2 * message.segments.frontEnd;
    return message.segments.front;
  }

  /** A message of which `front` was given is put together as others are. */
  keep(messageId: string): void {
    const message = this.#unfinished.get(messageId);
    if (message) message.askAt = Infinity;
  }

  /** What follows the `front` of a message goes this way. */
  flow(messageId: string, flow: MessageFlow): void {
    const message = this.#unfinished.get(messageId);
    if (!message) return;
    message.askAt = Infinity;
    message.flow = new Inflow(flow, message.segments, message.size);
    message.flow.heardAt = this.#clock.now();
    this.#count(message);
  }

  /** The chunk has ended. A Byte-Range that was wrong about its end or the total does no harm: the bytes count. */
  finish(chunk: Chunk, flag: ContinuationFlag): Finished {
    if (this.#refused.has(chunk.messageId)) return 'refused';
    const known = this.#unfinished.get(chunk.messageId);
    if (flag === '#') {
      this.#forget(chunk.messageId);
      return 'aborted';
    }
    if (!known && flag === '$' && chunk.at === 0) return { body: chunk.gathering.bytes };
    const message = known ?? this.#start(chunk.messageId);
    message.timer.cancel();
    message.timer = this.#timer(chunk.messageId);
    if (message.flow) return this.#flowed(chunk, flag, message, message.flow);
    // The chunk with `$` defines the length (RFC 4975 section 7.3.1).
    if (flag === '$') message.size = chunk.at + chunk.gathering.length;
    if (!this.#join(chunk, message)) return 'refused';
    // Segments do not overlap and end before the size, so as many bytes as that are all bytes.
    if (message.bytes !== message.size) return 'more';
    const body = message.segments.all();
    this.#forget(chunk.messageId);
    return { body };
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

  #flowOf(chunk: Chunk): Inflow | undefined {
    if (this.#unfinished.size === 0) return undefined;
    const flow = this.#unfinished.get(chunk.messageId)?.flow;
    if (flow) flow.heardAt = this.#clock.now();
    return flow;
  }

  #start(messageId: string): Unfinished {
    const unfinished: Unfinished = {
      segments: new Segments(),
      bytes: 0,
      size: undefined,
      reach: 0,
      askAt: 0,
      flow: undefined,
      timer: this.#timer(messageId),
    };
    this.#unfinished.set(messageId, unfinished);
    return unfinished;
  }

  /** Puts what has come of a chunk to the rest. False: the message is too much, and refused. */
  #join(chunk: Chunk, message: Unfinished): boolean {
    message.segments.put(chunk.at, chunk.gathering);
    if (message.size !== undefined) message.segments.cut(message.size);
    return this.#count(message) || this.#tooMuch(chunk.messageId);
  }

  #flowed(chunk: Chunk, flag: ContinuationFlag, message: Unfinished, flow: Inflow): Finished {
    chunk.flow = flow;
    flow.chunkEnded(chunk.at, chunk.gathering, flag === '$');
    if (!this.#count(message)) return this.#tooMuch(chunk.messageId) ? 'more' : 'refused';
    if (!flow.isWhole) return 'more';
    message.timer.cancel();
    this.#unfinished.delete(chunk.messageId);
    return 'flowed';
  }

  /** Counts what a message keeps; false where it is too much. */
  #count(message: Unfinished): boolean {
    const { segments } = message;
    this.#bytes -= message.bytes;
    message.bytes = segments.bytes;
    this.#bytes += message.bytes;
    return segments.count <= MOST_SEGMENTS && segments.copied <= MOST_COPIES * this.#maxMessageBytes;
  }

  #tooMuch(messageId: string): false {
    this.refuse(messageId);
    return false;
  }

  #timer(messageId: string, ms = this.#timeoutMs): Timer {
    return this.#clock.after(ms, () => this.#late(messageId));
  }

  /** The time of a message is over, unless bytes have come in the middle of a chunk. */
  #late(messageId: string): void {
    const message = this.#unfinished.get(messageId);
    if (!message) return;
    const left = (message.flow?.heardAt ?? -Infinity) + this.#timeoutMs - this.#clock.now();
    if (left > 0) message.timer = this.#timer(messageId, left);
    else if (message.flow) this.refuse(messageId);
    else this.#forget(messageId);
  }

  #forget(messageId: string): void {
    const message = this.#unfinished.get(messageId);
    if (!message) return;
    message.timer.cancel();
    this.#bytes -= message.bytes;
    this.#unfinished.delete(messageId);
    message.flow?.abort();
  }
}
