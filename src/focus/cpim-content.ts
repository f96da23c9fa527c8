/** A message of a SIP participant: the wrapper as it came, and what a room may ask of it. */
import { type Line, plainLines, plainText } from '../common/spans.ts';
import { type Cpim, parseCpim, readText } from '../formats/cpim.ts';
import { htmlToLines } from '../formats/html.ts';
import { mediaType } from '../formats/media-type.ts';
import { type Entity, EntityTree } from '../formats/multipart.ts';
import type { Attached, Content, StyledText } from '../room/content.ts';

/** What is for programs: somebody is typing (RFC 3994), somebody has got or read something (RFC 5438). */
const IMDN = 'message/imdn+xml';
const SIGNALS: ReadonlySet<string> = new Set(['application/im-iscomposing+xml', IMDN]);

/** What people read. */
const TEXTS: ReadonlySet<string> = new Set(['text/plain', 'text/html']);

/** What breaks, or cannot be read, when a header of its wrapper is another one. */
const SEALED: ReadonlySet<string> = new Set([
  'multipart/signed',
  'multipart/encrypted',
  'application/pkcs7-mime',
  'application/pkcs7-signature',
  'application/x-pkcs7-mime',
  'application/pgp-encrypted',
  'application/pgp-signature',
]);

const PLAIN = /^text\/plain(?:; ?charset="?(?:utf-?8|us-ascii)"?)?$/i;
const SPACE = 0x20;
const DELETE = 0x7f;

/**
 * Lines of a text that are read: one more than any room lets through to IRC (`rooms.*.maxLines`). Where there are more,
 * blank ones do not count, as they do not there.
 */
const MOST_LINES = 10_001;

/** Controls mean nothing in a text and much in IRC. The tab stays. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

/** Whether it is known by its type alone that a message is no text, nor for programs. What has parts may have text in it. */
export function isFileType(type: string): boolean {
  return !TEXTS.has(type) && !SIGNALS.has(type) && !type.startsWith('multipart/');
}

/** A whole message, or the headers of one. */
export class CpimContent implements Content {
  readonly type: string;
  /** All types that are in it, of parts within parts too. Whoever gets it must take each (RFC 4975 section 8.6). */
  readonly types: readonly string[];
  /** The whole wrapper, as it came. */
  readonly bytes: Buffer;
  readonly cpim: Cpim;
  readonly #tree: EntityTree;
  #kind: Content['kind'] | undefined;
  #text: StyledText | undefined;

  /** Throws CpimError. The bytes are kept, so nobody may change them. */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.cpim = parseCpim(bytes);
    this.#tree = new EntityTree(this.cpim);
    this.type = this.#tree.type;
    this.types = this.#tree.types;
  }

  get kind(): Content['kind'] {
    this.#kind ??= this.#kindOf();
    return this.#kind;
  }

  get size(): number {
    return this.cpim.body.length;
  }

  get held(): number {
    return this.bytes.length;
  }

  /** Signed or encrypted: the wrapper must stay as it is. */
  get isSealed(): boolean {
    return this.types.some((type) => SEALED.has(type));
  }

  /** Says that a message has been delivered or read (RFC 5438). */
  get isNotification(): boolean {
    return this.type === IMDN;
  }

  /** Whether an address, or what stands behind its scheme, occurs in what is carried. */
  mentions(address: string): boolean {
    return occurs(address, readText(this.cpim));
  }

  /** The same of the headers of the wrapper, but for the one that says who sends it. */
  mentionsAbove(address: string): boolean {
    return this.cpim.headers.some(([name, value]) => name !== 'From' && occurs(address, value));
  }

  /** A text without anything to read. */
  get isEmpty(): boolean {
    return !this.#beginsPlainly && this.kind === 'text' && this.#read().lines.length === 0;
  }

  /** Whether its text begins so. */
  begins(text: string): boolean {
    if (this.#beginsPlainly && !this.cpim.body.toString('latin1', 0, text.length).startsWith(text))
      return false;
    const first = this.text()?.lines[0];
    return first !== undefined && plainText(first).startsWith(text);
  }

  /** A plain text, with nothing to undo, that begins with a character that is seen: so much is known of it unread. */
  get #beginsPlainly(): boolean {
    const { contentType, contentHeaders, body } = this.cpim;
    const first = body[0] ?? 0;
    return first > SPACE && first < DELETE && contentHeaders.length === 1 && PLAIN.test(contentType);
  }

  text(): StyledText | undefined {
    return this.kind === 'text' ? this.#read() : undefined;
  }

  /** What has no text in it, beside what has; where nothing has any, the message itself is all there is to name. */
  get attached(): readonly Attached[] {
    if (this.kind !== 'text') return [];
    return this.#shown
      .filter((entity) => !isText(entity))
      .map(({ contentType, body }) => ({
        type: mediaType(contentType),
        size: body.length,
      }));
  }

  get #shown(): Entity[] {
    return this.#tree.shown((type) => TEXTS.has(type));
  }

  #kindOf(): Content['kind'] {
    if (this.#beginsPlainly) return 'text';
    if (SIGNALS.has(this.type)) return 'signal';
    const shown = this.#shown;
    const texts = shown.filter(isText);
    if (texts.length === 0) return 'file';
    if (this.#read().lines.length > 0) return 'text';
    // Nothing to read: a document of pictures only, or an empty text beside a picture.
    const isPicture = texts.length < shown.length || texts.some(({ body }) => body.includes('<img'));
    return isPicture ? 'file' : 'text';
  }

  #read(): StyledText {
    this.#text ??= styled(trimmed(bounded(this.#shown.filter(isText).flatMap(linesOf))));
    return this.#text;
  }
}

function occurs(address: string, text: string): boolean {
  return text.toLowerCase().includes(address.replace(/^\w+:/, '').toLowerCase());
}

function isText({ contentType }: Entity): boolean {
  return TEXTS.has(mediaType(contentType));
}

function linesOf(text: Entity): readonly Line[] {
  if (mediaType(text.contentType) === 'text/html') return htmlToLines(readText(text));
  return plainLines(readText(text), MOST_LINES).map((line) =>
    line.map((span) => ({ ...span, text: span.text.replace(CONTROLS, '') })),
  );
}

function bounded(lines: readonly Line[]): readonly Line[] {
  return lines.length > MOST_LINES ? lines.filter((line) => !isBlank(line)).slice(0, MOST_LINES) : lines;
}

/** Without blank lines at its ends. */
function trimmed(lines: readonly Line[]): readonly Line[] {
  const first = lines.findIndex((line) => !isBlank(line));
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
}

function isBlank(line: Line): boolean {
  return plainText(line).trim() === '';
}

/** `/me waves` says what its author does. */
function styled(lines: readonly Line[]): StyledText {
  const [first, ...others] = lines;
  const [span, ...spans] = first ?? [];
  if (!span?.text.startsWith('/me ')) return { action: false, lines };
  const rest = { ...span, text: span.text.slice('/me '.length) };
  return { action: true, lines: [[rest, ...spans], ...others] };
}
