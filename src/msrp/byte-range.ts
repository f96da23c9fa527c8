/** The Byte-Range header: `start-end/total` (RFC 4975 section 7.1.1). */

export interface ByteRange {
  /** The place of the first byte; the first of all is 1. */
  readonly start: number;
  /** The place of the last byte; undefined for `*`. `1-0/0` is an empty range. */
  readonly end: number | undefined;
  /** The size of the whole message; undefined for `*`. */
  readonly total: number | undefined;
}

// Fifteen digits stay exact in a number.
const RANGE = /^(\d{1,15})-(\d{1,15}|\*)\/(\d{1,15}|\*)$/;

/** What was read last: each is asked for twice, and most messages of a talk have a usual length. */
let last: { readonly text: string; readonly range: ByteRange | undefined } = { text: '', range: undefined };

/** Reads a Byte-Range; undefined when it is none or begins at 0. */
export function parseByteRange(text: string): ByteRange | undefined {
  if (text !== last.text) last = { text, range: read(text) };
  return last.range;
}

function read(text: string): ByteRange | undefined {
  const match = RANGE.exec(text);
  if (!match || Number(match[1]) < 1) return undefined;
  return { start: Number(match[1]), end: place(match[2]), total: place(match[3]) };
}

/** Writes a Byte-Range. */
export function formatByteRange(range: ByteRange): string {
  return `${range.start}-${range.end ?? '*'}/${range.total ?? '*'}`;
}

function place(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : Number(text);
}
