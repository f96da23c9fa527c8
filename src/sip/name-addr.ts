/** `"Name" <uri>;parameters`, as in From, To, Contact and Route (RFC 3261 section 20.10). */
import type { Party } from './api.ts';
import {
  formatParameters,
  oneLine,
  type Parameters,
  parseParameters,
  unquote,
  wellFormed,
} from './parameters.ts';
import { canonicalUri } from './uri.ts';

export interface NameAddr {
  /** Unquoted, unescaped, without control characters; '' where there is none. */
  readonly displayName: string;
  /** As written. */
  readonly uri: string;
  readonly parameters: Parameters;
}

const QUOTED_NAME = /^\s*("(?:[^"\\]|\\[^])*")\s*</;
/** Tokens and spaces, and (COMPAT: real clients) text that is not ASCII though it is not quoted. */
const BARE_NAME = /^[A-Za-z0-9\-.!%*_+`'~\s\u0080-\u{10ffff}]*$/u;
const URI = /^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i;
// eslint-disable-next-line no-control-regex -- that is what it is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Reads one element; undefined when it is malformed. */
export function parseNameAddr(text: string): NameAddr | undefined {
  const quoted = QUOTED_NAME.exec(text);
  const open = quoted ? quoted[0].length - 1 : text.indexOf('<');
  if (open < 0) return parseAddrSpec(text);
  const name = quoted ? unquote(quoted[1] ?? '') : text.slice(0, open);
  const close = text.indexOf('>', open);
  if (close < 0 || (!quoted && !BARE_NAME.test(name))) return undefined;
  const uri = text.slice(open + 1, close);
  const parameters = parseParameters(text.slice(close + 1));
  if (!parameters || !URI.test(uri)) return undefined;
  return { displayName: plainName(name), uri, parameters };
}

/** Without angle brackets all parameters are the header's, none the URI's (RFC 3261 section 20). */
function parseAddrSpec(text: string): NameAddr | undefined {
  const semicolon = text.indexOf(';');
  const uri = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  const parameters = parseParameters(semicolon < 0 ? '' : text.slice(semicolon));
  if (!parameters || !URI.test(uri) || uri.includes(',')) return undefined;
  return { displayName: '', uri, parameters };
}

/** Writes an element: the name quoted and escaped, the URI in angle brackets (RFC 3261 section 20.10). */
export function formatNameAddr(address: {
  readonly displayName?: string;
  readonly uri: string;
  readonly parameters?: Parameters;
}): string {
  const name = escapeName(address.displayName ?? '');
  return `${name === '' ? '' : `"${name}" `}<${address.uri}>${formatParameters(address.parameters ?? new Map())}`;
}

/** A display name as it stands between quotes. */
export function escapeName(name: string): string {
  return oneLine(wellFormed(name)).replace(CONTROL, '').replace(/["\\]/g, '\\$&');
}

/** Who that is, in the form that is compared and shown. */
export function partyOf(address: NameAddr): Party {
  return { uri: canonicalUri(address.uri) ?? address.uri, displayName: address.displayName };
}

function plainName(name: string): string {
  return name.replace(CONTROL, '').trim();
}
