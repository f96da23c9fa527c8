/** The characters of a wrapped text: its transfer encoding and its charset undone. */
import { isUtf8 as bytesAreUtf8 } from 'node:buffer';
import { mediaParameters } from './media-type.ts';

const BYTE_ORDER_MARK = /^\uFEFF/;
const BASE64 = 'base64';
const QUOTED_PRINTABLE = 'quoted-printable';

/** What has to be known of a wrapped object; a `Cpim` has it. */
interface Wrapped {
  readonly contentType: string;
  readonly contentHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The bytes of the body as text, where it is known that all are ASCII. */
  readonly ascii?: string | undefined;
}

/** How the characters of an object stand in its bytes. */
interface Coding {
  readonly transfer: string;
  readonly charset: string;
  readonly isUtf8: boolean;
  /** ASCII stands for itself. */
  readonly isPlain: boolean;
}

/** COMPAT: SIPSIMPLE clients spell it "utf8", which is also a label that TextDecoder knows. */
const UTF8: readonly string[] = ['utf-8', 'utf8', 'us-ascii', 'ascii'];

/**
 * The wrapped text/* object as text, without a byte order mark. Never throws: UTF-8 where it is
 * declared, or nothing or ASCII is, and the bytes are UTF-8; else the declared charset; else windows-1252.
 */
export function readText(wrapped: Wrapped): string {
  const { transfer, charset, isUtf8, isPlain } = codingOf(wrapped);
  const ascii = isPlain ? wrapped.ascii : undefined;
  if (ascii !== undefined) return ascii;
  const bytes = decodeTransfer(wrapped.body, transfer);
  if (!isUtf8) {
    const text = decode(bytes, charset, false);
    if (text !== undefined) return text;
  }
  return decode(bytes, 'utf-8', true) ?? decode(bytes, 'windows-1252', false) ?? bytes.toString('latin1');
}

let lastHeaders: Wrapped['contentHeaders'] | undefined;
let lastType = '';
let lastCoding: Coding | undefined;

/** What the headers say. Those of one object are often the very ones of the last. */
function codingOf({ contentType, contentHeaders }: Wrapped): Coding {
  if (lastCoding && contentHeaders === lastHeaders && contentType === lastType) return lastCoding;
  const header = contentHeaders.find(([name]) => name.toLowerCase() === 'content-transfer-encoding');
  const transfer = header?.[1].trim().toLowerCase() ?? '';
  const charset = mediaParameters(contentType).get('charset')?.trim().toLowerCase() ?? 'utf-8';
  const isUtf8 = UTF8.includes(charset);
  const isPlain = isUtf8 && transfer !== BASE64 && transfer !== QUOTED_PRINTABLE;
  lastCoding = { transfer, charset, isUtf8, isPlain };
  lastHeaders = contentHeaders;
  lastType = contentType;
  return lastCoding;
}

function decode(bytes: Buffer, label: string, fatal: boolean): string | undefined {
  // The same as the decoder does, which takes ten times as long to make.
  if (label === 'utf-8') {
    return bytesAreUtf8(bytes) ? bytes.toString('utf8').replace(BYTE_ORDER_MARK, '') : undefined;
  }
  try {
    const decoder = new TextDecoder(label, { fatal });
    if (decoder.encoding === 'utf-8') return decoder.decode(bytes);
    // COMPAT: Node 20 takes windows-1252 for ISO 8859-1 when it decodes in one step.
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch {
    return undefined; // a label that nobody knows, or bytes that are not in this charset
  }
}

function decodeTransfer(bytes: Buffer, transfer: string): Buffer {
  switch (transfer) {
    case BASE64:
      return Buffer.from(bytes.toString('latin1'), 'base64');
    case QUOTED_PRINTABLE:
      return decodeQuotedPrintable(bytes);
    default:
      // COMPAT: SIPSIMPLE clients send the header with an empty value over raw UTF-8.
      return bytes;
  }
}

/** RFC 2045 section 6.7; what is no proper escape stays as it is. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(text, 'latin1');
}
