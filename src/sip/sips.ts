/**
 * SIPS (RFC 3261 sections 8.1.1.8, 12.1.1 and 26.2.2). A sips URI names the same room as the sip URI does; whoever uses one
 * gets a sips Contact of us, which leads to TLS.
 */
import type { OwnAddress } from './flow.ts';
import type { RequestFacts } from './guard.ts';
import { parseNameAddr } from './name-addr.ts';
import type { Refusal } from './refusal.ts';

/** Stands for our address in the Contact headers that we give to sip.js; it knows no flow. */
export const CONTACT_HOST = 'contact.invalid';

const PLACEHOLDER = new RegExp(`<sip:([^@>]*)@${CONTACT_HOST}`);

/** What our Contact says of how we are reached. */
export interface ContactPlace {
  readonly scheme: 'sip' | 'sips';
  /** The host and port, and the transport where it is not the scheme's usual one. */
  readonly text: string;
}

/** Whether a URI is one of the sips scheme. */
export function isSips(uri: string): boolean {
  return /^sips:/i.test(uri);
}

/** Whether our Contact in the dialog of a request must be a sips one (RFC 3261 section 12.1.1). */
export function asksForSips({ uri, recordRoute, contact }: RequestFacts): boolean {
  if (uri.scheme === 'sips') return true;
  const [route] = recordRoute;
  const nearest = route === undefined ? contact : parseNameAddr(route);
  return nearest !== undefined && isSips(nearest.uri);
}

/**
 * The answer to a request that would begin a dialog of sips, where no way to us is by TLS: our Contact could not be the sips
 * one that RFC 3261 section 12.1.1 demands, and what its sender takes for secure is not (RFC 5630 has the code). COMPAT: not
 * where a proxy stays in between, which may have taken the TLS off as the policy of its domain (RFC 3261 section 26.2.2).
 */
export function sipsRefusal(facts: RequestFacts, ourselves: OwnAddress): Refusal | undefined {
  const isFirst = facts.toTag === undefined && facts.method !== 'CANCEL' && facts.method !== 'ACK';
  if (!isFirst || facts.recordRoute.length > 0 || !asksForSips(facts)) return undefined;
  if (ourselves.sips() !== undefined) return undefined;
  const headers = [`Warning: 380 ${ourselves.sentBy} "SIPS Not Allowed"`];
  return { status: 480, reason: 'Temporarily Unavailable', headers };
}

/**
 * Our Contact on a flow. COMPAT: without a way to us by TLS it is a sip one though sips was asked for (see `sipsRefusal`). A
 * sips one, as RFC 3261 section 12.1.1 wants it, would have the proxy look for TLS where there is none.
 */
export function contactPlace(ourselves: OwnAddress, sips: boolean): ContactPlace {
  const secure = sips ? ourselves.sips() : undefined;
  return secure === undefined ? { scheme: 'sip', text: ourselves.contact } : { scheme: 'sips', text: secure };
}

/** A Contact line with our address in place of the placeholder. */
export function placeContact(line: string, { scheme, text }: ContactPlace): string {
  return line.replace(PLACEHOLDER, (_, user: string) => `<${scheme}:${user}@${text}`);
}
