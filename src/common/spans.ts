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

/**
 * Unstyled text as lines; CRLF, CR and LF end a line. Of a text with more than `most` lines only those are given that are
 * not blank, and so many of them at most: in less time than all would take.
 */
export function plainLines(text: string, most = Infinity): Line[] {
  const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const lines = hasMoreLines(plain, most) ? linesWithText(plain, most) : plain.split('\n');
  return lines.map((line) => (line === '' ? [] : [{ text: line, style: {} }]));
}

function hasMoreLines(text: string, most: number): boolean {
  if (text.length < most) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= most; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > most;
}

function linesWithText(text: string, most: number): string[] {
  const lines: string[] = [];
  const visible = /\S/g;
  for (let found = visible.exec(text); found && lines.length < most; found = visible.exec(text)) {
    const end = text.indexOf('\n', found.index);
    visible.lastIndex = end < 0 ? text.length : end;
    lines.push(text.slice(text.lastIndexOf('\n', found.index) + 1, visible.lastIndex));
  }
  return lines;
}
