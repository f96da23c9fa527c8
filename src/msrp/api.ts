/** What a user of the library sees: sessions, what is sent, what is told. */
import type { Fill } from './backlog.ts';
import type { ByteRange } from './byte-range.ts';
import type { Follower } from './fan-out.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Enclosure, FailureReport, OutgoingMessage } from './outgoing-message.ts';
import type { CloseReason } from './session-states.ts';

export interface SessionOptions {
  /** Written in our path URI: where peers reach the listener. An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Default `msrp`; `msrps` where the listener speaks TLS. */
  readonly scheme?: 'msrp' | 'msrps';
  /** Default `tcp`; `ws` for RFC 7977. */
  readonly transport?: string;
  readonly handler: SessionHandler;
  /**
   * Whether messages of this type are taken (lower case, without parameters). Asked on the first chunk of a message
   * with a body; where it says false the chunk is answered 415.
   */
  readonly accepts: (mediaType: string) => boolean;
  /** A message above this, or announced so, is offered to the handler's `begins`; default: none is. */
  readonly longMessageBytes?: number;
}

/** What a session tells. Nothing is told after `closed`. */
export interface SessionHandler {
  /**
   * Asked once for each message with a body, at its first chunk, and for each NICKNAME. Where it says false there are too
   * many for now: the message is answered 413, which stops it and says nothing against the next (RFC 4975 section 10.5; 403
   * would say "never again"), the NICKNAME 425, the one answer of RFC 7701 section 7.1 that leaves another try open.
   * Without it everything is taken.
   */
  admits?(): boolean;
  /** The session has its connection: the peer's first valid request came, or our first SEND got its 200. */
  opened(): void;
  /** What was sent before it was open is on its way, and nothing is kept any more: told once. */
  released?(): void;
  /** A whole message with a body came. `respond` must be called once, now or later. */
  message(message: IncomingMessage): void;
  /**
   * A long message is coming in: says whether it is handed on as it comes (RFC 7701 section 6.1), before any of its chunks
   * is answered with more than 200. Asked again with more of it after `later`; not at all where it was whole before.
   */
  begins?(opening: MessageOpening): Beginning;
  /**
   * A NICKNAME came (RFC 7701 section 7.1) with exactly one Use-Nickname. Others never get here: none, two or one with
   * control characters are answered 424, report headers or a body 400.
   */
  nickname(request: NicknameRequest): void;
  /** A REPORT on a message of ours came (RFC 4975 section 7.1.2). */
  report?(report: IncomingReport): void;
  /**
   * Its connection has become congested, as 80 % of the send budget wait or it takes nothing, or is it no more, as less
   * than half waits (RFC 7701 section 6.4). Told by turns, and perhaps before `opened`.
   */
  congestion?(congested: boolean): void;
  /** It is over; told once. */
  closed(reason: CloseReason): void;
}

/**
 * What becomes of a long message: it goes this way; it is kept and comes as a whole message; more of it must be seen
 * first; or the chunk that comes in is answered so, and the message is not taken.
 */
export type Beginning =
  MessageFlow | 'keep' | 'later' | { readonly status: number; readonly comment?: string };

/** The beginning of a long message. */
export interface MessageOpening {
  readonly messageId: string;
  /** As sent, with parameters. */
  readonly contentType: string;
  /** All that has come, from the first byte on. Never to be changed. */
  readonly body: Buffer;
  /** Bytes of the whole message, as the sender says; undefined where it does not. */
  readonly total: number | undefined;
  readonly wantsSuccessReport: boolean;
  readonly failureReport: FailureReport;
  /**
   * Stops and starts again what the peer sends, of this message and of everything else on its connection. Some bytes more
   * may come after it. It starts again by itself when the message is over.
   */
  pause(): void;
  resume(): void;
  /** A REPORT on the whole message, as in `MessageReply`. Does nothing before it is whole. */
  report(status: number, comment?: string, body?: Enclosure): void;
}

/** Takes a long message as it comes: bytes in their order, then one of the two ends. Every chunk is answered 200. */
export interface MessageFlow {
  /** What follows the `body` of its opening, and what was told before. Never to be changed. */
  data(bytes: Buffer): void;
  /** It is whole; `size` in bytes. */
  end(size: number): void;
  /** The rest will not come: its sender said so, has gone, or was silent for too long. */
  aborted(): void;
}

