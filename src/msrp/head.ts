/** The head of a request or response: start line and headers (RFC 4975 section 9). */
import { identEnd, isIdent } from './idents.ts';
import type { PathMemory } from './path-memory.ts';

/** `$` the message ends here, `+` it goes on in another chunk, `#` it is given up (RFC 4975 section 7.1). */
export type ContinuationFlag = '$' | '+' | '#';

/** What can be known of a head that cannot be read to its end. */
export interface Remains {
  readonly transactionId: string;
  readonly method: string;
  readonly toPath: string;
  readonly fromPath: string;
  readonly failureReport: string;
}

/** The stream is no MSRP, or not any more: where the next frame begins cannot be told. */
export class MsrpSyntaxError extends Error {
  override readonly name = 'MsrpSyntaxError';
  /** The request at fault, where its beginning and both its paths could be read. */
  readonly remains: Remains | undefined;

  constructor(message: string, text: string) {
    super(message);
    this.remains = remainsOf(text);
  }
}

/**
 * A head as it stood on the wire. A header that is not there is the empty text. Values of ASCII by grammar are not
 * decoded; `nickname`, `comment`, `statusLine` and the extras are UTF-8 and are.
 */
export class MsrpHead {
  readonly transactionId: string;
  /** The method of a request; empty in a response. */
  readonly method: string;
  /** The code of a response; 0 in a request. */
  readonly status: number;
  readonly comment: string;
  toPath = '';
  fromPath = '';
  messageId = '';
  byteRange = '';
  successReport = '';
  failureReport = '';
  contentType = '';
  /** The Status header of a REPORT. */
  statusLine = '';
  /** The value of the first Use-Nickname (RFC 7701 section 7.1). */
  nickname = '';
  /** How many Use-Nickname headers there are. */
  nicknames = 0;
  /** A header that may stand once stands twice. */
  repeated = false;
  /** All other headers, in their order; undefined where there are none. */
  extras: [name: string, value: string][] | undefined;
  /** How many bytes it took, with the end-line where that follows directly, without the blank line before a body. */
  length = 0;
  /** The flag of the end-line that follows the headers directly; undefined where a body comes (it may be empty). */
  flag: ContinuationFlag | undefined;

  constructor(transactionId: string, method: string, status: number, comment: string) {
    this.transactionId = transactionId;
    this.method = method;
    this.status = status;
    this.comment = comment;
  }

  get isRequest(): boolean {
    return this.status === 0;
  }
}

