/** What users of the SIP stack see: rooms that are invited and subscribed to, calls and subscriptions. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { OriginRules } from '../transport/origin.ts';
import type { Certificate } from '../transport/tls.ts';

/** `ws` and `wss`: WebSockets (RFC 7118). */
export type SipTransport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** An address to listen on. Port 0 asks for a free one. */
export interface SipListen {
  readonly transport: SipTransport;
  readonly host: string;
  readonly port: number;
}

export interface SipStackOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly listen: readonly SipListen[];
  /** Written in Via and Contact instead of the listener's address. */
  readonly host?: string | undefined;
  /** Whose pages may open a WebSocket, of listeners and upgrades; default: those of this host by its IP address, or localhost. */
  readonly origins?: OriginRules | undefined;
  /** Of tls and wss listeners. */
  readonly certificate?: Certificate | undefined;
  /** Connections of one network address, over all listeners; default 2000. */
  readonly connectionsPerAddress?: number | undefined;
  /** The User-Agent header of all that we send. */
  readonly userAgent: string;
  /** Event packages that can be subscribed to; default `conference`. */
  readonly allowEvents?: readonly string[] | undefined;
}

/** Who a From or To header names. */
export interface Party {
  /** Scheme and host in lower case, the port where one is given, no parameters, no headers, escapes only where they must be. */
  readonly uri: string;
  /** Unquoted, unescaped, without control characters; '' where there is none. */
  readonly displayName: string;
}

/** Where a message came from. */
export interface Source {
  readonly transport: SipTransport;
  readonly host: string;
  readonly port: number;
}

/** What a room is told. It may answer at once or later. */
export interface SipRoomHandler {
  invited(invitation: Invitation): void;
  subscribed(request: SubscribeRequest): void;
}

export interface SipRoomOptions {
  /** The host part of the room's own URI, used in From of what the room itself starts. */
  readonly domain: string;
  /** `;isfocus` on the Contact (RFC 4579 section 5.1). */
  readonly focus: boolean;
  readonly handler: SipRoomHandler;
  /** Types that a NOTIFY of this room may carry; default `application/conference-info+xml`. */
  readonly accepts?: readonly string[];
}

/** A user part that requests are taken for. */
export interface SipRoom {
  readonly user: string;
  /**
   * Takes no more requests. Calls that are still there get a BYE, subscriptions end with `noresource`.
   * What is on its way is finished.
   */
  remove(): void;
  /** Invites somebody with an offer. */
  call(options: OutgoingCallOptions): { cancel(): void };
  /** Subscribes to somebody's state; it is refreshed until unsubscribed. */
  subscribe(options: SubscribeOptions): { unsubscribe(): void };
}

/** A new INVITE. Exactly one of accept and reject is to be called, unless it was cancelled. */
export interface Invitation {
  readonly from: Party;
  readonly to: Party;
  readonly requestUri: string;
  readonly source: Source;
  readonly callId: string;
  /** The caller asks for privacy, or has hidden itself already (RFC 3323 section 4). */
  readonly anonymous: boolean;
  /** The SDP of the INVITE. Without one accept() carries our offer, and the answer comes by CallHandler.acked. */
  readonly offer: string | undefined;
  /** The value of the first header field of that (full) name, in any case. */
  header(name: string): string | undefined;
  headers(name: string): string[];
  /** Set by the receiver: the caller has CANCELled; the stack has answered 487. */
  onCancelled: (() => void) | undefined;
  progress(status: 180 | 183): void;
  /** After a CANCEL this makes a call that has ended already: `handler.ended` is told soon after. */
  accept(options: AcceptOptions): SipCall;
  /** Status 300 to 699; anything else is sent as 500. */
  reject(status: number, reason: string, extraHeaders?: readonly string[]): void;
}

export interface AcceptOptions {
  readonly sdp: string;
  readonly handler: CallHandler;
  readonly extraHeaders?: readonly string[];
}

