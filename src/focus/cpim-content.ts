/** A message of a SIP participant: the wrapper as it came, and what a room may ask of it. */
import { type Line, plainLines, plainText } from '../common/spans.ts';
import { type Cpim, parseCpim, readText } from '../formats/cpim.ts';
import { htmlToLines } from '../formats/html.ts';
import { mediaType } from '../formats/media-type.ts';
import type { Content, StyledText } from '../room/content.ts';

/** What is for programs: somebody is typing (RFC 3994), somebody has got or read something (RFC 5438). */
const IMDN = 'message/imdn+xml';
const SIGNALS: ReadonlySet<string> = new Set(['application/im-iscomposing+xml', IMDN]);

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

/** Controls mean nothing in a text and much in IRC. The tab stays. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;

export class CpimContent implements Content {
  readonly type: string;
  /** The whole wrapper, as it came. */
  readonly bytes: Buffer;
  readonly cpim: Cpim;
  #kind: Content['kind'] | undefined;
  #text: StyledText | undefined;

  /** Throws CpimError. The bytes are kept, so nobody may change them. */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.cpim = parseCpim(bytes);
    this.type = mediaType(this.cpim.contentType);
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
    return SEALED.has(this.type);
  }

  /** Says that a message has been delivered or read (RFC 5438). */
  get isNotification(): boolean {
    return this.type === IMDN;
  }

  /** Whether an address, or what stands behind its scheme, occurs in what is carried. */
  mentions(address: string): boolean {
    return readText(this.cpim).toLowerCase().includes(address.replace(/^\w+:/, '').toLowerCase());
  }

  text(): StyledText | undefined {
    return this.kind === 'text' ? this.#read() : undefined;
  }

  #kindOf(): Content['kind'] {
    if (this.type === 'text/plain') return 'text';
    if (this.type !== 'text/html') return SIGNALS.has(this.type) ? 'signal' : 'file';
    // A document of pictures only has nothing to read.
    const isPicture = this.#read().lines.length === 0 && this.cpim.body.includes('<img');
    return isPicture ? 'file' : 'text';
  }

  #read(): StyledText {
    this.#text ??= styled(this.type === 'text/html' ? htmlToLines(readText(this.cpim)) : this.#plain());
    return this.#text;
  }

  #plain(): Line[] {
    const lines = plainLines(readText(this.cpim)).map((line) =>
      line.map((span) => ({ ...span, text: span.text.replace(CONTROLS, '') })),
    );
    const first = lines.findIndex((line) => !isBlank(line));
    return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
  }
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
