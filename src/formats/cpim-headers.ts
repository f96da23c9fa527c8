/** The header lines of a message/cpim object: where they stand, what they are called, and in which namespace (RFC 3862 sections 2.2, 3 and 4.6). */
import { CpimCutError, CpimError } from './cpim-syntax.ts';

/** One line. */
export interface HeaderLine {
  /** As it stands there. */
  readonly name: string;
  /**
   * The name alone where it is one of RFC 3862's namespace, by whatever prefix; else with what tells it from those: its
   * namespace, or a prefix that was not declared.
   */
  readonly known: string;
  /** Of the parameter `lang` (RFC 3862 section 3.3); undefined where there is none. */
  readonly language: string | undefined;
  /** With its escapes, without white space around it. */
  value: string;
  /** Where the value stands in the bytes. */
  readonly from: number;
  readonly to: number;
}

export interface HeaderBlock {
  readonly lines: readonly HeaderLine[];
  /** The names in its Require headers: those of RFC 3862's namespace without a prefix. */
  readonly required: readonly string[];
  /** Where the blank line behind it ends. */
  readonly end: number;
}

/** Both blocks of headers together may take so many bytes, and so many lines. */
const MOST_HEAD_BYTES = 16_384;
const MOST_HEADERS = 100;

const NAMESPACE = 'urn:ietf:params:cpim-headers:';

