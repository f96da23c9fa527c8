/** Once per turn of the event loop, everything that has something to write writes it. */

export interface Flushable {
  /** Writes what is due, to at most so many connections. Gives to how many; whoever has not done all adds itself again. */
  flush(most: number): number;
}

/** So many at a time; the rest comes in the next turn, so that a large room does not stop everything else. */
const AT_ONCE = 1000;

/**
 * Collects what is due. A system call costs more than anything else in sending, so all frames of one turn for one
 * connection leave together; when nothing else is due they leave in the same turn.
 */
export class Tick {
  #due = new Set<Flushable>();
  /** Empty, to be used in the next turn. */
  #spare = new Set<Flushable>();
  #set = false;

  /** Has `flush` called once, later in this turn of the event loop. */
  add(item: Flushable): void {
    this.#due.add(item);
    if (this.#set) return;
    this.#set = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    const due = this.#due;
    this.#due = this.#spare;
    this.#spare = due;
    this.#set = false;
    let left = AT_ONCE;
    let waiting: Flushable[] | undefined;
    for (const item of due) {
      if (left > 0) left -= item.flush(left);
      else (waiting ??= []).push(item);
    }
    due.clear();
    if (waiting) this.#goesBefore(waiting);
  }

  /** Who had no turn is first in the next one: a large room, which is never through, would else be it each time. */
  #goesBefore(waiting: readonly Flushable[]): void {
    const others = this.#due;
    this.#due = this.#spare;
    this.#spare = others;
    for (const item of waiting) this.add(item);
    for (const item of others) this.#due.add(item);
    others.clear();
  }
}
