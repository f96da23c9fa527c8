/** The message/cpim wrapper (RFC 3862): reading, writing, and putting another address into one. */
import { isAscii } from 'node:buffer';
import { type HeaderLine, isContentType, readHeaders } from './cpim-headers.ts';
import { type ContentHeaders, type PlainWrapper, readPlain } from './cpim-plain.ts';
import {
  CpimError,
  escapeValue,
  formatAddress,
  onOneLine,
  parseAddress,
  unescapeValue,
} from './cpim-syntax.ts';
import type { CpimAddress, Envelope } from './cpim-syntax.ts';

export { CpimCutError, CpimError } from './cpim-syntax.ts';
export type { CpimAddress } from './cpim-syntax.ts';
export { readText } from './wrapped-text.ts';

/** A message header; the value with its escapes undone. The language is a tag of RFC 3066, as `fr` (RFC 3862 section 3.3). */
export type CpimHeader = readonly [name: string, value: string, language?: string];

/** A wrapper that was read. Its texts may hold any character: whoever builds lines from them cleans them. */
export interface Cpim extends Envelope {
  /**
   * What the reader must understand, or must not process the message (RFC 3862 section 3.5). Names of RFC 3862 come
   * without their prefix.
   */
  readonly require: readonly string[];
  /** All message headers in their order. */
  readonly headers: readonly CpimHeader[];
  /** Of the wrapped object, as sent. */
  readonly contentType: string;
  /** The MIME headers of the wrapped object, Content-Type among them. */
  readonly contentHeaders: readonly (readonly [name: string, value: string])[];
  /** A view into the bytes that were read. */
  readonly body: Buffer;
  /** The body as text, where it is short and all of it is ASCII. */
  readonly ascii: string | undefined;
}

/** The namespace of notifications, and the header that asks for them (RFC 5438 sections 6.1 and 6.2). */
const IMDN = 'urn:ietf:params:imdn';
const ASKING = 'Disposition-Notification';

/** Names of headers of the wrapped object. */
const CONTENT = /^(?:content-|mime-version$)/i;

/** Reads a wrapper in linear time. Throws CpimError and nothing else. The bytes are kept, so nobody may change them. */
export function parseCpim(bytes: Buffer): Cpim {
  return new Wrapper(bytes, readPlain(bytes) ?? readAny(bytes));
}

/** The same without the short way. It takes five times as long. */
export function parseAnyCpim(bytes: Buffer): Cpim {
  return new Wrapper(bytes, readAny(bytes));
}

/** Headers of any kind. What a plain wrapper does not have need not be read. */
type Read = PlainWrapper & Partial<Pick<Cpim, 'require' | 'headers'>>;

/** A wrapper of which is read at once what everybody asks for. */
class Wrapper implements Cpim {
  readonly #bytes: Buffer;
  readonly #read: Read;
  #body: Buffer | undefined;
  #headers: readonly CpimHeader[] | undefined;

  constructor(bytes: Buffer, read: Read) {
    this.#bytes = bytes;
    this.#read = read;
  }

  get from(): CpimAddress {
    return this.#read.from;
  }

  get to(): readonly CpimAddress[] {
    return this.#read.to;
  }

  get cc(): readonly CpimAddress[] {
    return this.#read.cc;
  }

  get dateTime(): string | undefined {
    return this.#read.dateTime;
  }

  get subject(): string | undefined {
    return this.#read.subject;
  }

  get require(): readonly string[] {
    return this.#read.require ?? NONE;
  }

  get headers(): readonly CpimHeader[] {
    this.#headers ??= this.#read.headers ?? readAny(this.#bytes).headers;
    return this.#headers;
  }

  get contentType(): string {
    return this.#read.content.contentType;
  }

  get contentHeaders(): ContentHeaders['contentHeaders'] {
    return this.#read.content.contentHeaders;
  }

  get body(): Buffer {
    this.#body ??= this.#bytes.subarray(this.#read.end);
    return this.#body;
  }

