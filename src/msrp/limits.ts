/** What one peer may take of an endpoint, and for how long. */

export interface MsrpLimits {
  /** Bytes of a start line and its headers. Above it the request is answered 400 and the connection closed. */
  readonly maxHeadBytes: number;
  /**
   * Bytes that the body of one request may have beyond the largest message. It is answered 413 as soon as it is seen to be
   * too large; when it goes on beyond this the connection is closed.
   */
  readonly maxExcessBytes: number;
  /** Sessions on one connection. The request that would bind one more is answered 403. */
  readonly maxSessionsPerConnection: number;
  /** How long a session waits for its connection, in milliseconds; then it is closed as never connected. */
  readonly bindTimeoutMs: number;
  /** How long a connection may stay without a session, in milliseconds; then it is closed. */
  readonly idleConnectionMs: number;
  /** How many connections may be without a session. One more, and the oldest of them is closed. */
  readonly maxIdleConnections: number;
  /**
   * Bytes that should wait for one connection at most: what `MsrpSession.fill` is measured by (RFC 7701 section 6.4). A
   * connection for which twice as much waits is closed.
   */
  readonly sendBudgetBytes: number;
  /**
   * A connection on which nothing came for so many milliseconds is asked for a sign of life by a SEND without a body,
   * a quarter of the time later at most; where none comes, it is lost. 0: never.
   */
  readonly keepAliveMs: number;
}

export const DEFAULT_LIMITS: MsrpLimits = {
  maxHeadBytes: 16_384,
  maxExcessBytes: 16 * 1_048_576,
  maxSessionsPerConnection: 1000,
  bindTimeoutMs: 30_000,
  idleConnectionMs: 30_000,
  maxIdleConnections: 4096,
  sendBudgetBytes: 1_048_576,
  keepAliveMs: 0,
};
