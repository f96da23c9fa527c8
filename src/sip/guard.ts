/**
 * What stands before sip.js: everything that it would stumble over is refused here, and everything that it would parse
 * is parsed here, in linear time. Its own grammar takes quadratic time and never sees a peer's byte.
 */
import type { Frame } from './frame.ts';
import type { Head } from './head.ts';
import { type NameAddr, parseNameAddr } from './name-addr.ts';
import { splitList } from './parameters.ts';
import { badRequest, type Refusal, unsupportedScheme, unsupportedVersion } from './refusal.ts';
import { parseSipUri, type SipUri } from './uri.ts';
import { parseVia, transactionKey, type Via } from './via.ts';

/** What is known of a message when it has passed. */
export interface Facts {
  readonly head: Head;
  readonly method: string;
  /** All of them, the topmost first, as written. */
  readonly vias: readonly string[];
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly fromTag: string;
  readonly toTag: string | undefined;
  readonly callId: string;
  readonly cseq: number;
  /** The first Contact where its URI is a SIP URI. */
  readonly contact: NameAddr | undefined;
  readonly recordRoute: readonly string[];
  readonly body: string;
}

export interface RequestFacts extends Facts {
  readonly uri: SipUri;
  /** As written. */
  readonly requestUri: string;
  /** Names the server transaction. */
  readonly key: string;
}

export interface ResponseFacts extends Facts {
  readonly status: number;
  readonly reason: string;
}

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) (\S+) SIP\/(\d{1,5}\.\d{1,5})$/i;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: ([^]*))?$/i;
const CSEQ = /^(\d{1,10})\s+(\S+)$/;
/** word [ "@" word ] (RFC 3261 section 25.1), and a little more. */
const CALL_ID = /^[\x21-\x7e]+$/;
const TAG = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const MOST_SEQUENCE = 2 ** 31;
/** Of these there is one at most. */
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'content-length', 'max-forwards', 'content-type'];

/** Whether a start line is that of a response. */
export function isResponse(head: Head): boolean {
  return /^SIP\//i.test(head.startLine);
}

/** The method of a request line, even of one that is malformed; '' where there is none. */
export function methodOf(head: Head): string {
  return /^\S*/.exec(head.startLine)?.[0] ?? '';
}

/** Looks into a request. The order of the checks is that of their answers' use to the peer. */
export function examineRequest(frame: Frame): RequestFacts | Refusal {
  const { head } = frame;
  const fault = frame.fault ?? head.fault;
  if (fault) return fault;
  const line = REQUEST_LINE.exec(head.startLine);
  if (!line) return badRequest('Bad Request-Line');
  const [, method = '', requestUri = '', version] = line;
  if (version !== '2.0') return unsupportedVersion;
  const facts = examine(frame, method);
  if (!('from' in facts)) return facts;
  if (facts.method !== method) return badRequest('CSeq Method Mismatch');
  const hops = head.first('max-forwards');
  if (hops !== undefined && !(/^\d{1,5}$/.test(hops) && Number(hops) <= 255))
    return badRequest('Bad Max-Forwards');
  if (!/^sips?:/i.test(requestUri)) {
    return /^[a-z][a-z0-9+.-]*:/i.test(requestUri) ? unsupportedScheme : badRequest('Bad Request-URI');
  }
  const uri = parseSipUri(requestUri);
  // Headers have no place in a Request-URI (RFC 3261 section 19.1.1).
  if (!uri || uri.headers !== undefined) return badRequest('Bad Request-URI');
  // These begin a dialog or change its target (RFC 3261 section 8.1.1.8, RFC 6665 section 4.1.2.1).
  if ((method === 'INVITE' || method === 'SUBSCRIBE') && !facts.contact) return badRequest('Missing Contact');
  return { ...facts, uri, requestUri, key: transactionKey(facts.via, facts.callId, facts.cseq, method) };
}

/** Looks into a response; undefined when it is to be dropped. */
export function examineResponse(frame: Frame): ResponseFacts | undefined {
  if (frame.head.fault || frame.fault) return undefined;
  const line = STATUS_LINE.exec(frame.head.startLine);
  if (!line) return undefined;
  const facts = examine(frame, '');
  // More than one Via: it was never meant for us (RFC 3261 section 8.1.3.3).
  if (!('from' in facts) || facts.vias.length > 1) return undefined;
  return { ...facts, status: Number(line[1]), reason: line[2] ?? '' };
}

function examine(frame: Frame, method: string): Facts | Refusal {
  const { head } = frame;
  const doubled = SINGLE.find((name) => head.all(name).length > 1);
  if (doubled !== undefined) return badRequest(`Multiple ${doubled}`);
  const cseq = CSEQ.exec(head.first('cseq') ?? '');
  if (!cseq || Number(cseq[1]) >= MOST_SEQUENCE) return badRequest('Bad CSeq');
  const callId = head.first('call-id');
  if (callId === undefined || !CALL_ID.test(callId)) return badRequest('Bad Call-ID');
  const vias = head.all('via').flatMap(splitList);
  const via = parseVia(vias[0] ?? '');
  if (!via) return badRequest('Bad Via');
  const from = parseNameAddr(head.first('from') ?? '');
  if (!from) return badRequest('Bad From');
  const to = parseNameAddr(head.first('to') ?? '');
  if (!to) return badRequest('Bad To');
  const fromTag = from.parameters.get('tag') ?? '';
  const toTag = to.parameters.has('tag') ? (to.parameters.get('tag') ?? '') : undefined;
  // No tag: a peer of RFC 2543, whose dialogs cannot be told apart.
  if (!TAG.test(fromTag)) return badRequest('Missing From Tag');
  if (toTag !== undefined && !TAG.test(toTag)) return badRequest('Bad To Tag');
  const contacts = head.all('contact').flatMap(splitList);
  const contact = contacts[0] === undefined ? undefined : parseNameAddr(contacts[0]);
  if (contacts[0] !== undefined && contacts[0] !== '*' && !contact) return badRequest('Bad Contact');
  const recordRoute = head.all('record-route').flatMap(splitList);
  if (!recordRoute.every(isRoute)) return badRequest('Bad Record-Route');
  const body = bodyOf(frame, method);
  if (body === undefined) return badRequest('Missing Content-Type');
  return {
    head,
    method: cseq[2] ?? '',
    vias,
    via,
    from,
    to,
    fromTag,
    toTag,
    callId,
    cseq: Number(cseq[1]),
    contact: contact && parseSipUri(contact.uri) ? contact : undefined,
    recordRoute,
    body,
  };
}

function isRoute(element: string): boolean {
  const address = parseNameAddr(element);
  return address !== undefined && element.includes('<') && parseSipUri(address.uri) !== undefined;
}

/** A body without a type cannot be understood (RFC 3261 section 20.15). Undefined: refuse it. */
function bodyOf(frame: Frame, method: string): string | undefined {
  if (frame.body.length === 0) return '';
  if (frame.head.first('content-type') !== undefined) return frame.body.toString('utf8');
  // An ACK cannot be refused, and the call should not fail for it.
  return method === 'ACK' ? '' : undefined;
}
