/** Once per turn of the event loop, everything that has something to write writes it. */

export interface Flushable {
  flush(): void;
}

/** So many at a time; the rest comes in the next turn, so that a large room does not stop everything else. */
const AT_ONCE = 1000;

/**
 * Collects what is due. A system call costs more than anything else in sending, so all frames of one turn for one
 * connection leave together; when nothing else is due they leave in the same turn.
 */
export class Tick {
  #due = new Set<Flushable>();
  #set = false;

  /** Has `flush` called once, later in this turn of the event loop. */
  add(item: Flushable): void {
    this.#due.add(item);
    if (this.#set) return;
    this.#set = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#set = false;
    let count = 0;
    for (const item of this.#due) {
      if (count === AT_ONCE) break;
      count += 1;
      this.#due.delete(item);
      item.flush();
    }
    if (this.#due.size > 0 && !this.#set) {
      this.#set = true;
      setImmediate(() => this.#run());
    }
  }
}
