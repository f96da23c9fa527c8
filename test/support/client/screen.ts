/** The terminal: a prompt under what the room says, or plain lines where one end is a pipe. */
import { clearScreenDown, createInterface, cursorTo, moveCursor, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
}

export class Screen {
  readonly #terminal: Terminal;
  /** With a person at both ends. */
  readonly #live: boolean;
  readonly #interrupted: () => void;
  #reader: Interface | undefined;

  /** `interrupted`: Ctrl-C was typed at the prompt. */
  constructor(terminal: Terminal, interrupted: () => void) {
    this.#terminal = terminal;
    this.#live = terminal.input.isTTY === true && terminal.output.isTTY === true;
    this.#interrupted = interrupted;
  }

  /** Shows a line above what is being typed. */
  show(line: string): void {
    const { output } = this.#terminal;
    if (!this.#live || !this.#reader) return void output.write(`${line}\n`);
    moveCursor(output, 0, -this.#reader.getCursorPos().rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    output.write(`${line}\n`);
    // Node would go up again by the rows that what is typed took before.
    Object.assign(this.#reader, { prevRows: 0 });
    this.#reader.prompt(true);
  }

  /** What is typed, until the end of input or `close`. The next line is read when the last one is dealt with. */
  async *lines(): AsyncGenerator<string> {
    const { input, output } = this.#terminal;
    const reader = this.#live
      ? createInterface({ input, output, prompt: '> ', historySize: 200 })
      : createInterface({ input, crlfDelay: Infinity });
    this.#reader = reader;
    reader.on('SIGINT', this.#interrupted);
    if (this.#live) reader.prompt();
    for await (const line of reader) {
      // Lines that were read before the end come after it.
      if (this.#reader !== reader) return;
      if (this.#live) reader.prompt();
      yield line;
    }
    this.#reader = undefined;
  }

  close(): void {
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    if (this.#live) {
      cursorTo(this.#terminal.output, 0);
      clearScreenDown(this.#terminal.output);
    }
    reader.close();
  }
}
