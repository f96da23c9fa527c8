/**
 * A body that is sent while it still comes in: one for all who get it. Its bytes are kept once, and only as long as
 * somebody has not sent them.
 *
 * Who sends faster than the slowest can take would fill the memory, so `append` says when it is time to wait. And one
 * who takes nothing would make all others wait, so it loses the message.
 */
import type { Clock, Timer } from '../common/clock.ts';
import { DASHES } from './head.ts';

/** The most that is handed to a connection at once. */
export const SLICE = 65_536;
/** Smaller pieces are copied together, so that what comes byte by byte does not go out so. */
const LEAST_PIECE = 16_384;
/**
 * With more bytes untaken a recipient is behind, and the source is to wait. Its connection hands over a slice at a time
 * and another one may lie in the recipient's, so four are held at most.
 */
const BEHIND = 2 * SLICE;
/** Milliseconds for which a recipient that is behind may take nothing while others wait for it ... */
const PATIENCE = 2000;
/** ... and while only the source does. It takes a slice at a time, so this is the slowest connection: 6 kB/s. */
const LONG_PATIENCE = 10_000;

/** Who is told about a body that it sends. */
export interface BodyListener {
  /** There is more to take, or it has ended. */
  grew(): void;
  /** Nothing more is to be taken: its source has given it up, or this reader is too slow. */
  gaveUp(): void;
}

export interface GrowingBodyOptions {
  readonly clock: Clock;
  /** Its size in the end, in bytes, where that is known. */
  readonly total?: number | undefined;
  /** After `append` has said false: nobody is behind any more. */
  readonly resume: () => void;
}

/** Bytes that can be taken, and those behind them. */
interface Piece {
  readonly bytes: Buffer;
  /** Whether the beginning of an end-line may stand in it. */
  readonly dashed: boolean;
  next: Piece | undefined;
}

/** One body and all who send it. Told what comes with `append`, and in the end `end` or `abort`; afterwards it ignores everything. */
export class GrowingBody {
  readonly total: number | undefined;
  readonly #clock: Clock;
  readonly #resume: () => void;
  readonly #readers = new Set<BodyReader>();
  /** Readers that are behind, and since when they have taken nothing. */
  readonly #behind = new Map<BodyReader, number>();
  /** The last piece that can be taken. */
  #last: Piece = { bytes: Buffer.alloc(0), dashed: false, next: undefined };
  /**
   * The newest bytes. They stay here until others follow or the body ends, so that the last chunk of a message, which
   * says that it is the last, is never empty (RFC 4975 section 7.1.1 has no Byte-Range for such a one).
   */
  #newest: Buffer = Buffer.alloc(0);
  #newestLength = 0;
  #length = 0;
  #state: 'growing' | 'whole' | 'aborted' = 'growing';
  #timer: Timer | undefined;

