/** One INVITE dialog after its 200, whoever began it. */
import {
  type IncomingInviteRequest,
  type Session,
  type SessionDelegate,
  SessionDialog,
  SessionState,
  TransactionState,
} from 'sip.js/lib/core/index.js';
import type { CallEnd, CallHandler, Party, Reinvitation, SipCall } from './api.ts';
import { bodyOf, headerLines, reasonPhrase, SDP } from './lines.ts';
import { type AnyServer, giveTag, stopRetransmitting } from './library.ts';
import { mediaType, SipRequest } from './message.ts';
import { ALLOW } from './refusal.ts';

export interface CallParts {
  readonly session: Session;
  readonly remote: Party;
  readonly handler: CallHandler;
  /** The Contact line of our room. */
  readonly contact: string;
  /** Told once, when nothing of the call is left to do. */
  readonly over: (call: Call) => void;
}

/** An established call: re-INVITEs and BYE of both sides. */
export class Call implements SipCall {
  readonly remote: Party;
  readonly id: string;
  readonly #session: Session;
  readonly #handler: CallHandler;
  readonly #contact: string;
  readonly #over: (call: Call) => void;
  #ended = false;
  /** The BYE that waits for the ACK. */
  #waiting: { reason: string | undefined } | undefined;
  #settled: (() => void)[] = [];
  #done = false;

  constructor(parts: CallParts) {
    this.remote = parts.remote;
    this.id = parts.session.id;
    this.#session = parts.session;
    this.#handler = parts.handler;
    this.#contact = parts.contact;
    this.#over = parts.over;
    this.#session.delegate = this.#delegate();
  }

  bye(reasonHeader?: string, settled?: () => void): void {
    if (settled) {
      if (this.#done) return settled();
      this.#settled.push(settled);
    }
    if (this.#ended) return;
    // Not before the ACK, or the time for it is over (RFC 3261 section 15).
    if (this.#session.sessionState === SessionState.AckWait) this.#waiting = { reason: reasonHeader };
    else this.#sendBye(reasonHeader);
    this.#end({ by: 'us' });
  }

  #delegate(): SessionDelegate {
    return {
      onAck: ({ message }) => {
        stopRetransmitting(this.#session);
        if (this.#waiting) return this.#sendBye(this.#waiting.reason);
        if (!this.#ended) this.#handler.acked(sdpOf(message));
      },
      onAckTimeout: () => this.#noAck(),
      onBye: (request) => {
        giveTag(request);
        request.accept({ statusCode: 200 });
        const reason =
          request.message instanceof SipRequest ? request.message.facts.head.first('reason') : undefined;
        this.#end({ by: 'peer', ...(reason === undefined ? {} : { reason }) });
        this.#finish();
      },
      onInvite: (request) => this.#reinvited(request),
      // There is no subscription in a call (RFC 6665 section 4.1.3).
      onNotify: (request) => {
        request.reject({ statusCode: 481 });
      },
    };
  }

  #reinvited(request: IncomingInviteRequest): void {
    if (this.#ended) return void request.reject({ statusCode: 481 });
    const { message } = request;
    let open = true;
    const close = (): boolean => {
      const was = open;
      open = false;
      return was;
    };
    request.delegate = {
      // The 200 to the CANCEL is sent by sip.js.
      onCancel: () => {
        if (close()) request.reject({ statusCode: 487 });
      },
    };
    request.trying();
    const reinvitation: Reinvitation = {
      offer: sdpOf(message),
      source: message instanceof SipRequest ? message.flow.source : { transport: 'udp', host: '', port: 0 },
      accept: (sdp) => {
        if (!close() || this.#ended) return;
        // sip.js adds these to the answer of the first INVITE only.
        const extraHeaders = [this.#contact, ALLOW];
        request.accept({ statusCode: 200, body: bodyOf(SDP, sdp), extraHeaders });
        this.#watchAck(request as IncomingInviteRequest & AnyServer);
      },
      reject: (status, reason) => {
        if (!close() || this.#ended) return;
        const statusCode = status >= 400 && status <= 699 ? status : 500;
        request.reject({ statusCode, ...reasonPhrase(reason) });
      },
    };
    this.#handler.reinvited(reinvitation);
  }

  /** COMPAT: without its ACK sip.js would refuse every later re-INVITE. The call is over then (RFC 3261 section 14.2). */
  #watchAck(server: AnyServer): void {
    const session = this.#session;
    server.transaction.addStateChangeListener(() => {
      if (server.transaction.state !== TransactionState.Terminated) return;
      if (session instanceof SessionDialog && session.reinviteUserAgentServer === (server as unknown))
        this.#noAck();
    });
  }

  #noAck(): void {
    if (this.#done || (this.#ended && !this.#waiting)) return;
    this.#sendBye(this.#waiting?.reason);
    this.#end({ by: 'no-ack' });
  }

  #sendBye(reason: string | undefined): void {
    this.#waiting = undefined;
    const finish = (): void => this.#finish();
    const extraHeaders = headerLines(reason === undefined ? [] : [`Reason: ${reason}`]);
    this.#session.bye({ onAccept: finish, onReject: finish, onRedirect: finish }, { extraHeaders });
  }

  #end(cause: CallEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handler.ended(cause);
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#over(this);
    for (const settled of this.#settled.splice(0)) settled();
  }
}

/** The SDP of a message that came in. */
export function sdpOf(message: object): string | undefined {
  if (!(message instanceof SipRequest)) return undefined;
  const { body, head } = message.facts;
  return body !== '' && mediaType(head.first('content-type')) === SDP ? body : undefined;
}
