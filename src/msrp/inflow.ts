/**
 * A message that is handed on while it comes in. What comes in order is not kept. What comes before its turn waits until
 * the gap is closed; what was handed on already and comes again is dropped, as it cannot be taken back (RFC 4975
 * section 7.3.1).
 */
import type { MessageFlow } from './api.ts';
import { Gathering } from './gathering.ts';
import { Segments } from './segments.ts';

/** One message. The assembler sees to its limits and its time. */
export class Inflow {
  readonly #flow: MessageFlow;
  readonly #waiting: Segments;
  #offset: number;
  /** Known from the chunk with `$`. */
  #size: number | undefined;
  #over = false;
  /** When bytes of it came last, in milliseconds since 1970. */
  heardAt = 0;

  /** `waiting`: what has come already; its front was handed on. */
  constructor(flow: MessageFlow, waiting: Segments, size: number | undefined) {
    this.#flow = flow;
    this.#waiting = waiting;
    this.#size = size;
    this.#offset = waiting.frontEnd;
    waiting.shift(0);
    this.#proceed();
  }

  /** How far it was handed on. */
  get offset(): number {
    return this.#offset;
  }

  /** What waits for its turn. */
  get waiting(): Segments {
    return this.#waiting;
  }

  /** Nothing more of it is handed on: it is whole, or was given up. */
  get isOver(): boolean {
    return this.#over;
  }

  get isWhole(): boolean {
    return this.#size !== undefined && this.#offset >= this.#size;
  }

  /** Bytes of a chunk that stand at a place which is not behind the offset. Returns where the chunk goes on. */
  pass(at: number, bytes: Buffer): number {
    const fresh = bytes.subarray(this.#offset - at);
    if (fresh.length > 0) this.#handOn(fresh);
    return at + bytes.length;
  }

  /** A chunk has ended at this place. `early`: its bytes, where they came before their turn. */
  chunkEnded(at: number, early: Gathering, isLast: boolean): void {
    if (isLast) this.#size = at + early.length;
    this.#waiting.put(at, early);
    if (this.#size !== undefined) this.#waiting.cut(this.#size);
    this.#proceed();
  }

  /** It is whole: told when the last chunk was answered. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#flow.end(this.#offset);
  }

  /** The rest will not come. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#flow.aborted();
  }

  /** The receiver wants no more of it, and knows. */
  drop(): void {
    this.#over = true;
  }

  #proceed(): void {
    for (let next = this.#waiting.shift(this.#offset); next; next = this.#waiting.shift(this.#offset)) {
      if (next.length > 0) this.#handOn(next);
    }
  }

  #handOn(bytes: Buffer): void {
    this.#offset += bytes.length;
    if (!this.#over) this.#flow.data(bytes);
  }
}
