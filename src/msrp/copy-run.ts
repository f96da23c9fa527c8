/**
 * Copies of messages that go to one session, one behind the other: the short path of a switch, on which nothing is made
 * for a single delivery but its bytes. Who gets the same messages in the same order gets the same bytes between its paths.
 */
import type { Share } from './backlog.ts';
import { type Between, betweenPaths } from './copy-batch.ts';
import type { Copy } from './writer.ts';

/** So many copies are written at once: with texts of the usual length one write of the cheap kind (see JoinedWrites). */
const MOST = 32;

/** What was made last by `CopyRun`; nearly always the next connection of a room gets the same. */
let known: { readonly copies: readonly Copy[]; readonly between: Between } = { copies: [], between: [] };

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
    if (!same(this.#copies, known.copies))
      known = { copies: this.#copies, between: betweenPaths(this.#copies) };
    return known.between.join(this.#paths);
  }
}

function same(one: readonly Copy[], other: readonly Copy[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
