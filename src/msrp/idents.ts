/** Transaction ids and Message-IDs: the `ident` of RFC 4975 section 9. */
import { randomHex } from '../common/ids.ts';

/** How many random bytes are fetched at once: asking for each identifier alone costs more than sending it. */
const POOL_BYTES = 1024;
const IDENT = /^[A-Za-z0-9][A-Za-z0-9.\-+%=]{3,31}$/;

const MESSAGE_ID = /^[!-~]{1,256}$/;

let pool = '';
let used = 0;

/** Whether a text can be a transaction id. */
export function isIdent(text: string): boolean {
  return IDENT.test(text);
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
