/** What a session needs of the connection that it is bound to, and of the endpoint that it belongs to. */
import type { Clock } from '../common/clock.ts';
import type { Secured } from '../transport/connection.ts';
import type { IncomingReport } from './api.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { PeerPath } from './peer-path.ts';
import type { ReceivingSession } from './receiving-session.ts';
import type { Trust } from './trust.ts';
import type { Deadlines } from './deadlines.ts';
import type { TrustBy } from './dialling.ts';
import type { MsrpLimits } from './limits.ts';
import type { OutLink } from './outbox.ts';
import type { MsrpUri } from './uri.ts';
import type { SendForm } from './writer.ts';

/** The connection of a session, as the session sees it. */
export interface SessionLink extends OutLink {
  readonly secured: Secured | undefined;
  attach(session: HostedSession): void;
  /** Stops what its peer sends until it is resumed as often. */
  pause(): void;
  resume(): void;
  /** The session is over. What is queued for it may still be sent, if it was not dropped. */
  release(session: HostedSession): void;
}

/** A session, as its connection and its endpoint see it. */
export interface HostedSession extends ReceivingSession {
  readonly path: string;
  readonly peer: PeerPath;
  readonly trust: Trust;
  /** The connection that it is bound to. */
  readonly link: SessionLink | undefined;
  /** A valid request came over this connection; it is the session's from now on. */
  bind(link: SessionLink): void;
  /** Others use the connection too now. */
  shares(): void;
  /** The connection is congested, or is it no more. */
  congestion(congested: boolean): void;
  /** Asks the peer for an answer; false where it is too early to ask. */
  keepAlive(): boolean;
  /** A response says that a request of ours failed. */
  refused(status: number): void;
  /** A REPORT of the peer. */
  reported(report: IncomingReport): void;
  /** The endpoint ends. */
  close(): void;
  /** It has not come to be open in time. */
  expired(): void;
  /** The connection is gone. */
  lost(): void;
  /** The connection is not of whom the SDP speaks. */
  distrusted(): void;
}

/** What a session needs of its endpoint. */
export interface SessionHost {
  readonly clock: Clock;
  readonly maxMessageBytes: number;
  readonly limits: MsrpLimits;
  /** Those who wait for their peer. */
  readonly unbound: Deadlines<HostedSession>;
  dial(uri: MsrpUri, trust: TrustBy): Promise<SessionLink>;
  /** The form of a message, made once for all sessions that it is sent over. */
  formOf(message: OutgoingMessage): SendForm;
  forget(session: HostedSession): void;
}
