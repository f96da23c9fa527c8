/** Bytes that come in pieces and are wanted in one. */

/** A piece of at least this size that comes alone is kept as it is; everything else is copied together. */
const FIRST_COPY = 4096;

/** However small the pieces, it holds at most about twice their bytes. One single piece is never copied. */
export class Gathering {
  #bytes: Buffer;
  #length: number;
  /** Whether `#bytes` is ours to write into. */
  #own = false;

  constructor(first: Buffer = Buffer.alloc(0)) {
    this.#bytes = first;
    this.#length = first.length;
  }

  get length(): number {
    return this.#length;
  }

  /** Everything so far. To be taken when nothing more is added. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  add(piece: Buffer): void {
    if (this.#length === 0 && !this.#own) {
      this.#bytes = piece;
      this.#length = piece.length;
      return;
    }
    this.write(this.#length, piece);
  }

  /** Puts a piece at a place up to the end, over the bytes that are there. */
  write(at: number, piece: Buffer): void {
    const needed = Math.max(this.#length, at + piece.length);
    if (!this.#own || needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(
        Math.max(needed, Math.min(this.#length * 2, needed + 1_048_576), FIRST_COPY),
      );
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
      this.#own = true;
    }
    piece.copy(this.#bytes, at);
    this.#length = needed;
  }
}
