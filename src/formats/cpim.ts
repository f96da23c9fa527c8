/** The message/cpim wrapper (RFC 3862): reading, writing, and putting another address into one. */
import { CpimError, escapeValue, formatAddress, parseAddress, unescapeValue } from './cpim-syntax.ts';
import type { CpimAddress } from './cpim-syntax.ts';

export { CpimError } from './cpim-syntax.ts';
export type { CpimAddress } from './cpim-syntax.ts';
export { readText } from './wrapped-text.ts';

/** A wrapper that was read. Its texts may hold any character: whoever builds lines from them cleans them. */
export interface Cpim {
  readonly from: CpimAddress;
  /** At least one. */
  readonly to: readonly CpimAddress[];
  readonly cc: readonly CpimAddress[];
  /** As sent, not checked. */
  readonly dateTime: string | undefined;
  /** The first, in whatever language. */
  readonly subject: string | undefined;
  /** What the reader must understand, or must not process the message (RFC 3862 section 3.5). */
  readonly require: readonly string[];
  /** All message headers in their order, with escapes undone and without parameters. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Of the wrapped object, as sent. */
  readonly contentType: string;
  /** The MIME headers of the wrapped object, Content-Type among them. */
  readonly contentHeaders: readonly (readonly [name: string, value: string])[];
  /** A view into the bytes that were read. */
  readonly body: Buffer;
}

/** Both blocks of headers together may take so many bytes, and be so many. */
const MOST_HEAD_BYTES = 16_384;
const MOST_HEADERS = 100;

const NAMESPACE = 'urn:ietf:params:cpim-headers:';

