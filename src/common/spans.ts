/**
 * Styled text: what HTML and IRC formatting codes have in common. A text is lines, a line is
 * spans, and a span is characters of one style.
 */

export interface Style {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly monospace?: boolean;
}

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

/** The characters of a line without their styles. */
export function plainText(line: Line): string {
  return line.map((span) => span.text).join('');
}

/** Unstyled text as lines; CRLF, CR and LF end a line. */
export function plainLines(text: string): Line[] {
  return text.split(/\r\n|\r|\n/).map((line) => (line === '' ? [] : [{ text: line, style: {} }]));
}
