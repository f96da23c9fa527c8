/**
 * When what waits for the clients goes out: once per tick, for all of them. In a channel most get the same lines, which are
 * then joined and encoded once.
 */

/** What is told that the tick is over. */
export interface Departing {
  flush(): void;
}

interface Joined {
  readonly lines: readonly string[];
  readonly bytes: Buffer;
}

export class Departures {
  #waiting: Departing[] = [];
  /** Of this tick, by the first of the lines. */
  readonly #joined = new Map<string, Joined>();

  /** Once for each tick in which something waits. */
  add(departing: Departing): void {
    if (this.#waiting.push(departing) === 1) setImmediate(() => this.#leave());
  }

  /** Lines as they are written. The buffer may be others' too: nobody may change it. */
  join(lines: readonly string[]): Buffer {
    const [first = ''] = lines;
    const known = this.#joined.get(first);
    if (known && same(known.lines, lines)) return known.bytes;
    const bytes = Buffer.from(lines.length === 1 ? first : lines.join(''));
    // The first stays: who talks lacks its own lines, and is alike nobody.
    if (!known) this.#joined.set(first, { lines, bytes });
    return bytes;
  }

  #leave(): void {
    const leaving = this.#waiting;
    this.#waiting = [];
    for (const departing of leaving) departing.flush();
    this.#joined.clear();
  }
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((line, at) => line === others[at]);
}
