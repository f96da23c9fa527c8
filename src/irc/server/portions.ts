/**
 * Long replies to one client: made and sent in portions, as the client takes them, so that what it asked for itself is never
 * more than may wait for it.
 */
import type { Outbox } from './outbox.ts';

export class Portions {
  readonly #outbox: Outbox;
  #waiting: Iterator<string>[] = [];

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** A reply is not sent to its end yet. */
  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Lines with their CRLF, each made when there is room for it. */
  add(lines: Iterable<string>): void {
    this.#waiting.push(lines[Symbol.iterator]());
    this.continue();
  }

  /** Sends as much as there is room for. */
  continue(): void {
    while (this.#outbox.roomy) {
      const [first] = this.#waiting;
      if (!first) return;
      const next = first.next();
      if (next.done === true) this.#waiting.shift();
      else this.#outbox.push(next.value);
    }
  }

  /** Forgets what is not sent yet. */
  discard(): void {
    this.#waiting = [];
  }
}
