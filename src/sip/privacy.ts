/** Who wants to stay unknown (RFC 3323). */
import type { RequestFacts } from './guard.ts';
import { parseSipUri } from './uri.ts';

const HIDING = new Set(['id', 'user', 'header', 'session', 'history']);

/** The sender asks for privacy (section 4.2, RFC 3325 section 9.3), or has hidden itself already (section 4.1.1.3). */
export function isAnonymous(facts: RequestFacts): boolean {
  const asked = facts.head.all('privacy').flatMap((value) => value.toLowerCase().split(/[;,\s]+/));
  return asked.some((kind) => HIDING.has(kind)) || parseSipUri(facts.from.uri)?.host === 'anonymous.invalid';
}
