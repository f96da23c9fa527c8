/** What a connection needs of the endpoint that it belongs to. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Connection } from '../transport/connection.ts';
import type { MsrpConnection } from './connection.ts';
import type { MsrpLimits } from './limits.ts';
import type { Session } from './session.ts';
import type { Tick } from './tick.ts';

/** What a connection needs of its endpoint. */
export interface ConnectionOwner {
  readonly clock: Clock;
  readonly log: Log;
  readonly tick: Tick;
  readonly maxMessageBytes: number;
  readonly transactionTimeoutMs: number;
  readonly limits: MsrpLimits;
  find(toPath: string): Session | undefined;
  /** The connection has got its first session. */
  used(connection: MsrpConnection, transport: Connection): void;
  /** The connection takes no more sessions: it is closed, or about to be. */
  gone(connection: MsrpConnection): void;
}