/** RFC 3862 section 3.6: name, colon, parameters, one space. COMPAT: no space, or several. */
const HEADER = /^([!-9;-~]+):((?:;[^\s;="]+=(?:"(?:[ !#-[\]-~]|\\[ -~])*"|[!#-:<-~]*))*)[ \t]*/;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F]/;

interface HeaderLine {
  readonly name: string;
  /** The name without a prefix that only means the namespace of RFC 3862. */
  readonly known: string;
  value: string;
  /** Where the value stands in the bytes. */
  readonly from: number;
  readonly to: number;
}

/** Reads a wrapper in linear time. Throws CpimError and nothing else. */
export function parseCpim(bytes: Buffer): Cpim {
  const outer = readHeaders(bytes, 0, 0);
  let lines = outer.lines;
  let content = lines.filter((line) => /^(?:content-|mime-version$)/i.test(line.name));
  let end = outer.end;
  if (content.some(isContentType)) {
    // COMPAT: the examples of RFC 7701 section 9 put Content-Type among the message headers, without a blank line.
    lines = lines.filter((line) => !content.includes(line));
  } else {
    const inner = readHeaders(bytes, outer.end, lines.length, true);
    content = inner.lines;
    end = inner.end;
  }
  // RFC 3862 section 2.4: the MIME headers must include at least a Content-Type.
  const contentType = content.find(isContentType)?.value;
  if (contentType === undefined || contentType === '')
    throw new CpimError('the wrapped object has no Content-Type');
  const from = addresses(lines, 'From');
  const to = addresses(lines, 'To');
  if (from.length !== 1) throw new CpimError(`there are ${from.length} From headers`);
  if (to.length === 0) throw new CpimError('there is no To header');
  const subject = lines.find((line) => line.known === 'Subject')?.value;
  return {
    from: from[0] as CpimAddress,
    to,
    cc: addresses(lines, 'cc'),
    dateTime: lines.find((line) => line.known === 'DateTime')?.value,
    subject: subject === undefined ? undefined : unescapeValue(subject),
    require: lines
      .filter((line) => line.known === 'Require')
      .flatMap((line) => line.value.split(',').map((name) => name.trim()))
      .filter((name) => name !== ''),
    headers: lines.map((line) => [line.name, unescapeValue(line.value)]),
    contentType,
    contentHeaders: content.map((line) => [line.name, line.value]),
    body: bytes.subarray(end),
  };
}

/**
 * Builds a wrapper in the strict form of RFC 3862. No text breaks out of its header. `headers` come
 * behind the known ones; what may not stand in a header name is left out of it. Throws RangeError
 * on an invalid `dateTime`.
 */
export function writeCpim(message: {
  readonly from: CpimAddress;
  readonly to: CpimAddress;
  readonly cc?: readonly CpimAddress[];
  readonly dateTime: Date;
  readonly contentType: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | string;
}): Buffer {
  const lines = [
    `From: ${formatAddress(message.from)}`,
    `To: ${formatAddress(message.to)}`,
    ...(message.cc ?? []).map((address) => `cc: ${formatAddress(address)}`),
    `DateTime: ${message.dateTime.toISOString()}`,
  ];
  for (const [name, value] of message.headers ?? []) {
    const clean = name.replace(/[^A-Za-z0-9!#$%&'*+\-.^_`|~]/g, '');
    if (clean !== '') lines.push(`${clean}: ${escapeValue(value.trim())}`);
  }
  lines.push('', `Content-Type: ${message.contentType.replace(/\p{Cc}/gu, '')}`, '', '');
  return Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from(message.body)]);
}

/** The same object with another To (the first, if there are several); all other bytes stay. `cpim` is what `bytes` was read as. */
export function rewriteTo(bytes: Buffer, cpim: Cpim, to: CpimAddress): Buffer {
  return rewrite(bytes, cpim, 'To', to);
}

/** The same object with another From; all other bytes stay. `cpim` is what `bytes` was read as. */
export function rewriteFrom(bytes: Buffer, cpim: Cpim, from: CpimAddress): Buffer {
  return rewrite(bytes, cpim, 'From', from);
}

function rewrite(bytes: Buffer, cpim: Cpim, name: string, address: CpimAddress): Buffer {
  const head = bytes.subarray(0, bytes.length - cpim.body.length);
  const line = readHeaders(head, 0, 0).lines.find((candidate) => candidate.known === name);
  if (line === undefined) throw new CpimError(`there is no ${name} header`);
  // RFC 3862 section 2.2: one space before the value, whatever stood there.
  const value = Buffer.from(`${bytes[line.from - 1] === 0x20 ? '' : ' '}${formatAddress(address)}`);
  return Buffer.concat([bytes.subarray(0, line.from), value, bytes.subarray(line.to)]);
}

/** Reads header lines up to and with the blank line. Lines may end in CRLF or (COMPAT: SIPSIMPLE clients) in a bare LF. */
function readHeaders(
  bytes: Buffer,
  start: number,
  already: number,
  mime = false,
): { lines: HeaderLine[]; end: number } {
  const window = bytes.subarray(0, MOST_HEAD_BYTES);
  const lines: HeaderLine[] = [];
  const prefixes = new Map<string, string>();
  for (let at = start; ;) {
    const feed = window.indexOf(0x0a, at);
    if (feed < 0) {
      const long = bytes.length > MOST_HEAD_BYTES;
      throw new CpimError(
        long ? `more than ${MOST_HEAD_BYTES} bytes of headers` : 'no blank line ends the headers',
      );
    }
    const stop = feed > at && window[feed - 1] === 0x0d ? feed - 1 : feed;
    if (stop === at) return { lines, end: feed + 1 };
    const text = window.toString('utf8', at, stop);
    if (CONTROL.test(text)) throw new CpimError('control character in a header');
    const last = lines.at(-1);
    if (mime && last !== undefined && /^[ \t]/.test(text)) {
      // RFC 2045 takes its headers from RFC 822, which may fold them; message headers may not be.
      last.value = `${last.value} ${text.trim()}`.trim();
    } else {
      if (already + lines.length === MOST_HEADERS) throw new CpimError(`more than ${MOST_HEADERS} headers`);
      const line = headerLine(text, at, stop, prefixes);
      lines.push(line);
      if (!mime && line.known === 'NS') learnPrefix(prefixes, line.value);
    }
    at = feed + 1;
  }
}

function headerLine(text: string, at: number, to: number, prefixes: ReadonlyMap<string, string>): HeaderLine {
  const head = HEADER.exec(text);
  const name = head?.[1];
  if (head === null || name === undefined) throw new CpimError('a line that is no header');
  const dot = name.indexOf('.');
  const known = dot > 0 && prefixes.get(name.slice(0, dot)) === NAMESPACE ? name.slice(dot + 1) : name;
  // Everything that HEADER matches is ASCII, so characters are bytes.
  return { name, known, value: text.slice(head[0].length).trim(), from: at + head[0].length, to };
}

/**
 * RFC 3862 section 3.4. A default namespace (an NS header without a prefix) is not obeyed: readers that
 * do not know it take a plain From for the sender, so it has to be the sender here too.
 */
function learnPrefix(prefixes: Map<string, string>, value: string): void {
  const [, prefix, uri] = /^([^\s<]+)[ \t]*<([^<>]*)>$/.exec(value) ?? [];
  if (prefix !== undefined && uri !== undefined) prefixes.set(prefix, uri);
}

function addresses(lines: readonly HeaderLine[], name: string): CpimAddress[] {
  return lines
    .filter((line) => line.known === name)
    .map((line) => {
      const address = parseAddress(line.value);
      if (address === undefined) throw new CpimError(`the ${name} header holds no address`);
      return address;
    });
}

function isContentType(line: HeaderLine): boolean {
  return line.name.toLowerCase() === 'content-type';
}
