/** What one session sends: kept until the session may talk, then queued on its connection, and looked after until it is settled. */
import type { Settled } from './api.ts';
import type { Fill, Share } from './backlog.ts';
import type { CopyBatch } from './copy-batch.ts';
import type { Follower, Sink } from './fan-out.ts';
import { newMessageId, newTransactionId } from './idents.ts';
import type { Enclosure, OutgoingMessage } from './outgoing-message.ts';
import type { OutQueue } from './outqueue.ts';
import { Sending, type SendingSession } from './sending.ts';
import type { Asker, Transactions } from './transactions.ts';
import { bodilessText, type Copy, LONGEST_PLAIN, reportText, type SendForm, wireText } from './writer.ts';

/** Where requests go out and their answers come in. */
export interface OutLink {
  readonly queue: OutQueue;
  readonly transactions: Transactions;
  /** Other sessions use it too. */
  readonly isShared: boolean;
}

/** What waits for `release`. */
interface Kept {
  readonly bytes: number;
  readonly go: () => void;
  /** Has another session do it; not where it is about this one. */
  readonly pass: ((to: Heir) => void) | undefined;
}

/** A session that sends what this one has not. */
export interface Heir {
  send(message: OutgoingMessage, settled?: Settled): void;
}

const GONE = 'the session has ended';

/** The sending half of a session. Nothing leaves before `release`, which the session calls when it may talk. */
export class Outbox implements Sink, Share {
  readonly #session: SendingSession;
  readonly #budget: number;
  /** In the queue of the connection. */
  bytes = 0;
  /** Messages to which an answer may still come. */
  #sendings: Set<Sending> | undefined;
  /** Messages that grow, or have grown. */
  #growing: Set<Sending> | undefined;
  #nicknames: Set<Settled> | undefined;
  #link: OutLink | undefined;
  #follower: Follower | undefined;
  /** What waits for `release`; undefined from then on. */
  #kept: Kept[] | undefined = [];
  #keptBytes = 0;

  /** `budget`: bytes that may be kept; at twice as much the session is told that there is too much. */
  constructor(session: SendingSession, budget: number) {
    this.#session = session;
    this.#budget = budget;
  }

  /** Bytes that wait, here or in the queue of the connection. */
  get waiting(): number {
    return this.bytes + this.#keptBytes;
  }

