/** How fast participants may send: messages and wishes for nicknames, from all devices of one together. */
import { type Rate, TokenBucket } from '../common/bucket.ts';
import type { Clock } from '../common/clock.ts';
import type { ParticipantId } from '../room/inputs.ts';

export class Pace {
  readonly #rate: Rate | undefined;
  readonly #clock: Clock;
  readonly #buckets = new Map<ParticipantId, TokenBucket>();

  /** Without a rate everybody may send as fast as the connection does. */
  constructor(rate: Rate | undefined, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Whether this one may send something more now; it counts. */
  admits(participant: ParticipantId): boolean {
    if (!this.#rate) return true;
    let bucket = this.#buckets.get(participant);
    if (!bucket) {
      bucket = new TokenBucket(this.#rate, this.#clock);
      this.#buckets.set(participant, bucket);
    }
    return bucket.take();
  }

  /** It has left the room. */
  left(participant: ParticipantId): void {
    this.#buckets.delete(participant);
  }
}