export interface SipCall {
  readonly remote: Party;
  readonly id: string;
  /**
   * Ends it; `reasonHeader` is the value of a Reason header (RFC 3326). `handler.ended` is told at once. The BYE waits
   * for the ACK where one is due (or its time-out); `settled` is told when the BYE is answered or given up.
   */
  bye(reasonHeader?: string, settled?: () => void): void;
}

export interface CallHandler {
  /** The ACK came, with the answer where our 200 carried the offer. */
  acked(answer: string | undefined): void;
  reinvited(request: Reinvitation): void;
  /** Told once, and nothing after it. */
  ended(cause: CallEnd): void;
}

export interface CallEnd {
  readonly by: 'peer' | 'us' | 'no-ack' | 'failure';
  /** The value of the peer's Reason header. */
  readonly reason?: string;
}

/** An INVITE inside a call. The answer to our offer, where it had none, comes by CallHandler.acked. */
export interface Reinvitation {
  readonly offer: string | undefined;
  readonly source: Source;
  accept(sdp: string): void;
  reject(status: number, reason: string): void;
}

export interface OutgoingCallOptions {
  readonly to: string;
  /** Default: the room itself. */
  readonly from?: { readonly uri: string; readonly displayName?: string };
  readonly sdp: string;
  readonly extraHeaders?: readonly string[];
  readonly handler: OutgoingCallHandler;
}

export interface OutgoingCallHandler extends CallHandler {
  progress?(status: number): void;
  /** `isFocus`: the Contact says that a conference answered (RFC 4579 section 5.1). */
  accepted(call: SipCall, sdp: string | undefined, contact: { uri: string; isFocus: boolean }): void;
  /** Also 408 where nobody answered, 503 where nobody could be reached, 400 where `to` is no SIP URI. */
  rejected(status: number, reason: string): void;
}

/** A SUBSCRIBE outside a dialog. Exactly one of open and reject is to be called. */
export interface SubscribeRequest {
  readonly from: Party;
  readonly source: Source;
  readonly anonymous: boolean;
  /** Seconds: what was asked for (3600 where nothing was), at most 3600; 0 for a fetch. */
  readonly expires: number;
  readonly requestUri: string;
  readonly accept: readonly string[];
  header(name: string): string | undefined;
  /** Answers 200. The receiver then sends the first document; for a fetch by terminate('timeout', body). */
  open(options: { handler: SubscriptionHandler }): Subscription;
  reject(status: number, reason: string, extraHeaders?: readonly string[]): void;
}

export interface NotifyBody {
  readonly contentType: string;
  readonly body: string;
}

export interface Subscription {
  /** A NOTIFY is unanswered. One given meanwhile is sent when it is answered. */
  readonly awaiting: boolean;
  notify(contentType: string, body: string): void;
  /** The last NOTIFY, sent at once; `reason` as in RFC 6665 section 4.1.3: noresource, timeout, deactivated ... */
  terminate(reason: string, body?: NotifyBody): void;
}

export interface SubscriptionHandler {
  /** A re-SUBSCRIBE was answered: a full document is due (RFC 6665 section 4.2.1.2). */
  refreshed(): void;
  /** All NOTIFYs so far have got their 2xx. */
  acknowledged(): void;
  /** The document of the last NOTIFY, asked for when the peer unsubscribes or time is over. */
  finalBody(): NotifyBody | undefined;
  /** Told once, and nothing after it. */
  ended(why: SubscriptionEnd): void;
}

export type SubscriptionEnd = 'unsubscribed' | 'expired' | 'failed' | 'terminated';

export interface SubscribeOptions {
  readonly to: string;
  readonly event: string;
  /** The value of the Accept header. */
  readonly accept: string;
  /** Seconds. */
  readonly expires: number;
  /** Default: the room itself. */
  readonly from?: { readonly uri: string; readonly displayName?: string };
  readonly handler: NotificationHandler;
}

export interface NotificationHandler {
  /** `state` is active, pending or terminated. */
  notified(body: string, state: string): void;
  /** The SUBSCRIBE was refused, or not answered (408). */
  failed(status: number): void;
  /** The notifier ended it; `reason` as it gave it, '' where it gave none. */
  ended(reason: string): void;
}
