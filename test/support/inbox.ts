/** What one end has got so far, and the waiting for what it has not got yet. */
import type { Transcript } from './transcript.ts';

/** Milliseconds within which an answer must come. */
export const PATIENCE = 12_000;

interface Waiting<T> {
  fits: (item: T) => boolean;
  resolve: (item: T) => void;
  reject: (error: Error) => void;
  what: string;
}

/** Each item is taken once: by the first who waits for something that it fits. */
export class Inbox<T> {
  readonly all: T[] = [];
  readonly #name: string;
  readonly #transcript: Transcript;
  readonly #taken = new Set<T>();
  #waiting: Waiting<T>[] = [];
  #ended: string | undefined;

  constructor(name: string, transcript: Transcript) {
    this.#name = name;
    this.#transcript = transcript;
  }

  add(item: T): void {
    this.all.push(item);
    const waiting = this.#waiting.find(({ fits }) => fits(item));
    if (waiting === undefined) return;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    this.#taken.add(item);
    waiting.resolve(item);
  }

  /** Nothing more will come: who waits, now or later, fails at once. */
  end(reason: string): void {
    this.#ended ??= reason;
    for (const { reject, what } of this.#waiting) reject(this.#error(what, reason));
    this.#waiting = [];
  }

  /** The oldest item that fits and was not taken before; `what` completes the sentence "alice waited for". */
  takes(what: string, fits: (item: T) => boolean, timeout = PATIENCE): Promise<T> {
    const here = this.all.find((item) => !this.#taken.has(item) && fits(item));
    if (here !== undefined) {
      this.#taken.add(here);
      return Promise.resolve(here);
    }
    if (this.#ended !== undefined) return Promise.reject(this.#error(what, this.#ended));
    return new Promise((resolve, reject) => {
      const waiting: Waiting<T> = { fits, resolve: done(resolve), reject: done(reject), what };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(this.#error(what, `nothing in ${timeout} ms`));
      }, timeout);
      function done<V>(settle: (value: V) => void): (value: V) => void {
        return (value) => {
          clearTimeout(timer);
          settle(value);
        };
      }
      this.#waiting.push(waiting);
    });
  }

  /** Passes over everything that is here: only what comes from now on is waited for. */
  mark(): void {
    for (const item of this.all) this.#taken.add(item);
  }

  /** Fails when anything that came so far fits. Say before what shows that it would be here. */
  none(what: string, fits: (item: T) => boolean): void {
    if (this.all.some(fits)) throw this.#error(`no ${what}`, 'it is here');
  }

  #error(what: string, why: string): Error {
    return new Error(`${this.#name} waited for ${what}: ${why}\n${this.#transcript.tail()}`);
  }
}
