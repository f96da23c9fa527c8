/**
 * What one connection has to send: SENDs, responses and REPORTs of all its sessions, in their order, joined into one write
 * per turn of the event loop.
 * A body of more than 2048 bytes is one chunk with an open end. It goes out in slices as long as the connection takes them.
 * Only when the connection is full and something else waits is the chunk ended with `+`, and the rest of the message goes
 * to the back of the queue (RFC 4975 sections 5.1 and 7.1.1). What fits into one slice always stays in one piece.
 *
 * A chunk of a growing body stands open while its source sends no more, and nothing else can be written into it. What comes
 * to wait behind it waits no longer than `PATIENCE`; then the chunk is ended with `+` and begun anew when there is more of
 * it. Not at once: sources send steadily, and a client that cannot take a second chunk loses more than whoever waits.
 * Responses too may wait: RFC 4975 section 7.1.1 has the chunk interrupted for them, and their time is 30 s.
 *
 * On a WebSocket each frame is a write of its own, and a long message is chunks of one slice, in turn with all else: RFC
 * 7977 section 5.1 has them split, as a message of a WebSocket cannot be interrupted. Chunks to a peer behind a relay are
 * shorter still (`RELAYED_CHUNK`). COMPAT: SIPSIMPLE 5.5 hangs up on a message in two chunks: only what must be is interrupted.
 */
import type { Connection } from '../transport/connection.ts';
import { Backlog, type Fill, type Share } from './backlog.ts';
import type { CopyBatch } from './copy-batch.ts';
import { CopyRun } from './copy-run.ts';
import { SLICE } from './growing-body.ts';
import { JoinedWrites } from './joined-writes.ts';
import { Patience } from './patience.ts';
import {
  bytesOf,
  type Frame,
  type Item,
  type LongMessage,
  type QueueEvents,
  type QueueOwner,
} from './queued.ts';
import type { Sending } from './sending.ts';
import type { Flushable } from './tick.ts';
import type { Copy } from './writer.ts';

export class OutQueue implements Flushable {
  readonly backlog: Backlog;
  readonly #out: JoinedWrites;
  readonly #owner: QueueOwner;
  readonly #events: QueueEvents;
  /** There is none before a growing message comes. */
  #patience: Patience | undefined;
  #items: Item[] = [];
  /** Where the queue begins in `#items`. */
  #first = 0;
  /** The last item, where it is a run of copies. */
  #run: CopyRun | undefined;
  #lastCopy: Copy | undefined;

  constructor(connection: Connection, owner: QueueOwner, events: QueueEvents) {
    this.backlog = new Backlog(owner.limits.sendBudgetBytes, events);
    this.#out = new JoinedWrites(connection, owner.clock);
    this.#owner = owner;
    this.#events = events;
  }

  get isEmpty(): boolean {
    return this.#first === this.#items.length;
  }

  /** What waits, and what that means. */
  get fill(): Fill {
    if (this.isStuck) this.backlog.stuck();
    return this.backlog.fill;
  }

  /** Queues a frame that is short. */
  push(share: Share, text: string, transactionId = ''): void {
    this.#add({ share, text, transactionId });
    this.#count(share, text.length);
  }