  get ascii(): string | undefined {
    const { text, end } = this.#read;
    return text !== undefined && isAscii(this.#bytes) ? text.slice(end) : undefined;
  }
}

const NONE: readonly string[] = Object.freeze([]);

/** Reads a wrapper of any kind. Throws CpimError. */
function readAny(bytes: Buffer): PlainWrapper & Pick<Cpim, 'require' | 'headers'> {
  const outer = readHeaders(bytes, 0, 0);
  let { lines, end } = outer;
  let content: readonly HeaderLine[];
  if (lines.some(isContentType)) {
    // COMPAT: the examples of RFC 7701 section 9 put Content-Type among the message headers, without a blank line.
    content = lines.filter(({ name }) => CONTENT.test(name));
    lines = lines.filter(({ name }) => !CONTENT.test(name));
  } else {
    ({ lines: content, end } = readHeaders(bytes, outer.end, lines.length, true));
  }
  // RFC 3862 section 2.4: the MIME headers must include at least a Content-Type.
  const contentType = content.find(isContentType)?.value;
  if (contentType === undefined || contentType === '')
    throw new CpimError('the wrapped object has no Content-Type');
  // One by one: to spread an object into another takes longer than all the rest.
  const { from, to, cc, dateTime, subject } = known(lines);
  return {
    from,
    to,
    cc,
    dateTime,
    subject,
    require: outer.required,
    headers: lines.map(asHeader),
    content: { contentType, contentHeaders: content.map((line) => [line.name, line.value]) },
    end,
  };
}

type Known = Pick<Cpim, 'from' | 'to' | 'cc' | 'dateTime' | 'subject'>;

/** What the message headers of RFC 3862's namespace say. */
function known(lines: readonly HeaderLine[]): Known {
  const from: CpimAddress[] = [];
  const to: CpimAddress[] = [];
  const cc: CpimAddress[] = [];
  let dateTime: string | undefined;
  let subject: string | undefined;
  for (const line of lines) {
    switch (line.known) {
      case 'From':
        from.push(address(line));
        break;
      case 'To':
        to.push(address(line));
        break;
      case 'cc':
        cc.push(address(line));
        break;
      case 'DateTime':
        dateTime ??= line.value;
        break;
      case 'Subject':
        subject ??= unescapeValue(line.value);
    }
  }
  const [author] = from;
  if (!author || from.length > 1) throw new CpimError(`there are ${from.length} From headers`);
  if (to.length === 0) throw new CpimError('there is no To header');
  return { from: author, to, cc, dateTime, subject };
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
  readonly headers?: readonly CpimHeader[];
  readonly body: Buffer | string;
}): Buffer {
  const lines = [
    `From: ${formatAddress(message.from)}`,
    `To: ${formatAddress(message.to)}`,
    ...(message.cc ?? []).map((address) => `cc: ${formatAddress(address)}`),
    `DateTime: ${message.dateTime.toISOString()}`,
  ];
  for (const [name, value, language = ''] of message.headers ?? []) {
    const clean = name.replace(/[^A-Za-z0-9!#$%&'*+\-.^_`|~]/g, '');
    const tag = language.replace(/[^A-Za-z0-9-]/g, '');
    if (clean === '') continue;
    lines.push(`${clean}:${tag === '' ? '' : `;lang=${tag}`} ${escapeValue(onOneLine(value).trim())}`);
  }
  lines.push('', `Content-Type: ${message.contentType.replace(/\p{Cc}/gu, '')}`, '', '');
  return Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from(message.body)]);
}

/**
 * The same object with another To (the first, if there are several); all other bytes stay. Where notifications are asked
 * for, Original-To is put in behind that, as RFC 5438 section 6.4 wants it. `cpim` is what `bytes` was read as.
 */
export function rewriteTo(bytes: Buffer, cpim: Cpim, to: CpimAddress): Buffer {
  const lines = messageHeaders(bytes, cpim);
  const line = lineOf(lines, 'To');
  const asking = lines.find(({ known, value }) => known === `${IMDN} ${ASKING}` && value !== '');
  const isTold = lines.some(({ known }) => known === `${IMDN} Original-To`);
  const rewritten = withAddress(bytes, line, to);
  if (!asking || isTold) return rewritten;
  const name = `${asking.name.slice(0, -ASKING.length)}Original-To`;
  const at = asking.to + (asking.from > line.from ? rewritten.length - bytes.length : 0);
  const told = Buffer.from(`\r\n${name}: ${line.value}`);
  return Buffer.concat([rewritten.subarray(0, at), told, rewritten.subarray(at)]);
}

/** The same object with another From; all other bytes stay. `cpim` is what `bytes` was read as. */
export function rewriteFrom(bytes: Buffer, cpim: Cpim, from: CpimAddress): Buffer {
  return withAddress(bytes, lineOf(messageHeaders(bytes, cpim), 'From'), from);
}

/**
 * The wrapper that belongs into a REPORT on a private message (RFC 7701 section 6.2): the original From and To as they
 * stood, around nothing. `cpim` is what `bytes` was read as.
 */
export function reportWrapper(bytes: Buffer, cpim: Cpim): Buffer {
  const lines = messageHeaders(bytes, cpim);
  const [from, to] = [lineOf(lines, 'From').value, lineOf(lines, 'To').value];
  const head = [`From: ${from}`, `To: ${to}`, '', 'Content-Type: text/plain', '', ''];
  return Buffer.from(head.join('\r\n'));
}

function messageHeaders(bytes: Buffer, cpim: Cpim): readonly HeaderLine[] {
  return readHeaders(bytes.subarray(0, bytes.length - cpim.body.length), 0, 0).lines;
}

/** The first header of a name. */
function lineOf(lines: readonly HeaderLine[], name: string): HeaderLine {
  const line = lines.find(({ known }) => known === name);
  if (line === undefined) throw new CpimError(`there is no ${name} header`);
  return line;
}

function withAddress(bytes: Buffer, line: HeaderLine, address: CpimAddress): Buffer {
  // RFC 3862 section 2.2: one space before the value, whatever stood there.
  const value = Buffer.from(`${bytes[line.from - 1] === 0x20 ? '' : ' '}${formatAddress(address)}`);
  return Buffer.concat([bytes.subarray(0, line.from), value, bytes.subarray(line.to)]);
}

function asHeader({ name, value, language }: HeaderLine): CpimHeader {
  return language === undefined ? [name, unescapeValue(value)] : [name, unescapeValue(value), language];
}

function address({ known: name, value }: HeaderLine): CpimAddress {
  const found = parseAddress(value);
  if (!found) throw new CpimError(`the ${name} header holds no address`);
  return found;
}
