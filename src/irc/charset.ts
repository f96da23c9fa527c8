/** Lines that are not UTF-8: read in the encoding that a network's people had before there was UTF-8. */
import { isAscii, isUtf8 } from 'node:buffer';

const AT_SIGN = 0x40;

/** No server cuts shorter texts: what is left of 510 octets behind a long source and channel, or a short TOPICLEN. */
const LEAST_CUT = 200;

/** What windows-1252 has from 0x80 to 0x9F, where ISO 8859-1 has control characters (WHATWG Encoding, index windows-1252). */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * A line, which is not UTF-8, as text. `encoding` is a name that TextDecoder takes, of one in which ASCII is ASCII; null: what
 * can be read as UTF-8 is kept. The text of a line and what stands before it are told apart: a server has written the
 * channel in UTF-8, whatever the text is in.
 */
export function readNotUtf8(bytes: Buffer, encoding: string | null): string {
  if (encoding === null) return new TextDecoder().decode(bytes);
  const start = textStart(bytes);
  return read(bytes.subarray(0, start), encoding) + read(bytes.subarray(start), encoding);
}

/** Where the last parameter begins behind its colon; the end where there is none (RFC 2812 section 2.3.1). */
function textStart(bytes: Buffer): number {
  let colon = bytes.indexOf(' :');
  // Behind tags the first one is that of the source.
  if (bytes[0] === AT_SIGN && colon === bytes.indexOf(' ')) colon = bytes.indexOf(' :', colon + 2);
  return colon < 0 ? bytes.length : colon + 2;
}

function read(bytes: Buffer, encoding: string): string {
  if (isUtf8(bytes) || isCutUtf8(bytes)) return new TextDecoder().decode(bytes);
  const name = new TextDecoder(encoding).encoding;
  // Node 20 decodes this one as ISO 8859-1 (nodejs/node#56542).
  if (name === 'windows-1252') return readWindows1252(bytes);
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * Servers cut what is too long for a line, also within a character. Where so much is UTF-8, and half a character of it stands at
 * the end, it is nothing else.
 */
function isCutUtf8(bytes: Buffer): boolean {
  if (bytes.length < LEAST_CUT) return false;
  let lead = bytes.length - 1;
  while (lead > bytes.length - 3 && ((bytes[lead] ?? 0) & 0xc0) === 0x80) lead -= 1;
  if ((bytes[lead] ?? 0) < 0xc2) return false;
  const before = bytes.subarray(0, lead);
  return isUtf8(before) && !isAscii(before);
}

function readWindows1252(bytes: Buffer): string {
  // oxlint-disable-next-line no-control-regex
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (found) => {
    return WINDOWS_1252.charAt(found.charCodeAt(0) - 0x80);
  });
}
