/** The start line and header fields of a message: bytes to text, within bounds, in linear time (RFC 3261 section 7). */
import { badRequest, type Refusal, tooLarge, uriTooLong } from './refusal.ts';

/** Bytes or lines; what is beyond is refused before anything looks into it. */
export const LIMITS = {
  head: 16 * 1024,
  body: 64 * 1024,
  lines: 200,
  /** A line that nobody parses. */
  line: 4096,
  /** The start line, and each line that is parsed. */
  parsedLine: 1024,
} as const;

const PARSED = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'contact',
  'route',
  'record-route',
  'event',
  'subscription-state',
  'content-type',
  'content-length',
  'content-disposition',
  'max-forwards',
  'require',
  'expires',
]);

/** RFC 3261 section 7.3.3 and the registry of later RFCs. */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
]);

const NAME = /^[a-z0-9\-.!%*_+`'~]+$/;
/** Our private parameter; nobody else may send one. */
const FLOW = /;\s*x-flow=[A-Za-z0-9_.-]*/gi;

/** The header fields of a message, by full name in lower case. */
export class Head {
  readonly startLine: string;
  /** What is wrong with it; the fields are then as far as they could be read. */
  readonly fault: Refusal | undefined;
  readonly #fields: ReadonlyMap<string, readonly string[]>;

  constructor(startLine: string, fields: ReadonlyMap<string, readonly string[]>, fault?: Refusal) {
    this.startLine = startLine;
    this.fault = fault;
    this.#fields = fields;
  }

  /** The value of the first line of that name (long form, lower case). */
  first(name: string): string | undefined {
    return this.#fields.get(name)?.[0];
  }

  /** The values of all lines of that name, in order. */
  all(name: string): readonly string[] {
    return this.#fields.get(name) ?? [];
  }
}

/** Reads what stands before the empty line. */
export function parseHead(bytes: Buffer): Head {
  // Of one that is too long as much is read as an answer needs.
  const tooLong = bytes.length > LIMITS.head;
  const size = tooLong ? Math.max(bytes.lastIndexOf('\r\n', LIMITS.head), 0) : bytes.length;
  const [startLine = '', ...lines] = bytes
    .toString('utf8', 0, size)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const fields = new Map<string, string[]>();
  let fault: Refusal | undefined = tooLong ? tooLarge : undefined;
  if (startLine.length > LIMITS.parsedLine) fault ??= uriTooLong;
  else if (/[\r\n]/.test(startLine)) fault ??= badRequest('Bad Request-Line');
  if (lines.length > LIMITS.lines) fault ??= badRequest('Too Many Header Fields');
  for (const line of lines.slice(0, LIMITS.lines)) {
    const colon = line.indexOf(':');
    const written = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const name = COMPACT.get(written) ?? written;
    if (!NAME.test(name) || /[\r\n]/.test(line)) {
      fault ??= badRequest('Malformed Header Field');
    } else if (line.length > (PARSED.has(name) ? LIMITS.parsedLine : LIMITS.line)) {
      fault ??= badRequest('Header Field Too Long');
    } else {
      const value = line.slice(colon + 1).trim();
      const values = fields.get(name);
      const kept = value.includes('=') ? value.replace(FLOW, '') : value;
      if (values) values.push(kept);
      else fields.set(name, [kept]);
    }
  }
  return new Head(startLine, fields, fault);
}

/**
 * How many bytes of body the head announces; undefined where it says nothing, a refusal where it cannot be believed
 * (RFC 3261 section 20.14).
 */
export function announcedLength(head: Head): number | undefined | Refusal {
  const [value, ...others] = head.all('content-length');
  if (value === undefined) return undefined;
  if (others.length > 0) return badRequest('Multiple Content-Length');
  if (!/^\d{1,9}$/.test(value)) return badRequest('Bad Content-Length');
  return Number(value) > LIMITS.body ? tooLarge : Number(value);
}
