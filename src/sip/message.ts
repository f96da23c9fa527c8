/** What the guard has let through, as sip.js's own messages: filled in by us, so that nothing is left for it to parse. */
import { IncomingRequestMessage, IncomingResponseMessage, NameAddrHeader } from 'sip.js/lib/core/index.js';
import type { Flow } from './flow.ts';
import type { Facts, RequestFacts, ResponseFacts } from './guard.ts';
import { type Mark, writeMark } from './mark.ts';
import type { NameAddr } from './name-addr.ts';
import { type Parameters, parseParameters, TOKEN, unquote } from './parameters.ts';
import { asksForSips } from './sips.ts';
import { formatVia, stampVia } from './via.ts';
import { markedRoute, partyUri, targetUri, type WireUri } from './wire-uri.ts';

type Message = IncomingRequestMessage | IncomingResponseMessage;

/** A request that has passed the guard, in the form that sip.js takes, with what we read of it ourselves. */
export class SipRequest extends IncomingRequestMessage {
  readonly facts: RequestFacts;
  readonly flow: Flow;
  /** What is to be remembered of the way to the remote target that it brings. */
  readonly mark: Mark;

  /** `roomUri`: the user part decides which room it is for, so sip.js sees no other URI. */
  constructor(facts: RequestFacts, flow: Flow, roomUri: WireUri) {
    super();
    this.facts = facts;
    this.flow = flow;
    this.ruri = roomUri;
    const sips = asksForSips(facts);
    const via = formatVia(stampVia(facts.via, flow.source)) + writeMark({ flow: flow.token, sips });
    // A peer that is asked directly is answered and asked on its own connection. Behind a proxy that does not stay in
    // the path the Contact rules.
    this.mark = { flow: facts.vias.length === 1 ? flow.token : undefined, sips };
    fill(this, facts, [via, ...facts.vias.slice(1)], this.mark);
    markRoute(this, 0, flow.token);
    this.viaBranch = facts.key;
  }
}

/** A response that has passed the guard, in the form that sip.js takes, with what we read of it ourselves. */
export class SipResponse extends IncomingResponseMessage {
  readonly facts: ResponseFacts;

  /** `branch`: as sip.js knows it. */
  constructor(facts: ResponseFacts, flow: Flow, branch: string) {
    super();
    this.facts = facts;
    this.statusCode = facts.status;
    this.reasonPhrase = facts.reason;
    fill(this, facts, facts.vias, undefined);
    markRoute(this, facts.recordRoute.length - 1, flow.token);
    this.viaBranch = branch;
  }
}

function fill(message: Message, facts: Facts, vias: readonly string[], mark: Mark | undefined): void {
  const { head } = facts;
  message.data = '';
  message.method = facts.method;
  message.callId = facts.callId;
  message.cseq = facts.cseq;
  message.fromTag = facts.fromTag;
  message.toTag = facts.toTag ?? '';
  message.body = facts.body;
  message.via = { host: facts.via.host, port: facts.via.port ?? 5060 };
  for (const via of vias) message.addHeader('via', via);
  message.from = set(message, 'from', head.first('from') ?? '', nameAddrHeader(facts.from));
  message.to = set(message, 'to', head.first('to') ?? '', nameAddrHeader(facts.to));
  if (facts.contact) {
    const contact = new NameAddrHeader(targetUri(facts.contact.uri, mark), '', {});
    set(message, 'contact', contact.toString(), contact);
  }
  for (const route of facts.recordRoute) message.addHeader('record-route', route);
  for (const name of ['expires', 'retry-after']) {
    const value = head.first(name);
    if (value !== undefined) message.addHeader(name, value);
  }
  const event = eventOf(head.first('event'));
  if (event) set(message, 'event', head.first('event') ?? '', { event: event.name });
  const state = eventOf(head.first('subscription-state'));
  if (state) set(message, 'subscription-state', state.name, subscriptionState(state));
  if (facts.body !== '') {
    const type = mediaType(head.first('content-type'));
    set(message, 'content-type', type, type);
    // SDP is the session whatever the header says of it; sip.js knows "session" and all the rest.
    const disposition = type === 'application/sdp' ? 'session' : 'render';
    set(message, 'content-disposition', disposition, { type: disposition });
  }
}

/** A header with what sip.js's grammar would have made of it. */
function set<T extends object | string>(message: Message, name: string, raw: string, parsed: T): T {
  message.addHeader(name, raw);
  const [entry] = message.headers[name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())] ?? [];
  if (entry) entry.parsed = parsed;
  return parsed;
}

function nameAddrHeader(address: NameAddr): NameAddrHeader {
  const tag = address.parameters.get('tag');
  return new NameAddrHeader(partyUri(address), '', tag === undefined ? {} : { tag });
}

function markRoute(message: Message, index: number, token: string): void {
  const route = message.headers['Record-Route']?.[index];
  if (route) route.raw = markedRoute(route.raw, token);
}

export interface EventHeader {
  readonly name: string;
  readonly parameters: Parameters;
}

/** Event and Subscription-State: a token and parameters. Undefined when malformed. */
export function eventOf(value: string | undefined): EventHeader | undefined {
  if (value === undefined) return undefined;
  const semicolon = value.indexOf(';');
  const name = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
  const parameters = parseParameters(semicolon < 0 ? '' : value.slice(semicolon));
  return TOKEN.test(name) && parameters ? { name, parameters } : undefined;
}

function subscriptionState(state: EventHeader): { state: string; reason?: string; expires?: number } {
  const expires = state.parameters.get('expires');
  const reason = state.parameters.get('reason');
  return {
    state: state.name.toLowerCase(),
    ...(reason === undefined ? {} : { reason: unquote(reason) }),
    ...(expires !== undefined && /^\d{1,9}$/.test(expires) ? { expires: Number(expires) } : {}),
  };
}

/** In lower case, without parameters. */
export function mediaType(value: string | undefined): string {
  return (value ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}
