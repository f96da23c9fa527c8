/** What a puppet says of itself when it logs in. */
import { createHash } from 'node:crypto';
import type { Newcomer } from '../room/inputs.ts';

/** The same for one address at all times, so that a ban can name it; it says nothing of who asked for privacy. */
export function identOf({ anonymous, address }: Newcomer): string {
  if (anonymous) return 'anonymous';
  return `u${createHash('sha256').update(address).digest('hex').slice(0, 8)}`;
}

/** The real name: `networks.*.puppetRealname`, which may hold `{address}` and `{nick}` (contract: Configuration). */
export function realnameOf({ anonymous, address }: Newcomer, template: string, nickname: string): string {
  if (anonymous) return 'anonymous';
  return template.replace(/\{(address|nick)\}/g, (_, word) => (word === 'address' ? address : nickname));
}
