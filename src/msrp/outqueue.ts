/**
 * What one connection has to send: SENDs, responses and REPORTs of all its sessions, in their order, joined into one
 * write per turn of the event loop.
 *
 * A body of more than 2048 bytes is one chunk with an open end. It goes out in slices as long as the connection takes
 * them. Only when the connection is full and something else waits is the chunk ended with `+`, and the rest of the message goes
 * to the back of the queue (RFC 4975 sections 5.1 and 7.1.1). One slice is never cut, so that what fits into it
 * always stays in one piece.
 *
 * A chunk of a growing body stands open while its source sends no more, and nothing else can be written into it.
 * What comes to wait behind it waits no longer than `PATIENCE`; then the chunk is ended with `+` and begun anew when
 * there is more of it. Not at once: sources send steadily, a file of some hundred kB is through by then, and whoever
 * waits loses less than a client that cannot take a second chunk would. Responses too may wait: RFC 4975 section 7.1.1 has
 * the chunk interrupted for them, and their time is 30 s.
 * COMPAT: SIPSIMPLE 5.5 hangs up on a message in two chunks, so nothing is interrupted that could go on.
 */
import type { Clock, Timer } from '../common/clock.ts';
import type { Connection } from '../transport/connection.ts';
import { SLICE } from './growing-body.ts';
import type { Sending } from './sending.ts';
import type { Flushable, Tick } from './tick.ts';
import type { Transactions } from './transactions.ts';

/** The part of a queue that is one session's. */
export interface Share {
  /** Bytes that wait. */
  bytes: number;
}

/** Milliseconds for which others wait behind an open chunk whose source sends no more. */
const PATIENCE = 300;
/** Longer parts of a body are handed over by themselves, and not copied together with what is around them. */
const LONGEST_COPIED = 8192;

interface Frame {
  readonly share: Share;
  readonly text: string;
  /** The transaction whose time begins when this is written; empty where none is looked out for. */
  readonly transactionId: string;
}

interface LongMessage {
  readonly share: Share;
  readonly sending: Sending;
  /** The source of a growing body had no more for it when it was last written. */
  starved: boolean;
  /** It is not in the queue until there is more of it. */
  parked: boolean;
}

type Item = Frame | LongMessage;

export class OutQueue implements Flushable {
  readonly #connection: Connection;
  readonly #tick: Tick;
  readonly #transactions: Transactions;
  readonly #clock: Clock;
  readonly #emptied: () => void;
  #items: Item[] = [];
  /** Where the queue begins in `#items`. */
  #first = 0;
  #full = false;
  /** Since when others wait behind an open chunk whose source sends no more; -1: nobody does. */
  #waitingSince = -1;
  #timer: Timer | undefined;
  #text = '';
  #parts: Buffer[] = [];
  #partBytes = 0;

  /** `emptied` is told each time when the last item has been handed to the connection. */
  constructor(
    connection: Connection,
    { tick, clock }: { readonly tick: Tick; readonly clock: Clock },
    transactions: Transactions,
    emptied: () => void,
  ) {
    this.#connection = connection;
    this.#tick = tick;
    this.#clock = clock;
    this.#transactions = transactions;
    this.#emptied = emptied;
  }

  get isEmpty(): boolean {
    return this.#first === this.#items.length;
  }

  /** Queues a frame that is short. */
  push(share: Share, text: string, transactionId = ''): void {
    share.bytes += text.length;
    this.#add({ share, text, transactionId });
  }

  /**
   * Queues a message that may have to be interrupted. What a growing one has waiting counts in no share: its source
   * is stopped when it is too much.
   */
  pushLong(share: Share, sending: Sending): void {
    if (!sending.grows) share.bytes += sending.left;
    const item = { share, sending, starved: false, parked: false };
    sending.wake = () => this.#wake(item);
    this.#add(item);
  }

