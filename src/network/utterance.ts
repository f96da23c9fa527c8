/** One message on its way to IRC: its lines, and how each of them went. */
import { done, refused, type Outcome } from '../room/refusals.ts';

/** A message to be spoken. */
export interface Speech {
  /** A channel (with status characters before it for a group of it) or a nick. */
  readonly target: string;
  /** The texts of the lines, none empty; at least one. */
  readonly texts: readonly string[];
  /** Whose message it is: nobody's queue grows at the cost of others. */
  readonly author: string;
  /** How it is known that a line has arrived: the reader hears it, or the server has refused nothing when it answers a fence. */
  readonly confirm: 'heard' | 'fence';
  /** Told once. */
  readonly settled: (outcome: Outcome) => void;
}

/** One line of a message. */
export class SpokenLine {
  readonly text: string;
  readonly utterance: Utterance;

  constructor(text: string, utterance: Utterance) {
    this.text = text;
    this.utterance = utterance;
  }

  /** The end of the line is known: it has arrived, or the failure. To be called once. */
  settle(failure: Outcome | undefined): void {
    this.utterance.lineSettled(failure);
  }
}

/** A message whose lines go their own ways; its outcome is told when the last of them has ended. */
export class Utterance {
  readonly target: string;
  readonly author: string;
  readonly lines: readonly SpokenLine[];
  /** When it came, or its link was lost, in milliseconds since 1970. */
  since: number;
  confirm: Speech['confirm'];
  readonly #settled: Speech['settled'];
  #open: number;
  #failed = 0;
  #failure: Outcome | undefined;

  constructor(speech: Speech, now: number) {
    this.target = speech.target;
    this.author = speech.author;
    this.confirm = speech.confirm;
    this.since = now;
    this.#settled = speech.settled;
    this.lines = speech.texts.map((text) => new SpokenLine(text, this));
    this.#open = this.lines.length;
  }

  /** The end of one of its lines is known; with the last one that of the message is. */
  lineSettled(failure: Outcome | undefined): void {
    this.#open -= 1;
    if (failure) {
      this.#failed += 1;
      this.#failure ??= failure;
    }
    if (this.#open === 0) this.#settled(this.#outcome());
  }

  #outcome(): Outcome {
    const failure = this.#failure;
    if (!failure || failure.ok) return done;
    if (this.#failed === this.lines.length) return failure;
    // What arrived cannot be called back, so the sender is told what is missing.
    return refused(
      failure.refusal,
      `${this.#failed} of ${this.lines.length} lines did not get through: ${failure.text}`,
    );
  }
}
