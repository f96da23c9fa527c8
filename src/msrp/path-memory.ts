/** The path lines that a peer wrote last: it writes the same ones in each frame, and they are half of its head. */

/** Of a head, what is remembered. */
interface Paths {
  toPath: string;
  fromPath: string;
  readonly isRequest: boolean;
}

/** One for each parser. It holds texts of its own, so it keeps no frame alive. */
export class PathMemory {
  #lines = '';
  #toPath = '';
  #fromPath = '';
  #hadRequest = false;

  /** Gives a head its paths where the lines stand in `text` at `at` again. Returns where they end; else `at`. */
  recall(paths: Paths, text: string, at: number): number {
    const end = at + this.#lines.length;
    if (end === at || text.slice(at, end) !== this.#lines) return at;
    paths.toPath = this.#toPath;
    paths.fromPath = this.#fromPath;
    return end;
  }

  /** Remembers the paths of a head, in the lines of which nearly everybody makes them. */
  keep({ isRequest, toPath, fromPath }: Paths): void {
    // Most peers only listen: they send one request, and later at most answers. For them it is not worth its memory.
    if (!this.#hadRequest) {
      this.#hadRequest = isRequest;
      return;
    }
    this.#lines = `To-Path: ${toPath}\r\nFrom-Path: ${fromPath}\r\n`;
    // Cut out of the new text, not out of the frame's.
    this.#toPath = this.#lines.slice('To-Path: '.length, 'To-Path: '.length + toPath.length);
    this.#fromPath = this.#lines.slice(-2 - fromPath.length, -2);
  }
}
