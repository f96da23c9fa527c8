/** The characters of a wrapped text: its transfer encoding and its charset undone. */
import { isUtf8 } from 'node:buffer';
import { mediaParameters } from './media-type.ts';

const BYTE_ORDER_MARK = /^\uFEFF/;

/** What has to be known of a wrapped object; a `Cpim` has it. */
interface Wrapped {
  readonly contentType: string;
  readonly contentHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * The wrapped text/* object as text, without a byte order mark. Never throws: UTF-8 where it is
 * declared, or nothing or ASCII is, and the bytes are UTF-8; else the declared charset; else windows-1252.
 */
export function readText(wrapped: Wrapped): string {
  const bytes = decodeTransfer(wrapped);
  const charset = mediaParameters(wrapped.contentType).get('charset')?.trim().toLowerCase() ?? 'utf-8';
  // COMPAT: SIPSIMPLE clients spell it "utf8", which is also a label that TextDecoder knows.
  if (!['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(charset)) {
    const text = decode(bytes, charset, false);
    if (text !== undefined) return text;
  }
  return decode(bytes, 'utf-8', true) ?? decode(bytes, 'windows-1252', false) ?? bytes.toString('latin1');
}

function decode(bytes: Buffer, label: string, fatal: boolean): string | undefined {
  // The same as the decoder does, which takes ten times as long to make.
  if (label === 'utf-8')
    return isUtf8(bytes) ? bytes.toString('utf8').replace(BYTE_ORDER_MARK, '') : undefined;
  try {
    const decoder = new TextDecoder(label, { fatal });
    if (decoder.encoding === 'utf-8') return decoder.decode(bytes);
    // COMPAT: Node 20 takes windows-1252 for ISO 8859-1 when it decodes in one step.
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch {
    return undefined; // a label that nobody knows, or bytes that are not in this charset
  }
}

function decodeTransfer(wrapped: Wrapped): Buffer {
  const header = wrapped.contentHeaders.find(([name]) => name.toLowerCase() === 'content-transfer-encoding');
  switch (header?.[1].trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(wrapped.body.toString('latin1'), 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(wrapped.body);
    default:
      // COMPAT: SIPSIMPLE clients send the header with an empty value over raw UTF-8.
      return wrapped.body;
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
