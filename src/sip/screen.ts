/** What a user agent server checks before it looks at what a request wants (RFC 3261 section 8.2). */
import { mediaType, eventOf } from './message.ts';
import { listOfNames } from './parameters.ts';
import {
  ACCEPT_SDP,
  badEvent,
  badExtension,
  badRequest,
  methodRefusal,
  notAcceptable,
  type Refusal,
  unsupportedMedia,
} from './refusal.ts';
import type { RequestFacts } from './guard.ts';

export interface ScreenRules {
  readonly allowEvents: readonly string[];
  /** Types that a NOTIFY of the room may carry. */
  readonly accepts: readonly string[];
}

const SDP = 'application/sdp';

/** Undefined: let it pass. ACK and CANCEL always do; they cannot be refused for what they carry. */
export function screen(facts: RequestFacts, rules: ScreenRules): Refusal | undefined {
  if (facts.method === 'ACK' || facts.method === 'CANCEL') return undefined;
  const method = methodRefusal(facts.method);
  if (method) return method;
  // We support no extension that a peer could require (RFC 3261 section 8.2.2.3).
  const required = listOfNames(facts.head.all('require'));
  if (required.length > 0) return badExtension(facts.head.all('require'));
  if (facts.method === 'INVITE') return screenInvite(facts);
  if (facts.method === 'SUBSCRIBE') return screenSubscribe(facts, rules);
  return undefined;
}

function screenInvite(facts: RequestFacts): Refusal | undefined {
  const { head } = facts;
  if (listOfNames(head.all('content-encoding')).some((encoding) => encoding !== 'identity')) {
    return unsupportedMedia(['Accept-Encoding: identity']);
  }
  if (facts.body !== '' && mediaType(head.first('content-type')) !== SDP)
    return unsupportedMedia([ACCEPT_SDP]);
  // An empty Accept takes nothing, no Accept takes SDP (RFC 3261 section 20.1).
  return takes(head.all('accept'), [SDP]) ? undefined : notAcceptable([ACCEPT_SDP]);
}

function screenSubscribe(facts: RequestFacts, rules: ScreenRules): Refusal | undefined {
  const { head } = facts;
  const event = eventOf(head.first('event'));
  if (!event || !rules.allowEvents.includes(event.name)) return badEvent(rules.allowEvents);
  if (!/^\d*$/.test(head.first('expires') ?? '')) return badRequest('Bad Expires');
  // Without Accept the package's own type is meant (RFC 6665 section 3.1.3).
  if (takes(head.all('accept'), rules.accepts)) return undefined;
  return notAcceptable([`Accept: ${rules.accepts.join(', ')}`]);
}

/** Whether Accept headers take one of the types; wildcards count. */
function takes(accept: readonly string[], types: readonly string[]): boolean {
  if (accept.length === 0) return true;
  const ranges = listOfNames(accept);
  return types.some((type) => ranges.some((range) => covers(range, type)));
}

function covers(range: string, type: string): boolean {
  return (
    range === type ||
    range === '*/*' ||
    range === '*' ||
    (range.endsWith('/*') && type.startsWith(range.slice(0, -1)))
  );
}
