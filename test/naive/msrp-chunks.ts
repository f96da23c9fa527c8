/** Messages to chunks and back, by the letter of RFC 4975 sections 5.1 and 7.3.1. */
import { field, type MsrpFrame } from './msrp-frame.ts';

/** A part of a message as one SEND carries it. */
export interface Chunk {
  readonly range: string;
  readonly body: Buffer;
  readonly flag: string;
}

export interface Cut {
  /** Bytes of a chunk, or of each in turn; the whole message is one chunk without it. */
  readonly chunk?: number | readonly number[] | undefined;
  /** Bytes that each chunk repeats of the one before. */
  readonly overlap?: number;
  /** False: `*` in place of the total, in all chunks but the last. */
  readonly total?: boolean;
  /** The order in which the chunks go out, by number from 0; as they stand without it. */
  readonly order?: (count: number) => readonly number[];
  /** Gives the message up with `#` behind so many chunks. */
  readonly abort?: number;
  /** The Byte-Range of every chunk, in place of the right one. */
  readonly byteRange?: string | undefined;
}

/** Chunks that are longer than this have an open end: they may be interrupted (section 7.1.1). */
const LONGEST_PLAIN = 2048;

export function cut(body: Buffer, how: Cut = {}): Chunk[] {
  const { overlap = 0, total = true, abort, order, byteRange } = how;
  const sizes = typeof how.chunk === 'number' ? [how.chunk] : (how.chunk ?? [body.length || 1]);
  const chunks: Chunk[] = [];
  for (let at = 0; at < body.length || at === 0;) {
    const end = Math.min(at + (sizes[chunks.length % sizes.length] ?? 1), body.length);
    const start = Math.max(0, at - overlap);
    const last = end === body.length;
    const open = end - start > LONGEST_PLAIN || (!total && !last);
    const range = `${start + 1}-${open ? '*' : end}/${total || last ? body.length : '*'}`;
    chunks.push({ range: byteRange ?? range, body: body.subarray(start, end), flag: last ? '$' : '+' });
    at = end || 1;
  }
  if (abort !== undefined)
    return chunks.slice(0, abort).map((chunk, at) => ({ ...chunk, flag: at === abort - 1 ? '#' : '+' }));
  const numbers = order?.(chunks.length) ?? chunks.map((_, number) => number);
  return numbers.flatMap((number) => chunks[number] ?? []);
}

/** One message while its chunks come in, in any order; where they overlap the later bytes count. */
export class Gathering {
  readonly frames: MsrpFrame[] = [];
  #bytes = Buffer.alloc(1024);
  #have = new Uint8Array(1024);
  #count = 0;
  #total: number | undefined;

  /** Takes a chunk: the message once it is whole, `aborted`, or undefined. Throws Error where chunks disagree on the total. */
  add(frame: MsrpFrame): Buffer | 'aborted' | undefined {
    this.frames.push(frame);
    if (frame.flag === '#') return 'aborted';
    const [start = 1, , total = NaN] = (field(frame, 'Byte-Range') ?? '1-*/*').split(/[-/]/).map(Number);
    const body = frame.body ?? Buffer.alloc(0);
    const end = start - 1 + body.length;
    if (!Number.isNaN(total)) this.#know(total);
    if (frame.flag === '$') this.#know(end);
    this.#fit(end);
    body.copy(this.#bytes, start - 1);
    for (let at = start - 1; at < end; at++) {
      if (this.#have[at] === 0) this.#count += 1;
      this.#have[at] = 1;
    }
    return this.#count === this.#total ? this.#bytes.subarray(0, this.#count) : undefined;
  }

  #know(total: number): void {
    if (this.#total !== undefined && this.#total !== total)
      throw new Error(`a message of ${this.#total} bytes, and of ${total}`);
    this.#total = total;
  }

  #fit(size: number): void {
    if (size <= this.#bytes.length) return;
    const grown = Math.max(size, this.#bytes.length * 2);
    this.#bytes = Buffer.concat([this.#bytes], grown);
    const have = new Uint8Array(grown);
    have.set(this.#have);
    this.#have = have;
  }
}
