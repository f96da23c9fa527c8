/**
 * The MSRP side of one device: its session, and the new one that takes its place when a re-INVITE brings a new path
 * (RFC 4975 section 8.4). What is sent goes over the newest; what comes is taken from any.
 */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type {
  Beginning,
  CloseReason,
  Fingerprint,
  Follower,
  GrowingBody,
  IncomingMessage,
  MessageOpening,
  MsrpEndpoint,
  MsrpSession,
  NicknameRequest,
  OutgoingMessage,
  Settled,
} from '../msrp/index.ts';
import type { FocusLimits } from './api.ts';
import { Congestion, type Worth } from './congestion.ts';
import type { Part, PeerMedia } from './offer-answer.ts';
import type { MsrpPlace } from './places.ts';

const CPIM = 'message/cpim';
/** Above so many bytes what is no text is distributed while it comes in (RFC 7701 section 6.1). */
const LONG_MESSAGE = 65_536;

export interface MediaEvents {
  /** It can be spoken over: told once. */
  opened(): void;
  message(message: IncomingMessage): void;
  /** A message above 64 kB is coming in. */
  begins(opening: MessageOpening): Beginning;
  nickname(request: NicknameRequest): void;
  /** A message without the wrapper was answered 415. */
  unwrapped(): void;
  /** Whether a message may begin, or a NICKNAME be asked for; it counts. */
  admits(): boolean;
  /** It keeps up again; so many messages for it were left out. */
  skipped(count: number): void;
  /** It has ended, and not by us, or does not keep up at all: told once, and nothing after it. */
  lost(reason: CloseReason | 'congested'): void;
}

export interface MediaParts {
  readonly msrp: MsrpEndpoint;
  /** Of the certificate that is ours now. */
  readonly fingerprints: () => readonly Fingerprint[];
  readonly events: MediaEvents;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose it is, for the log. */
  readonly facts: object;
  readonly limits: FocusLimits;
}

export class Media {
  readonly #parts: MediaParts;
  #place: MsrpPlace;
  #fingerprints: readonly Fingerprint[] = [];
  /** There is none before the device is congested for the first time. */
  #congested: Congestion | undefined;
  #current: MsrpSession;
  /** Replaced, and still there until the current one is open. */
  #former: MsrpSession | undefined;
  #peerPath = '';
  #follower: Follower | undefined;
  /** The session is open and not congested: nothing is left out. To ask for each copy would take as long as to queue it. */
  #flows = false;
  #told = false;
  #closed = false;

  /** Takes the peer in one of our places. */
  constructor(place: MsrpPlace, parts: MediaParts) {
    this.#place = place;
    this.#parts = parts;
    this.#current = this.#open();
  }

  /** Where the peer is taken. */
  get place(): MsrpPlace {
    return this.#place;
  }

  /** What the peer is told of our certificate (RFC 4975 section 14.4): nothing without TLS. */
  get fingerprints(): readonly Fingerprint[] {
    return this.#fingerprints;
  }

  /** Our path. */
  get path(): string {
    return this.#current.path;
  }

  get isOpen(): boolean {
    return this.#current.state === 'open';
  }

  /** Whether a description leads to where the peer is already. */
  leadsHere({ media }: PeerMedia): boolean {
    return media.path.join(' ') === this.#peerPath;
  }

  /** Makes a new session, with a path of its own, in one of our places. */
  renew(place: MsrpPlace): void {
    this.#place = place;
    this.#former?.close();
    this.#former = this.#current;
    this.#former.follow(undefined);
    this.#current = this.#open();
    this.#current.follow(this.#follower);
    this.#flows = false;
    // Nothing waits in the new one.
    this.#congested?.changed(false);
  }

