/** Styled lines as HTML, for those who read nothing else. The little that everybody shows: line breaks and five styles. */
import type { Line, Span, Style } from '../common/spans.ts';
import { element, type Xml } from './xml.ts';

const ELEMENTS: readonly (readonly [style: keyof Style, name: string])[] = [
  ['bold', 'b'],
  ['italic', 'i'],
  ['underline', 'u'],
  ['strike', 's'],
  ['monospace', 'code'],
];

/** A whole document. It is also XML, so its reader may be of either kind. */
export function linesToHtml(lines: readonly Line[]): string {
  const inner = lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [element('br', {})]),
    ...line.filter(({ text }) => text !== '').map(spanToHtml),
  ]);
  return element('html', {}, [element('body', {}, inner)]).xml;
}

function spanToHtml({ text, style }: Span): Xml {
  // Of white space in a row HTML shows one.
  const kept = text.replace(/^ | (?= )/g, '\u00a0');
  const names = ELEMENTS.filter(([key]) => style[key] === true).map(([, name]) => name);
  const [last = 'span', ...outer] = names.toReversed();
  return outer.reduce((inner, name) => element(name, {}, [inner]), element(last, {}, kept));
}
