/**
 * The notifier of a room: tells its subscribers who is there, by the conference event package (RFC 4575, RFC 6665).
 * Whether somebody may subscribe is decided before it.
 */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { ParticipantId } from '../room/inputs.ts';
import type { SubscribeRequest, SubscriptionEnd } from '../sip/index.ts';
import { type DocumentParts, RosterDocuments } from './subscription-documents.ts';
import { RosterSubscription } from './subscription-roster.ts';

/** Bytes of a document by TCP: well below what a connection lets pile up. */
const LARGEST = 512 * 1024;
/** Bytes of a document that fits a datagram, with room for the SIP headers. */
const LARGEST_DATAGRAM = 60_000;
/** Subscriptions of one participant: several devices, and some that were forgotten. */
const MOST_EACH = 16;

export interface NotifierParts extends DocumentParts {
  readonly clock: Clock;
  readonly log: Log;
}

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #documents: RosterDocuments;
  readonly #shortDocuments: RosterDocuments;
  readonly #subscriptions = new Map<ParticipantId, Set<RosterSubscription>>();
  /** Those whom large documents have not reached. */
  readonly #outOfReach = new Set<ParticipantId>();
  #closed = false;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.#documents = new RosterDocuments(parts, LARGEST);
    this.#shortDocuments = new RosterDocuments(parts, LARGEST_DATAGRAM);
  }

  /** Accepts the subscription of a participant and sends the full document at once (RFC 6665 section 4.2.1.2). */
  subscribe(request: SubscribeRequest, participant: ParticipantId): void {
    if (this.#closed) return request.reject(404, 'Not Found');
    const theirs = this.#subscriptions.get(participant) ?? new Set();
    if (theirs.size >= MOST_EACH) return request.reject(480, 'Too Many Subscriptions', ['Retry-After: 60']);
    const subscription: RosterSubscription = new RosterSubscription(request, {
      clock: this.#parts.clock,
      documents: this.#outOfReach.has(participant) ? this.#shortDocuments : this.#documents,
      over: (why, unheard) => this.#over(participant, subscription, why, unheard),
    });
    this.#subscriptions.set(participant, theirs.add(subscription));
    subscription.start();
  }

  /** The roster, the subject or the state of the room has changed. */
  changed(): void {
    if (this.#closed) return;
    this.#outdate();
    for (const subscription of this.#all()) subscription.changed();
  }

  /**
   * Somebody has left, and its subscriptions end. With `rejected`: who may subscribe depends on being in the room
   * (mapping.md), so the subscriber should not ask again. `noresource` would say that the room is gone, and
   * `deactivated` would have the client come back at once, to be refused (RFC 6665 section 4.1.3).
   */
  left(participant: ParticipantId): void {
    this.#outOfReach.delete(participant);
    const theirs = this.#subscriptions.get(participant);
    if (!theirs) return;
    this.#outdate();
    for (const subscription of [...theirs]) subscription.end('rejected');
  }

  /** The room ends, and takes no more subscriptions. */
  close(): void {
    this.#closed = true;
    for (const subscription of this.#all()) subscription.roomGone(this.#parts.entity);
  }

  #all(): RosterSubscription[] {
    return [...this.#subscriptions.values()].flatMap((theirs) => [...theirs]);
  }

  #outdate(): void {
    this.#documents.outdate();
    this.#shortDocuments.outdate();
  }

  #over(
    participant: ParticipantId,
    subscription: RosterSubscription,
    why: SubscriptionEnd,
    unheard: number,
  ): void {
    this.#parts.log.debug({ participant, why }, 'roster subscription ended');
    const theirs = this.#subscriptions.get(participant);
    theirs?.delete(subscription);
    if (theirs?.size === 0) this.#subscriptions.delete(participant);
    // It takes datagrams only, and the document was too large for one: its next subscription gets less.
    if (why === 'failed' && unheard > LARGEST_DATAGRAM) this.#outOfReach.add(participant);
  }
}
