/** One MSRP session: what its user does with it, and what its requests need of it. */
import type {
  Beginning,
  IncomingMessage,
  IncomingReport,
  MessageOpening,
  MsrpSession,
  NicknameRequest,
  Peer,
  SessionHandler,
  SessionOptions,
  Settled,
} from './api.ts';
import { Assembler } from './assembler.ts';
import type { Fill } from './backlog.ts';
import type { ByteRange } from './byte-range.ts';
import type { MsrpHead } from './head.ts';
import type { Follower } from './fan-out.ts';
import { Outbox, settleLater } from './outbox.ts';
import type { Enclosure, OutgoingMessage } from './outgoing-message.ts';
import { PeerPath } from './peer-path.ts';
import { mediaTypeOf } from './receiving.ts';
import { responseTo } from './responses.ts';
import type { HostedSession, SessionHost, SessionLink } from './session-host.ts';
import { SeenMessages } from './seen-messages.ts';
import type { Sending, SendingSession } from './sending.ts';
import { faultOf, type SessionAction, type SessionInput, type SessionState, step } from './session-states.ts';
import { Trust } from './trust.ts';
import { reportHeaders } from './writer.ts';

export class Session implements MsrpSession, HostedSession, SendingSession {
  readonly path: string;
  readonly peer: PeerPath;
  trust: Trust;
  peerMaxBytes = Infinity;
  /** The connection that it is bound to. */
  link: SessionLink | undefined;
  readonly #host: SessionHost;
  readonly #handler: SessionHandler;
  readonly #accepts: SessionOptions['accepts'];
  readonly #longMessageBytes: number | undefined;
  /** Of these there is none before a message comes: most sessions only listen. */
  #assembler: Assembler | undefined;
  #seen: SeenMessages | undefined;
  readonly #outbox: Outbox;
  #state: SessionState = { name: 'waiting' };

  constructor(host: SessionHost, options: SessionOptions, path: string) {
    this.#host = host;
    this.#handler = options.handler;
    this.#accepts = options.accepts;
    this.#longMessageBytes = options.longMessageBytes;
    this.path = path;
    this.trust = Trust.of(options.scheme ?? 'msrp');
    this.peer = new PeerPath(path);
    this.#outbox = new Outbox(this, host.limits.sendBudgetBytes);
    this.#host.unbound.add(this);
  }

  get assembler(): Assembler {
    const { clock, maxMessageBytes } = this.#host;
    const longMessageBytes = this.#handler.begins && this.#longMessageBytes;
    this.#assembler ??= new Assembler({ clock, maxMessageBytes, longMessageBytes });
    return this.#assembler;
  }

  get seen(): SeenMessages {
    this.#seen ??= new SeenMessages();
    return this.#seen;
  }

  get state(): 'waiting' | 'open' | 'closed' {
    return this.#state.name === 'greeting' ? 'waiting' : this.#state.name;
  }

  get queuedBytes(): number {
    return this.#outbox.waiting;
  }

  get fill(): Fill {
    return this.#outbox.fill;
  }

