/** What SIP and MSRP call a refusal of the room, and the reasons that stand in a BYE. */
import type { Outcome, Refusal } from '../room/refusals.ts';
import type { CloseReason } from '../msrp/index.ts';

type Refused = Extract<Outcome, { ok: false }>;

/** An answer to an INVITE. */
export interface SipAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly string[];
}

/** An answer to a SEND or NICKNAME, or the status of a REPORT. */
export interface MsrpAnswer {
  readonly status: number;
  readonly comment: string;
}

interface Row {
  /** RFC 3261 section 21. */
  readonly sip: number;
  /** Seconds after which it is worth another try (RFC 3261 section 20.33). */
  readonly retryAfter?: number;
  /** RFC 4975 section 10, RFC 7701 section 9. */
  readonly msrp: number;
  /** Where RFC 7701 section 7.1 has another answer to a NICKNAME. */
  readonly nickname?: number;
}

/**
 * MSRP knows few failures. 408 is what it has for a message of which the next hop never heard (RFC 4975 section 10.4), so
 * it stands for everything that is nobody's fault here. A NICKNAME knows 403, 424 and 425 only, and 425 invites to
 * another try.
 */
const table: Readonly<Record<Refusal, Row>> = {
  forbidden: { sip: 403, msrp: 403 },
  banned: { sip: 403, msrp: 403 },
  closed: { sip: 403, msrp: 403 },
  full: { sip: 486, msrp: 403 },
  'no-room': { sip: 404, msrp: 404, nickname: 403 },
  unavailable: { sip: 503, retryAfter: 5, msrp: 408, nickname: 425 },
  lost: { sip: 480, retryAfter: 5, msrp: 408, nickname: 425 },
  'too-long': { sip: 403, msrp: 413, nickname: 424 },
  'too-many': { sip: 503, retryAfter: 5, msrp: 413, nickname: 425 },
  muted: { sip: 403, msrp: 403 },
  nobody: { sip: 404, msrp: 404, nickname: 403 },
  'no-private': { sip: 403, msrp: 428, nickname: 403 },
  'private-off': { sip: 403, msrp: 403 },
  'nickname-in-use': { sip: 480, retryAfter: 30, msrp: 425 },
  'nickname-malformed': { sip: 403, msrp: 424 },
  'nicknames-off': { sip: 403, msrp: 403 },
  broken: { sip: 500, msrp: 408, nickname: 425 },
};

const PHRASES: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
};

/** Characters of a text of ours in a start line or header. */
const LONGEST = 200;

/** The answer to the INVITE of somebody whom the room has refused; `agent` is the name that stands in Warning. */
export function sipAnswer({ refusal, text }: Refused, agent: string): SipAnswer {
  const { sip, retryAfter } = table[refusal];
  const headers = retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`];
  return {
    status: sip,
    reason: oneLine(text) || (PHRASES[sip] ?? ''),
    headers: text === '' ? headers : [...headers, warning(agent, text)],
  };
}

/** A Warning header with a text for the user (RFC 3261 section 20.43: 399); `agent` is the name that stands in it. */
export function warning(agent: string, text: string): string {
  return `Warning: 399 ${agent} ${quoted(text)}`;
}

/** The answer to a SEND that the room has refused, or the status of the REPORT on it. */
export function msrpAnswer({ refusal, text }: Refused): MsrpAnswer {
  return { status: table[refusal].msrp, comment: oneLine(text) };
}

/** The answer to a NICKNAME that the room has refused (RFC 7701 section 7.1). */
export function nicknameAnswer({ refusal, text }: Refused): MsrpAnswer {
  const { msrp, nickname = msrp } = table[refusal];
  return { status: nickname, comment: oneLine(text) };
}

/** The value of a Reason header (RFC 3326 section 2). */
export function reasonHeader(cause: number, text: string): string {
  return `SIP;cause=${cause};text=${quoted(text)}`;
}

/** Why somebody is hung up on whose MSRP session has ended. */
export function lossOf(reason: CloseReason | 'congested'): {
  readonly header: string;
  readonly text: string;
} {
  switch (reason) {
    case 'never-connected':
      return loss(408, 'the MSRP session was never connected');
    case 'refused':
      return loss(481, 'the MSRP session was refused');
    case 'undelivered':
      return loss(408, 'the MSRP session has failed: a message did not arrive');
    case 'untrusted':
      return loss(403, 'the certificate of the MSRP connection does not fit the SDP');
    case 'congested':
      return loss(480, 'the MSRP connection takes messages too slowly');
    case 'connection-lost':
    case 'ended':
      return loss(480, 'the MSRP connection was lost');
  }
}

/** The text of a Reason header; nothing where it has none. */
export function reasonText(header: string | undefined): string | undefined {
  const [, text] = /;\s*text\s*=\s*"((?:[^"\\]|\\.)*)"/is.exec((header ?? '').slice(0, 1000)) ?? [];
  const plain = oneLine(text?.replace(/\\(.)/gs, '$1') ?? '');
  return plain === '' ? undefined : plain;
}

function loss(cause: number, text: string): { header: string; text: string } {
  return { header: reasonHeader(cause, text), text };
}

function quoted(text: string): string {
  return `"${oneLine(text).replace(/["\\]/g, '\\$&')}"`;
}

/** Without control characters, cut to a length. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).replace(/\p{Cs}$/u, '')}...`;
}