  /** Queues a copy of a message. False: it was the last one too, and its transaction id can be used once only. */
  pushCopy(share: Share, paths: string, copy: Copy): boolean {
    if (copy === this.#lastCopy) return false;
    this.#lastCopy = copy;
    if (this.#out.framed || !this.#run?.takes(share, paths)) {
      const run = new CopyRun(share, paths);
      this.#add(run);
      this.#run = run;
    }
    this.#count(share, this.#run.add(copy));
    return true;
  }

  /**
   * Queues a message that may have to be interrupted. What a growing one has waiting does not count: its source is
   * stopped when it is too much.
   */
  pushLong(share: Share, sending: Sending): void {
    const item = { share, sending, starved: false, parked: false };
    sending.wake = () => this.#wake(item);
    this.#add(item);
    this.#count(share, this.backlog.weightOf(sending));
  }

  /** Forgets everything of one session. A chunk that is begun is given up with `#`. */
  drop(share: Share): void {
    const rest = this.#items.slice(this.#first).filter((item) => {
      if (item.share !== share) return true;
      if ('sending' in item) item.sending.stop();
      if ('sending' in item && item.sending.open) return true;
      this.backlog.remove(share, bytesOf(item, this.backlog));
      return false;
    });
    this.#items = rest;
    this.#first = 0;
    this.#run = undefined;
    this.backlog.fell();
    this.#owner.tick.add(this);
  }

  /** Whoever sends to a connection that has taken nothing for some time, while a source waits, makes that wait too. */
  get isStuck(): boolean {
    return this.#out.isStuck;
  }

  /** The connection takes bytes again. */
  drained(): void {
    this.#out.drained();
    this.#owner.tick.add(this);
  }

  /** Hands over as much as the connection takes. Called by the tick. */
  flush(): number {
    this.#write();
    this.#written();
    return 1;
  }

  /** Whether what is sent goes out at once. Not where each frame is a write of its own. */
  get keepsUp(): boolean {
    return !this.#out.full && !this.#out.framed && !this.backlog.congested;
  }

  /** Writes copies at once, behind what waits. False: they would have to wait. */
  writeCopies(batch: CopyBatch, paths: string): boolean {
    this.#write();
    const goes = this.isEmpty && !this.#out.full;
    if (goes) this.#out.copies(batch, paths);
    if (goes) this.#lastCopy = batch.copies.at(-1);
    this.#written();
    return goes;
  }

  #write(): void {
    while (!this.#out.full && !this.isEmpty) {
      const item = this.#items[this.#first];
      if (!item) break;
      if (item instanceof CopyRun) this.#writeRun(item);
      else if (!('sending' in item)) this.#writeFrame(item);
      else if (!this.#writeLong(item)) break;
      this.#out.writeSlice();
    }
  }

  #written(): void {
    this.#out.write();
    if (!this.isStuck) this.backlog.fell();
    if (this.isEmpty) this.#events.emptied();
  }

  #append(item: Item): void {
    this.#items.push(item);
    this.#run = undefined;
  }

  #add(item: Item): void {
    this.#append(item);
    if (!this.#out.full) this.#owner.tick.add(this);
  }

  #count(share: Share, bytes: number): void {
    this.backlog.add(share, bytes);
    if (this.backlog.bytes < this.backlog.high) return;
    // Much of one turn is no congestion: that is only what the connection does not take.
    if (!this.#out.full) this.flush();
    this.backlog.rose();
  }

  #shift(): void {
    this.#first += 1;
    if (this.isEmpty) this.#run = undefined;
    if (this.#first < 1024 && this.#first < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  #writeRun(run: CopyRun): void {
    this.backlog.remove(run.share, run.bytes);
    this.#out.text(run.text());
    this.#shift();
  }

  #writeFrame(frame: Frame): void {
    this.backlog.remove(frame.share, frame.text.length);
    this.#out.text(frame.text);
    if (frame.transactionId !== '') this.#events.transactions.sent(frame.transactionId);
    this.#shift();
  }

  /** Writes of a long message what can be written. False: the queue waits with it for more of its body. */
  #writeLong(item: LongMessage): boolean {
    const { sending } = item;
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
    if (this.#out.framed || sending.longestChunk < SLICE) return this.#writeChunk(item);
    if (!sending.open) this.#beginChunk(sending);
    // Slices follow each other while the connection takes them, whoever waits.
    do {
      this.#writePart(item, SLICE);
      if (sending.left > 0 && !sending.collides) this.#out.write();
    } while (sending.left > 0 && !sending.collides && !this.#out.full);
    item.starved = sending.left === 0;
    if (sending.collides) this.#endChunk(sending);
    if (sending.left > 0 || sending.collides || sending.waits) return true;
    this.#endChunk(sending);
    this.#shift();
    return true;
  }

  /** A chunk that is begun and ended at once. */
  #writeChunk(item: LongMessage): true {
    const { sending } = item;
    this.#beginChunk(sending);
    this.#writePart(item, Math.min(SLICE, sending.longestChunk));
    this.#endChunk(sending);
    this.#shift();
    if (sending.left > 0 || sending.waits) this.#queue(item);
    return true;
  }

  #writePart({ sending, share }: LongMessage, most: number): void {
    const before = this.backlog.weightOf(sending);
    this.#out.part(sending.take(most));
    this.backlog.remove(share, before - this.backlog.weightOf(sending));
  }

  /** Nothing more of it is sent; a peer that expects more is told. */
  #endStopped({ sending, share }: LongMessage): true {
    if (sending.owesAbort) this.#beginChunk(sending);
    if (sending.open) this.#endChunk(sending);
    this.backlog.remove(share, this.backlog.weightOf(sending));
    this.#shift();
    return true;
  }

  /** Whether it is the turn of those who wait behind an open chunk. */
  #isDue({ starved }: LongMessage): boolean {
    const waiting = this.#items.length - this.#first - 1;
    // The connection was full since the last slice, and something else waits.
    if (waiting === 0 || !starved) return waiting > 0;
    this.#patience ??= new Patience(this.#owner.clock, () => this.#owner.tick.add(this));
    return this.#patience.isOver(waiting);
  }

  #queue(item: LongMessage): void {
    item.parked = item.sending.left === 0;
    if (!item.parked) this.#append(item);
  }

  /** There is more of a message, or it is to end. */
  #wake(item: LongMessage): void {
    if (item.parked) {
      item.parked = false;
      this.#append(item);
    }
    if (!this.#out.full) this.#owner.tick.add(this);
  }

  #beginChunk(sending: Sending): void {
    this.#out.text(sending.begin());
    if (sending.expectsAnswers && !sending.stopped)
      this.#events.transactions.begin(sending.transactionId, sending);
  }

  #endChunk(sending: Sending): void {
    this.#out.text(sending.end());
    if (sending.isDone) for (const each of sending.transactionIds) this.#events.transactions.take(each);
    else this.#events.transactions.sent(sending.transactionId);
    this.#patience?.end();
  }
}
