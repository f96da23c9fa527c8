/**
 * One connection: bytes to frames, requests to their sessions, answers to who asked, and the queue of what goes out.
 * Several sessions may share it (RFC 4975 section 5.4). Nothing that a peer sends throws out of here.
 */
import type { Timer } from '../common/clock.ts';
import type { Connection, ConnectionHandler, Secured } from '../transport/connection.ts';
import type { Share } from './backlog.ts';
import { parseByteRange } from './byte-range.ts';
import type { ConnectionOwner } from './connection-owner.ts';
import type { ContinuationFlag, MsrpHead, MsrpSyntaxError, Remains } from './head.ts';
import type { Probed } from './keep-alive.ts';
import { OutQueue } from './outqueue.ts';
import { type FrameSink, MsrpParser } from './parser.ts';
import type { QueueEvents } from './queued.ts';
import { discard, ReceivingNickname, ReceivingSend, type Receiver } from './receiving.ts';
import { ReceivingReport } from './receiving-report.ts';
import { refusalOf } from './screening.ts';
import { responseTo } from './responses.ts';
import type { HostedSession, SessionLink } from './session-host.ts';
import { Transactions } from './transactions.ts';

/** How long a connection that is no longer needed may take to send the rest and to close. */
const LINGER_MS = 30_000;
const NONE: readonly HostedSession[] = [];

export class MsrpConnection implements FrameSink, ConnectionHandler, SessionLink, QueueEvents, Probed {
  readonly queue: OutQueue;
  readonly #transport: Connection;
  readonly #owner: ConnectionOwner;
  readonly #parser: MsrpParser;
  /** Nearly always one, so each change makes another list: a set takes as much as the session itself. */
  #sessions: readonly HostedSession[] = NONE;
  #transactions: Transactions | undefined;
  /** Of answers that belong to no session. */
  #unowned: Share | undefined;
  #receiver: Receiver = discard;
  #frameBytes = 0;
  /** How often it was paused more than resumed. */
  #pauses = 0;
  #heard = false;
  /** Runs at the end until the peer has closed. */
  #timer: Timer | undefined;
  #ending = false;
  #overflows = false;
  #closed = false;

  constructor(transport: Connection, owner: ConnectionOwner) {
    this.#transport = transport;
    this.#owner = owner;
    this.#parser = new MsrpParser(this, { maxHeadBytes: owner.limits.maxHeadBytes });
    this.queue = new OutQueue(transport, owner, this);
    transport.handle(this);
  }

  // What the transport tells.

