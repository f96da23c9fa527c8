/** The value of the Use-Nickname header (RFC 7701 section 7.1). */

/** RFC 7701 section 7.1: "MUST NOT be more than 1023 octets in length". */
const LONGEST = 1023;

/** RFC 4975 section 9: a quoted-string knows the escapes `\\` and `\"`, and no control character but the tab. */
const QUOTED = /^"((?:[^"\\\p{Cc}]|\t|\\["\\])*)"$/u;

/**
 * The nickname that a Use-Nickname value asks for; '' asks for none (RFC 7701 section 7.3).
 * Nothing when the value is malformed, to be answered 424.
 */
export function parseUseNickname(value: string): string | undefined {
  const trimmed = value.trim();
  // Four octets are the most that a character takes; longer values need no look.
  if (trimmed.length > 2 * LONGEST + 2) return undefined;
  const text = trimmed.includes('"') ? unquote(trimmed) : unquoted(trimmed);
  return text === undefined || Buffer.byteLength(text) > LONGEST ? undefined : text;
}

/** A nickname as a quoted-string. Control characters are left out. */
export function quoteNickname(text: string): string {
  return `"${text.replace(/\p{Cc}/gu, '').replace(/["\\]/g, '\\$&')}"`;
}

function unquote(value: string): string | undefined {
  return QUOTED.exec(value)?.[1]?.replace(/\\(.)/g, '$1');
}

/** COMPAT: SIPSIMPLE clients (Blink) send the nickname as it is, without quotes, so a backslash is a backslash. */
function unquoted(value: string): string | undefined {
  return /\p{Cc}/u.test(value.replaceAll('\t', '')) ? undefined : value;
}
