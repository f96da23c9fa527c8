/** A SUBSCRIBE outside a dialog: opened or refused. */
import type { IncomingSubscribeRequest, UserAgentCore } from 'sip.js/lib/core/index.js';
import type { Party, Source, SubscribeRequest, Subscription, SubscriptionHandler } from './api.ts';
import { headerLines, reasonPhrase } from './lines.ts';
import type { SipRequest } from './message.ts';
import { partyOf } from './name-addr.ts';
import { expiresOf, type NotifierParts, ServedSubscription } from './notifier.ts';
import { listOfNames } from './parameters.ts';
import { isAnonymous } from './privacy.ts';

export interface SubscribeParts {
  readonly core: UserAgentCore;
  readonly request: IncomingSubscribeRequest;
  readonly message: SipRequest;
  readonly notifier: Omit<NotifierParts, 'handler'>;
  readonly began: (subscription: ServedSubscription) => void;
}

export class IncomingSubscribe implements SubscribeRequest {
  readonly from: Party;
  readonly source: Source;
  readonly anonymous: boolean;
  readonly expires: number;
  readonly requestUri: string;
  readonly accept: readonly string[];
  readonly #parts: SubscribeParts;
  #answered = false;

  constructor(parts: SubscribeParts) {
    const { facts, flow } = parts.message;
    this.#parts = parts;
    this.from = partyOf(facts.from);
    this.source = flow.source;
    this.anonymous = isAnonymous(facts);
    this.expires = expiresOf(parts.message);
    this.requestUri = facts.requestUri;
    this.accept = listOfNames(facts.head.all('accept'));
  }

  header(name: string): string | undefined {
    return this.#parts.message.facts.head.first(name.toLowerCase());
  }

  open({ handler }: { handler: SubscriptionHandler }): Subscription {
    if (this.#answered) throw new Error('this SUBSCRIBE is answered already');
    this.#answered = true;
    const { core, request, message, notifier, began } = this.#parts;
    const subscription = ServedSubscription.open(core, request, message, { ...notifier, handler });
    began(subscription);
    return subscription;
  }

  reject(status: number, reason: string, extraHeaders?: readonly string[]): void {
    if (this.#answered) return;
    this.#answered = true;
    const statusCode = status >= 400 && status <= 699 ? status : 500;
    this.#parts.request.reject({
      statusCode,
      ...reasonPhrase(reason),
      extraHeaders: headerLines(extraHeaders),
    });
  }
}
