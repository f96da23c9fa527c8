/** How much text fits into a line, and long text cut into lines of that size. */
import type { Line, Style } from '../common/spans.ts';
import { codesBetween, withoutControls } from './codes.ts';

/** What a server puts before our words when it passes them on. Undefined parts are not known yet. */
export interface OwnMask {
  readonly nick: string;
  readonly user: string | undefined;
  readonly host: string | undefined;
}

/** The longest that is usual: 10 characters and a `~`, and a host name (RFC 2812 section 2.3.1). */
const LONGEST_USER = 11;
const LONGEST_HOST = 63;

/** Bytes of text that a line of `command target :text` may carry to its readers, who see our mask before it. */
export function textBudget(mask: OwnMask, command: string, target: string, lineLength: number): number {
  const user = mask.user === undefined ? LONGEST_USER : Buffer.byteLength(mask.user);
  const host = mask.host === undefined ? LONGEST_HOST : Buffer.byteLength(mask.host);
  const around = ':! @'.length + ' '.length + ' :'.length + '\r\n'.length;
  const fixed = Buffer.byteLength(mask.nick) + user + host + command.length + Buffer.byteLength(target);
  return Math.max(40, lineLength - fixed - around);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** UTF-16 units that the segmenter gets at a time: its time grows with the square of the length. */
const WINDOW = 1024;

/**
 * A line as texts of at most `budget` bytes each, with formatting codes. It is cut at spaces where there is one, else
 * between characters as people see them, and never inside one unless a single one is larger than the budget. No text is
 * blank. Where there are more than `most` texts the first `most + 1` of them are given, whatever the length of the line.
 */
export function cutLine(line: Line, budget: number, most = Infinity): string[] {
  const size = line.reduce((sum, { text }) => sum + text.length, 0);
  if (size <= budget) {
    const whole = render(line);
    if (Buffer.byteLength(whole) <= budget) return whole.trim() === '' ? [] : [whole];
  }
  const cutter = new Cutter(budget);
  for (const { text, style } of line) {
    for (const character of charactersOf(text)) {
      if (cutter.count > most) return cutter.parts.slice(0, most + 1);
      cutter.add(character, style);
    }
  }
  return cutter.finish().slice(0, most + 1);
}

/** Characters as people see them, without controls. */
function* charactersOf(text: string): Generator<string> {
  let rest = '';
  for (let at = 0; at < text.length; at += WINDOW) {
    rest += withoutControls(text.slice(at, at + WINDOW));
    const isLast = at + WINDOW >= text.length;
    let held = '';
    for (const { segment } of segmenter.segment(rest)) {
      if (held !== '') yield held;
      held = segment;
    }
    // What ends a window may go on in the next one, but not for ever.
    if (isLast || held.length > WINDOW) yield held;
    rest = isLast || held.length > WINDOW ? '' : held;
  }
}

/** A line as one text with formatting codes; what is switched on at its end stays so, as it ends with the line. */
function render(line: Line): string {
  let text = '';
  let style: Style = {};
  for (const span of line) {
    const clean = withoutControls(span.text);
    if (clean === '') continue;
    text += codesBetween(style, span.style) + clean;
    style = span.style;
  }
  return text;
}

interface Atom {
  readonly text: string;
  readonly style: Style;
}

class Cutter {
  /** The parts that are complete. */
  readonly parts: string[] = [];
  readonly #budget: number;
  #atoms: Atom[] = [];
  #bytes = 0;
  #style: Style = {};

  constructor(budget: number) {
    this.#budget = budget;
  }

  get count(): number {
    return this.parts.length;
  }

  add(text: string, style: Style): void {
    const fits = Buffer.byteLength(text) + codesBetween({}, style).length <= this.#budget;
    for (const piece of fits ? [text] : text) this.#place({ text: piece, style });
  }

  finish(): string[] {
    this.#push(this.#atoms);
    return this.parts;
  }

  #place(atom: Atom): void {
    while (this.#atoms.length > 0 && this.#bytes + this.#costOf(atom) > this.#budget) {
      // A space at the place of the cut is not needed on either side.
      const atEnd = atom.text === ' ';
      this.#cut(atEnd);
      if (atEnd) return;
    }
    this.#append(atom);
  }

  /** A part with nothing to read in it is none. */
  #push(atoms: readonly Atom[]): void {
    if (atoms.some(({ text }) => text.trim() !== '')) this.parts.push(render(atoms));
  }

  #costOf({ text, style }: Atom): number {
    return Buffer.byteLength(text) + codesBetween(this.#style, style).length;
  }

  #append(atom: Atom): void {
    this.#bytes += this.#costOf(atom);
    this.#atoms.push(atom);
    this.#style = atom.style;
  }

  /** Ends a part: here where a word has ended, else at its last space, if that is not too near to its beginning. */
  #cut(here: boolean): void {
    const space = here ? -1 : this.#atoms.findLastIndex(({ text }) => text === ' ');
    const end = space > this.#atoms.length / 2 ? space : this.#atoms.length;
    this.#push(this.#atoms.slice(0, end));
    const rest = this.#atoms.slice(end + 1);
    this.#atoms = [];
    this.#bytes = 0;
    this.#style = {};
    for (const atom of rest) this.#append(atom);
  }
}
