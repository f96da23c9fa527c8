/**
 * What became of the lines of one link.
 *
 * Behind the last line of a message goes a fence, a PING; its PONG says that the server has dealt with everything before it. One
 * fence is on its way at a time, and covers all that was sent before it. A numeric that refuses something belongs to the
 * lines that the next PONG covers. A line is confirmed when the reader hears it, which is also its place in the
 * one order for all; without a refusal and without being heard it is lost ten seconds after its fence.
 */
import type { Clock, Timer } from '../common/clock.ts';
import { refused, type Outcome } from '../room/refusals.ts';
import type { SpokenLine } from './utterance.ts';

/** Milliseconds behind the answer of its fence in which a line must be heard. */
const HEARING_TIME = 10_000;
/** The same for a line whose link was lost. */
const LAST_HEARING_TIME = 3_000;

const neverHeard = refused('lost', 'IRC took this and nobody there saw it');
const linkLost = refused('lost', 'the connection to IRC broke before this was confirmed');

interface Refused {
  readonly target: string;
  readonly outcome: Outcome;
}

/** Lines behind one fence that is answered, and what the server refused among them. */
interface Window {
  readonly lines: Set<SpokenLine>;
  readonly refusals: Refused[];
  timer: Timer | undefined;
}

export class Confirmations {
  readonly #clock: Clock;
  readonly #same: (a: string, b: string) => boolean;
  readonly #expired: () => void;
  /** Sent, not confirmed, no fence behind them answered: in their order, with their numbers. */
  readonly #sent = new Map<SpokenLine, number>();
  /** A fence behind them is answered. */
  readonly #passed = new Map<SpokenLine, Window>();
  #number = 0;
  /** The fence on its way, and the number of the last line that it covers. */
  #fence: { readonly token: string; readonly covers: number } | undefined;
  #fences = 0;
  #fenceDue = false;
  /** Since the last PONG. */
  #refusals: Refused[] = [];

  /** `same`: whether two targets are one to the server. `expired` is called when lines are given up as time has passed. */
  constructor(clock: Clock, same: (a: string, b: string) => boolean, expired: () => void) {
    this.#clock = clock;
    this.#same = same;
    this.#expired = expired;
  }

  /** Lines whose end is not known. */
  get size(): number {
    return this.#sent.size + this.#passed.size;
  }

  /** A line has been sent; `last` of its message: a fence is due behind it. */
  sent(line: SpokenLine, last: boolean): void {
    this.#number += 1;
    this.#sent.set(line, this.#number);
    if (last) this.#fenceDue = true;
  }

  /** The token of the PING to send now; undefined where none is due, or one is on its way. */
  raiseFence(): string | undefined {
    if (!this.#fenceDue || this.#fence) return undefined;
    this.#fenceDue = false;
    this.#fences += 1;
    this.#fence = { token: `fence-${this.#fences}`, covers: this.#number };
    return this.#fence.token;
  }

  /** A PONG came. False where it is of no fence of ours. */
  answered(token: string): boolean {
    const fence = this.#fence;
    if (!fence || token !== fence.token) return false;
    this.#fence = undefined;
    const window: Window = { lines: new Set(), refusals: this.#refusals, timer: undefined };
    this.#refusals = [];
    for (const [line, number] of this.#sent) {
      if (number > fence.covers) break;
      this.#sent.delete(line);
      if (line.utterance.confirm === 'fence') line.settle(this.#takeRefusal(window, line));
      else {
        window.lines.add(line);
        this.#passed.set(line, window);
      }
    }
    this.#check(window);
    if (window.lines.size > 0) window.timer = this.#clock.after(HEARING_TIME, () => this.#expire(window));
    return true;
  }

  /** The server refuses something that was sent to a target. */
  refused(target: string, outcome: Outcome): void {
    this.#refusals.push({ target, outcome });
  }

  /** Whether a line to that target waits for a fence, so that a refusal can be about it. */
  awaits(target: string): boolean {
    for (const line of this.#sent.keys()) if (this.#same(line.utterance.target, target)) return true;
    return false;
  }

  /** The reader heard a line of ours. False where it is nothing that was waited for. */
  heard(target: string, text: string): boolean {
    let line: SpokenLine | undefined;
    for (const candidate of this.#inOrder()) {
      if (!this.#same(candidate.utterance.target, target)) continue;
      // Servers strip and censor: what is not found by its text is the oldest.
      line ??= candidate;
      if (candidate.text !== text) continue;
      line = candidate;
      break;
    }
    if (!line) return false;
    this.#settle(line, undefined);
    return true;
  }

  /** Nobody is there to hear us any more, in one channel or in all: the fence alone has to do. */
  notHeard(target: string | undefined): void {
    const concerns = ({ utterance }: SpokenLine): boolean =>
      target === undefined || this.#same(utterance.target, target);
    for (const line of [...this.#sent.keys()].filter(concerns)) line.utterance.confirm = 'fence';
    for (const [line, window] of [...this.#passed]) {
      if (concerns(line) && this.#passed.has(line)) this.#settle(line, this.#takeRefusal(window, line));
    }
  }

  /** The link is gone. What was sent may still be heard for a moment. */
  lost(): void {
    this.#fence = undefined;
    this.#fenceDue = false;
    this.#refusals = [];
    const open = [...this.#inOrder()];
    for (const line of open) if (line.utterance.confirm === 'fence') this.#settle(line, linkLost);
    if (this.size === 0) return;
    this.#clock.after(LAST_HEARING_TIME, () => {
      for (const line of open) if (this.#isOpen(line)) this.#settle(line, linkLost);
    });
  }

  *#inOrder(): Generator<SpokenLine> {
    yield* this.#passed.keys();
    yield* this.#sent.keys();
  }

  #isOpen(line: SpokenLine): boolean {
    return this.#passed.has(line) || this.#sent.has(line);
  }

  #settle(line: SpokenLine, failure: Outcome | undefined): void {
    const window = this.#passed.get(line);
    this.#passed.delete(line);
    this.#sent.delete(line);
    window?.lines.delete(line);
    line.settle(failure);
    if (window) this.#check(window);
  }

  /** The server does not say which lines it refused: those that are left when all others were heard. */
  #check(window: Window): void {
    for (const target of new Set([...window.lines].map(({ utterance }) => utterance.target))) {
      const unheard = [...window.lines].filter(({ utterance }) => utterance.target === target);
      const refusals = window.refusals.filter((refusal) => this.#same(refusal.target, target));
      if (unheard.length === 0 || unheard.length > refusals.length) continue;
      for (const line of unheard) {
        this.#passed.delete(line);
        window.lines.delete(line);
        line.settle(this.#takeRefusal(window, line) ?? neverHeard);
      }
    }
    if (window.lines.size === 0) window.timer?.cancel();
  }

  #expire(window: Window): void {
    for (const line of [...window.lines]) this.#settle(line, this.#takeRefusal(window, line) ?? neverHeard);
    this.#expired();
  }

  #takeRefusal({ refusals }: Window, { utterance }: SpokenLine): Outcome | undefined {
    const at = refusals.findIndex(({ target }) => this.#same(target, utterance.target));
    return at < 0 ? undefined : refusals.splice(at, 1)[0]?.outcome;
  }
}