  constructor({ clock, total, resume }: GrowingBodyOptions) {
    this.#clock = clock;
    this.total = total;
    this.#resume = resume;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that can be taken. */
  get readable(): number {
    return this.#length - this.#newestLength;
  }

  get isWhole(): boolean {
    return this.#state === 'whole';
  }

  /** Its source has given it up. */
  get isAborted(): boolean {
    return this.#state === 'aborted';
  }

  /** The next bytes, never to be changed. False: somebody is behind; wait for `resume` where you can. */
  append(bytes: Buffer): boolean {
    if (this.#state !== 'growing' || this.#readers.size === 0) return true;
    this.#length += bytes.length;
    const before = this.#last;
    if (bytes.length < LEAST_PIECE) this.#gather(bytes);
    else for (let at = 0; at < bytes.length; at += SLICE) this.#follow(bytes.subarray(at, at + SLICE));
    if (this.#last !== before) this.#tell();
    return this.#behind.size === 0;
  }

  /** That was all. */
  end(): void {
    if (this.#state !== 'growing') return;
    this.#follow(Buffer.alloc(0));
    this.#state = 'whole';
    this.#tell();
  }

  /** The rest will never come: all who have begun to send it give it up. */
  abort(): void {
    if (this.#state !== 'growing') return;
    this.#state = 'aborted';
    for (const reader of [...this.#readers]) reader.giveUp();
  }

  /** Somebody who sends it. To be asked before the first byte: who comes later would miss some. */
  read(listener: BodyListener): BodyReader {
    const reader = new BodyReader(this, this.#last, listener);
    if (this.#state === 'growing') this.#readers.add(reader);
    return reader;
  }

  /** A reader has taken something. */
  moved(reader: BodyReader): void {
    if (!this.#behind.has(reader)) return;
    if (this.#length - reader.offset > BEHIND) this.#behind.set(reader, this.#clock.now());
    else this.#caughtUp(reader);
  }

  /** A reader wants no more. */
  left(reader: BodyReader): void {
    this.#readers.delete(reader);
    this.#caughtUp(reader);
  }

  /** Small pieces become one. */
  #gather(bytes: Buffer): void {
    if (this.#newest.length - this.#newestLength < bytes.length) {
      this.#follow(Buffer.allocUnsafeSlow(LEAST_PIECE));
      this.#newestLength = 0;
    }
    bytes.copy(this.#newest, this.#newestLength);
    this.#newestLength += bytes.length;
  }

  /** Lets the newest bytes be taken, and puts others in their place. */
  #follow(bytes: Buffer): void {
    const ready = this.#newest.subarray(0, this.#newestLength);
    if (ready.length > 0) {
      const dashed = ready.at(-1) === DASHES.charCodeAt(0) || ready.includes(DASHES);
      const piece: Piece = { bytes: ready, dashed, next: undefined };
      this.#last.next = piece;
      this.#last = piece;
    }
    this.#newest = bytes;
    this.#newestLength = bytes.length;
  }

  #tell(): void {
    for (const reader of this.#readers) {
      if (this.#length - reader.offset > BEHIND && !this.#behind.has(reader)) {
        this.#behind.set(reader, this.#clock.now());
      }
      reader.listener.grew();
    }
    this.#watch();
  }

  #caughtUp(reader: BodyReader): void {
    if (!this.#behind.delete(reader) || this.#behind.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#resume();
  }

  /** Looks after those who are behind, as long as there are some. */
  #watch(): void {
    if (this.#behind.size === 0 || this.#timer) return;
    this.#timer = this.#clock.after(PATIENCE / 4, () => {
      this.#timer = undefined;
      const patience = this.#behind.size < this.#readers.size ? PATIENCE : LONG_PATIENCE;
      const late = this.#clock.now() - patience;
      for (const [reader, since] of [...this.#behind]) if (since <= late) reader.giveUp();
      this.#watch();
    });
  }
}

/** Where one of those is who send a body. */
export class BodyReader {
  readonly listener: BodyListener;
  readonly #body: GrowingBody;
  /** The piece that is being taken; what is before it is forgotten. */
  #piece: Piece;
  #at: number;
  #offset = 0;

  constructor(body: GrowingBody, piece: Piece, listener: BodyListener) {
    this.#body = body;
    this.#piece = piece;
    this.#at = piece.bytes.length;
    this.listener = listener;
  }

  /** Bytes taken. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes that can be taken now. */
  get left(): number {
    return this.#body.readable - this.#offset;
  }

  /** More will come than can be taken now. */
  get waits(): boolean {
    return !this.#body.isWhole;
  }

  /** The next bytes; `dashed` says whether the beginning of an end-line may stand in them. */
  peek(): { readonly bytes: Buffer; readonly dashed: boolean } {
    if (this.#at === this.#piece.bytes.length && this.#piece.next) {
      this.#piece = this.#piece.next;
      this.#at = 0;
    }
    return { bytes: this.#piece.bytes.subarray(this.#at), dashed: this.#piece.dashed };
  }

  /** Takes so many of the bytes that `peek` has shown. */
  take(count: number): void {
    this.#at += count;
    this.#offset += count;
    this.#body.moved(this);
  }

  /** Takes no more. */
  leave(): void {
    this.#body.left(this);
  }

  giveUp(): void {
    this.leave();
    this.listener.gaveUp();
  }
}
