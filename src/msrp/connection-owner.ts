/** What a connection needs of the endpoint that it belongs to. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Connection } from '../transport/connection.ts';
import type { Probed } from './keep-alive.ts';
import type { MsrpLimits } from './limits.ts';
import type { HostedSession } from './session-host.ts';
import type { Tick } from './tick.ts';

/** A connection as its endpoint sees it. */
export interface OwnedConnection extends Probed {
  /** Closes it at once. */
  destroy(): void;
  /** Closes it when everything queued is sent. */
  finish(): void;
}

/** What a connection needs of its endpoint. */
export interface ConnectionOwner {
  readonly clock: Clock;
  readonly log: Log;
  readonly tick: Tick;
  readonly maxMessageBytes: number;
  readonly transactionTimeoutMs: number;
  readonly limits: MsrpLimits;
  find(toPath: string): HostedSession | undefined;
  /** The connection has got its first session. */
  used(connection: OwnedConnection, transport: Connection): void;
  /**
   * Its last session is gone. True: the peer has a moment for closing it first, or for using it again; when that is over the
   * connection is told to `finish`, unless it is used or gone before.
   */
  unused(connection: OwnedConnection): boolean;
  /** The connection takes no more sessions: it is closed, or about to be. */
  gone(connection: OwnedConnection): void;
}
