/**
 * What was said in a room of late, for those who come in (contract.md, `rooms.*.history`): the last messages that were
 * delivered to everybody, each once. What somebody said in private, what the room itself said and who was typing is not in it.
 *
 * A message is a value with an id, a time and an author before it is text. The text stays a handle.
 */
import type { Content } from './content.ts';
import type { Author } from './inputs.ts';

/** A message as everybody got it. Never changed. */
export interface Said {
  /** Counts up from 1 in its room, in the order in which the messages were delivered. */
  readonly id: number;
  /** When it was said, in milliseconds since 1970. */
  readonly at: number;
  /** As it was then: whoever has another nick now is shown with the old one. */
  readonly from: Author;
  readonly content: Content;
}

/** Bytes of a picture that is kept at most: larger ones are for those who were there. */
const LARGEST_FILE = 64 * 1024;
/** Bytes of all that is kept, well below what waits for a newcomer's connection before it counts as congested. */
const MOST_BYTES = 512 * 1024;
/** Bytes that each message takes on its way besides its content: headers of MSRP, and of a wrapper that we write. */
const OVERHEAD = 512;

export class History {
  #limit: number;
  #kept: Said[] = [];
  #bytes = 0;
  #count = 0;

  /** `limit`: messages to keep. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Something was delivered to everybody; `at` in milliseconds since 1970. */
  add(from: Author, content: Content, at: number): void {
    this.#count += 1;
    if (this.#limit === 0 || content.kind === 'signal') return;
    if (content.kind === 'file' && content.held > LARGEST_FILE) return;
    // What fills all of it would leave nothing of what was said around it.
    if (weight(content) > MOST_BYTES) return;
    this.#kept.push({ id: this.#count, at, from, content });
    this.#bytes += weight(content);
    this.#shrink();
  }

  /** What is kept, oldest first. */
  all(): readonly Said[] {
    return [...this.#kept];
  }

  /** Another number of messages is to be kept from now on; the oldest go where it is smaller. */
  resize(limit: number): void {
    this.#limit = limit;
    this.#shrink();
  }

  #shrink(): void {
    let gone = 0;
    while (this.#kept.length - gone > this.#limit || this.#bytes > MOST_BYTES) {
      const oldest = this.#kept[gone];
      if (!oldest) break;
      this.#bytes -= weight(oldest.content);
      gone += 1;
    }
    if (gone > 0) this.#kept = this.#kept.slice(gone);
  }
}

function weight(content: Content): number {
  return content.held + OVERHEAD;
}
