/**
 * One subscriber to a room's roster: what it was told last, and when it is told more. Its versions begin with 1 and
 * go up by one with each document that brings something new (RFC 4575 section 5.2). Never more than one NOTIFY is
 * unanswered: what changes meanwhile is told together.
 */
import type { Clock, Timer } from '../common/clock.ts';
import { deletedDocument } from '../formats/conference-info.ts';
import type {
  NotifyBody,
  SubscribeRequest,
  Subscription,
  SubscriptionEnd,
  SubscriptionHandler,
} from '../sip/index.ts';
import type { RosterDocuments, Snapshot } from './subscription-documents.ts';
import { SubscriptionPace } from './subscription-pace.ts';

const CONTENT_TYPE = 'application/conference-info+xml';

/** Milliseconds for which a change waits for others. */
const GATHER = 200;

export interface RosterSubscriptionParts {
  readonly clock: Clock;
  readonly documents: RosterDocuments;
  /** It has ended, by whomever. `unheard`: the peer has not taken the last document, which had so many bytes. */
  readonly over: (why: SubscriptionEnd, unheard: number) => void;
}

export class RosterSubscription implements SubscriptionHandler {
  readonly #parts: RosterSubscriptionParts;
  readonly #subscription: Subscription;
  readonly #fetch: boolean;
  readonly #pace = new SubscriptionPace();
  #told: Snapshot | undefined;
  #version = 0;
  #timer: Timer | undefined;
  /** Something may be new. */
  #stale = false;
  /** A full document is owed, and waits for an answer. */
  #fullDue = false;
  #bytes = 0;

  /** Answers the SUBSCRIBE. */
  constructor(request: SubscribeRequest, parts: RosterSubscriptionParts) {
    this.#parts = parts;
    this.#fetch = request.expires === 0;
    this.#subscription = request.open({ handler: this });
  }

  /** Sends the first document (RFC 6665 section 4.2.1.2), and the only one to who wants one only (section 4.4.3). */
  start(): void {
    if (this.#fetch) this.end('timeout');
    else this.#sendFull();
  }

  changed(): void {
    this.#stale = true;
    this.#schedule();
  }

  /** Ends it with a full document; `reason` as in RFC 6665 section 4.1.3. */
  end(reason: string): void {
    this.#subscription.terminate(reason, this.finalBody());
  }

  /** The room is gone: that is told (RFC 4575 section 4.6), and nobody should ask again. */
  roomGone(entity: string): void {
    this.#version += 1;
    this.#subscription.terminate('noresource', body(deletedDocument(entity, this.#version)));
  }

  refreshed(): void {
    // The stack would queue it behind the NOTIFY in flight; so would it the next one, without end.
    if (this.#subscription.awaiting) this.#fullDue = true;
    else this.#sendFull();
  }

  acknowledged(): void {
    this.#bytes = 0;
    if (this.#fullDue) this.#sendFull();
    else this.#schedule();
  }

  finalBody(): NotifyBody {
    return body(this.#full());
  }

  ended(why: SubscriptionEnd): void {
    this.#timer?.cancel();
    this.#parts.over(why, this.#bytes);
  }

  #schedule(): void {
    if (!this.#stale || this.#timer || this.#subscription.awaiting) return;
    const { clock } = this.#parts;
    const wait = Math.max(GATHER, this.#pace.wait(clock.now()));
    this.#timer = clock.after(wait, () => {
      this.#timer = undefined;
      this.#tellChange();
    });
  }

  /** Nothing is sent where the changes have undone each other. */
  #tellChange(): void {
    if (this.#subscription.awaiting) return;
    this.#stale = false;
    const { clock, documents } = this.#parts;
    const now = documents.now();
    if (!this.#told || now === this.#told) return;
    const change = documents.change(this.#told, this.#version + 1);
    this.#version += 1;
    this.#told = now;
    this.#pace.sent(clock.now());
    this.#send(change);
  }

  /** Not paced: a SUBSCRIBE is answered by a NOTIFY at once (RFC 6665 section 4.2.1.2). */
  #sendFull(): void {
    this.#fullDue = false;
    this.#stale = false;
    this.#send(this.#full());
  }

  /** With the version of before where there is nothing new (RFC 4575 section 5.2). */
  #full(): string {
    const { documents } = this.#parts;
    const now = documents.now();
    if (now !== this.#told) this.#version += 1;
    this.#told = now;
    return documents.full(this.#version);
  }

  #send(document: string): void {
    this.#bytes = Buffer.byteLength(document);
    this.#subscription.notify(CONTENT_TYPE, document);
  }
}

function body(document: string): NotifyBody {
  return { contentType: CONTENT_TYPE, body: document };
}
