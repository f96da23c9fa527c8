/** The parts of which CPIM headers are made: escapes and addresses (RFC 3862 sections 2.3 and 3.6). */

/** The bytes are no message/cpim object; the message says why. To be answered 400. */
export class CpimError extends Error {
  override readonly name: string = 'CpimError';
}

/** The bytes end before the headers do: with more of them it may be one. */
export class CpimCutError extends CpimError {
  override readonly name = 'CpimCutError';
}

/** Somebody in From, To or cc. */
export interface CpimAddress {
  /** With its escapes undone, so it may hold any character, line ends too; '' when there is none. */
  readonly name: string;
  readonly uri: string;
}

/** Who says something to whom, when and about what (RFC 3862 section 4). */
export interface Envelope {
  readonly from: CpimAddress;
  /** At least one. */
  readonly to: readonly CpimAddress[];
  readonly cc: readonly CpimAddress[];
  /** As sent, not checked. */
  readonly dateTime: string | undefined;
  /** The first, in whatever language. */
  readonly subject: string | undefined;
}

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\\', '\\'],
  ['"', '"'],
]);
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
]);

/**
 * The text with spaces for the line ends that only some readers know. RFC 3862 section 2.3.1 forbids escapes for all but
 * U+0000 to U+001F and U+007F; COMPAT: common readers also end a line at U+0085, U+2028 and U+2029, so they cannot stay.
 */
export function onOneLine(text: string): string {
  return text.replace(/[\u0080-\u009F\u2028\u2029]/g, ' ');
}

/** The text as it stands in a header outside of quotes. */
export function escapeValue(text: string): string {
  return onOneLine(text)
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\\\p{Cc}]/gu, escapeOf);
}

/** The text as a String in quotes. */
function quoteString(text: string): string {
  return `"${escapeValue(text).replaceAll('"', '\\"')}"`;
}

/** A backslash, or half of a character. */
const UNUSUAL = /[\\\ud800-\udfff]/;

/** RFC 3862 section 2.3.1: an unknown escape is the character itself, a backslash at the end is ignored. */
export function unescapeValue(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|(.))?/gsu,
      (_, code: string | undefined, character: string | undefined) =>
        code === undefined
          ? (CONTROLS.get(character ?? '') ?? character ?? '')
          : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\p{Cs}/gu, '\uFFFD');
}

function escapeOf(character: string): string {
  const letter = LETTERS.get(character);
  return `\\${letter ?? `u${character.charCodeAt(0).toString(16).padStart(4, '0')}`}`;
}

const QUOTED_NAME = /^"((?:[^"\\]|\\.)*)"[ \t]*</su;
/** RFC 3862 section 3.6 wants an absolute URI. */
// oxlint-disable-next-line no-control-regex
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\\0-\x1f\x7f-\x9f]+$/;

/** Reads `Name <uri>`, `"Name" <uri>` or `<uri>`; nothing when the value is none of them. */
export function parseAddress(value: string): CpimAddress | undefined {
  const quoted = value.startsWith('"') ? QUOTED_NAME.exec(value) : null;
  // COMPAT: SIPSIMPLE clients write the name without quotes and without escapes, in any characters.
  const open = quoted ? quoted[0].length - 1 : value.lastIndexOf('<');
  if (open < 0 || !value.endsWith('>')) return undefined;
  const uri = value.slice(open + 1, -1);
  if (!ABSOLUTE_URI.test(uri)) return undefined;
  const name = quoted?.[1] ?? value.slice(0, open).trim();
  // Where the name has an address in it that nothing quotes, others read that one: nobody shall speak for somebody else so.
  if (!quoted && /[<>]/.test(name)) return undefined;
  return { name: unescapeValue(name), uri };
}

/** The address as a header value; what may not stand in a URI is percent-encoded. */
export function formatAddress(address: CpimAddress): string {
  const uri = address.uri
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[^\x21-\x7E]|[<>"\\]/gu, (character) => encodeURIComponent(character));
  return address.name === '' ? `<${uri}>` : `${quoteString(address.name)} <${uri}>`;
}