  /** Forgets everything of one session. A chunk that is begun is given up with `#`. */
  drop(share: Share): void {
    const rest = this.#items.slice(this.#first).filter((item) => {
      if (item.share !== share) return true;
      if (!('sending' in item)) return false;
      item.sending.stop();
      return item.sending.open;
    });
    this.#items = rest;
    this.#first = 0;
    share.bytes = 0;
    this.#tick.add(this);
  }

  /** The connection takes bytes again. */
  drained(): void {
    this.#full = false;
    this.#tick.add(this);
  }

  /** Hands over as much as the connection takes. Called by the tick. */
  flush(): void {
    while (!this.#full && !this.isEmpty) {
      const item = this.#items[this.#first];
      if (!item) break;
      if (!('sending' in item)) this.#writeFrame(item);
      else if (!this.#writeLong(item)) break;
      if (this.#text.length + this.#partBytes >= SLICE) this.#write();
    }
    this.#write();
    if (this.isEmpty) this.#emptied();
  }

  #add(item: Item): void {
    this.#items.push(item);
    if (!this.#full) this.#tick.add(this);
  }

  #shift(): void {
    this.#first += 1;
    if (this.#first < 1024 && this.#first < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  #writeFrame(frame: Frame): void {
    frame.share.bytes = Math.max(0, frame.share.bytes - frame.text.length);
    this.#text += frame.text;
    if (frame.transactionId !== '') this.#transactions.sent(frame.transactionId);
    this.#shift();
  }

  /** Writes of a long message what can be written. False: the queue waits with it for more of its body. */
  #writeLong(item: LongMessage): boolean {
    const { sending, share } = item;
    if (sending.stopped) return this.#endStopped(item);
    if (sending.open && this.#isDue(item)) {
      this.#endChunk(sending);
      this.#shift();
      this.#queue(item);
      return true;
    }
    if (sending.left === 0) {
      if (sending.open) return false;
      this.#shift();
      item.parked = true;
      return true;
    }
    if (!sending.open) this.#beginChunk(sending);
    // Slices follow each other while the connection takes them, whoever waits.
    do {
      const slice = sending.take(SLICE);
      if (!sending.grows) share.bytes = Math.max(0, share.bytes - slice.length);
      this.#addPart(slice);
      if (sending.left > 0 && !sending.collides) this.#write();
    } while (sending.left > 0 && !sending.collides && !this.#full);
    item.starved = sending.left === 0;
    if (sending.collides) this.#endChunk(sending);
    if (sending.left > 0 || sending.collides || sending.waits) return true;
    this.#endChunk(sending);
    this.#shift();
    return true;
  }

  /** Nothing more of it is sent; a peer that expects more is told. */
  #endStopped({ sending, share }: LongMessage): true {
    if (sending.owesAbort) this.#beginChunk(sending);
    if (sending.open) this.#endChunk(sending);
    if (!sending.grows) share.bytes = Math.max(0, share.bytes - sending.left);
    this.#shift();
    return true;
  }

  /** Whether it is the turn of those who wait behind an open chunk. */
  #isDue({ starved }: LongMessage): boolean {
    const waiting = this.#items.length - this.#first - 1;
    // The connection was full since the last slice, and something else waits.
    if (waiting === 0 || !starved) return waiting > 0;
    const now = this.#clock.now();
    if (this.#waitingSince < 0) this.#waitingSince = now;
    // The more are waiting the sooner: each of many long messages gets its turn in this time.
    const left = this.#waitingSince + PATIENCE / waiting - now;
    if (left <= 0) return true;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(left, () => this.#tick.add(this));
    return false;
  }

  #queue(item: LongMessage): void {
    item.parked = item.sending.left === 0;
    if (!item.parked) this.#items.push(item);
  }

  /** There is more of a message, or it is to end. */
  #wake(item: LongMessage): void {
    if (item.parked) {
      item.parked = false;
      this.#items.push(item);
    }
    if (!this.#full) this.#tick.add(this);
  }

  #beginChunk(sending: Sending): void {
    this.#text += sending.begin();
    if (sending.expectsAnswers && !sending.stopped) this.#transactions.begin(sending.transactionId, sending);
  }

  #endChunk(sending: Sending): void {
    this.#text += sending.end();
    this.#transactions.sent(sending.transactionId);
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waitingSince = -1;
  }

  #addPart(bytes: Buffer): void {
    if (bytes.length > LONGEST_COPIED) {
      this.#write();
      return this.#handOver(bytes);
    }
    if (this.#text !== '') {
      const text = Buffer.from(this.#text, 'latin1');
      this.#text = '';
      this.#parts.push(text);
      this.#partBytes += text.length;
    }
    this.#parts.push(bytes);
    this.#partBytes += bytes.length;
  }

  #write(): void {
    if (this.#parts.length === 0) {
      if (this.#text === '') return;
      const bytes = Buffer.from(this.#text, 'latin1');
      this.#text = '';
      this.#handOver(bytes);
      return;
    }
    if (this.#text !== '') this.#addPart(Buffer.alloc(0));
    const parts = this.#parts;
    const size = this.#partBytes;
    this.#parts = [];
    this.#partBytes = 0;
    this.#handOver(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size));
  }

  #handOver(bytes: Buffer): void {
    // A write that went through at once may be said to be too much all the same: what counts is what is left.
    if (!this.#connection.write(bytes) && this.#connection.pendingBytes > 0) this.#full = true;
  }
}
