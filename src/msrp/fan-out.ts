/**
 * One message to many sessions, at the price of one: what all of them get is kept once, and each gets what it has not had
 * yet when the turn of the event loop ends. Only those whose connection takes everything are served so (they are in
 * step); the others are named, so that the caller can decide for each of them what it is still sent.
 */
import { batches, type CopyBatch } from './copy-batch.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Flushable, Tick } from './tick.ts';
import type { Copy, SendForm } from './writer.ts';

/** More bytes of paths are not reckoned with: who has longer ones gets longer writes, and costs the others none of theirs. */
const USUAL_PATHS = 512;

/** The sending half of a session, as a fan-out sees it. */
export interface Sink {
  /** Whether it can be sent anything without being asked. */
  readonly keepsUp: boolean;
  /** Of what stands in each frame of it and in no other's. */
  readonly pathBytes: number;
  /** Queues copies as if each had been sent by itself. */
  queueCopies(copies: readonly Copy[]): void;
  /** Writes copies behind all that waits; where they have to wait too it queues them. False: they wait, or the connection is full now. */
  writeCopies(copies: readonly CopyBatch[]): boolean;
}

/** What a fan-out needs of its endpoint. */
export interface FanOutHost {
  readonly tick: Tick;
  readonly limits: { readonly sendBudgetBytes: number };
  formOf(message: OutgoingMessage): SendForm;
}

/** The place of one session in a fan-out. */
export class Follower<R = unknown> {
  readonly recipient: R;
  readonly #fanOut: FanOut<R>;
  sink: Sink | undefined;
  /** Where it stands among those in step; -1: it is behind. */
  place = -1;
  /** How many of all copies it has had; of use only in step. */
  taken = 0;

  constructor(recipient: R, fanOut: FanOut<R>) {
    this.recipient = recipient;
    this.#fanOut = fanOut;
  }

  /** Queues what is due for it: to be called before anything else is queued. */
  catchUp(): void {
    if (this.place >= 0) this.#fanOut.catchUp(this);
  }

  /** It is not in step any more. What is due for it is queued. */
  fallBehind(): void {
    if (this.place >= 0) this.#fanOut.fallBehind(this);
  }

  /** It is not in step any more, and what is due for it is forgotten. */
  drop(): void {
    this.taken = Infinity;
    this.fallBehind();
  }
}

/** `R`: what the caller calls a session by. */
export class FanOut<R> implements Flushable {
  readonly #host: FanOutHost;
  /** Bytes that are kept for a connection at most before they are written. */
  readonly #most: number;
  readonly #followers = new Map<R, Follower<R>>();
  readonly #inStep: Follower<R>[] = [];
  readonly #behind = new Set<Follower<R>>();
  /** What somebody in step has not had yet. */
  #copies: Copy[] = [];
  /** How many came before `#copies`. */
  #before = 0;
  /** Bytes of `#copies`. */
  #bytes = 0;
  /** Who is next in a round that goes over all in step, and up to which copy everybody has had them at its end. */
  #next = 0;
  #due = 0;
  /** What was written last; nearly everybody gets the same. */
  #written: { from: number; to: number; copies: readonly CopyBatch[] } | undefined;

  /** For `MsrpEndpoint.fanOut`. */
  constructor(host: FanOutHost) {
    this.#host = host;
    this.#most = host.limits.sendBudgetBytes / 2;
  }

  /** Adds somebody; what it gives is to be given to its session. */
  add(recipient: R): Follower<R> {
    const follower = new Follower(recipient, this);
    this.#followers.set(recipient, follower);
    this.#behind.add(follower);
    return follower;
  }

  /** Takes somebody out, with all that is due for it queued. */
  remove(recipient: R): void {
    const follower = this.#followers.get(recipient);
    if (!follower) return;
    follower.fallBehind();
    this.#followers.delete(recipient);
    this.#behind.delete(follower);
  }

  get size(): number {
    return this.#followers.size;
  }

  /**
   * Sends a message to all but one. Gives those to whom it was not sent: they do not keep up, or are not there yet, or
   * the message is one that cannot go to all in the same frames.
   */
  send(message: OutgoingMessage, except: R | undefined): R[] {
    const { copy } = this.#host.formOf(message);
    if (!copy || copy === this.#copies.at(-1))
      return [...this.#followers.keys()].filter((other) => other !== except);
    const others: R[] = [];
    for (const follower of this.#behind) {
      if (follower.sink?.keepsUp) this.#keepUp(follower);
      else if (follower.recipient !== except) others.push(follower.recipient);
    }
    if (this.#inStep.length > 0)
      this.#add(copy, except === undefined ? undefined : this.#followers.get(except));
    return others;
  }

  /** Queues what is due for one. */
  catchUp(follower: Follower<R>): void {
    const end = this.#before + this.#copies.length;
    if (follower.taken >= end) return;
    const copies = this.#copies.slice(follower.taken - this.#before);
    follower.taken = end;
    follower.sink?.queueCopies(copies);
  }

  fallBehind(follower: Follower<R>): void {
    this.catchUp(follower);
    const { place } = follower;
    const last = this.#inStep.pop();
    follower.place = -1;
    this.#behind.add(follower);
    if (!last || last === follower) return;
    this.#inStep[place] = last;
    last.place = place;
    // The round has passed this place.
    if (place < this.#next) this.catchUp(last);
  }

  /** Called by the tick. */
  flush(most: number): number {
    if (this.#next === 0) this.#due = this.#before + this.#copies.length;
    let count = 0;
    for (
      let follower = this.#inStep[this.#next];
      follower && count < most;
      follower = this.#inStep[this.#next]
    ) {
      count += 1;
      if (!this.#write(follower)) follower.fallBehind();
      else if (follower.place === this.#next) this.#next += 1;
    }
    if (this.#next < this.#inStep.length) {
      this.#host.tick.add(this);
      return count;
    }
    this.#next = 0;
    this.#forget();
    if (this.#copies.length > 0) this.#host.tick.add(this);
    return count;
  }

  #add(copy: Copy, author: Follower<R> | undefined): void {
    author?.catchUp();
    this.#copies.push(copy);
    this.#bytes += copy.bytes;
    if (author) author.taken = this.#before + this.#copies.length;
    this.#host.tick.add(this);
    // No connection may be behind with more; a second round where one was under way.
    while (this.#bytes >= this.#most) this.flush(Infinity);
  }

  #keepUp(follower: Follower<R>): void {
    this.#behind.delete(follower);
    follower.place = this.#inStep.length;
    follower.taken = this.#before + this.#copies.length;
    this.#inStep.push(follower);
  }

  /** False: it does not keep up. */
  #write(follower: Follower<R>): boolean {
    const from = follower.taken;
    const to = this.#before + this.#copies.length;
    if (from >= to) return true;
    if (this.#written?.from !== from || this.#written.to !== to) {
      const copies = this.#copies.slice(from - this.#before);
      const pathBytes = Math.min(follower.sink?.pathBytes ?? 0, USUAL_PATHS);
      this.#written = { from, to, copies: batches(copies, pathBytes) };
    }
    follower.taken = to;
    return follower.sink?.writeCopies(this.#written.copies) === true;
  }

  /** Everybody has had these. */
  #forget(): void {
    const had = this.#copies.splice(0, this.#due - this.#before);
    for (const { bytes } of had) this.#bytes -= bytes;
    this.#before = this.#due;
    this.#written = undefined;
  }
}
