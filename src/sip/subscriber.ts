/** A subscription of ours, on sip.js's subscriber: SUBSCRIBE, refreshed in time, and the NOTIFYs that come of it. */
import type {
  IncomingNotifyRequest,
  IncomingRequestMessage,
  Subscription as Dialog,
  UserAgentCore,
} from 'sip.js/lib/core/index.js';
import type { SubscribeOptions } from './api.ts';
import { giveTag, newId } from './library.ts';
import { headerLines } from './lines.ts';
import { eventOf, SipRequest } from './message.ts';
import { escapeName } from './name-addr.ts';
import { unquote } from './parameters.ts';
import { ALLOW } from './refusal.ts';
import { parseSipUri } from './uri.ts';
import { targetUri, WireUri } from './wire-uri.ts';

export interface OwnSubscriptionParts {
  readonly core: UserAgentCore;
  /** The room's own URI. */
  readonly ourUri: string;
  /** The Contact line of our room. */
  readonly contact: string;
}

export class OwnSubscription {
  readonly #options: SubscribeOptions;
  #dialog: Dialog | undefined;
  #leaving = false;
  #over = false;

  constructor(parts: OwnSubscriptionParts, options: SubscribeOptions) {
    this.#options = options;
    if (parseSipUri(options.to)) this.#subscribe(parts);
    else queueMicrotask(() => this.#failed(400));
  }

  /** The notifier still sends its last document; `ended` is told with it. */
  unsubscribe(): void {
    if (this.#leaving || this.#over) return;
    this.#leaving = true;
    this.#dialog?.unsubscribe();
  }

  #subscribe(parts: OwnSubscriptionParts): void {
    const { to, event, accept, expires } = this.#options;
    const from = this.#options.from ?? { uri: parts.ourUri };
    const target = targetUri(to);
    const message = parts.core.makeOutgoingRequestMessage(
      'SUBSCRIBE',
      target,
      new WireUri(from.uri),
      target,
      { callId: newId(), fromTag: newId(), fromDisplayName: escapeName(from.displayName ?? '') },
      [parts.contact, ALLOW, ...headerLines([`Event: ${event}`, `Expires: ${expires}`, `Accept: ${accept}`])],
    );
    parts.core.subscribe(message, {
      onNotify: ({ request, subscription }) => this.#began(request, subscription),
      onNotifyTimeout: () => this.#failed(408),
      onReject: ({ message: response }) => this.#failed(response.statusCode ?? 500),
      onRedirect: ({ message: response }) => this.#failed(response.statusCode ?? 500),
    });
  }

  /** The first NOTIFY makes the dialog (RFC 6665 section 4.4.1); there is none when it is also the last. */
  #began(request: IncomingNotifyRequest, dialog: Dialog | undefined): void {
    this.#dialog = dialog;
    if (dialog) {
      dialog.delegate = {
        onNotify: (next) => this.#notified(next),
        onRefresh: (refresh) => {
          refresh.delegate = { onReject: () => this.#ended('') };
        },
        onTerminated: () => this.#ended(''),
      };
      dialog.autoRefresh = true;
    }
    this.#notified(request);
    if (this.#leaving) this.#dialog?.unsubscribe();
  }

  #notified(request: IncomingNotifyRequest): void {
    giveTag(request);
    request.accept({ statusCode: 200 });
    const { state, reason, body } = readNotify(request.message);
    if (this.#over) return;
    if (body !== '') this.#options.handler.notified(body, state);
    if (state === 'terminated') this.#ended(reason);
  }

  #failed(status: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.handler.failed(status);
  }

  #ended(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.handler.ended(reason);
  }
}

function readNotify(message: IncomingRequestMessage): { state: string; reason: string; body: string } {
  const header = message instanceof SipRequest ? message.facts.head.first('subscription-state') : undefined;
  const state = eventOf(header);
  return {
    state: state?.name.toLowerCase() ?? 'active',
    reason: unquote(state?.parameters.get('reason') ?? ''),
    body: message.body,
  };
}