/** What begins every end-line. */
export const DASHES = '-------';
const SPACE = 32;
const DASH = 45;
const COLON = 58;
const BEGINNING = 'MSRP ';
const SEND = ' SEND\r\n';
const METHOD = /^[A-Z]{1,32}$/;
const STATUS = /^[1-9]\d\d(?: |$)/;
const NON_ASCII = /[\x80-\xff]/;
const NAME = /^[A-Za-z][!#-'*+\-.0-9A-Z^-~]*$/;

/**
 * Reads the head that begins `text` (bytes as latin1). Undefined when the text ends before the head does.
 * Throws MsrpSyntaxError when it cannot be one. What `paths` remembers makes it faster and changes nothing else.
 */
export function readHead(text: string, paths: PathMemory): MsrpHead | undefined {
  const end = text.indexOf('\r\n');
  if (end < 0) {
    if (!BEGINNING.startsWith(text.slice(0, BEGINNING.length))) throw notMsrp(text);
    return undefined;
  }
  const head = readStartLine(text, end);
  const recalled = paths.recall(head, text, end + 2);
  for (let at = recalled; ;) {
    const stop = text.indexOf('\r\n', at);
    if (stop < 0) return undefined;
    if (stop === at) {
      head.length = at;
      break;
    }
    if (text.charCodeAt(at) === DASH) {
      head.flag = flagOf(head, text.slice(at, stop));
      if (head.flag) {
        head.length = stop + 2;
        break;
      }
    }
    readHeader(head, text, at, stop);
    at = stop + 2;
  }
  if (recalled === end + 2) paths.keep(head);
  return head;
}

/** The flag of an end-line without its line end; undefined where the line is none. */
function flagOf(head: MsrpHead, line: string): ContinuationFlag | undefined {
  const flag = line.at(-1);
  return line.slice(0, -1) === DASHES + head.transactionId && isFlag(flag) ? flag : undefined;
}

/** Reads the start line that begins `text` and stops before `end`. Throws MsrpSyntaxError. */
export function readStartLine(text: string, end: number): MsrpHead {
  // Texts are compared by cutting them out: that is faster than startsWith, which compares one character at a time.
  const space = text.slice(0, BEGINNING.length) === BEGINNING ? identEnd(text, BEGINNING.length) : -1;
  if (space < 0 || space >= end || text.charCodeAt(space) !== SPACE) throw notMsrp(text.slice(0, end));
  if (text.slice(space, end + 2) === SEND) {
    return new MsrpHead(text.slice(BEGINNING.length, space), 'SEND', 0, '');
  }
  return readOtherStart(text, space, end);
}

function readOtherStart(text: string, space: number, end: number): MsrpHead {
  const transactionId = text.slice(BEGINNING.length, space);
  const rest = text.slice(space + 1, end);
  if (METHOD.test(rest)) return new MsrpHead(transactionId, rest, 0, '');
  if (!STATUS.test(rest)) throw notMsrp(text.slice(0, end));
  return new MsrpHead(transactionId, '', Number(rest.slice(0, 3)), decoded(rest.slice(4)));
}

/** Whether a character is one of the three flags of an end-line. */
export function isFlag(character: string | undefined): character is ContinuationFlag {
  return character === '$' || character === '+' || character === '#';
}

/** Whether the named header can be written: a token that begins with a letter. */
export function isHeaderName(name: string): boolean {
  return NAME.test(name);
}

/** Reads the header line that stands in `text` from `at` to `stop`. Throws MsrpSyntaxError. */
export function readHeader(head: MsrpHead, text: string, at: number, stop: number): void {
  // Whoever knows the name before the colon was looked for is done in half of the time.
  const usual = USUAL[text.charCodeAt(at + 2)] ?? '';
  const end = at + usual.length;
  if (usual !== '' && end < stop && text.charCodeAt(end) === COLON && text.slice(at, end) === usual) {
    return keep(head, usual, valueOf(text, end, stop));
  }
  readOther(head, text, at, stop);
}

/** The same of a line that does not begin with a name as we would write it. Apart, so that the usual way stays short enough to be inlined. */
function readOther(head: MsrpHead, text: string, at: number, stop: number): void {
  const colon = text.indexOf(':', at);
  if (colon < 0 || colon >= stop) throw notHeader(text, at, stop);
  const name = text.slice(at, colon);
  if (!isHeaderName(name)) throw notHeader(text, at, stop);
  const value = valueOf(text, colon, stop);
  // The grammar's literals are without regard to case (RFC 4234 section 2.3); hardly anybody makes use of it.
  const own = SPELLINGS.get(name.toLowerCase());
  if (own === undefined) (head.extras ??= []).push([name, decoded(value)]);
  else keep(head, own, value);
}

const SPELLINGS = new Map(
  [
    'To-Path',
    'From-Path',
    'Message-ID',
    'Byte-Range',
    'Success-Report',
    'Failure-Report',
    'Content-Type',
    'Status',
    'Use-Nickname',
  ].map((name) => [name.toLowerCase(), name]),
);

/** The same names by the code of their third character, which differs in all of them. */
const USUAL: readonly string[] = Array.from(
  { length: 256 },
  (_, code) => [...SPELLINGS.values()].find((name) => name.charCodeAt(2) === code) ?? '',
);

/** Whether a header's name is one that the library itself reads and writes. */
export function isOwnHeader(name: string): boolean {
  return SPELLINGS.has(name.toLowerCase());
}

/** Keeps a header that the library knows. Those of each message come first; the paths are nearly always remembered. */
function keep(head: MsrpHead, name: string, value: string): void {
  switch (name) {
    case 'Message-ID':
      head.repeated ||= head.messageId !== '';
      head.messageId ||= value;
      return;
    case 'Byte-Range':
      head.repeated ||= head.byteRange !== '';
      head.byteRange ||= value;
      return;
    case 'Content-Type':
      head.repeated ||= head.contentType !== '';
      head.contentType ||= value;
      return;
    case 'Success-Report':
      head.repeated ||= head.successReport !== '';
      head.successReport ||= value;
      return;
    case 'Failure-Report':
      head.repeated ||= head.failureReport !== '';
      head.failureReport ||= value;
      return;
    case 'To-Path':
      head.repeated ||= head.toPath !== '';
      head.toPath ||= value;
      return;
    case 'From-Path':
      head.repeated ||= head.fromPath !== '';
      head.fromPath ||= value;
      return;
    case 'Status':
      head.statusLine ||= decoded(value);
      return;
    case 'Use-Nickname':
      head.nicknames += 1;
      head.nickname ||= decoded(value);
  }
}

/** The value without spaces around it; nearly always there is none but one behind the colon. */
function valueOf(text: string, colon: number, stop: number): string {
  const value = text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, stop);
  return value.charCodeAt(0) > SPACE && value.charCodeAt(value.length - 1) > SPACE ? value : value.trim();
}

function decoded(value: string): string {
  return NON_ASCII.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/** Finds in a broken head what an answer to it needs. */
function remainsOf(text: string): Remains | undefined {
  const start = /^MSRP (\S{4,32}) ([A-Z]{1,32})\r\n/.exec(text);
  const toPath = /\r\nTo-Path:[ \t]*([^\r\n]+)\r\n/i.exec(text)?.[1];
  const fromPath = /\r\nFrom-Path:[ \t]*([^\r\n]+)\r\n/i.exec(text)?.[1];
  if (!start || !isIdent(start[1] ?? '') || toPath === undefined || fromPath === undefined) return undefined;
  const failureReport = /\r\nFailure-Report:[ \t]*([^\r\n]+)\r\n/i.exec(text)?.[1] ?? '';
  return { transactionId: start[1] ?? '', method: start[2] ?? '', toPath, fromPath, failureReport };
}

function notMsrp(line: string): MsrpSyntaxError {
  return new MsrpSyntaxError(`not an MSRP start line: ${JSON.stringify(line.slice(0, 80))}`, '');
}

function notHeader(text: string, at: number, stop: number): MsrpSyntaxError {
  return new MsrpSyntaxError(
    `not a header: ${JSON.stringify(text.slice(at, Math.min(stop, at + 80)))}`,
    text.slice(0, stop + 2),
  );
}
