/**
 * What one connection has to send: SENDs, responses and REPORTs of all its sessions, in their order, joined into one
 * write per turn of the event loop.
 *
 * A body of more than 2048 bytes is one chunk with an open end. It goes out in slices as long as the connection takes
 * them. Only when the connection is full and something else waits is the chunk ended with `+`, and the rest of the message goes
 * to the back of the queue (RFC 4975 sections 5.1 and 7.1.1). One slice is never cut, so that what fits into it
 * always stays in one piece.
 * COMPAT: SIPSIMPLE 5.5 hangs up on a message in two chunks, so nothing is interrupted that could go on.
 */
import type { Connection } from '../transport/connection.ts';
import type { Sending } from './sending.ts';
import type { Flushable, Tick } from './tick.ts';
import type { Transactions } from './transactions.ts';

/** The part of a queue that is one session's. */
export interface Share {
  /** Bytes that wait. */
  bytes: number;
}

/** The most that is handed to the connection before it is asked whether it is full. */
const SLICE = 65_536;

interface Frame {
  readonly share: Share;
  readonly text: string;
  /** The transaction whose time begins when this is written; empty where none is looked out for. */
  readonly transactionId: string;
}

interface LongMessage {
  readonly share: Share;
  readonly sending: Sending;
}

type Item = Frame | LongMessage;

export class OutQueue implements Flushable {
  readonly #connection: Connection;
  readonly #tick: Tick;
  readonly #transactions: Transactions;
  readonly #emptied: () => void;
  #items: Item[] = [];
  /** Where the queue begins in `#items`. */
  #first = 0;
  #full = false;
  #text = '';
  #parts: Buffer[] = [];
  #partBytes = 0;

  /** `emptied` is told each time when the last item has been handed to the connection. */
  constructor(connection: Connection, tick: Tick, transactions: Transactions, emptied: () => void) {
    this.#connection = connection;
    this.#tick = tick;
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

  /** Queues a message that may have to be interrupted. */
  pushLong(share: Share, sending: Sending): void {
    share.bytes += sending.left;
    this.#add({ share, sending });
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
      if ('sending' in item) this.#writeLong(item);
      else this.#writeFrame(item);
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

  #writeLong(item: LongMessage): void {
    const { sending, share } = item;
    if (sending.stopped) {
      if (sending.open) this.#endChunk(sending);
      share.bytes = Math.max(0, share.bytes - sending.left);
      return this.#shift();
    }
    if (sending.open && this.#items.length - this.#first > 1) {
      // The connection was full since the last slice, and something else waits: its turn.
      this.#endChunk(sending);
      this.#items.push(item);
      return this.#shift();
    }
    if (!sending.open) {
      this.#text += sending.begin();
      if (sending.expectsAnswers) this.#transactions.begin(sending.transactionId, sending);
    }
    // Slices follow each other while the connection takes them, whoever waits.
    do {
      const slice = sending.take(SLICE);
      share.bytes = Math.max(0, share.bytes - slice.length);
      this.#addPart(slice);
      if (sending.left > 0) this.#write();
    } while (sending.left > 0 && !this.#full);
    if (sending.left > 0) return;
    this.#endChunk(sending);
    this.#shift();
  }

  #endChunk(sending: Sending): void {
    this.#text += sending.end();
    this.#transactions.sent(sending.transactionId);
  }

  #addPart(bytes: Buffer): void {
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
