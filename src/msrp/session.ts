/** One MSRP session: what its user does with it, and what its requests need of it. */
import type { Clock, Timer } from '../common/clock.ts';
import type { Secured } from '../transport/connection.ts';
import type { TrustBy } from './dialling.ts';
import type {
  Beginning,
  Enclosure,
  IncomingMessage,
  MessageOpening,
  MsrpSession,
  NicknameRequest,
  OutgoingMessage,
  Peer,
} from './api.ts';
import type { SessionHandler, SessionOptions, Settled } from './api.ts';
import { Assembler } from './assembler.ts';
import { type ByteRange, parseByteRange } from './byte-range.ts';
import type { MsrpHead } from './head.ts';
import { newMessageId } from './idents.ts';
import type { MsrpLimits } from './limits.ts';
import { Outbox, type OutLink, settleLater } from './outbox.ts';
import type { ReceivingSession } from './receiving.ts';
import { isDue, returnPath } from './responses.ts';
import { SeenMessages } from './seen-messages.ts';
import type { Sending, SendingSession } from './sending.ts';
import { type SessionAction, type SessionInput, type SessionState, step } from './session-states.ts';
import { type Objection, Trust } from './trust.ts';
import { type MsrpUri, parseMsrpPath, sameMsrpUri } from './uri.ts';
import { pathLines, reportHeaders, responseText, type SendForm } from './writer.ts';

/** The connection of a session, as the session sees it. */
export interface SessionLink extends OutLink {
  readonly secured: Secured | undefined;
  attach(session: Session): void;
  /** Stops what its peer sends until it is resumed as often. */
  pause(): void;
  resume(): void;
  /** The session is over. What is queued for it may still be sent, if it was not dropped. */
  release(session: Session): void;
}

/** What a session needs of its endpoint. */
export interface SessionHost {
  readonly clock: Clock;
  readonly maxMessageBytes: number;
  readonly limits: MsrpLimits;
  dial(uri: MsrpUri, trust: TrustBy): Promise<SessionLink>;
  /** The form of a message, made once for all sessions that it is sent over. */
  formOf(message: OutgoingMessage): SendForm;
  forget(session: Session): void;
}

/** When more than this waits for the peer, the session is given up: it does not read. */
const MOST_QUEUED = 4 * 1_048_576;
/**
 * The largest body of a chunk to a peer behind a relay. COMPAT: Kamailio 5.6 passes whole frames on only, none above 11 kB,
 * and closes the connection, with all its sessions, above 16 kB. Who is behind a relay has to take several chunks of a
 * message anyway: relays may cut them (RFC 4976 section 6.4.1).
 */
const RELAYED_CHUNK = 8192;
const REPORT_STATUS = /^(\d{3}) (\d{3})(?: (.*))?$/s;

export class Session implements MsrpSession, ReceivingSession, SendingSession {
  readonly path: string;
  readonly uri: MsrpUri;
  readonly assembler: Assembler;
  readonly seen = new SeenMessages();
  peerMaxBytes = Infinity;
  readonly #host: SessionHost;
  readonly #handler: SessionHandler;
  readonly #accepts: SessionOptions['accepts'];
  readonly #outbox: Outbox;
  readonly #trust: Trust;
  #state: SessionState = { name: 'waiting' };
  /** Runs until the session is open. */
  #timer: Timer | undefined;
  #link: SessionLink | undefined;
  #peer: MsrpUri[] | undefined;
  #paths = '';
  /** The From-Path that was last found to be the peer's. */
  #knownFrom = '';

  constructor(host: SessionHost, options: SessionOptions, path: string, uri: MsrpUri) {
    this.#host = host;
    this.#handler = options.handler;
    this.#accepts = (mediaType) => options.accepts(mediaType);
    this.path = path;
    this.uri = uri;
    this.#trust = new Trust(uri.scheme);
    const { longMessageBytes } = options;
    this.assembler = new Assembler({
      clock: host.clock,
      maxMessageBytes: host.maxMessageBytes,
      longMessageBytes: options.handler.begins && longMessageBytes,
    });
    this.#outbox = new Outbox(this);
    this.#awaitPeer();
  }