/** RFC 3862 section 3.6: name, colon, parameters, one space. COMPAT: no space, or several. */
const HEADER = /^([!-9;-~]+):((?:;[^\s;="]+=(?:"(?:[^"\\]|\\.)*"|[^\s;"]*))*)[ \t]*/su;
const LANGUAGE = /;lang=([A-Za-z0-9-]+)/;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F]/;

/**
 * Namespaces by prefix; the one of '' is that of names without a prefix. They are good from the NS header on, not before
 * (RFC 3862 section 3.4).
 */
type Namespaces = ReadonlyMap<string, string>;

/**
 * Reads header lines from `start` up to and with the blank line. Lines may end in CRLF or (COMPAT: SIPSIMPLE clients) in a
 * bare LF. `already` of the lines that may be are used up. Throws CpimError.
 */
export function readHeaders(bytes: Buffer, start: number, already: number, mime = false): HeaderBlock {
  return plainHeaders(bytes, start, MOST_HEADERS - already) ?? anyHeaders(bytes, start, already, mime);
}

/** Bytes in which a block of headers usually ends. */
const USUAL_BYTES = 512;
// oxlint-disable-next-line no-control-regex
const NOT_ASCII = /[^ -~\r\n]/;
const SPACE = 0x20;

/**
 * Reads a block as nearly all are: short, of ASCII, each line `Name: value` and CRLF, nothing in it that means more than it
 * says. It takes a tenth of the time. Undefined: it is another one, or wrong.
 */
function plainHeaders(bytes: Buffer, start: number, most: number): HeaderBlock | undefined {
  const text = bytes.toString('latin1', start, start + USUAL_BYTES);
  const lines: HeaderLine[] = [];
  for (let at = 0; lines.length <= most;) {
    const stop = text.indexOf('\r', at);
    if (stop < 0 || text.indexOf('\n', at) !== stop + 1) return undefined;
    if (stop === at) {
      return NOT_ASCII.test(text.slice(0, stop)) ? undefined : { lines, required: [], end: start + stop + 2 };
    }
    const line = plainLine(text, at, stop, start);
    if (!line) return undefined;
    lines.push(line);
    at = stop + 2;
  }
  return undefined;
}

function plainLine(text: string, at: number, stop: number, start: number): HeaderLine | undefined {
  const colon = text.indexOf(':', at);
  const from = colon + 2;
  // One space behind the colon and none before it, nor at the ends of the value.
  if (colon <= at || from >= stop || text.indexOf(' ', at) !== colon + 1) return undefined;
  if (text.charCodeAt(from) <= SPACE || text.charCodeAt(stop - 1) <= SPACE) return undefined;
  const name = text.slice(at, colon);
  // What has to do with namespaces needs to be looked at.
  if (name === 'NS' || name === 'Require' || name.includes('.') || name.includes(';')) return undefined;
  const value = text.slice(from, stop);
  return { name, known: name, language: undefined, value, from: start + from, to: start + stop };
}

/** Whether a header is the one without which nothing is wrapped. */
export function isContentType({ name }: Pick<HeaderLine, 'name'>): boolean {
  return name === 'Content-Type' || (name.length === 12 && name.toLowerCase() === 'content-type');
}

function anyHeaders(bytes: Buffer, start: number, already: number, mime: boolean): HeaderBlock {
  const window = bytes.subarray(0, MOST_HEAD_BYTES);
  const lines: HeaderLine[] = [];
  const required: string[] = [];
  const namespaces = new Map<string, string>();
  let left = MOST_HEADERS - already;
  for (let at = start; ;) {
    const feed = window.indexOf(0x0a, at);
    if (feed < 0) {
      if (bytes.length <= MOST_HEAD_BYTES) throw new CpimCutError('no blank line ends the headers');
      throw new CpimError(`more than ${MOST_HEAD_BYTES} bytes of headers`);
    }
    const stop = feed > at && window[feed - 1] === 0x0d ? feed - 1 : feed;
    if (stop === at) return { lines, required, end: feed + 1 };
    const text = window.toString('utf8', at, stop);
    if (CONTROL.test(text)) throw new CpimError('control character in a header');
    // A line that goes on from another one counts too: each is as much work.
    if (left === 0) throw new CpimError(`more than ${MOST_HEADERS} headers`);
    left -= 1;
    const last = lines.at(-1);
    if (mime && last !== undefined && /^[ \t]/.test(text)) {
      // RFC 2045 takes its headers from RFC 822, which may fold them; message headers may not be.
      last.value = `${last.value} ${text.trim()}`.trim();
    } else {
      const line = headerLine(text, at, stop, namespaces);
      lines.push(line);
      if (!mime && line.known === 'NS') declare(namespaces, line.value);
      if (!mime && line.known === 'Require') required.push(...requirements(line.value, namespaces));
    }
    at = feed + 1;
  }
}

function headerLine(text: string, at: number, to: number, namespaces: Namespaces): HeaderLine {
  const head = HEADER.exec(text);
  const name = head?.[1];
  if (head === null || name === undefined) throw new CpimError('a line that is no header');
  // What is no UTF-8 was read as something of another length.
  const isCounted = Buffer.byteLength(text) === to - at;
  const length = Buffer.byteLength(head[0]);
  if (length !== head[0].length && !isCounted) throw new CpimError('a header that is not UTF-8');
  return {
    name,
    known: knownAs(name, namespaces),
    language: LANGUAGE.exec(head[2] ?? '')?.[1],
    value: text.slice(head[0].length).trim(),
    from: at + length,
    to,
  };
}

/** A name with what its prefix, or none, stands for; without a namespace where the prefix was not declared. */
function resolved(
  name: string,
  namespaces: Namespaces,
): { readonly namespace: string | undefined; readonly local: string } {
  const dot = name.indexOf('.');
  if (dot <= 0) return { namespace: namespaces.get('') ?? NAMESPACE, local: name };
  const namespace = namespaces.get(name.slice(0, dot));
  return { namespace, local: namespace === undefined ? name : name.slice(dot + 1) };
}

/** What a name means (RFC 3862 section 3.4). Throws CpimError where readers would not agree on it. */
function knownAs(name: string, namespaces: Namespaces): string {
  const { namespace, local } = resolved(name, namespaces);
  if (namespace === NAMESPACE || namespace === undefined) return local;
  // Under another default namespace nothing could be declared or required any more.
  if (name === 'NS' || name === 'Require') return name;
  // Most readers know no default namespaces: they take it for the sender or for a recipient.
  if (name === 'From' || name === 'To' || name === 'cc')
    throw new CpimError(`${name} belongs to another namespace`);
  return `${namespace} ${local}`;
}

/** An NS header: `prefix <uri>`, or `<uri>` for names without a prefix (RFC 3862 section 4.6). */
function declare(namespaces: Map<string, string>, value: string): void {
  const [, prefix = '', uri] = /^(?:([^\s<.]+)[ \t]*)?<([^<>]*)>$/.exec(value) ?? [];
  if (uri !== undefined) namespaces.set(prefix, uri);
}

/** The names in a Require header (RFC 3862 section 4.7): those of RFC 3862 without their prefix, others as they stand. */
function requirements(value: string, namespaces: Namespaces): string[] {
  const names = value.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '')
    .map((name) => {
      const { namespace, local } = resolved(name, namespaces);
      if (namespace === NAMESPACE) return local;
      return name.includes('.') || namespace === undefined ? name : `${namespace} ${local}`;
    });
}