  data(bytes: Buffer): void {
    this.#heard = true;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      const { remote } = this.#transport;
      this.#owner.log.error({ error, remote }, 'a fault while reading MSRP; connection closed');
      this.destroy();
    }
  }

  drained(): void {
    this.#heard = true;
    this.queue.drained();
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#timer?.cancel();
  }

  // What the keep-alive asks.

  heard(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  probe(): boolean {
    // The answer would not be read.
    if (this.#pauses > 0) return false;
    return this.#sessions.some((session) => session.keepAlive());
  }

  dead(): void {
    if (this.#pauses > 0) return;
    this.#owner.log.info({ remote: this.#transport.remote }, 'an MSRP peer gives no sign of life');
    this.destroy();
  }

  // What the queue tells and asks.

  /** All sessions on a connection are congested with it (RFC 7701 section 6.4). */
  congestion(congested: boolean): void {
    if (this.#ending) return;
    for (const session of this.#sessions) session.congestion(congested);
  }

  /** Not at once: who sends is not to hear of the end before the call returns. */
  overflowed(): void {
    if (this.#overflows) return;
    this.#overflows = true;
    this.#owner.log.warn(
      { remote: this.#transport.remote, bytes: this.queue.backlog.bytes },
      'an MSRP peer does not read; connection closed',
    );
    queueMicrotask(() => this.destroy());
  }

  emptied(): void {
    if (this.#ending && !this.#closed) this.#transport.end();
  }

  // What sessions and the endpoint ask for.

  /** There are none before the first request that may be answered. */
  get transactions(): Transactions {
    this.#transactions ??= new Transactions(this.#owner.clock, this.#owner.transactionTimeoutMs);
    if (this.#ending) this.#transactions.end();
    return this.#transactions;
  }

  /** It takes no further session. */
  get isCrowded(): boolean {
    return this.#ending || this.#sessions.length >= this.#owner.limits.maxSessionsPerConnection;
  }

  get isShared(): boolean {
    return this.#sessions.length > 1;
  }

  /** What TLS has shown of the other end; undefined without TLS. */
  get secured(): Secured | undefined {
    return this.#transport.secured;
  }

  attach(session: HostedSession): void {
    if (this.#ending) return queueMicrotask(() => session.lost());
    if (this.#sessions.length === 0) this.#owner.used(this, this.#transport);
    this.#sessions = this.#sessions.length === 0 ? [session] : [...this.#sessions, session];
    if (this.isShared) for (const each of this.#sessions) each.shares();
    if (this.queue.backlog.congested) session.congestion(true);
  }

  release(session: HostedSession): void {
    this.#sessions = this.#sessions.filter((each) => each !== session);
    if (this.#sessions.length > 0 || this.#ending) return;
    // Who does not read would not read the rest either.
    if (this.queue.backlog.congested) return this.destroy();
    // A WebSocket is its server's to close (RFC 6455 section 7.1.1).
    if (this.#transport.framed || !this.#owner.unused(this)) this.finish();
  }

  pause(): void {
    this.#pauses += 1;
    if (this.#pauses === 1 && !this.#ending) this.#transport.pause();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0 && !this.#ending) this.#transport.resume();
  }

  /** Closes it when everything queued is sent, or after some time. */
  finish(): void {
    this.#leave();
    this.#timer ??= this.#owner.clock.after(LINGER_MS, () => this.destroy());
    this.#owner.tick.add(this.queue);
  }

  /** Closes it at once; its sessions have lost their connection. */
  destroy(): void {
    this.#leave();
    this.#timer?.cancel();
    this.#transport.destroy('reset');
  }

  // What the parser tells.

  head(head: MsrpHead): void {
    this.#frameBytes = 0;
    this.#receiver = head.isRequest ? this.#request(head) : discard;
    if (!head.isRequest) this.#response(head);
  }

  body(bytes: Buffer, from: number, to: number): void {
    this.#frameBytes += to - from;
    if (this.#frameBytes > this.#owner.maxMessageBytes + this.#owner.limits.maxExcessBytes) {
      const { remote } = this.#transport;
      this.#owner.log.warn({ remote }, 'an MSRP frame without end; connection closed');
      return this.destroy();
    }
    this.#receiver.body(bytes, from, to);
  }

  end(flag: ContinuationFlag): void {
    const receiver = this.#receiver;
    this.#receiver = discard;
    receiver.end(flag);
  }

  failed(error: MsrpSyntaxError): void {
    this.#fail(error.message, error.remains);
  }

  #request(head: MsrpHead): Receiver {
    if (head.toPath === '' || head.fromPath === '') {
      this.#fail('a request without To-Path or From-Path', undefined);
      return discard;
    }
    // The session first, whatever the method (RFC 4975 section 7.3).
    const session = this.#owner.find(head.toPath);
    if (head.method === 'REPORT') {
      // Never answered, not even when it is about nothing we know (RFC 4975 section 7.1.2).
      const isKnown = session?.link === this && session.peer.isOf(head.fromPath);
      return isKnown ? new ReceivingReport(session, head) : discard;
    }
    if (!session) return this.#refuse(head, 481);
    const refusal = refusalOf(head, session, this);
    if (refusal === 'untrusted') return this.#distrust(session, head);
    if (refusal) return this.#refuse(head, refusal.status, refusal.comment);
    switch (head.method) {
      case 'SEND':
        session.bind(this);
        return new ReceivingSend(session, head, parseByteRange(head.byteRange));
      case 'NICKNAME':
        session.bind(this);
        return new ReceivingNickname(session, head);
      default:
        return this.#refuse(head, 501);
    }
  }

  /** RFC 8122 section 6.2: the connection ends too, if nobody else is there who has found the certificate right. */
  #distrust(session: HostedSession, head: MsrpHead): Receiver {
    const { remote } = this.#transport;
    this.#owner.log.warn({ remote }, 'a certificate that does not fit the SDP; the MSRP session ends');
    session.distrusted();
    if (this.#sessions.length > 0) return this.#refuse(head, 481);
    this.destroy();
    return discard;
  }

  #response(head: MsrpHead): void {
    const asker = this.#transactions?.take(head.transactionId);
    if (asker) return asker.answered(head.status, head.comment);
    // Copies that nobody waits for are not kept, but these two end the session (RFC 4975 sections 10.8 and 10.10).
    const session = this.#owner.find(head.toPath);
    if (session?.link === this) session.refused(head.status);
  }

  /** Answers a request that no session takes. From-Path is the URI that the request went to. */
  #refuse(head: MsrpHead | Remains, status: number, comment?: string): Receiver {
    const text = responseTo(head, status, comment, head.toPath);
    if (text !== undefined) this.queue.push((this.#unowned ??= { bytes: 0 }), text);
    return discard;
  }

  /** The stream cannot be followed any further: says so where it can, and closes. */
  #fail(reason: string, remains: Remains | undefined): void {
    if (this.#ending) return;
    this.#owner.log.debug({ remote: this.#transport.remote, reason }, 'not MSRP; connection closed');
    if (remains && remains.method !== 'REPORT') this.#refuse(remains, 400, 'Not Understood');
    // Who speaks something else waits for an answer, and would not close first.
    if (this.#sessions.length === 0 && this.queue.isEmpty) this.destroy();
    else this.finish();
  }

  /** No more is read, and whoever still used it has lost it. */
  #leave(): void {
    if (this.#ending) return;
    this.#ending = true;
    // Or its end would not be seen.
    if (this.#pauses > 0) this.#transport.resume();
    this.#parser.stop();
    this.#receiver = discard;
    this.#owner.gone(this);
    const lost = this.#sessions;
    this.#sessions = NONE;
    for (const session of lost) session.lost();
    this.#transactions?.end();
  }
}
