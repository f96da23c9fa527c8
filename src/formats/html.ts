/** HTML as people's clients send it, read as styled lines. Nothing of it is ever shown as HTML. */
import { Parser } from 'htmlparser2';
import type { Line } from '../common/spans.ts';
import { LineBuilder } from './line-builder.ts';
import type { StyleName } from './line-builder.ts';

/** What is read of a document, in UTF-16 units; the rest is cut off. */
const LONGEST = 262_144;
/** Elements in elements. Nobody writes by hand what is deeper; reading ends there. */
const DEEPEST = 256;
/** The parser is fed in pieces, so that its own stack cannot grow far beyond DEEPEST. */
const PIECE = 4096;

const STYLES: ReadonlyMap<string, StyleName> = new Map([
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['cite', 'italic'],
  ['u', 'underline'],
  ['ins', 'underline'],
  ['s', 'strike'],
  ['del', 'strike'],
  ['strike', 'strike'],
  ['code', 'monospace'],
  ['pre', 'monospace'],
  ['tt', 'monospace'],
]);

const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote body dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);

/** Elements whose content is not for reading. */
const HIDDEN: ReadonlySet<string> = new Set(['script', 'style', 'head', 'title', 'template']);

/**
 * The text of an HTML document or fragment as lines: styles kept, white space collapsed except in
 * `pre`, links followed by their URL in angle brackets where the text does not say it. Never throws;
 * reads the first 256 Ki characters, and ends where elements are nested 256 deep.
 */
export function htmlToLines(html: string): Line[] {
  const reader = new HtmlReader();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      onclosetag: (name) => reader.close(name),
      ontext: (text) => reader.text(text),
    },
    { decodeEntities: true },
  );
  const end = Math.min(html.length, LONGEST);
  for (let at = 0; at < end && reader.depth <= DEEPEST; at += PIECE) {
    parser.write(html.slice(at, Math.min(at + PIECE, end)));
  }
  parser.end();
  return reader.lines();
}

class HtmlReader {
  readonly #builder = new LineBuilder();
  #depth = 0;
  #hidden = 0;
  #pre = 0;
  /** The link that is open, and what its text is so far. */
  #link: { url: string; text: string } | undefined;

  get depth(): number {
    return this.#depth;
  }

  lines(): Line[] {
    return this.#builder.finish();
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth += 1;
    if (HIDDEN.has(name)) this.#hidden += 1;
    // A head that nobody closed ends where the body begins.
    if (name === 'body') this.#hidden = 0;
    if (this.#hidden > 0) return;
    const style = STYLES.get(name);
    if (style !== undefined) this.#builder.begin(style);
    if (BLOCKS.has(name)) this.#builder.breakLine();
    if (name === 'br') this.#builder.endLine();
    if (name === 'td' || name === 'th') this.#builder.space();
    if (name === 'pre') {
      this.#pre += 1;
      this.#builder.skipLineEnd();
    }
    if (name === 'a') this.#link = { url: shownUrl(attributes['href'] ?? ''), text: '' };
    if (name === 'img') this.text(attributes['alt'] ?? '');
  }

  close(name: string): void {
    this.#depth -= 1;
    if (HIDDEN.has(name)) {
      this.#hidden = Math.max(0, this.#hidden - 1);
      return;
    }
    if (this.#hidden > 0) return;
    if (name === 'a') this.#closeLink();
    const style = STYLES.get(name);
    if (style !== undefined) this.#builder.end(style);
    if (name === 'pre') this.#pre = Math.max(0, this.#pre - 1);
    if (BLOCKS.has(name)) this.#builder.breakLine();
  }

  text(text: string): void {
    if (this.#hidden > 0) return;
    if (this.#link) this.#link.text += text;
    if (this.#pre > 0) this.#builder.verbatim(text);
    else this.#builder.collapsed(text);
  }

  #closeLink(): void {
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined || link.url === '' || sameUrl(link.text.trim(), link.url)) return;
    this.#builder.collapsed(link.text.trim() === '' ? `<${link.url}>` : ` <${link.url}>`);
  }
}

/** The URL where it is one that leads somewhere outside of the document, else ''. */
function shownUrl(href: string): string {
  // The WHATWG's URL parser drops these characters, so a browser would too.
  const url = href.replace(/[\p{Cc}\s]/gu, '');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return scheme === undefined || ['javascript', 'data', 'vbscript'].includes(scheme) ? '' : url;
}

function sameUrl(text: string, url: string): boolean {
  const bare = (value: string): string =>
    value.replace(/^(?:https?:\/\/|mailto:|tel:|sips?:)/i, '').replace(/\/$/, '');
  return bare(text) === bare(url);
}
