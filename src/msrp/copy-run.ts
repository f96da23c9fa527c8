/**
 * Copies of messages that wait for one session, one behind the other: the short path of a switch, on which nothing is made
 * for a single delivery but its bytes.
 */
import type { Share } from './backlog.ts';
import { frames } from './copy-batch.ts';
import type { Copy } from './writer.ts';

/** So many copies are written at once: with texts of the usual length one write of the cheap kind (see JoinedWrites). */
const MOST = 32;

/** Copies for one session. */
export class CopyRun {
  readonly share: Share;
  readonly #paths: string;
  readonly #copies: Copy[] = [];
  #bytes = 0;

  constructor(share: Share, paths: string) {
    this.share = share;
    this.#paths = paths;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether another copy can be added: one for the same session, while there is room. */
  takes(share: Share, paths: string): boolean {
    return share === this.share && paths === this.#paths && this.#copies.length < MOST;
  }

  /** Adds a copy. Returns its bytes. */
  add(copy: Copy): number {
    this.#copies.push(copy);
    const bytes = copy.bytes + this.#paths.length;
    this.#bytes += bytes;
    return bytes;
  }

  /** The frames. */
  text(): string {
    return frames(this.#copies, this.#paths);
  }
}
