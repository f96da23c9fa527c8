/**
 * Copies of messages that go to one session, one behind the other: the short path of a switch, on which nothing is made
 * for a single delivery but its bytes. Who gets the same messages in the same order gets the same bytes between its paths.
 */
import type { Share } from './backlog.ts';
import type { Copy } from './writer.ts';

/** So many copies are written at once: with texts of the usual length one write of the cheap kind (see JoinedWrites). */
const MOST = 32;
/** Nor more bytes than this, without the paths. */
const MOST_BYTES = 12_288;

/**
 * Some copies, for any session: what stands before the first paths, between two paths, and behind the last. Joined by the
 * paths, which stand once in each frame, they are its frames: measured at 450 bytes a frame it takes half the time that
 * putting the parts together one by one takes.
 */
export type CopyText = readonly string[];

/** What was made last by `CopyRun`; nearly always the next connection of a room gets the same. */
let known: { readonly copies: readonly Copy[]; readonly text: CopyText } = { copies: [], text: [] };

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
    if (!same(this.#copies, known.copies)) known = { copies: this.#copies, text: between(this.#copies) };
    return known.text.join(this.#paths);
  }
}

/** Any number of copies, for any session. */
export interface CopyTexts {
  readonly copies: readonly Copy[];
  /** A text for each write. */
  readonly texts: readonly CopyText[];
}

/** Makes the texts of copies, each of a length that is written at once. */
export function copyTexts(copies: readonly Copy[]): CopyTexts {
  const texts: CopyText[] = [];
  let from = 0;
  let bytes = 0;
  for (const [at, copy] of copies.entries()) {
    if (at > from && (at - from === MOST || bytes + copy.bytes > MOST_BYTES)) {
      texts.push(between(copies.slice(from, at)));
      from = at;
      bytes = 0;
    }
    bytes += copy.bytes;
  }
  texts.push(between(copies.slice(from)));
  return { copies, texts };
}

function same(one: readonly Copy[], other: readonly Copy[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** V8 keeps a text that was put together in its parts until a character of it is asked for; each connection would copy them one by one. */
function inOnePiece(text: string): string {
  text.charCodeAt(0);
  return text;
}

function between(copies: readonly Copy[]): string[] {
  const parts: string[] = [];
  let part = '';
  for (const { before, behind } of copies) {
    parts.push(inOnePiece(part + before));
    part = behind;
  }
  parts.push(part);
  return parts;
}
