/** A head that has come in part: its bytes are kept until its last line is there. */
import { DASHES, isFlag, type MsrpHead, MsrpSyntaxError, readHeader, readStartLine } from './head.ts';

/**
 * Collects the bytes of one head. Each byte is copied and looked at a bounded number of times, however small the
 * pieces are, so a peer that sends single bytes costs no more than one that does not.
 */
export class PartialHead {
  readonly #maxBytes: number;
  #bytes: Buffer;
  #length = 0;
  #lineStart = 0;
  #scanned = 0;
  /** Known once the start line is there. Only to see at once what is no header. */
  #head: MsrpHead | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(1024);
  }

  /**
   * Adds bytes. Returns all bytes kept, with whatever came behind the head, once the head is whole; else undefined.
   * Throws MsrpSyntaxError when the head grows above its limit or does not begin as one.
   */
  add(chunk: Buffer): Buffer | undefined {
    this.#keep(chunk);
    while (true) {
      const stop = this.#bytes
        .subarray(0, this.#length)
        .indexOf('\r\n', Math.max(this.#lineStart, this.#scanned - 1));
      if (stop < 0) break;
      if (stop > this.#maxBytes) throw this.#tooLong();
      if (this.#isLast(stop)) return this.#bytes.subarray(0, this.#length);
      this.#lineStart = stop + 2;
      this.#scanned = this.#lineStart;
    }
    this.#scanned = this.#length;
    // A head of just the allowed length is known by the two bytes of the blank line behind it.
    if (this.#length >= this.#maxBytes + 2) throw this.#tooLong();
    return undefined;
  }

  #isLast(stop: number): boolean {
    const line = this.#bytes.toString('latin1', this.#lineStart, stop);
    if (!this.#head) {
      this.#head = readStartLine(line, line.length);
      return false;
    }
    if (line === '' || (line.slice(0, -1) === DASHES + this.#head.transactionId && isFlag(line.at(-1))))
      return true;
    try {
      readHeader(this.#head, line, 0, line.length);
      return false;
    } catch (error) {
      throw new MsrpSyntaxError((error as Error).message, this.#bytes.toString('latin1', 0, stop + 2));
    }
  }

  #keep(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = needed;
  }

  #tooLong(): MsrpSyntaxError {
    const text = this.#bytes.toString('latin1', 0, Math.min(this.#length, this.#maxBytes));
    return new MsrpSyntaxError(`head is longer than ${this.#maxBytes} bytes`, text);
  }
}
