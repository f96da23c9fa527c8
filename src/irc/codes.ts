/** IRC's formatting codes and styled text (modern-irc formatting). */
import type { Line, Span, Style } from '../common/spans.ts';

type StyleName = keyof Style;

/** The codes that switch a style on and off. */
const TOGGLES: ReadonlyMap<string, StyleName> = new Map([
  ['\x02', 'bold'],
  ['\x1d', 'italic'],
  ['\x1f', 'underline'],
  ['\x1e', 'strike'],
  ['\x11', 'monospace'],
]);
const CODE_OF: ReadonlyMap<StyleName, string> = new Map([...TOGGLES].map(([code, name]) => [name, code]));

/** Colours by number and by hexadecimal digits, with their parameters; they are dropped. */
// oxlint-disable-next-line no-control-regex
const COLOURS = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-f]{6}(?:,[0-9a-f]{6})?)?/gi;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/;
// oxlint-disable-next-line no-control-regex
const ALL_CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/g;

/** The text of a line of IRC as spans. Colours and all other control characters (but the tab) are left out. */
export function readCodes(text: string): Line {
  if (!CONTROLS.test(text)) return text === '' ? [] : [{ text, style: {} }];
  const spans: Span[] = [];
  let style: Style = {};
  let run = '';
  const flush = (): void => {
    if (run !== '') spans.push({ text: run, style });
    run = '';
  };
  for (const character of text.replace(COLOURS, '')) {
    const toggled = TOGGLES.get(character);
    if (toggled !== undefined) {
      flush();
      style = { ...style, [toggled]: style[toggled] !== true };
    } else if (character === '\x0f') {
      flush();
      style = {};
    } else if (!CONTROLS.test(character)) run += character;
  }
  flush();
  return spans;
}

/** The text of a line of IRC without its codes. */
export function plainOf(text: string): string {
  return CONTROLS.test(text) ? withoutControls(text.replace(COLOURS, '')) : text;
}

/** The codes that lead from one style to another. */
export function codesBetween(from: Style, to: Style): string {
  let codes = '';
  for (const [name, code] of CODE_OF) if ((from[name] === true) !== (to[name] === true)) codes += code;
  return codes;
}

/** Text of somebody else's that goes into a line: without control characters, so that it can switch and end nothing. */
export function withoutControls(text: string): string {
  return CONTROLS.test(text) ? text.replace(ALL_CONTROLS, '') : text;
}
