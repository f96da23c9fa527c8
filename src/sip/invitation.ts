/** An INVITE outside a dialog: rung, answered, refused or cancelled. */
import type { IncomingInviteRequest } from 'sip.js/lib/core/index.js';
import type { AcceptOptions, Invitation, Party, SipCall, Source } from './api.ts';
import { Call, sdpOf } from './call.ts';
import { bodyOf, headerLines, reasonPhrase, SDP } from './lines.ts';
import type { SipRequest } from './message.ts';
import { partyOf } from './name-addr.ts';
import { isAnonymous } from './privacy.ts';
import { ACCEPT_SDP } from './refusal.ts';

export interface InvitationParts {
  readonly request: IncomingInviteRequest;
  readonly message: SipRequest;
  /** The Contact line of our room. */
  readonly contact: string;
  readonly allowEvents: readonly string[];
  /** It is answered or cancelled. */
  readonly closed: () => void;
  readonly began: (call: Call) => void;
  readonly over: (call: Call) => void;
}

export class IncomingInvitation implements Invitation {
  readonly from: Party;
  readonly to: Party;
  readonly requestUri: string;
  readonly source: Source;
  readonly callId: string;
  readonly anonymous: boolean;
  readonly offer: string | undefined;
  onCancelled: (() => void) | undefined;
  readonly #parts: InvitationParts;
  #state: 'open' | 'answered' | 'cancelled' = 'open';

  constructor(parts: InvitationParts) {
    const { facts, flow } = parts.message;
    this.#parts = parts;
    this.from = partyOf(facts.from);
    this.to = partyOf(facts.to);
    this.requestUri = facts.requestUri;
    this.source = flow.source;
    this.callId = facts.callId;
    this.anonymous = isAnonymous(facts);
    this.offer = sdpOf(parts.message);
    parts.request.trying();
    parts.request.delegate = { onCancel: () => this.#cancelled() };
  }

  header(name: string): string | undefined {
    return this.#parts.message.facts.head.first(name.toLowerCase());
  }

  headers(name: string): string[] {
    return [...this.#parts.message.facts.head.all(name.toLowerCase())];
  }

  progress(status: 180 | 183): void {
    if (this.#state === 'open') this.#parts.request.progress({ statusCode: status });
  }

  accept(options: AcceptOptions): SipCall {
    if (this.#state !== 'open') return endedCall(this.from, this.callId, options);
    this.#close('answered');
    const { request, contact, allowEvents, began, over } = this.#parts;
    const extraHeaders = [
      ...headerLines(options.extraHeaders),
      ACCEPT_SDP,
      `Allow-Events: ${allowEvents.join(', ')}`,
    ];
    const { session } = request.accept({ statusCode: 200, body: bodyOf(SDP, options.sdp), extraHeaders });
    const call = new Call({ session, remote: this.from, handler: options.handler, contact, over });
    began(call);
    return call;
  }

  reject(status: number, reason: string, extraHeaders?: readonly string[]): void {
    if (this.#state !== 'open') return;
    this.#close('answered');
    const { request } = this.#parts;
    const answer = { ...reasonPhrase(reason), extraHeaders: headerLines(extraHeaders) };
    if (status >= 300 && status <= 399) request.redirect([], { statusCode: status, ...answer });
    else request.reject({ statusCode: status >= 400 && status <= 699 ? status : 500, ...answer });
  }

  /** The room is gone. */
  close(): void {
    this.reject(480, 'Temporarily Unavailable');
  }

  #close(state: 'answered' | 'cancelled'): void {
    this.#state = state;
    this.#parts.closed();
  }

  #cancelled(): void {
    if (this.#state !== 'open') return;
    this.#close('cancelled');
    // The 200 to the CANCEL is sent by sip.js (RFC 3261 section 9.2).
    this.#parts.request.reject({ statusCode: 487 });
    this.onCancelled?.();
  }
}

/** What is accepted too late. */
function endedCall(remote: Party, id: string, options: AcceptOptions): SipCall {
  queueMicrotask(() => options.handler.ended({ by: 'peer' }));
  return { remote, id, bye: (_reason, settled) => settled?.() };
}
