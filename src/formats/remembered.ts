/** What lines were read as that come again and again: the same line is then read once. */

/** So many are remembered, and none that is longer. */
const MOST = 256;
const LONGEST = 512;

/**
 * A memory for one way of reading, which must always give the same for the same text, and something that nobody changes.
 * What cannot be read is not remembered. The characters of a text stand for bytes.
 */
export class Remembered<Value extends object> {
  readonly #read: (text: string) => Value | undefined;
  readonly #values = new Map<string, Value>();
  #lastText = '';
  #last: Value | undefined;

  constructor(read: (text: string) => Value | undefined) {
    this.#read = read;
  }

  /** What the text is read as; undefined where it cannot be. */
  of(text: string): Value | undefined {
    // To compare it with the last one takes a fraction of the time of a look into the map.
    if (text === this.#lastText) return this.#last;
    const value = this.#values.get(text) ?? this.#fresh(text);
    this.#lastText = text;
    this.#last = value;
    return value;
  }

  #fresh(text: string): Value | undefined {
    if (text.length > LONGEST) return this.#read(text);
    // A copy: what was cut out of a long text keeps all of it alive.
    const own = Buffer.from(text, 'latin1').toString('latin1');
    const value = this.#read(own);
    if (!value) return undefined;
    if (this.#values.size >= MOST) this.#values.clear();
    this.#values.set(own, value);
    return value;
  }
}