  /** How full the budget of the connection is, or of what is kept. */
  get fill(): Fill {
    if (!this.#kept) return this.#link?.queue.fill ?? 'clear';
    return this.#keptBytes < this.#budget ? 'clear' : 'full';
  }

  /** Says where to send; what was kept stays kept. */
  use(link: OutLink): void {
    this.#link = link;
  }

  /** Lets go what was kept, and keeps nothing more. False: that has been done. */
  release(): boolean {
    const kept = this.#kept;
    if (!kept) return false;
    this.#kept = undefined;
    this.#keptBytes = 0;
    for (const { go } of kept) go();
    return true;
  }

  /** Has another session send the messages that are kept. */
  handOver(to: Heir): void {
    const kept = this.#kept?.filter(({ pass }) => pass) ?? [];
    if (kept.length === 0) return;
    this.#kept = this.#kept?.filter(({ pass }) => !pass);
    for (const { bytes, pass } of kept) {
      this.#keptBytes -= bytes;
      pass?.(to);
    }
  }

  send(message: OutgoingMessage, form: SendForm, settled: Settled | undefined): void {
    if (!settled && !this.#kept && this.#sendCopy(form)) return;
    const { peerMaxBytes } = this.#session;
    if (message.body.length + (message.rest?.total ?? 0) > peerMaxBytes) {
      return settleLater(settled, 413, `the peer takes at most ${peerMaxBytes} bytes`);
    }
    const messageId = wireText(message.messageId ?? newMessageId());
    const { failureReport = 'partial', rest } = message;
    if (rest && this.#link?.queue.isStuck) return settleLater(settled, 408, 'the connection takes nothing');
    const sending = new Sending(this.#session, form, messageId, failureReport, settled, rest);
    if (rest) this.#grows(sending);
    if (sending.expectsAnswers) (this.#sendings ??= new Set()).add(sending);
    const pass = (to: Heir): void => {
      this.#sendings?.delete(sending);
      to.send(message, settled);
    };
    this.#whenReleased(form.body.length, () => this.#queue(sending), rest ? undefined : pass);
  }

  /** The short path. What is kept does not take it: a copy must not come twice, and so not late. */
  #sendCopy({ copy, body }: SendForm): boolean {
    if (copy === undefined || body.length > this.#session.peerMaxBytes) return false;
    return this.#queueInTurn?.pushCopy(this, this.#session.peer.lines, copy) === true;
  }

  /** The queue, with everything in it that was sent before. */
  get #queueInTurn(): OutQueue | undefined {
    this.#follower?.catchUp();
    return this.#link?.queue;
  }

  /** Gets from now on what goes to many: by this follower, or in no such way. */
  follow(follower: Follower | undefined): void {
    if (this.#follower) {
      this.#follower.fallBehind();
      this.#follower.sink = undefined;
    }
    this.#follower = follower;
    if (follower) follower.sink = this;
  }

  /** Is asked for each message from now on, until it keeps up. */
  fallBehind(): void {
    this.#follower?.fallBehind();
  }

  get keepsUp(): boolean {
    return (
      !this.#kept &&
      this.#link?.isShared === false &&
      this.#link.queue.keepsUp &&
      this.#session.peerMaxBytes >= LONGEST_PLAIN
    );
  }

  get pathBytes(): number {
    return this.#session.peer.lines.length;
  }

  queueCopies(copies: readonly Copy[]): void {
    const { lines } = this.#session.peer;
    for (const copy of copies) this.#link?.queue.pushCopy(this, lines, copy);
  }

  writeCopies(batches: readonly CopyBatch[]): boolean {
    const queue = this.#link?.queue;
    if (!queue) return false;
    for (const [at, batch] of batches.entries()) {
      if (queue.writeCopies(batch, this.#session.peer.lines)) continue;
      for (const { copies } of batches.slice(at)) this.queueCopies(copies);
      return false;
    }
    return queue.keepsUp;
  }

  nickname(value: string, settled: Settled): void {
    (this.#nicknames ??= new Set()).add(settled);
    const settle: Settled = (status, comment) => {
      if (this.#nicknames?.delete(settled)) settled(status, comment);
      this.#session.refused(status);
    };
    const asker = { answered: settle, unanswered: () => settle(408, 'no answer came in time') };
    const header = `Use-Nickname: ${wireText(value)}\r\n`;
    this.#whenReleased(header.length, () => this.request('NICKNAME', header, asker));
  }

  /** A REPORT; a body makes it another text. */
  report(headers: string, body: Enclosure | undefined): void {
    if (!body) return this.#whenReleased(headers.length, () => this.request('REPORT', headers));
    this.#whenReleased(headers.length + body.body.length, () => {
      const text = reportText(this.#session.peer.lines, headers, body);
      this.#queueInTurn?.push(this, text);
    });
  }

  /** A response: never kept. */
  respond(text: string): void {
    this.#queueInTurn?.push(this, text);
  }

  /** A SEND without a body, now. It is never shown to anybody (RFC 4975 section 7.1). */
  emptySend(asker: Asker): void {
    this.request('SEND', `Message-ID: ${newMessageId()}\r\nByte-Range: 1-0/0\r\n`, asker);
  }

  /** A request without a body, now. */
  request(method: string, headers: string, asker?: Asker): void {
    if (!this.#link) return;
    const transactionId = newTransactionId();
    if (asker) this.#link.transactions.begin(transactionId, asker);
    const text = bodilessText(transactionId, method, this.#session.peer.lines, headers);
    this.#queueInTurn?.push(this, text, asker ? transactionId : '');
  }

  /** A REPORT says that a message of ours failed: no more of it is sent. */
  failed(messageId: string, status: number, comment: string): void {
    for (const sending of this.#sendings ?? []) {
      if (sending.messageId !== messageId) continue;
      sending.stop();
      sending.settle(status, comment);
    }
  }

  /** Gives up what is not whole yet. */
  giveUpGrowing(): void {
    for (const sending of this.#growing ?? []) if (sending.waits) sending.gaveUp();
    this.#growing?.clear();
  }

  /** Nothing more is expected of this message. */
  finished(sending: Sending): void {
    this.#sendings?.delete(sending);
  }

  /** Forgets what is not handed over to the connection yet. */
  drop(): void {
    this.#follower?.drop();
    this.#link?.queue.drop(this);
  }

  /** The session is over: settles everything that is not settled. */
  end(): void {
    this.#kept = [];
    this.#keptBytes = 0;
    this.giveUpGrowing();
    for (const sending of this.#sendings ?? []) sending.settle(0, GONE);
    for (const settled of this.#nicknames ?? []) settled(0, GONE);
    this.#sendings?.clear();
    this.#nicknames?.clear();
  }

  #grows(sending: Sending): void {
    this.#growing ??= new Set();
    for (const other of this.#growing) if (!other.waits) this.#growing.delete(other);
    this.#growing.add(sending);
  }

  /** COMPAT: SIPSIMPLE 5.5 fails the call when anything comes before the answer to its first SEND. */
  #whenReleased(bytes: number, go: () => void, pass?: Kept['pass']): void {
    if (!this.#kept) return go();
    this.#keptBytes += bytes;
    this.#kept.push({ bytes, go, pass });
    if (this.#keptBytes > 2 * this.#budget) this.#session.overflowed();
  }

  #queue(sending: Sending): void {
    if (!this.#link || sending.stopped) return;
    if (sending.isLong) return this.#queueInTurn?.pushLong(this, sending);
    const text = sending.whole();
    if (!sending.expectsAnswers) return this.#queueInTurn?.push(this, text);
    this.#link.transactions.begin(sending.transactionId, sending);
    this.#queueInTurn?.push(this, text, sending.transactionId);
  }
}

/** Tells how a message went that was never taken. */
export function settleLater(settled: Settled | undefined, status: number, comment = GONE): void {
  if (settled) queueMicrotask(() => settled(status, comment));
}
