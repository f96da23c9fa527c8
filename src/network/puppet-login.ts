/** What a puppet says of itself when it logs in. */
import { createHash } from 'node:crypto';
import type { WebIrc } from '../irc/link.ts';
import type { Newcomer } from '../room/inputs.ts';
import type { NetworkSettings } from './settings.ts';

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

/**
 * Whose connection it is, for a server that believes us. Who asked for privacy is shown with our own address (RFC 3323 section 4.2),
 * which the link has by itself where the server does not have to be told.
 */
export function webircOf(
  { password, gateway, own }: NonNullable<NetworkSettings['webirc']>,
  { anonymous, host }: Newcomer,
): WebIrc | undefined {
  const address = anonymous ? own : host;
  return address === undefined ? undefined : { password, gateway, address };
}
