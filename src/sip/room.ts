/** A room as SIP sees it: a user part with one core of sip.js, its calls and its subscriptions. */
import {
  type IncomingInviteRequest,
  type IncomingNotifyRequest,
  type IncomingSubscribeRequest,
  type LoggerFactory,
  ReInviteUserAgentServer,
  SessionDialog,
  UserAgentCore,
} from 'sip.js/lib/core/index.js';
import type { Clock } from '../common/clock.ts';
import { randomToken } from '../common/ids.ts';
import type { Log } from '../common/log.ts';
import type { OutgoingCallOptions, SipRoom, SipRoomOptions, SubscribeOptions } from './api.ts';
import type { Call } from './call.ts';
import type { RequestFacts } from './guard.ts';
import { IncomingInvitation } from './invitation.ts';
import type { Endpoint, Layer } from './layer.ts';
import { giveTag, newId } from './library.ts';
import { SipRequest, type SipResponse } from './message.ts';
import type { ServedSubscription } from './notifier.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { ACCEPT_SDP, ALLOW, noDialog, ownFault, type Refusal } from './refusal.ts';
import { CONTACT_HOST, type ContactPlace, placeContact } from './sips.ts';
import { IncomingSubscribe } from './subscribe.ts';
import { OwnSubscription } from './subscriber.ts';
import { TRANSACTION_TIME } from './timers.ts';
import { escapeUser } from './uri.ts';
import { WireUri } from './wire-uri.ts';

export interface RoomParts {
  readonly layer: Layer;
  readonly clock: Clock;
  readonly log: Log;
  readonly loggerFactory: LoggerFactory;
  readonly userAgent: string;
  readonly allowEvents: readonly string[];
  readonly removed: (room: Room) => void;
}

const CONFERENCE_INFO = 'application/conference-info+xml';

export class Room implements SipRoom, Endpoint {
  readonly user: string;
  readonly key = randomToken(9).replace(/[-_]/g, '0');
  readonly uri: WireUri;
  readonly rules: { readonly accepts: readonly string[] };
  readonly #parts: RoomParts;
  readonly #options: SipRoomOptions;
  readonly #core: UserAgentCore;
  readonly #calls = new Set<Call>();
  readonly #subscriptions = new Set<ServedSubscription>();
  readonly #invitations = new Set<IncomingInvitation>();
  #removed = false;

  constructor(user: string, options: SipRoomOptions, parts: RoomParts) {
    this.user = user;
    this.uri = new WireUri(`sip:${escapeUser(user)}@${options.domain}`);
    this.rules = { accepts: (options.accepts ?? [CONFERENCE_INFO]).map((type) => type.toLowerCase()) };
    this.#options = options;
    this.#parts = parts;
    this.#core = this.#makeCore();
    parts.layer.attach(this);
  }

  call(options: OutgoingCallOptions): { cancel(): void } {
    return new OutgoingCall(
      {
        core: this.#core,
        ourUri: this.uri.text,
        contact: this.#contactLine(),
        ...this.#callBook(),
      },
      options,
    );
  }

