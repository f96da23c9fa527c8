/** What lines were read as that come again and again: the same line is then read once. */

/** So many are remembered at most (a power of two), and none that is longer. */
const SLOTS = 1024;
const LONGEST = 512;

interface Slot<Value> {
  readonly text: string;
  readonly value: Value;
}

/**
 * A memory for one way of reading, which must always give the same for the same text, and something that nobody changes.
 * What cannot be read is not remembered. The characters of a text stand for bytes.
 */
export class Remembered<Value extends object> {
  readonly #read: (text: string) => Value | undefined;
  readonly #slots: (Slot<Value> | undefined)[] = Array.from({ length: SLOTS });
  #last: Slot<Value> | undefined;

  constructor(read: (text: string) => Value | undefined) {
    this.#read = read;
  }

  /** What the text is read as; undefined where it cannot be. */
  of(text: string): Value | undefined {
    if (this.#last?.text === text) return this.#last.value;
    if (text.length > LONGEST) return this.#read(text);
    const place = placeOf(text);
    let slot = this.#slots[place];
    if (slot?.text !== text) {
      // A copy: what was cut out of a long text keeps all of it alive.
      const own = Buffer.from(text, 'latin1').toString('latin1');
      const value = this.#read(own);
      if (!value) return undefined;
      // Two texts of one place put each other out: that costs time only.
      slot = { text: own, value };
      this.#slots[place] = slot;
    }
    this.#last = slot;
    return slot.value;
  }
}

/** A Map would take four times as long: it asks for a better hash than is needed here. */
function placeOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
