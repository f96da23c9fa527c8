/** Objects made of parts (RFC 2046 section 5.1), as far as a reader of messages needs them. */
import { readHeaders } from './cpim-headers.ts';
import { CpimError } from './cpim-syntax.ts';
import { mediaParameters, mediaType } from './media-type.ts';

/** Something with a media type: a wrapped object as a whole, or a part of one. */
export interface Entity {
  readonly contentType: string;
  readonly contentHeaders: readonly (readonly [name: string, value: string])[];
  /** A view into the bytes that were read. */
  readonly body: Buffer;
}

/**
 * Parts within parts are read so deep, and so many in all. What has more is refused: what nobody has looked at could be of
 * any type, and a type that a device has not listed must not go to it (RFC 4975 section 8.6).
 */
const DEEPEST = 4;
const MOST_PARTS = 100;
/** RFC 2046 section 5.1.1. */
const LONGEST_BOUNDARY = 70;
/** Bytes in which the headers of a part are looked for. */
const MOST_HEAD = 8192;
const BLANK = Buffer.from('\r\n\r\n');

/** Whether it is of parts that can be looked at: what is signed or encrypted is one thing. */
export function isMultipart({ contentType }: Pick<Entity, 'contentType'>): boolean {
  const type = mediaType(contentType);
  return type.startsWith('multipart/') && type !== 'multipart/signed' && type !== 'multipart/encrypted';
}

/**
 * An entity with its parts; without any where it is none of parts. An object that breaks off in its middle has the parts
 * that are there. Throws CpimError where no part can be told from another, or there are too many.
 */
export class EntityTree {
  readonly entity: Entity;
  readonly type: string;
  readonly parts: readonly EntityTree[];

  constructor(entity: Entity, depth = 0, budget = { parts: MOST_PARTS }) {
    this.entity = entity;
    this.type = mediaType(entity.contentType);
    const inner = isMultipart(entity) ? partsOf(entity, depth, budget) : [];
    this.parts = inner.map((part) => new EntityTree(part, depth + 1, budget));
  }

  /** All media types in it, its own first, each once. */
  get types(): string[] {
    if (this.parts.length === 0) return [this.type];
    return [...new Set([this.type, ...this.parts.flatMap(({ types }) => types)])];
  }

  /**
   * What a reader is to be shown, in order. Of alternatives that is the last one of a type that `reads` names (RFC 2046
   * section 5.1.4), or the last one.
   */
  shown(reads: (type: string) => boolean): Entity[] {
    if (this.parts.length === 0) return [this.entity];
    if (this.type !== 'multipart/alternative') return this.parts.flatMap((part) => part.shown(reads));
    const choice = this.parts.findLast((part) => part.types.some(reads)) ?? this.parts.at(-1);
    return choice?.shown(reads) ?? [];
  }
}

function partsOf(entity: Entity, depth: number, budget: { parts: number }): Entity[] {
  if (depth === DEEPEST) throw new CpimError(`parts in parts, more than ${DEEPEST} deep`);
  const parts: Entity[] = [];
  const found = cut(entity, budget.parts);
  budget.parts -= found.length;
  for (const bytes of found) {
    // The blank line may be missing where no body follows it (RFC 2046 section 5.1.1).
    const { lines, end } = readHeaders(Buffer.concat([bytes.subarray(0, MOST_HEAD), BLANK]), 0, 0, true);
    const contentHeaders = lines.map(({ name, value }) => [name, value] as const);
    const own = contentHeaders.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    // RFC 2046 section 5.1: without a Content-Type it is plain text.
    parts.push({ contentType: own ?? 'text/plain', contentHeaders, body: bytes.subarray(end) });
  }
  return parts;
}

/** The bytes between the delimiters, of `most` parts at most. */
function cut({ contentType, body }: Entity, most: number): Buffer[] {
  const boundary = mediaParameters(contentType).get('boundary') ?? '';
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY)
    throw new CpimError('a multipart without a boundary');
  // To look for a text in a text is many times faster than for bytes in bytes.
  const text = body.toString('latin1');
  const dashes = Buffer.from(`--${boundary}`, 'latin1').toString('latin1');
  const found: Buffer[] = [];
  const add = (start: number, end?: number): void => {
    if (found.length === most) throw new CpimError(`more than ${MOST_PARTS} parts`);
    found.push(body.subarray(start, end));
  };
  let start: number | undefined;
  for (let line = nextDelimiter(text, dashes, 0); line; line = nextDelimiter(text, dashes, line.end)) {
    if (start !== undefined) add(start, Math.max(start, line.start));
    if (line.isLast) return found;
    start = line.end;
  }
  if (start === undefined) throw new CpimError('a multipart without parts');
  add(start);
  return found;
}

interface Delimiter {
  /** Where the part before it ends. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly isLast: boolean;
}

/** RFC 2046 section 5.1.1: a line of its own, and the line end before it belongs to it. COMPAT: line ends may be LF alone. */
function nextDelimiter(text: string, dashes: string, from: number): Delimiter | undefined {
  for (let at = text.indexOf(dashes, from); at >= 0; at = text.indexOf(dashes, at + 1)) {
    if (at > 0 && text[at - 1] !== '\n') continue;
    let end = at + dashes.length;
    const isLast = text.startsWith('--', end);
    if (isLast) end += 2;
    while (text[end] === ' ' || text[end] === '\t') end += 1;
    if (text[end] === '\r') end += 1;
    if (end < text.length && text[end] !== '\n') continue;
    const start = at - (text[at - 2] === '\r' ? 2 : 1);
    return { start, end: Math.min(end + 1, text.length), isLast };
  }
  return undefined;
}
