/** Parts of one message that have come, each in its place: sorted, and where they overlap the later one counts. */
import { Gathering } from './gathering.ts';

/** A part; the first byte of the message is at 0. */
export interface Segment {
  readonly at: number;
  readonly gathering: Gathering;
}

/** The parts of one message. */
export class Segments {
  #all: Segment[] = [];
  #copied = 0;

  get count(): number {
    return this.#all.length;
  }

  get bytes(): number {
    return this.#all.reduce((sum, { gathering }) => sum + gathering.length, 0);
  }

  /** Bytes that were copied because parts overlapped. */
  get copied(): number {
    return this.#copied;
  }

  /** What is there from the first byte on, without a gap. To be taken when nothing more is put behind it. */
  get front(): Buffer {
    const [first] = this.#all;
    return first?.at === 0 ? first.gathering.bytes : Buffer.alloc(0);
  }

  /** How far the front reaches. */
  get frontEnd(): number {
    const [first] = this.#all;
    return first?.at === 0 ? first.gathering.length : 0;
  }

  /** Everything, one behind the other. */
  all(): Buffer {
    const bodies = this.#all.map(({ gathering }) => gathering.bytes);
    return bodies.length === 1 && bodies[0] ? bodies[0] : Buffer.concat(bodies);
  }

  /** Puts a part in its place; where bytes are there already, the new ones count. */
  put(at: number, gathering: Gathering): void {
    const end = at + gathering.length;
    if (end === at) return;
    const last = this.#all.at(-1);
    const reached = last ? last.at + last.gathering.length : 0;
    if (last && reached === at) return last.gathering.add(gathering.bytes);
    if (at >= reached) {
      this.#all.push({ at, gathering });
      return;
    }
    // Who repeats the end of a chunk in the next one costs no more than what is repeated.
    if (last && last.at <= at) {
      this.#copied += Math.min(gathering.length, reached - at);
      return last.gathering.write(at - last.at, gathering.bytes);
    }
    const before: Segment[] = [];
    const after: Segment[] = [];
    for (const segment of this.#all) {
      const left = this.#part(segment, 0, at);
      const right = this.#part(segment, end, Infinity);
      if (left) before.push(left);
      if (right) after.push(right);
    }
    // What closes a gap joins the front, which must be seen as one.
    const joins = before.at(-1);
    if (joins && joins.at + joins.gathering.length === at) joins.gathering.add(gathering.bytes);
    else before.push({ at, gathering });
    this.#all = [...before, ...after];
  }

  /** Takes away what lies behind the end of a message. */
  cut(size: number): void {
    const last = this.#all.at(-1);
    if (!last || last.at + last.gathering.length <= size) return;
    this.#all = this.#all.flatMap((segment) => this.#part(segment, 0, size) ?? []);
  }

  /** Takes out the first part where it begins at this place or before: what of it lies behind that place. */
  shift(place: number): Buffer | undefined {
    const [first] = this.#all;
    if (!first || first.at > place) return undefined;
    this.#all.shift();
    return first.gathering.bytes.subarray(place - first.at);
  }

  /** What of a part lies between two places. A copy, so that a few bytes do not keep a large buffer alive. */
  #part(segment: Segment, from: number, to: number): Segment | undefined {
    const end = segment.at + segment.gathering.length;
    if (segment.at >= from && end <= to) return segment;
    const start = Math.max(segment.at, from);
    const stop = Math.min(end, to);
    if (start >= stop) return undefined;
    const bytes = segment.gathering.bytes.subarray(start - segment.at, stop - segment.at);
    this.#copied += bytes.length;
    return { at: start, gathering: new Gathering(Buffer.from(bytes)) };
  }
}
