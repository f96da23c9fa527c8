/** The Message-IDs that one session has received whole, so that a duplicate is not shown twice (RFC 4975 section 5.4). */
import type { ByteRange } from './byte-range.ts';

export interface SeenMessage {
  /** What a success REPORT was sent for. */
  reported: ByteRange | undefined;
}

/** So many are remembered; duplicates come after a lost connection, soon or never. */
const MOST = 256;

export class SeenMessages {
  readonly #messages = new Map<string, SeenMessage>();

  find(messageId: string): SeenMessage | undefined {
    return this.#messages.get(messageId);
  }

  add(messageId: string): void {
    this.#messages.set(messageId, { reported: undefined });
    if (this.#messages.size <= MOST) return;
    for (const oldest of this.#messages.keys()) {
      this.#messages.delete(oldest);
      break;
    }
  }

  reported(messageId: string, range: ByteRange): void {
    const seen = this.#messages.get(messageId);
    if (seen) seen.reported = range;
  }

  delete(messageId: string): void {
    this.#messages.delete(messageId);
  }
}
