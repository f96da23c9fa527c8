/** The Message-IDs that one session has received whole, so that a duplicate is not shown twice (RFC 4975 section 5.4). */
import type { ByteRange } from './byte-range.ts';

export interface SeenMessage {
  /** What a success REPORT was sent for. */
  readonly reported: ByteRange | undefined;
}

/** At least so many are remembered, and less than twice as many; duplicates come after a lost connection, soon or never. */
const LEAST = 256;

const UNREPORTED: SeenMessage = { reported: undefined };

export class SeenMessages {
  /** All are forgotten together: to take the oldest out of a map for each one that comes costs more than to find it. */
  #recent = new Map<string, SeenMessage>();
  #older: Map<string, SeenMessage> | undefined;

  find(messageId: string): SeenMessage | undefined {
    return this.#recent.get(messageId) ?? this.#older?.get(messageId);
  }

  add(messageId: string): void {
    if (this.#recent.size >= LEAST) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(itself(messageId), UNREPORTED);
  }

  reported(messageId: string, range: ByteRange): void {
    const map = this.#recent.has(messageId) ? this.#recent : this.#older;
    if (map?.has(messageId)) map.set(messageId, { reported: range });
  }

  delete(messageId: string): void {
    if (!this.#recent.delete(messageId)) this.#older?.delete(messageId);
  }
}

/** A text that was cut out of a head keeps the head in memory. To put it together anew does not. */
function itself(text: string): string {
  return ` ${text}`.slice(1);
}
