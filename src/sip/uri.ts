/** SIP URIs: reading, writing, canonical form and comparison (RFC 3261 section 19.1). Every function takes linear time. */
import { isIPv6 } from 'node:net';
import { wellFormed } from './parameters.ts';

export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** As written, escapes and all; undefined where there is none. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** In lower case; an IPv6 address stands here without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case, values as written. */
  readonly parameters: ReadonlyMap<string, string | undefined>;
  /** What follows the `?`, as written. */
  readonly headers: string | undefined;
}

const SCHEME = /^(sips?):/i;
/** Wider than the grammar: IRC names hold brackets and the like, and not every client escapes them. */
const USERINFO = /^(?:[^\s<>"@%:]|%[0-9a-f]{2})+(:(?:[^\s<>"@%:]|%[0-9a-f]{2})*)?$/i;
const HOST_PORT = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i;
const PARAMETER = /^[^\s<>"@;?=%]*(?:%[0-9a-f]{2}[^\s<>"@;?=%]*)*$/i;
const OTHER_URI = /^([a-z][a-z0-9+.-]*):([^\s<>"]+)$/i;
const ESCAPE = /%([0-9a-f]{2})/gi;
const UNRESERVED = /[A-Za-z0-9\-_.!~*'()]/;

/** Reads a sip or sips URI; undefined when it is none. */
export function parseSipUri(text: string): SipUri | undefined {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  const rest = text.slice(scheme.length + 1);
  const at = rest.indexOf('@');
  const userinfo = at < 0 ? undefined : rest.slice(0, at);
  if (userinfo !== undefined && !USERINFO.test(userinfo)) return undefined;
  const after = rest.slice(at + 1);
  const question = after.indexOf('?');
  const [hostPort = '', ...pieces] = (question < 0 ? after : after.slice(0, question)).split(';');
  const match = HOST_PORT.exec(hostPort);
  const parameters = readParameters(pieces);
  if (!match || !parameters) return undefined;
  const [, ipv6, name, digits] = match;
  const port = digits === undefined ? undefined : Number(digits);
  if ((ipv6 !== undefined && !isIPv6(ipv6)) || (port !== undefined && port > 65_535)) return undefined;
  const headers = question < 0 ? undefined : after.slice(question + 1);
  if (headers !== undefined && /[\s<>"@]/.test(headers)) return undefined;
  const colon = userinfo?.indexOf(':') ?? -1;
  return {
    scheme: scheme === 'sips' ? 'sips' : 'sip',
    user: colon < 0 ? userinfo : userinfo?.slice(0, colon),
    password: colon < 0 ? undefined : userinfo?.slice(colon + 1),
    host: (ipv6 ?? name ?? '').toLowerCase(),
    port,
    parameters,
    headers,
  };
}

function readParameters(pieces: readonly string[]): Map<string, string | undefined> | undefined {
  const parameters = new Map<string, string | undefined>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? undefined : piece.slice(equals + 1);
    if (name === '' || !PARAMETER.test(name) || (value !== undefined && !PARAMETER.test(value)))
      return undefined;
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** Writes a URI as it was read: `parseSipUri` gives the same again. */
export function formatSipUri(uri: SipUri): string {
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) text += `${uri.user}${uri.password === undefined ? '' : `:${uri.password}`}@`;
  text += formatHostPort(uri.host, uri.port);
  for (const [name, value] of uri.parameters) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return uri.headers === undefined ? text : `${text}?${uri.headers}`;
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatHostPort(host: string, port?: number): string {
  const written = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? written : `${written}:${port}`;
}

/** A user part with its escapes undone, so that `%72oom` is `room`. What is no UTF-8 when unescaped stays as it is. */
export function canonicalUser(user: string): string {
  if (!user.includes('%')) return user;
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Writes any text as a user part: what RFC 3261 section 25.1 does not allow there is escaped. */
export function escapeUser(user: string): string {
  return encodeURIComponent(wellFormed(user)).replace(/%(?:26|3D|2B|24|2C|3B|3F|2F)/g, decodeURIComponent);
}

/**
 * The form by which we tell addresses apart: scheme and host in lower case, the port where one is given, no password,
 * no parameters, no headers, escapes only where they must be. Other schemes (`tel:`) keep all but the case of the scheme.
 * Undefined when it is no URI.
 */
export function canonicalUri(text: string): string | undefined {
  if (!SCHEME.test(text)) {
    const other = OTHER_URI.exec(text);
    return other ? `${(other[1] ?? '').toLowerCase()}:${other[2] ?? ''}` : undefined;
  }
  const uri = parseSipUri(text);
  if (!uri) return undefined;
  const user = uri.user === undefined ? '' : `${escapeUser(canonicalUser(uri.user))}@`;
  return `${uri.scheme}:${user}${formatHostPort(uri.host, uri.port)}`;
}

/** Whether two URIs are equivalent by RFC 3261 section 19.1.4. What is no SIP URI equals nothing. */
export function sameSipUri(one: string, other: string): boolean {
  const a = parseSipUri(one);
  const b = parseSipUri(other);
  return (
    a !== undefined &&
    b !== undefined &&
    a.scheme === b.scheme &&
    sameEscaped(a.user, b.user) &&
    sameEscaped(a.password, b.password) &&
    a.host === b.host &&
    a.port === b.port &&
    sameParameters(a.parameters, b.parameters) &&
    sameHeaders(a.headers, b.headers)
  );
}

/** These never match where only one URI has them, not even with the default value. */
const MUST_MATCH = ['user', 'ttl', 'method', 'maddr', 'transport'];

function sameParameters(a: SipUri['parameters'], b: SipUri['parameters']): boolean {
  if (MUST_MATCH.some((name) => a.has(name) !== b.has(name))) return false;
  for (const [name, value] of a) {
    if (b.has(name) && normal(value)?.toLowerCase() !== normal(b.get(name))?.toLowerCase()) return false;
  }
  return true;
}

function sameHeaders(a = '', b = ''): boolean {
  const sorted = (text: string) =>
    text
      .split('&')
      .map((pair) => normal(pair.replace(/^[^=]*/, (name) => name.toLowerCase())))
      .sort()
      .join('&');
  return sorted(a) === sorted(b);
}

function sameEscaped(a: string | undefined, b: string | undefined): boolean {
  return normal(a) === normal(b);
}

/** A character is the same as its escape unless it is reserved (RFC 3261 section 19.1.4). */
function normal<T extends string | undefined>(text: T): T | string {
  return text?.replace(ESCAPE, (escape, hex: string) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  }) as T | string;
}
