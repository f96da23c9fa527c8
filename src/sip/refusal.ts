/** Answers that the stack gives by itself, without a room. */

export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Whole header lines. */
  readonly headers?: readonly string[];
}

export const METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'SUBSCRIBE', 'NOTIFY'] as const;
export const ALLOW = `Allow: ${METHODS.join(', ')}`;
export const ACCEPT_SDP = 'Accept: application/sdp';

/** Methods that the IANA registry has and we do not take: they are known, so 405 and not 501 (RFC 3261 section 8.2.1). */
const KNOWN = new Set(['INFO', 'MESSAGE', 'PRACK', 'PUBLISH', 'REFER', 'REGISTER', 'UPDATE']);

/** 400 with a reason phrase that says what is wrong (RFC 3261 section 21.4.1). */
export function badRequest(reason: string): Refusal {
  return { status: 400, reason };
}

export const uriTooLong: Refusal = { status: 414, reason: 'Request-URI Too Long' };
export const unsupportedScheme: Refusal = { status: 416, reason: 'Unsupported URI Scheme' };
export const unsupportedVersion: Refusal = { status: 505, reason: 'Version Not Supported' };
export const tooLarge: Refusal = { status: 513, reason: 'Message Too Large' };
export const notFound: Refusal = { status: 404, reason: 'Not Found' };
export const noDialog: Refusal = { status: 481, reason: 'Call/Transaction Does Not Exist' };
export const ownFault: Refusal = { status: 500, reason: 'Server Internal Error' };

/** Undefined for the methods that we take. */
export function methodRefusal(method: string): Refusal | undefined {
  if (METHODS.some((ours) => ours === method)) return undefined;
  return KNOWN.has(method)
    ? { status: 405, reason: 'Method Not Allowed', headers: [ALLOW] }
    : { status: 501, reason: 'Not Implemented', headers: [ALLOW] };
}

/** 420 with Unsupported: all that was required (RFC 3261 section 8.2.2.3). */
export function badExtension(tags: readonly string[]): Refusal {
  return { status: 420, reason: 'Bad Extension', headers: [`Unsupported: ${tags.join(', ')}`] };
}

/** 489 with Allow-Events (RFC 6665 section 4.2.1.1). */
export function badEvent(allowed: readonly string[]): Refusal {
  return { status: 489, reason: 'Bad Event', headers: [`Allow-Events: ${allowed.join(', ')}`] };
}

/** 406; `headers` say what would be (RFC 3261 section 21.4.7). */
export function notAcceptable(headers: readonly string[]): Refusal {
  return { status: 406, reason: 'Not Acceptable', headers };
}

/** 415; `headers` say what is taken (RFC 3261 section 8.2.3). */
export function unsupportedMedia(headers: readonly string[]): Refusal {
  return { status: 415, reason: 'Unsupported Media Type', headers };
}
