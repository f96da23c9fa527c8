/** Via: who sent a request, and how its response finds back (RFC 3261 section 20.42, RFC 3581). */
import type { Source } from './api.ts';
import { formatParameters, type Parameters, parseParameters } from './parameters.ts';
import { formatHostPort } from './uri.ts';

export interface Via {
  /** As written: UDP, TCP ... */
  readonly transport: string;
  /** In lower case; an IPv6 address stands here without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
}

/** With it a branch names a transaction by itself (RFC 3261 section 8.1.1.7). */
const COOKIE = 'z9hG4bK';

const VIA =
  /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?:\s*:\s*(\d{1,5}))?\s*(;[^]*)?$/i;

/** Reads one element of a Via header; undefined when it is malformed. */
export function parseVia(text: string): Via | undefined {
  const match = VIA.exec(text);
  if (!match) return undefined;
  const [, transport = '', ipv6, name, digits, rest] = match;
  const parameters = parseParameters(rest ?? '');
  const port = digits === undefined ? undefined : Number(digits);
  if (!parameters || (port !== undefined && port > 65_535)) return undefined;
  return { transport, host: (ipv6 ?? name ?? '').toLowerCase(), port, parameters };
}

/** Writes a Via value (RFC 3261 section 20.42). */
export function formatVia(via: Via): string {
  return `SIP/2.0/${via.transport} ${formatHostPort(via.host, via.port)}${formatParameters(via.parameters)}`;
}

/** The Via with where it really came from (RFC 3261 section 18.2.1); what the sender claims of that is dropped. */
export function stampVia(via: Via, source: Source): Via {
  const parameters = new Map(via.parameters);
  parameters.delete('received');
  if (parameters.has('rport')) parameters.set('rport', String(source.port));
  // With rport there is always a received (RFC 3581 section 4). Else there is none on a WebSocket: the host is a made-up
  // one, and the address that of a proxy of ours (RFC 7118 section 5.3).
  const isWebSocket = source.transport === 'ws' || source.transport === 'wss';
  if (parameters.has('rport') || (via.host !== source.host && !isWebSocket)) {
    parameters.set('received', source.host);
  }
  return { ...via, parameters };
}

/**
 * The name of a server transaction: branch, sent-by and method (RFC 3261 section 17.2.3). ACK and CANCEL are given the
 * name of their INVITE. A branch without the magic cookie is the peer's of RFC 2543: what else identifies it is added.
 */
export function transactionKey(via: Via, callId: string, cseq: number, method: string): string {
  const branch = via.parameters.get('branch') ?? '';
  const of = method === 'ACK' || method === 'CANCEL' ? 'INVITE' : method;
  const key = `${branch}|${formatHostPort(via.host, via.port)}|${of}`;
  return branch.startsWith(COOKIE) && branch.length > COOKIE.length ? key : `${key}|${cseq}|${callId}`;
}
