/** Bytes that come in pieces and are wanted in one. */

/** A piece of at least this size that comes alone is kept as it is; everything else is copied together. */
const FIRST_COPY = 4096;

const NOTHING = Buffer.alloc(0);

/** However small the pieces, it holds at most about twice their bytes. One single piece is never copied. */
export class Gathering {
  #bytes: Buffer;
  /** Where the first byte stands in them; 0 where they are ours. */
  #from = 0;
  #length: number;
  /** Whether `#bytes` is ours to write into. */
  #own = false;

  constructor(first: Buffer = NOTHING) {
    this.#bytes = first;
    this.#length = first.length;
  }

  get length(): number {
    return this.#length;
  }

  /** Everything so far. To be taken when nothing more is added. */
  get bytes(): Buffer {
    return this.#bytes.subarray(this.#from, this.#from + this.#length);
  }

  /** Adds a piece: what stands in `bytes` from `from` to `to`. */
  add(bytes: Buffer, from = 0, to = bytes.length): void {
    if (this.#length === 0 && !this.#own) {
      this.#bytes = bytes;
      this.#from = from;
      this.#length = to - from;
      return;
    }
    this.write(this.#length, bytes, from, to);
  }

  /** Puts a piece at a place up to the end, over the bytes that are there. */
  write(at: number, bytes: Buffer, from = 0, to = bytes.length): void {
    const needed = Math.max(this.#length, at + to - from);
    if (!this.#own || needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(
        Math.max(needed, Math.min(this.#length * 2, needed + 1_048_576), FIRST_COPY),
      );
      this.#bytes.copy(grown, 0, this.#from, this.#from + this.#length);
      this.#bytes = grown;
      this.#from = 0;
      this.#own = true;
    }
    bytes.copy(this.#bytes, at, from, to);
    this.#length = needed;
  }
}
