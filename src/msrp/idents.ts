/** Transaction ids and Message-IDs: the `ident` of RFC 4975 section 9. */
import { randomHex } from '../common/ids.ts';

/** How many random bytes are fetched at once: asking for each identifier alone costs more than sending it. */
const POOL_BYTES = 4096;
const IDENT = /^[A-Za-z0-9][A-Za-z0-9.\-+%=]{3,31}$/;
/** The same, for the code of each character: whether it may stand in an ident, and at its beginning. */
const [NONE, INSIDE, FIRST] = [0, 1, 2];
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(character)) return FIRST;
  return /[.\-+%=]/.test(character) ? INSIDE : NONE;
});
const [LEAST, MOST] = [4, 32];

const MESSAGE_ID = /^[!-~]{1,256}$/;

let pool = '';
let used = 0;

/** Whether a text can be a transaction id. */
export function isIdent(text: string): boolean {
  return IDENT.test(text);
}

/** Where the transaction id that stands in `text` from `at` on ends; -1 where none does. */
export function identEnd(text: string, at: number): number {
  if (KINDS[text.charCodeAt(at)] !== FIRST) return -1;
  let end = at + 1;
  // Faster than a regular expression, for which the text would have to be cut out.
  while ((KINDS[text.charCodeAt(end)] ?? NONE) !== NONE) end += 1;
  return end - at >= LEAST && end - at <= MOST ? end : -1;
}

/**
 * Whether a peer's Message-ID can be worked with: visible characters. The grammar has at most 32 of them and fewer kinds;
 * COMPAT: RCS clients send UUIDs, which are longer.
 */
export function isMessageId(text: string): boolean {
  return MESSAGE_ID.test(text);
}

/** A new transaction id with 64 random bits, the least that RFC 4975 section 7.1 allows. */
export function newTransactionId(): string {
  return take(16);
}

/** A new Message-ID with 80 random bits. */
export function newMessageId(): string {
  return take(20);
}

function take(digits: number): string {
  if (used + digits > pool.length) {
    pool = randomHex(POOL_BYTES);
    used = 0;
  }
  used += digits;
  return pool.slice(used - digits, used);
}
