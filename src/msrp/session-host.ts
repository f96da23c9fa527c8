/** What a session needs of the connection that it is bound to, and of the endpoint that it belongs to. */
import type { Clock } from '../common/clock.ts';
import type { Secured } from '../transport/connection.ts';
import type { OutgoingMessage } from './api.ts';
import type { Deadlines } from './deadlines.ts';
import type { TrustBy } from './dialling.ts';
import type { MsrpLimits } from './limits.ts';
import type { OutLink } from './outbox.ts';
import type { Session } from './session.ts';
import type { MsrpUri } from './uri.ts';
import type { SendForm } from './writer.ts';

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
  /** Those who wait for their peer. */
  readonly unbound: Deadlines<Session>;
  dial(uri: MsrpUri, trust: TrustBy): Promise<SessionLink>;
  /** The form of a message, made once for all sessions that it is sent over. */
  formOf(message: OutgoingMessage): SendForm;
  forget(session: Session): void;
}