  /** Says who the peer is. */
  setPeer({ media }: PeerMedia): void {
    const { path, maxSize, fingerprints } = media;
    this.#peerPath = path.join(' ');
    this.#current.setPeer({
      path,
      // Over a WebSocket nobody shows a certificate of its own (RFC 7977 section 9).
      fingerprints: this.#place.transport === 'ws' ? [] : fingerprints,
      ...(maxSize === undefined ? {} : { maxMessageBytes: maxSize }),
    });
    // Who moves on before it has connected may never come for these.
    this.#former?.handOver(this.#current);
  }

  /** Takes our part: dials, or waits to be dialled. */
  take(part: Part): void {
    // To a client of WebSockets there is no way (RFC 7977 section 5.1).
    if (part === 'active' && this.#place.transport !== 'ws') this.#current.connect();
  }

  /** Gets from now on what goes to many as this follower. */
  follow(follower: Follower | undefined): void {
    this.#follower = follower;
    this.#current.follow(follower);
  }

  /** Sends a message, unless it is left out because too much waits already: then false. */
  send(message: OutgoingMessage, worth: Worth, settled?: Settled): boolean {
    if (!this.#flows && this.#skips(message, worth)) return false;
    this.#current.send(message, message.rest ? this.#watched(message.rest, worth, settled) : settled);
    return true;
  }

  #skips({ rest }: OutgoingMessage, worth: Worth): boolean {
    // Of what is coming in nobody keeps more than a few slices: everybody would wait for who is not there yet.
    if (rest && !this.isOpen) {
      this.#congestion().missed(worth);
      return true;
    }
    const { fill } = this.#current;
    return fill !== 'clear' && this.#congestion().skips(worth, fill);
  }

  /** Who loses a file in its middle is told so, unless its sender has given it up: the `#` alone may not be shown. */
  #watched(rest: GrowingBody, worth: Worth, settled: Settled | undefined): Settled {
    return (status, comment) => {
      settled?.(status, comment);
      const isLost = status === 0 || status === 408;
      if (!isLost || rest.isAborted || this.#closed) return;
      this.#congestion().missed(worth);
      this.#keepsUp();
    };
  }

  /** Where nothing has to be left out any more the device is told what was. */
  #keepsUp(): void {
    this.#flows = this.isOpen && this.#current.fill === 'clear';
    if (this.#flows) this.#congested?.changed(false);
  }

  /** Sends a message that is never left out. */
  sendLast(message: OutgoingMessage, settled: Settled): void {
    this.#current.send(message, settled);
  }

  /** Sends no more of what is still coming in. */
  giveUpGrowing(): void {
    this.#former?.giveUpGrowing();
    this.#current.giveUpGrowing();
  }

  /** Ends it. What is queued is still sent. */
  close(): void {
    this.#closed = true;
    this.#congested?.end();
    this.#former?.close();
    this.#current.close();
  }

  #congestion(): Congestion {
    const { clock, log, facts, limits, events } = this.#parts;
    this.#congested ??= new Congestion({
      clock,
      log,
      facts,
      mostMs: limits.congestedMs,
      events: {
        recovered: (skipped) => events.skipped(skipped),
        overdue: () => this.#end('congested'),
      },
    });
    return this.#congested;
  }

  #open(): MsrpSession {
    const { msrp, fingerprints, events } = this.#parts;
    // A renewed certificate is for new connections: who has one goes on with what it was told.
    this.#fingerprints = this.#place.scheme === 'msrps' ? fingerprints() : [];
    const session: MsrpSession = msrp.openSession({
      ...this.#place,
      // RFC 7701 section 6.3: what has no wrapper is answered 415.
      accepts: (type) => {
        if (type !== CPIM) events.unwrapped();
        return type === CPIM;
      },
      longMessageBytes: LONG_MESSAGE,
      handler: {
        admits: () => events.admits(),
        opened: () => this.#opened(session),
        released: () => {
          if (session === this.#current) this.#keepsUp();
        },
        message: (message) => events.message(message),
        begins: (opening) => events.begins(opening),
        nickname: (request) => events.nickname(request),
        congestion: (congested) => {
          if (session !== this.#current) return;
          this.#flows = !congested && this.isOpen;
          this.#congestion().changed(congested);
        },
        closed: (reason) => this.#ended(session, reason),
      },
    });
    return session;
  }

  #opened(session: MsrpSession): void {
    if (session !== this.#current) return;
    this.#former?.close();
    this.#former = undefined;
    if (this.#told) return;
    this.#told = true;
    this.#parts.events.opened();
  }

  #ended(session: MsrpSession, reason: CloseReason): void {
    if (session === this.#former) this.#former = undefined;
    if (session === this.#current) this.#end(reason);
  }

  #end(reason: CloseReason | 'congested'): void {
    if (this.#closed) return;
    this.close();
    this.#parts.events.lost(reason);
  }
}