  subscribe(options: SubscribeOptions): { unsubscribe(): void } {
    const contact = this.#contactLine();
    return new OwnSubscription({ core: this.#core, ourUri: this.uri.text, contact }, options);
  }

  get removed(): boolean {
    return this.#removed;
  }

  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    this.#parts.layer.detach(this);
    for (const invitation of [...this.#invitations]) invitation.close();
    for (const subscription of [...this.#subscriptions]) subscription.terminate('noresource');
    for (const call of [...this.#calls]) call.bye();
    this.#parts.clock.after(TRANSACTION_TIME, () => this.dispose());
  }

  /** Stops at once, whatever is on its way. */
  dispose(): void {
    this.#removed = true;
    this.#parts.layer.forget(this);
    this.#core.dispose();
    this.#parts.removed(this);
  }

  // What the layer asks.

  hasDialog(facts: RequestFacts): boolean {
    return this.#core.dialogs.has(dialogId(facts));
  }

  options(contact: ContactPlace): Refusal {
    const headers = [
      ALLOW,
      `${ACCEPT_SDP}, ${this.rules.accepts.join(', ')}`,
      `Allow-Events: ${this.#parts.allowEvents.join(', ')}`,
      'Supported:',
      placeContact(this.#contactLine(), contact),
    ];
    return { status: 200, reason: 'OK', headers };
  }

  follow(request: SipRequest): void {
    const dialog = this.#core.dialogs.get(dialogId(request.facts));
    // Behind a proxy the route set says where to go, whatever way this one took.
    if (!dialog || dialog.routeSet.length > 0 || request.facts.vias.length > 1) return;
    if (dialog.remoteTarget instanceof WireUri) dialog.remoteTarget.flow = request.flow.token;
  }

  receiveRequest(request: SipRequest): void {
    try {
      const dialog = this.#core.dialogs.get(dialogId(request.facts));
      if (request.method === 'SUBSCRIBE' && dialog instanceof SessionDialog) {
        // It would be a second usage of the call's dialog, which RFC 6665 section 4.5.2 advises against.
        this.#core.replyStateless(request, { statusCode: 403, reasonPhrase: 'Subscribe Outside The Call' });
        return;
      }
      const server = this.#core.userAgentServers.get(request.viaBranch);
      this.#core.receiveIncomingRequestFromTransport(request);
      // COMPAT: sip.js answers the CANCEL of a re-INVITE, and does not tell the re-INVITE of it.
      if (request.method === 'CANCEL' && server instanceof ReInviteUserAgentServer)
        server.receiveCancel(request);
    } catch (error) {
      this.#parts.log.warn({ error, method: request.method, room: this.user }, 'a fault at a SIP request');
      this.#giveUp(request);
    }
  }

  receiveResponse(response: SipResponse): void {
    try {
      this.#core.receiveIncomingResponseFromTransport(response);
    } catch (error) {
      this.#parts.log.warn(
        { error, status: response.statusCode, room: this.user },
        'a fault at a SIP response',
      );
    }
  }

  // What sip.js tells.

  #invited(request: IncomingInviteRequest): void {
    giveTag(request);
    const { message } = request;
    if (!(message instanceof SipRequest) || this.#removed) return void request.reject({ statusCode: 404 });
    const invitation = new IncomingInvitation({
      request,
      message,
      contact: this.#contactLine(),
      allowEvents: this.#parts.allowEvents,
      closed: () => this.#invitations.delete(invitation),
      ...this.#callBook(),
    });
    this.#invitations.add(invitation);
    this.#options.handler.invited(invitation);
  }

  #subscribed(request: IncomingSubscribeRequest): void {
    giveTag(request);
    const { message } = request;
    if (!(message instanceof SipRequest) || this.#removed) return void request.reject({ statusCode: 404 });
    const { clock, allowEvents } = this.#parts;
    const contact = this.#contactLine();
    this.#options.handler.subscribed(
      new IncomingSubscribe({
        core: this.#core,
        request,
        message,
        notifier: {
          clock,
          allowEvents,
          contact,
          over: (subscription) => this.#subscriptions.delete(subscription),
        },
        began: (subscription) => this.#subscriptions.add(subscription),
      }),
    );
  }

  /** A NOTIFY of no subscription of ours (RFC 6665 section 4.1.3). */
  #notified(request: IncomingNotifyRequest): void {
    giveTag(request);
    request.reject({ statusCode: noDialog.status });
  }

  /** sip.js threw: its transaction must not stay for ever, nor the peer without an answer. */
  #giveUp(request: SipRequest): void {
    if (request.method === 'ACK') return;
    const server = this.#core.userAgentServers.get(request.viaBranch);
    try {
      if (server) server.reject({ statusCode: ownFault.status });
      else this.#core.replyStateless(request, { statusCode: ownFault.status, toTag: newId() });
    } catch {
      // It has been answered already.
    }
  }

  #callBook(): { began: (call: Call) => void; over: (call: Call) => void } {
    return { began: (call) => this.#calls.add(call), over: (call) => this.#calls.delete(call) };
  }

  /** What sends knows the address. */
  #contactLine(): string {
    return `Contact: <sip:${escapeUser(this.user)}@${CONTACT_HOST}>${this.#options.focus ? ';isfocus' : ''}`;
  }

  #makeCore(): UserAgentCore {
    const { layer, loggerFactory, userAgent } = this.#parts;
    const contact = this.#contactLine().replace(/^Contact: /, '');
    // The protocol and the Via host are placeholders: what sends knows the way, sip.js does not.
    const transport = { protocol: 'UDP', send: (text: string) => layer.sender.send(text, this.key) };
    return new UserAgentCore(
      {
        aor: this.uri,
        contact: { pubGruu: undefined, tempGruu: undefined, uri: this.uri, toString: () => contact },
        displayName: '',
        loggerFactory,
        hackViaTcp: false,
        routeSet: [],
        sipjsId: '',
        supportedOptionTags: [],
        supportedOptionTagsResponse: [],
        userAgentHeaderFieldValue: userAgent,
        viaForceRport: true,
        viaHost: 'via.invalid',
        authenticationFactory: () => undefined,
        transportAccessor: () => transport,
      },
      {
        onInvite: (request) => this.#invited(request),
        onSubscribe: (request) => this.#subscribed(request),
        onNotify: (request) => this.#notified(request),
      },
    );
  }
}

function dialogId(facts: RequestFacts): string {
  return `${facts.callId}${facts.toTag ?? ''}${facts.fromTag}`;
}