  get state(): 'waiting' | 'open' | 'closed' {
    return this.#state.name === 'greeting' ? 'waiting' : this.#state.name;
  }

  get queuedBytes(): number {
    return this.#outbox.bytes;
  }

  /** The connection that the session is bound to. */
  get link(): SessionLink | undefined {
    return this.#link;
  }

  get paths(): string {
    return this.#paths;
  }

  get longestChunk(): number {
    return this.#peer && this.#peer.length > 1 ? RELAYED_CHUNK : Infinity;
  }

  setPeer(peer: Peer): void {
    const path = peer.path.join(' ');
    const uris = parseMsrpPath(path);
    if (!uris) throw new RangeError(`not an MSRP path: ${JSON.stringify(path.slice(0, 200))}`);
    this.#usePeer(uris, path);
    this.peerMaxBytes = peer.maxMessageBytes ?? Infinity;
    const wasSettled = this.#trust.isSettled;
    this.#trust.describe(uris.length === 1 ? (peer.fingerprints ?? []) : []);
    if (this.#state.name === 'waiting' && !this.#link) this.#awaitPeer();
    // The connection was quicker than the SDP.
    if (!wasSettled && this.#link) this.#recognise(this.#link);
  }

  connect(): void {
    const next = this.#peer?.[0];
    if (!next) throw new Error('connect() needs the path of the peer');
    if (this.#state.name !== 'waiting' || this.#link) return;
    this.#awaitPeer();
    this.#host.dial(next, this.#trust.byFingerprint ? 'fingerprint' : 'authority').then(
      (link) => this.#dialled(link),
      () => this.#step('expired'),
    );
  }

  send(message: OutgoingMessage, settled?: Settled): void {
    if (this.#state.name === 'closed') return settleLater(settled, 0);
    if (message.body.length + (message.rest?.total ?? 0) > this.peerMaxBytes) {
      return settleLater(settled, 413, `the peer takes at most ${this.peerMaxBytes} bytes`);
    }
    this.#outbox.send(message, this.#host.formOf(message), settled);
    this.#checkQueue();
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

  /** The connection is gone. */
  lost(): void {
    this.#step('lost');
  }

  /** Whether a request with this From-Path is the peer's: the last URI is the end that sent it, others are relays. */
  isPeer(fromPath: string): boolean {
    if (this.#peer && fromPath === this.#knownFrom) return true;
    const uris = parseMsrpPath(fromPath);
    const from = uris?.at(-1);
    const peer = this.#peer?.at(-1);
    if (!uris || !from || (peer && !sameMsrpUri(from, peer))) return false;
    // Who knows our URI before we know the peer's is taken for the one it was given to (RFC 4975 section 5.4).
    if (!peer) this.#usePeer(uris, fromPath);
    this.#knownFrom = fromPath;
    return true;
  }

  /** What speaks against a first request over a connection. */
  objection({ secured }: SessionLink): Objection | undefined {
    return this.#trust.objection(secured);
  }

  /** The connection is not of whom the SDP speaks. */
  distrusted(): void {
    this.#step('distrusted');
  }

  /** Whether it is known already who may speak; until then there is nothing to be heard but the first, bodiless SEND. */
  get knowsPeer(): boolean {
    return this.#trust.isSettled;
  }

  /** A valid request came over this connection; it is the session's from now on. */
  bind(link: SessionLink): void {
    if (this.#link || this.#state.name === 'closed') return;
    this.#link = link;
    this.#outbox.use(link);
    link.attach(this);
  }

  accepts(contentType: string): boolean {
    const end = contentType.indexOf(';');
    return this.#accepts((end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase());
  }

  respond(head: MsrpHead, status: number, comment?: string): void {
    if (this.#state.name === 'closed') return;
    if (isDue(head, status)) {
      const paths = pathLines(returnPath(head), this.path);
      this.#outbox.respond(responseText(head.transactionId, status, comment, paths));
    }
    this.#bound();
    this.#release();
    this.#checkQueue();
  }

  report(messageId: string, range: ByteRange, status: number, comment?: string, body?: Enclosure): void {
    if (this.#state.name === 'closed') return;
    this.#outbox.report(reportHeaders(messageId, range, status, comment), body);
    this.#checkQueue();
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

  /** A REPORT of the peer. It counts as an answer does (RFC 4975 section 7.3.2), and is never answered itself. */
  reported(head: MsrpHead, body: Enclosure | undefined): void {
    const [, namespace, code, comment = ''] = REPORT_STATUS.exec(head.statusLine) ?? [];
    if (namespace !== '000' || code === undefined || this.#state.name === 'closed') return;
    const status = Number(code);
    const { messageId } = head;
    if (status >= 300) this.#outbox.failed(messageId, status, comment);
    const byteRange = parseByteRange(head.byteRange);
    this.#handler.report?.({ messageId, status, comment, byteRange, body });
    this.refused(status);
  }

  refused(status: number): void {
    if (status === 481 || status === 506) this.#step('refused');
  }

  finished(sending: Sending): void {
    this.#outbox.finished(sending);
  }

  #awaitPeer(): void {
    this.#timer?.cancel();
    this.#timer = this.#host.clock.after(this.#host.limits.bindTimeoutMs, () => this.#step('expired'));
  }

  #usePeer(uris: MsrpUri[], path: string): void {
    this.#peer = uris;
    this.#knownFrom = '';
    this.#paths = pathLines(path, this.path);
  }

  #dialled(link: SessionLink): void {
    if (this.#state.name !== 'waiting' || this.#link) return;
    if (this.objection(link)) {
      this.#step('distrusted');
      return link.release(this);
    }
    this.bind(link);
    this.#step('dialled');
  }

  #bound(): void {
    if (this.#trust.isSettled) this.#step('bound');
  }

  #recognise(link: SessionLink): void {
    if (this.objection(link)) return this.#step('distrusted');
    this.#step('bound');
    this.#release();
  }

  #release(): void {
    if (this.#state.name === 'open') this.#outbox.release();
  }

  /** Not at once: who sends is not to hear of the end before the call returns. */
  #checkQueue(): void {
    if (this.queuedBytes > MOST_QUEUED) queueMicrotask(() => this.#step('overflowed'));
  }

  #step(input: SessionInput): void {
    const next = step(this.#state, input);
    this.#state = next.state;
    for (const action of next.actions) this.#do(action);
  }

  #do(action: SessionAction): void {
    switch (action) {
      case 'greet':
        // The active end sends at once, so that the other end learns whose connection it is (RFC 4975 section 5.4).
        this.#outbox.request('SEND', `Message-ID: ${newMessageId()}\r\nByte-Range: 1-0/0\r\n`, {
          answered: (status) => this.#greeted(status),
          unanswered: () => this.#step('expired'),
        });
        break;
      case 'tell-opened':
        this.#timer?.cancel();
        this.#handler.opened();
        break;
      case 'drop':
        this.#outbox.drop();
        this.#end();
        break;
      case 'drain':
        this.#end();
        break;
      case 'tell-closed':
        if (this.#state.name === 'closed') this.#handler.closed(this.#state.reason);
        break;
    }
  }

  #greeted(status: number): void {
    this.#step(status < 300 ? 'answered' : 'refused');
    this.#release();
  }

  #end(): void {
    this.#timer?.cancel();
    this.assembler.clear();
    this.#host.forget(this);
    this.#link?.release(this);
    this.#outbox.end();
  }
}