  setPeer(peer: Peer): void {
    this.peer.set(peer.path.join(' '));
    this.peerMaxBytes = peer.maxMessageBytes ?? Infinity;
    this.#outbox.fallBehind();
    const wasSettled = this.trust.isSettled;
    this.trust = this.trust.described(this.peer.isDirect ? (peer.fingerprints ?? []) : []);
    if (this.#state.name === 'waiting' && !this.link) this.#host.unbound.add(this);
    // The connection was quicker than the SDP.
    if (!wasSettled && this.link) this.#recognise(this.link);
  }

  connect(): void {
    const next = this.peer.nextHop;
    if (!next) throw new Error('connect() needs the path of the peer');
    if (this.#state.name !== 'waiting' || this.link) return;
    this.#host.unbound.add(this);
    this.#host.dial(next, this.trust.byFingerprint ? 'fingerprint' : 'authority').then(
      (link) => this.#dialled(link),
      () => this.#step('expired'),
    );
  }

  send(message: OutgoingMessage, settled?: Settled): void {
    if (this.#state.name === 'closed') return settleLater(settled, 0);
    this.#outbox.send(message, this.#host.formOf(message), settled);
  }

  follow(follower: Follower | undefined): void {
    this.#outbox.follow(this.#state.name === 'closed' ? undefined : follower);
  }

  handOver(to: MsrpSession): void {
    this.#outbox.handOver(to);
  }

  giveUpGrowing(): void {
    this.#outbox.giveUpGrowing();
  }

  sendNickname(value: string, settled: Settled): void {
    if (this.#state.name === 'closed') return settleLater(settled, 0);
    this.#outbox.nickname(value, settled);
  }

  close(): void {
    this.#step('end');
  }

  expired(): void {
    this.#step('expired');
  }

  lost(): void {
    this.#step('lost');
  }

  distrusted(): void {
    this.#step('distrusted');
  }

  bind(link: SessionLink): void {
    if (this.link || this.#state.name === 'closed') return;
    this.link = link;
    this.#outbox.use(link);
    link.attach(this);
  }

  shares(): void {
    this.#outbox.fallBehind();
  }

  congestion(congested: boolean): void {
    if (this.#state.name !== 'closed') this.#handler.congestion?.(congested);
  }

  keepAlive(): boolean {
    if (this.#state.name !== 'open') return false;
    this.#outbox.emptySend({ answered: (status) => this.refused(status), unanswered: () => {} });
    return true;
  }

  accepts(contentType: string): boolean {
    return this.#accepts(mediaTypeOf(contentType));
  }

  admits(): boolean {
    return this.#handler.admits?.() ?? true;
  }

  respond(head: MsrpHead, status: number, comment?: string): void {
    if (this.#state.name === 'closed') return;
    const text = responseTo(head, status, comment, this.path, this.peer);
    if (text !== undefined) this.#outbox.respond(text);
    this.#bound();
    this.#release();
  }

  report(messageId: string, range: ByteRange, status: number, comment?: string, body?: Enclosure): void {
    if (this.#state.name === 'closed') return;
    this.#outbox.report(reportHeaders(messageId, range, status, comment), body);
  }

  message(message: IncomingMessage): void {
    this.#bound();
    if (this.state === 'open') this.#handler.message(message);
  }

  begins(opening: MessageOpening): Beginning {
    this.#bound();
    return (this.state === 'open' && this.#handler.begins?.(opening)) || 'keep';
  }

  nickname(request: NicknameRequest): void {
    this.#bound();
    if (this.state === 'open') this.#handler.nickname(request);
  }

  /** A REPORT of the peer. It is never answered; nor looked up, where it ends the session: of copies no Message-ID is kept. */
  reported(report: IncomingReport): void {
    if (this.#state.name === 'closed') return;
    const { messageId, status, comment } = report;
    if (status >= 300) this.#outbox.failed(messageId, status, comment);
    this.#handler.report?.(report);
    this.refused(status, 'report');
  }

  refused(status: number, by: 'response' | 'report' = 'response'): void {
    this.#step(faultOf(status, by));
  }

  /** Not at once: who sends is not to hear of the end before the call returns. */
  overflowed(): void {
    queueMicrotask(() => this.#step('overflowed'));
  }

  finished(sending: Sending): void {
    this.#outbox.finished(sending);
  }

  #dialled(link: SessionLink): void {
    if (this.#state.name !== 'waiting' || this.link) return;
    if (this.trust.objection(link.secured)) {
      this.#step('distrusted');
      return link.release(this);
    }
    this.bind(link);
    this.#step('dialled');
  }

  #bound(): void {
    if (this.trust.isSettled) this.#step('bound');
  }

  #recognise(link: SessionLink): void {
    if (this.trust.objection(link.secured)) return this.#step('distrusted');
    this.#step('bound');
    this.#release();
  }

  #release(): void {
    if (this.#state.name === 'open' && this.#outbox.release()) this.#handler.released?.();
  }

  #step(input: SessionInput): void {
    const next = step(this.#state, input);
    this.#state = next.state;
    for (const action of next.actions) this.#do(action);
  }

  #do(action: SessionAction): void {
    switch (action) {
      case 'greet':
        this.#greet();
        break;
      case 'tell-opened':
        this.#host.unbound.delete(this);
        this.#handler.opened();
        break;
      case 'drop':
      case 'drain':
        if (action === 'drop') this.#outbox.drop();
        this.#end();
        break;
      case 'tell-closed':
        if (this.#state.name === 'closed') this.#handler.closed(this.#state.reason);
        break;
    }
  }

  /** The active end sends at once, so that the other end learns whose connection it is (RFC 4975 section 5.4). */
  #greet(): void {
    const answered = (status: number): void => {
      this.#step(status < 300 ? 'answered' : 'refused');
      this.#release();
    };
    this.#outbox.emptySend({ answered, unanswered: () => this.#step('expired') });
  }

  #end(): void {
    this.#host.unbound.delete(this);
    this.#assembler?.clear();
    this.#host.forget(this);
    this.#outbox.follow(undefined);
    this.link?.release(this);
    this.#outbox.end();
  }
}