export interface IncomingMessage extends MessageReply {
  readonly messageId: string;
  /** As sent, with parameters. */
  readonly contentType: string;
  /** Never to be changed. It may be a view into a larger buffer: copy it to keep it for long. */
  readonly body: Buffer;
  /** Of the last chunk that came. */
  readonly transactionId: string;
  readonly wantsSuccessReport: boolean;
  readonly failureReport: FailureReport;
  /** The same answers without the body: what waits for an outcome keeps this, and lets the message go. */
  readonly reply: MessageReply;
}

/** The answers to a message. */
export interface MessageReply {
  /** The response to the last chunk, as far as Failure-Report wants one. A second call does nothing. */
  respond(status: number, comment?: string): void;
  /**
   * A REPORT on the whole message: 200 only where `wantsSuccessReport`, an error only where `failureReport` is not
   * `no`; at most one, and none after an error response or when the session is gone. A body is informational.
   */
  report(status: number, comment?: string, body?: Enclosure): void;
}

export interface IncomingReport {
  readonly messageId: string;
  readonly status: number;
  readonly comment: string;
  /** The bytes it is about; undefined where it does not say. */
  readonly byteRange: ByteRange | undefined;
  /** What came with it, up to 16 KiB; undefined where it has no body. */
  readonly body: Enclosure | undefined;
}

export interface NicknameRequest {
  /** The header's value as it stood, UTF-8 decoded: with quotes and escapes. */
  readonly value: string;
  /** The answer; a second call does nothing. */
  respond(status: number, comment?: string): void;
}

/**
 * How sending went. 200: all of it was answered 200. Other codes are the peer's, or ours: 408 no answer came in time, 413
 * larger than the peer takes, 0 the session ended first or a growing message was given up. Never called synchronously by `send`.
 * With Failure-Report `partial` an answer is due only when something went wrong, with `no` never.
 */
export type Settled = (status: number, comment: string) => void;

/** What the peer's SDP says. */
export interface Peer {
  /** The URIs of a=path, in their order. */
  readonly path: readonly string[];
  /** a=max-size in bytes. */
  readonly maxMessageBytes?: number;
  /**
   * a=fingerprint. Where there are some, an `msrps` session takes only a connection whose other end has shown a fitting
   * certificate; else it ends as `untrusted`. Behind relays they are not looked at: the connection is then the relay's.
   */
  readonly fingerprints?: readonly Fingerprint[];
}

export interface MsrpSession {
  /** Our a=path, such as `msrp://192.0.2.1:2855/hfj38fhJd92;tcp`. */
  readonly path: string;
  readonly state: 'waiting' | 'open' | 'closed';
  /** Bytes of this session that wait for the connection to take them. */
  readonly queuedBytes: number;
  /**
   * How full the send budget of its connection is, at this moment. `send` takes a message however full it is; but at
   * twice the budget the connection is given up.
   */
  readonly fill: Fill;
  /**
   * Says who the peer is; the time in which it must bind the session begins anew. A request is the peer's when the last
   * URI of its From-Path is the last one of this path; others are answered 481. Throws RangeError on a path that is none.
   */
  setPeer(peer: Peer): void;
  /** We are the active end: dials the first URI of the peer's path and sends a bodiless SEND. Needs `setPeer` before. */
  connect(): void;
  /** Sends a message, or keeps it until the session is open. */
  send(message: OutgoingMessage, settled?: Settled): void;
  /** Gets what is sent by a `FanOut` from now on, as this follower of it; nothing: as none. */
  follow(follower: Follower | undefined): void;
  /** Has another session send the messages that are kept because this one is not open; not those that are growing. */
  handOver(to: MsrpSession): void;
  /** Gives up every message that is still growing: it ends with `#`. */
  giveUpGrowing(): void;
  /** Sends a NICKNAME; `value` is the header's value, already quoted. */
  sendNickname(value: string, settled: Settled): void;
  /** Ends the session. What is queued is still sent; the connection closes when no other session uses it. */
  close(): void;
}
