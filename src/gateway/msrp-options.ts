/** What the MSRP endpoint gets of the configuration. */
import type { MsrpConfig } from '../config/config.ts';
import type { MsrpEndpointOptions } from '../msrp/index.ts';

/** The largest message, and the limits of one peer; seconds become milliseconds. */
export function msrpOptions({
  maxMessageSize,
  limits,
}: MsrpConfig): Omit<MsrpEndpointOptions, 'clock' | 'log'> {
  return {
    maxMessageBytes: maxMessageSize,
    maxHeadBytes: limits.headerSize,
    maxExcessBytes: limits.excess,
    maxSessionsPerConnection: limits.sessionsPerConnection,
    bindTimeoutMs: limits.bindTime * 1000,
    idleConnectionMs: limits.halfOpenTime * 1000,
    maxIdleConnections: limits.halfOpenConnections,
  };
}
