/** Gathers styled text as lines, with the white space rules of HTML (CSS 2.2 section 16.6, as far as a line shows it). */
import type { Line, Span, Style } from '../common/spans.ts';

export type StyleName = keyof Style;

const NAMES: readonly StyleName[] = ['bold', 'italic', 'underline', 'strike', 'monospace'];

/** Controls that are no white space mean nothing in HTML and much in IRC. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B\u000E-\u001F\u007F]/g;

export class LineBuilder {
  readonly #lines: Line[] = [];
  readonly #open: Record<StyleName, number> = { bold: 0, italic: 0, underline: 0, strike: 0, monospace: 0 };
  #spans: Span[] = [];
  /** One object for each style, so that styles can be compared. */
  readonly #styles = new Map<string, Style>();
  #style: Style = this.#styleInForce();
  /** Text of the style in force that is in no span yet. */
  #text = '';
  /** The style of white space that was seen; it becomes a space if the line goes on. */
  #space: Style | undefined;
  #skipLineEnd = false;

  begin(style: StyleName): void {
    this.#open[style] += 1;
    if (this.#open[style] === 1) this.#restyle();
  }

  end(style: StyleName): void {
    if (this.#open[style] === 0) return;
    this.#open[style] -= 1;
    if (this.#open[style] === 0) this.#restyle();
  }

  /** Text in which each run of white space is one space, and none at the ends of a line. */
  collapsed(text: string): void {
    this.#skipLineEnd = false;
    for (const [index, piece] of text
      .replace(CONTROLS, '')
      .split(/[ \t\n\r\f]+/)
      .entries()) {
      if (index > 0) this.space();
      if (piece !== '') this.#add(piece);
    }
  }

  /** Text whose white space counts. */
  verbatim(text: string): void {
    let rest = text.replace(CONTROLS, '');
    if (this.#skipLineEnd && rest !== '') {
      rest = rest.replace(/^(?:\r\n|\r|\n)/, '');
      this.#skipLineEnd = false;
    }
    for (const [index, piece] of rest.split(/\r\n|\r|\n/).entries()) {
      if (index > 0) this.endLine();
      if (piece !== '') this.#add(piece);
    }
  }

  /** A space, if the line has something before and behind it. */
  space(): void {
    this.#space ??= this.#style;
  }

  /** The line end that comes next, if nothing comes before it, is not part of the text. */
  skipLineEnd(): void {
    this.#skipLineEnd = true;
  }

  /** Ends the line, even an empty one. */
  endLine(): void {
    this.#flush();
    this.#lines.push(this.#spans);
    this.#spans = [];
    this.#space = undefined;
  }

  /** Ends the line if there is something on it. */
  breakLine(): void {
    this.#flush();
    if (this.#spans.length > 0) this.endLine();
    this.#space = undefined;
  }

  /** The lines, without empty ones at the start and at the end. */
  finish(): Line[] {
    this.breakLine();
    const first = this.#lines.findIndex((line) => line.length > 0);
    const last = this.#lines.findLastIndex((line) => line.length > 0);
    return first < 0 ? [] : this.#lines.slice(first, last + 1);
  }

  #add(text: string): void {
    const space = this.#space;
    this.#space = undefined;
    if (space !== undefined && (this.#text !== '' || this.#spans.length > 0)) {
      // The space is of the style in which it stood: an underlined word does not begin with an underlined space.
      if (space === this.#style) this.#text += ' ';
      else this.#push(' ', space);
    }
    this.#text += text;
  }

  #restyle(): void {
    this.#flush();
    this.#style = this.#styleInForce();
  }

  #styleInForce(): Style {
    const names = NAMES.filter((name) => this.#open[name] > 0);
    const key = names.join();
    const known = this.#styles.get(key);
    if (known) return known;
    const style: Style = Object.fromEntries(names.map((name) => [name, true]));
    this.#styles.set(key, style);
    return style;
  }

  #flush(): void {
    if (this.#text !== '') this.#push(this.#text, this.#style);
    this.#text = '';
  }

  #push(text: string, style: Style): void {
    const last = this.#spans.at(-1);
    if (last?.style === style) this.#spans[this.#spans.length - 1] = { text: last.text + text, style };
    else this.#spans.push({ text, style });
  }
}
