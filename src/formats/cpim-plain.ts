/**
 * Wrappers as nearly all are, read in a fraction of the time: short headers, none of which changes what others mean, and
 * most lines the same as in an earlier wrapper. Nothing is read here that the reader of all wrappers would read otherwise.
 */
import { latin1 } from '../common/latin1.ts';
import { type HeaderLine, isContentType, readHeaders } from './cpim-headers.ts';
import { type CpimAddress, CpimError, type Envelope, parseAddress, unescapeValue } from './cpim-syntax.ts';
import { Remembered } from './remembered.ts';

/** What a wrapper says, and where what it carries begins. */
export interface PlainWrapper extends Envelope {
  readonly content: ContentHeaders;
  readonly end: number;
  /** All bytes as characters, where they are few. */
  readonly text?: string | undefined;
}

/** The MIME headers of a wrapped object. */
export interface ContentHeaders {
  readonly contentType: string;
  readonly contentHeaders: readonly (readonly [name: string, value: string])[];
}

interface Addressed {
  readonly name: string;
  readonly address: CpimAddress;
  /** Of this one address. */
  readonly list: readonly CpimAddress[];
}

/** Bytes in which the headers usually end. */
const USUAL_BYTES = 1024;
/** Far from the most that may be, which would have to be counted over both blocks. */
const MOST_LINES = 20;
const SPACE = 0x20;
const [CR, LF, UPPER_F, UPPER_T, LOWER_C] = [0x0d, 0x0a, 0x46, 0x54, 0x63];
const NOT_PLAIN = /[^ -~]/;
const ADDRESSED = /^(?:From|To|cc):/;
const NOBODY: readonly CpimAddress[] = Object.freeze([]);

/** Two memories, so that sender and recipient do not take turns in being the last one. */
const senders = new Remembered(readAddressed);
const recipients = new Remembered(readAddressed);
const contents = new Remembered(readContent);

/** The first two lines of the last wrapper that began with its sender and a recipient. */
interface Opening {
  readonly text: string;
  readonly from: CpimAddress | undefined;
  readonly to: readonly CpimAddress[];
}

const OPENING_LINES = 2;
const NO_OPENING: Opening = { text: '', from: undefined, to: NOBODY };
let lastOpening = NO_OPENING;

/** Reads a wrapper. Undefined: it is none, or one that is to be looked at more closely. Never throws. */
export function readPlain(bytes: Buffer): PlainWrapper | undefined {
  const text = latin1(bytes, 0, USUAL_BYTES);
  const opening = text.slice(0, lastOpening.text.length) === lastOpening.text ? lastOpening : NO_OPENING;
  let { from, to } = opening;
  let cc = NOBODY;
  let dateTime: string | undefined;
  let subject: string | undefined;
  let at = opening.text.length;
  for (let line = at > 0 ? OPENING_LINES : 0; ; line += 1) {
    const stop = text.indexOf('\r\n', at);
    if (stop < 0 || line === MOST_LINES) return undefined;
    if (stop === at) break;
    const who = addressedLine(text, at, stop);
    if (who === undefined) {
      const value = plainValue(text, at, stop);
      if (value === undefined) return undefined;
      const name = text.slice(at, stop - value.length - 2);
      if (name === 'DateTime') dateTime ??= value;
      else if (name === 'Subject') subject ??= unescapeValue(value);
      else if (isUnusual(name, value)) return undefined;
    } else if (who.name === 'To') {
      to = to === NOBODY ? who.list : [...to, who.address];
    } else if (who.name === 'cc') {
      cc = cc === NOBODY ? who.list : [...cc, who.address];
    } else if (from) {
      return undefined;
    } else {
      from = who.address;
    }
    at = stop + 2;
    // Whoever writes sender and recipient first, as nearly everybody does, writes them again.
    if (line === OPENING_LINES - 1 && from && to !== NOBODY)
      lastOpening = { text: text.slice(0, at), from, to };
  }
  const start = at + 2;
  const end = endOfBlock(text, start);
  const content = end < 0 ? undefined : contents.of(text.slice(start, end));
  if (!content || !from || to === NOBODY) return undefined;
  const whole = bytes.length <= USUAL_BYTES ? text : undefined;
  return { from, to, cc, dateTime, subject, content, end, text: whole };
}

/** The line as one with an address in it. */
function addressedLine(text: string, at: number, stop: number): Addressed | undefined {
  const first = text.charCodeAt(at);
  if (first === UPPER_F) return senders.of(text.slice(at, stop));
  return first === UPPER_T || first === LOWER_C ? recipients.of(text.slice(at, stop)) : undefined;
}

function readAddressed(line: string): Addressed | undefined {
  if (!ADDRESSED.test(line)) return undefined;
  const value = plainValue(line, 0, line.length);
  if (value !== undefined) return addressed(line.slice(0, -2 - value.length), value);
  const [header, another] = linesOf(`${line}\r\n\r\n`, false) ?? [];
  return header && !another ? addressed(header.known, header.value) : undefined;
}

function addressed(name: string, value: string): Addressed | undefined {
  const address = parseAddress(value);
  if (!address) return undefined;
  Object.freeze(address);
  return { name, address, list: Object.freeze([address]) };
}

/** The value of a line that means no more than it says: one space behind the colon, none before it nor at the ends of the value. */
function plainValue(text: string, at: number, stop: number): string | undefined {
  const colon = text.indexOf(':', at);
  const from = colon + 2;
  if (colon <= at || from >= stop || text.indexOf(' ', at) !== colon + 1) return undefined;
  if (text.charCodeAt(from) <= SPACE || text.charCodeAt(stop - 1) <= SPACE) return undefined;
  return NOT_PLAIN.test(text.slice(at, stop)) ? undefined : text.slice(from, stop);
}

/** A prefix for names of another namespace, which are none of ours then whatever stands behind it. */
const OTHER_NAMESPACE = /^[^\s<.]+ <(?!urn:ietf:params:cpim-headers:>)[^<>]*>$/;

/** Whether a header changes what others mean, must be understood, or should have been read as an address. */
function isUnusual(name: string, value: string): boolean {
  if (name === 'NS') return !OTHER_NAMESPACE.test(value);
  if (name === 'Require' || name === 'From' || name === 'To' || name === 'cc') return true;
  return isContentType({ name });
}

/** Where the blank line behind a block of lines ends, whatever its line ends are; -1 where there are no lines, or no end. */
function endOfBlock(text: string, start: number): number {
  for (let at = text.indexOf('\n', start); at >= 0; at = text.indexOf('\n', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === LF) return at + 2;
    if (next === CR && text.charCodeAt(at + 2) === LF) return at + 3;
  }
  return -1;
}

function readContent(block: string): ContentHeaders | undefined {
  // Lines that go on from others count too.
  const lines = block.split('\n', MOST_LINES).length < MOST_LINES ? linesOf(block, true) : undefined;
  if (!lines) return undefined;
  const contentType = lines.find(isContentType)?.value;
  if (contentType === undefined || contentType === '') return undefined;
  const headers = lines.map(({ name, value }) => Object.freeze([name, value] as const));
  return { contentType, contentHeaders: Object.freeze(headers) };
}

/** The lines of a block; undefined where it is none, or goes on. */
function linesOf(block: string, mime: boolean): readonly HeaderLine[] | undefined {
  const bytes = Buffer.from(block, 'latin1');
  try {
    const { lines, end } = readHeaders(bytes, 0, 0, mime);
    return end === bytes.length ? lines : undefined;
  } catch (error) {
    if (error instanceof CpimError) return undefined;
    throw error;
  }
}
