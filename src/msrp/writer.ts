/**
 * Frames as text: one character is one byte (latin1), so that the frames of a tick can be joined and turned into bytes
 * at once. Values that come from elsewhere pass through `wireText`, which lets no line break through.
 */
import { type ByteRange, formatByteRange } from './byte-range.ts';
import { type ContinuationFlag, DASHES, isHeaderName, isOwnHeader } from './head.ts';
import { newMessageId, newTransactionId } from './idents.ts';
import type { Enclosure, OutgoingMessage } from './outgoing-message.ts';

/** The largest body of a chunk that need not be interruptible (RFC 4975 section 7.1.1). */
export const LONGEST_PLAIN = 2048;

/** What stands in a response where the caller gives no comment. */
const COMMENTS = new Map([
  [200, 'OK'],
  [400, 'Bad Request'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [408, 'Request Timeout'],
  [413, 'Stop Sending'],
  [415, 'Unsupported Media Type'],
  [423, 'Parameter Out of Bounds'],
  [424, 'Malformed Nickname'],
  [425, 'Nickname Reserved or Already in Use'],
  [428, 'Private Messages Not Supported'],
  [481, 'No Such Session'],
  [501, 'Unknown Method'],
  [506, 'Session Bound to Another Connection'],
]);

// Control characters but TAB; DEL as well.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/g;
// oxlint-disable-next-line no-control-regex
const NOT_PLAIN = /[^\x20-\x7e]/;

/** A header value or comment as bytes: UTF-8, each control character a space. */
export function wireText(value: string): string {
  if (!NOT_PLAIN.test(value)) return value;
  return Buffer.from(value.replace(CONTROLS, ' '), 'utf8').toString('latin1');
}

/** To-Path and From-Path, which every frame of a session begins with. */
export function pathLines(toPath: string, fromPath: string): string {
  return `To-Path: ${wireText(toPath)}\r\nFrom-Path: ${wireText(fromPath)}\r\n`;
}

/**
 * The same text as one run of characters: what was put together is else kept in its parts, and what was cut out keeps the
 * text around it in memory.
 */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** A response (RFC 4975 section 7.2); its flag is always `$`. `paths` are lines of `pathLines`. */
export function responseText(
  transactionId: string,
  status: number,
  comment: string | undefined,
  paths: string,
): string {
  const words = wireText(comment ?? COMMENTS.get(status) ?? '');
  const code = String(status).padStart(3, '0');
  return `MSRP ${transactionId} ${code}${words === '' ? '' : ` ${words}`}\r\n${paths}${endLine(transactionId, '$')}`;
}

/** A request without a body: no Content-Type and no blank line (RFC 4975 section 7.1). `headers` end in CRLF. */
export function bodilessText(transactionId: string, method: string, paths: string, headers: string): string {
  // COMPAT: SIPSIMPLE 5.5 never answers again after a bodiless SEND with a blank line.
  return `MSRP ${transactionId} ${method}\r\n${paths}${headers}${endLine(transactionId, '$')}`;
}

/** The headers of a REPORT (RFC 4975 section 7.1.3): namespace 000, and never a report header. */
export function reportHeaders(messageId: string, range: ByteRange, status: number, comment?: string): string {
  const words = wireText(comment ?? COMMENTS.get(status) ?? '');
  const line = `000 ${String(status).padStart(3, '0')}${words === '' ? '' : ` ${words}`}`;
  return `Message-ID: ${messageId}\r\nByte-Range: ${formatByteRange(range)}\r\nStatus: ${line}\r\n`;
}

/** A REPORT with a body (RFC 4975 section 7.1.2). `headers` are those of `reportHeaders`. */
export function reportText(paths: string, headers: string, { contentType, body }: Enclosure): string {
  const content = body.toString('latin1');
  let transactionId = newTransactionId();
  // The end-line must not stand in the body (RFC 4975 section 7.1).
  while (content.includes(DASHES + transactionId)) transactionId = newTransactionId();
  const head = `MSRP ${transactionId} REPORT\r\n${paths}${headers}Content-Type: ${wireText(contentType)}\r\n\r\n`;
  return `${head}${content}\r\n${endLine(transactionId, '$')}`;
}

/** The end-line. */
export function endLine(transactionId: string, flag: ContinuationFlag): string {
  return `${DASHES}${transactionId}${flag}\r\n`;
}

function extraLines(headers: NonNullable<OutgoingMessage['extraHeaders']>): string {
  const extras = headers.filter(([name]) => isHeaderName(name) && !isOwnHeader(name));
  return extras.map(([name, value]) => `${name}: ${wireText(value)}\r\n`).join('');
}

/** A whole SEND but for its paths, which stand between the two texts. */
export interface Copy {
  readonly before: string;
  readonly behind: string;
  /** The bytes of both. */
  readonly bytes: number;
}

/** The part of a SEND that is the same for every recipient; made once for a message that goes to many. */
export class SendForm {
  readonly body: Buffer;
  /** Report headers, the caller's headers and, last, Content-Type, with the blank line (RFC 4975 section 7.1). */
  readonly #headers: string;
  /** Whether some end-line could stand in the body; looked for when it is asked for. */
  #dashed: boolean | undefined;
  readonly #messageId: string | undefined;
  readonly #isPlain: boolean;
  #whole: string | undefined;
  #copy: Copy | undefined;

  constructor(message: OutgoingMessage) {
    const failureReport = message.failureReport ?? 'partial';
    this.body = message.body;
    this.#headers =
      (failureReport === 'yes' ? '' : `Failure-Report: ${failureReport}\r\n`) +
      (message.successReport ? 'Success-Report: yes\r\n' : '') +
      (message.extraHeaders ? extraLines(message.extraHeaders) : '') +
      `Content-Type: ${wireText(message.contentType)}\r\n\r\n`;
    this.#messageId = message.messageId;
    this.#isPlain = failureReport !== 'yes' && !message.rest && message.body.length <= LONGEST_PLAIN;
  }

  /**
   * The same frame for all who get the message, where it is short and no answers to it are looked out for. Transaction ids
   * are compared on one connection only and have 64 random bits (RFC 4975 section 7.1), so one may serve on many
   * connections, once on each; and a Message-ID means the message, whoever gets it (section 7.1.1).
   */
  get copy(): Copy | undefined {
    if (this.#isPlain) this.#copy ??= this.#copied();
    return this.#copy;
  }

  /** Whether a transaction id may be used: its end-line must not stand in the body (RFC 4975 section 7.1). */
  allows(transactionId: string): boolean {
    this.#dashed ??= (this.body.length > LONGEST_PLAIN ? this.body : this.#text).includes(DASHES);
    return !this.#dashed || !this.body.includes(DASHES + transactionId);
  }

  /** The whole message as one chunk that is not interruptible. */
  whole(transactionId: string, paths: string, messageId: string): string {
    return `MSRP ${transactionId} SEND\r\n${paths}${this.#behindPaths(transactionId, messageId)}`;
  }

  /** A transaction id that does not end the body. */
  newTransactionId(): string {
    for (;;) {
      const transactionId = newTransactionId();
      if (this.allows(transactionId)) return transactionId;
    }
  }

  #behindPaths(transactionId: string, messageId: string): string {
    return `Message-ID: ${messageId}\r\n${this.#text}${endLine(transactionId, '$')}`;
  }

  /** What stands between Message-ID and the end-line where all of it goes in one chunk. */
  get #text(): string {
    const size = this.body.length;
    this.#whole ??= `Byte-Range: 1-${size}/${size}\r\n${this.#headers}${this.body.toString('latin1')}\r\n`;
    return this.#whole;
  }

  #copied(): Copy {
    const transactionId = this.newTransactionId();
    const before = `MSRP ${transactionId} SEND\r\n`;
    const messageId = this.#messageId === undefined ? newMessageId() : wireText(this.#messageId);
    const behind = this.#behindPaths(transactionId, messageId);
    return { before, behind, bytes: before.length + behind.length };
  }

  /** The head of a chunk that begins at the byte `start` (the first is 1). */
  head(transactionId: string, paths: string, messageId: string, range: ByteRange): string {
    return `MSRP ${transactionId} SEND\r\n${paths}Message-ID: ${messageId}\r\nByte-Range: ${formatByteRange(range)}\r\n${this.#headers}`;
  }
}
