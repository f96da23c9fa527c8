/** The response to one labelled command (labeled-response): one message, a batch of them, or ACK. */
import { escape, type Message } from './message.ts';

/** Octets of a label at most (labeled-response, Tag value). */
export const LONGEST_LABEL = 64;

export interface Frame {
  /** A message of the server's, made where it is needed. */
  readonly message: (command: string, ...words: string[]) => Message;
  /** A reference tag that is in use nowhere else. */
  readonly reference: string;
}

export class Labelled {
  readonly #label: string;
  readonly #frame: Frame;
  readonly #response: Message[] = [];
  readonly #after: Message[] = [];

  constructor(label: string, frame: Frame) {
    this.#label = `label=${escape(label)}`;
    this.#frame = frame;
  }

  add(message: Message): void {
    this.#response.push(message);
  }

  /** Something that goes out with it and belongs to it not. */
  addAfter(message: Message): void {
    this.#after.push(message);
  }

  /** All lines for a recipient who takes the tags `kind`. */
  lines(kind: number): string[] {
    return [...this.#labelled(kind), ...this.#after.map((message) => message.line(kind))];
  }

  #labelled(kind: number): string[] {
    const { message, reference } = this.#frame;
    const [first, ...more] = this.#response;
    // labeled-response, The ACK response: a command that has no response gets one all the same.
    if (!first) return [message('ACK').line(kind, this.#label)];
    if (more.length === 0) return [first.line(kind, this.#label)];
    return [
      message('BATCH', `+${reference}`, 'labeled-response').line(kind, this.#label),
      ...this.#response.map((part) => part.line(kind, `batch=${reference}`)),
      message('BATCH', `-${reference}`).line(kind),
    ];
  }
}
