/**
 * What one connection gets in one turn of the event loop, joined into as few writes as can be: a system call costs more
 * than anything else in sending.
 */
import type { Clock } from '../common/clock.ts';
import type { Connection } from '../transport/connection.ts';
import { type CopyBatch, LONGEST_TEXT, Stencil } from './copy-batch.ts';
import { SLICE } from './growing-body.ts';

/** Longer bodies are handed over by themselves, and not copied together with what is around them. */
const LONGEST_COPIED = 8192;
/** Milliseconds for which a connection may take nothing before no more long messages are begun on it. */
const STUCK = 2000;

export class JoinedWrites {
  /** The connection takes no more, until it says so. */
  #full = false;
  /** Since when it takes nothing. */
  #fullSince = 0;
  /** What is added until `writeSlice` is one frame, and goes out as one write, whatever its size. */
  readonly framed: boolean;
  readonly #connection: Connection;
  readonly #clock: Clock;
  /** Text of which each character is a byte; it stands behind the parts. */
  #text = '';
  #parts: Buffer[] | undefined;
  #partBytes = 0;

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.framed = connection.framed === true;
  }

  get full(): boolean {
    return this.#full;
  }

  /** The connection has taken nothing for some time. */
  get isStuck(): boolean {
    return this.#full && this.#clock.now() - this.#fullSince >= STUCK;
  }

  /** The connection takes bytes again. */
  drained(): void {
    this.#full = false;
  }

  /** Adds text of which each character is a byte. */
  text(text: string): void {
    if (!this.framed && this.#text.length + text.length > LONGEST_TEXT) this.write();
    this.#text += text;
  }

  /** Adds copies. */
  copies(batch: CopyBatch, paths: string): void {
    // What TLS has taken is still to be encrypted, and so not written at once.
    if (this.#text !== '' || this.#parts || this.framed || this.#connection.secured) {
      return this.text(batch.text(paths));
    }
    const stencil = Stencil.of(batch, paths.length);
    this.#handOver(stencil.filled(paths));
    if (this.#connection.pendingBytes > 0) stencil.giveAway();
  }

  /** Adds a part of a body. */
  part(bytes: Buffer): void {
    if (bytes.length > LONGEST_COPIED && !this.framed) {
      this.write();
      return this.#handOver(bytes);
    }
    this.#textToPart();
    this.#addPart(bytes);
  }

  /** Hands over what was added, where that is enough to ask the connection how it goes on. */
  writeSlice(): void {
    if (this.framed || this.#text.length + this.#partBytes >= SLICE) this.write();
  }

  /** Hands over what was added. */
  write(): void {
    if (!this.#parts) {
      if (this.#text === '') return;
      const text = this.#text;
      this.#text = '';
      return this.#handOver(text);
    }
    this.#textToPart();
    const parts = this.#parts;
    const size = this.#partBytes;
    this.#parts = undefined;
    this.#partBytes = 0;
    this.#handOver(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size));
  }

  #textToPart(): void {
    if (this.#text === '') return;
    const bytes = Buffer.from(this.#text, 'latin1');
    this.#text = '';
    this.#addPart(bytes);
  }

  #addPart(bytes: Buffer): void {
    (this.#parts ??= []).push(bytes);
    this.#partBytes += bytes.length;
  }

  #handOver(bytes: Buffer | string): void {
    // A write that went through at once may be said to be too much all the same: what counts is what is left.
    if (this.#connection.write(bytes, 'latin1') || this.#connection.pendingBytes === 0 || this.#full) return;
    this.#full = true;
    this.#fullSince = this.#clock.now();
  }
}
