/** Whether two secrets are the same, in a time that does not tell how much of them is. */
import { createHash, timingSafeEqual } from 'node:crypto';

export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
