/** A subscription that we serve: the notifier's side of RFC 6665, on sip.js's dialog. */
import {
  Dialog,
  type DialogState,
  type IncomingRequestMessage,
  type IncomingSubscribeRequest,
  ReSubscribeUserAgentServer,
  type UserAgentCore,
} from 'sip.js/lib/core/index.js';
import type { Clock, Timer } from '../common/clock.ts';
import type { NotifyBody, Subscription, SubscriptionEnd, SubscriptionHandler } from './api.ts';
import { bodyOf, headerLines } from './lines.ts';
import { giveTag, newId } from './library.ts';
import { eventOf, SipRequest } from './message.ts';
import { ALLOW, badEvent } from './refusal.ts';
import { TRANSACTION_TIME } from './timers.ts';
import { targetUri } from './wire-uri.ts';

/** Seconds: the default of the conference package, and the most that is granted (RFC 4575 section 3.3). */
const MOST_EXPIRES = 3600;

export interface NotifierParts {
  readonly clock: Clock;
  readonly allowEvents: readonly string[];
  /** The Contact line of our room. */
  readonly contact: string;
  readonly handler: SubscriptionHandler;
  readonly over: (subscription: ServedSubscription) => void;
}

/** Seconds that a SUBSCRIBE asks for. */
export function expiresOf(message: SipRequest): number {
  const asked = message.facts.head.first('expires') ?? '';
  return asked === '' ? MOST_EXPIRES : Math.min(Number(asked), MOST_EXPIRES);
}

/** The package, and the id where one is given: together they name a subscription (RFC 6665 section 4.4.1). */
function eventValue(message: SipRequest): string {
  const event = eventOf(message.facts.head.first('event'));
  const id = event?.parameters.get('id');
  return `${event?.name ?? ''}${id === undefined ? '' : `;id=${id}`}`;
}

/** A subscription of somebody else's to one of our rooms (RFC 6665 section 4.2): its dialog, its time and its NOTIFYs. */
export class ServedSubscription extends Dialog implements Subscription {
  readonly #parts: NotifierParts;
  readonly #event: string;
  #deadline: number;
  #timer: Timer;
  #inFlight = false;
  /** What is to be sent when the NOTIFY in flight is answered. */
  readonly #queue: NotifyBody[] = [];
  #over = false;

  /** Answers the SUBSCRIBE with 200 and makes its dialog. */
  static open(
    core: UserAgentCore,
    request: IncomingSubscribeRequest,
    message: SipRequest,
    parts: NotifierParts,
  ): ServedSubscription {
    const toTag = giveTag(request);
    const state = Dialog.initialDialogStateForUserAgentServer(message, toTag);
    const expires = expiresOf(message);
    // sip.js copies the Record-Route in answers to INVITE only (RFC 3261 section 12.1.1).
    const routes = message.getHeaders('record-route').map((route) => `Record-Route: ${route}`);
    request.accept({
      statusCode: 200,
      toTag,
      extraHeaders: [...routes, parts.contact, `Expires: ${expires}`, ALLOW],
    });
    return new ServedSubscription(core, state, parts, eventValue(message), expires);
  }

  private constructor(
    core: UserAgentCore,
    state: DialogState,
    parts: NotifierParts,
    event: string,
    expires: number,
  ) {
    super(core, state);
    this.#parts = parts;
    this.#event = event;
    this.#deadline = 0;
    this.#timer = this.#extend(expires);
  }

  get awaiting(): boolean {
    return this.#inFlight;
  }

  notify(contentType: string, body: string): void {
    if (this.#over) return;
    if (this.#inFlight) this.#queue.push({ contentType, body });
    else this.#send(`active;expires=${this.#left()}`, { contentType, body });
  }

  terminate(reason: string, body?: NotifyBody): void {
    this.#finish('terminated', reason, () => body);
  }

  override receiveRequest(message: IncomingRequestMessage): void {
    if (!this.sequenceGuard(message)) return;
    super.receiveRequest(message);
    if (message.method === 'SUBSCRIBE' && message instanceof SipRequest) this.#refresh(message);
    else if (message.method !== 'ACK') this.core.replyStateless(message, { statusCode: 481, toTag: newId() });
  }

  override dispose(): void {
    this.#timer.cancel();
    super.dispose();
  }

  #refresh(message: SipRequest): void {
    const server = new ReSubscribeUserAgentServer(this, message);
    if (eventValue(message) !== this.#event) {
      // Another event would be another subscription, and we have one to a dialog.
      const refusal = badEvent(this.#parts.allowEvents);
      server.reject({ statusCode: refusal.status, extraHeaders: [...(refusal.headers ?? [])] });
      return;
    }
    if (message.facts.contact) {
      const flow = this.routeSet.length === 0 ? message.flow.token : undefined;
      this.dialogState.remoteTarget = targetUri(message.facts.contact.uri, { ...message.mark, flow });
    }
    const expires = expiresOf(message);
    server.accept({ statusCode: 200, extraHeaders: [this.#parts.contact, `Expires: ${expires}`, ALLOW] });
    if (expires === 0) return this.#lapse('unsubscribed');
    this.#timer.cancel();
    this.#timer = this.#extend(expires);
    this.#parts.handler.refreshed();
  }

  /** A fetch has no time to live; it waits for its one document. */
  #extend(expires: number): Timer {
    const time = expires === 0 ? TRANSACTION_TIME : expires * 1000;
    this.#deadline = this.#parts.clock.now() + expires * 1000;
    return this.#parts.clock.after(time, () => this.#lapse('expired'));
  }

  #left(): number {
    return Math.max(0, Math.ceil((this.#deadline - this.#parts.clock.now()) / 1000));
  }

  #send(state: string, body: NotifyBody | undefined): void {
    const extraHeaders = [
      `Event: ${this.#event}`,
      ...headerLines([`Subscription-State: ${state}`]),
      this.#parts.contact,
      `Allow-Events: ${this.#parts.allowEvents.join(', ')}`,
    ];
    const content = body && body.body !== '' ? { body: bodyOf(body.contentType, body.body) } : {};
    const message = this.createOutgoingRequestMessage('NOTIFY', { extraHeaders, ...content });
    this.#inFlight = true;
    this.core.request(message, {
      onAccept: () => this.#answered(),
      onRedirect: () => this.#failed(),
      onReject: () => this.#failed(),
    });
  }

  #answered(): void {
    if (this.#over) return;
    this.#inFlight = false;
    const next = this.#queue.shift();
    if (next) this.notify(next.contentType, next.body);
    else this.#parts.handler.acknowledged();
  }

  /** Refused, not answered or not sent: the subscriber is gone (RFC 6665 section 4.2.2). */
  #failed(): void {
    if (!this.#over) this.#end('failed');
  }

  #lapse(why: SubscriptionEnd): void {
    this.#finish(why, 'timeout', () => this.#parts.handler.finalBody());
  }

  /** The last NOTIFY does not wait for one in flight: who is slow to answer should hear of the end all the same. */
  #finish(why: SubscriptionEnd, reason: string, body?: () => NotifyBody | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#send(`terminated;reason=${reason}`, body?.());
    this.#end(why);
  }

  #end(why: SubscriptionEnd): void {
    this.#over = true;
    this.#queue.length = 0;
    this.dispose();
    this.#parts.over(this);
    this.#parts.handler.ended(why);
  }
}
