/** An INVITE that we send. */
import type { InviteUserAgentClient, Session, UserAgentCore } from 'sip.js/lib/core/index.js';
import type { OutgoingCallHandler, OutgoingCallOptions } from './api.ts';
import { Call } from './call.ts';
import { newId } from './library.ts';
import { bodyOf, headerLines, SDP } from './lines.ts';
import { mediaType, SipResponse } from './message.ts';
import { escapeName } from './name-addr.ts';
import { ALLOW } from './refusal.ts';
import { canonicalUri, parseSipUri } from './uri.ts';
import { targetUri, WireUri } from './wire-uri.ts';

export interface OutgoingCallParts {
  readonly core: UserAgentCore;
  /** The room's own URI. */
  readonly ourUri: string;
  /** The Contact line of our room. */
  readonly contact: string;
  readonly began: (call: Call) => void;
  readonly over: (call: Call) => void;
}

export class OutgoingCall {
  readonly #parts: OutgoingCallParts;
  readonly #options: OutgoingCallOptions;
  readonly #handler: OutgoingCallHandler;
  readonly #client: InviteUserAgentClient | undefined;
  #settled = false;
  #cancelled = false;

  constructor(parts: OutgoingCallParts, options: OutgoingCallOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#handler = options.handler;
    if (parseSipUri(options.to)) this.#client = this.#invite();
    else queueMicrotask(() => this.#rejected(400, 'No SIP URI'));
  }

  /** Ends the attempt; `rejected` is told when that is answered (487 mostly). */
  cancel(): void {
    if (this.#settled || this.#cancelled) return;
    this.#cancelled = true;
    this.#client?.cancel();
  }

  #invite(): InviteUserAgentClient {
    const { core, contact } = this.#parts;
    const { to, sdp, extraHeaders } = this.#options;
    const from = this.#options.from ?? { uri: this.#parts.ourUri };
    const target = targetUri(to);
    const message = core.makeOutgoingRequestMessage(
      'INVITE',
      target,
      new WireUri(from.uri),
      target,
      { callId: newId(), fromTag: newId(), fromDisplayName: escapeName(from.displayName ?? '') },
      [contact, ALLOW, ...headerLines(extraHeaders)],
      bodyOf(SDP, sdp),
    );
    return core.invite(message, {
      onProgress: ({ message: response }) => {
        if (!this.#settled) this.#handler.progress?.(response.statusCode ?? 180);
      },
      onAccept: (response) => {
        response.ack();
        this.#accepted(response.message, response.session);
      },
      onRedirect: ({ message: response }) => this.#rejected(response.statusCode, response.reasonPhrase),
      onReject: ({ message: response }) => this.#rejected(response.statusCode, response.reasonPhrase),
    }) as InviteUserAgentClient;
  }

  #accepted(response: object, session: Session): void {
    // Too late, or a second branch of a forked INVITE: ended at once (RFC 3261 section 13.2.2.4).
    if (this.#settled || this.#cancelled || !(response instanceof SipResponse)) {
      session.bye();
      return this.#rejected(487, 'Request Terminated');
    }
    this.#settled = true;
    const { contact, began, over } = this.#parts;
    const remote = { uri: canonicalUri(this.#options.to) ?? this.#options.to, displayName: '' };
    const call = new Call({ session, remote, handler: this.#handler, contact, over });
    began(call);
    const { facts } = response;
    const sdp =
      mediaType(facts.head.first('content-type')) === SDP && facts.body !== '' ? facts.body : undefined;
    const isFocus = facts.contact?.parameters.has('isfocus') ?? false;
    this.#handler.accepted(call, sdp, { uri: facts.contact?.uri ?? '', isFocus });
  }

  #rejected(status = 500, reason = ''): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#handler.rejected(status, reason);
  }
}
