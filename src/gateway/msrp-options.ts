/** What the MSRP endpoint and the rooms' SIP side get of the `msrp` section. */
import type { MsrpConfig } from '../config/config.ts';
import type { FocusLimits } from '../focus/focus.ts';
import type { MsrpEndpointOptions } from '../msrp/index.ts';

/** The largest message, and the limits of one peer; seconds become milliseconds. */
export function msrpOptions({
  maxMessageSize,
  keepAlive,
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
    sendBudgetBytes: limits.sendBudget,
    keepAliveMs: keepAlive * 1000,
  };
}

/** The limits of one participant. */
export function focusLimits({ limits }: MsrpConfig): FocusLimits {
  return { congestedMs: limits.congestedTime * 1000, pace: limits.sends ?? undefined };
}
