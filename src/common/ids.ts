/** Identifiers that nobody can guess. */
import { randomBytes } from 'node:crypto';

/** `bytes` random bytes (8 bits of randomness each) as lower-case hexadecimal digits. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** `bytes` random bytes as letters, digits, `-` and `_`. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
