import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Line, plainText } from '../../src/common/spans.ts';
import { htmlToLines } from '../../src/formats/html.ts';
import { linesToHtml } from '../../src/formats/html-writer.ts';

test('lines, styles and what must be escaped', () => {
  const lines: Line[] = [
    [
      { text: 'a <b> & "c"', style: {} },
      { text: 'all', style: { bold: true, italic: true, underline: true, strike: true, monospace: true } },
    ],
    [],
    [{ text: 'two  spaces', style: { italic: true } }],
  ];
  assert.equal(
    linesToHtml(lines),
    '<html><body><span>a &#60;b&#62; &#38; &#34;c&#34;</span><b><i><u><s><code>all</code></s></u></i></b><br/><br/><i>two\u00a0 spaces</i></body></html>',
  );
});

test('law: what is written is read back with its styles', () => {
  const style = fc.record({
    bold: fc.boolean(), italic: fc.boolean(), underline: fc.boolean(), strike: fc.boolean(), monospace: fc.boolean(),
  }); // prettier-ignore
  // No white space, which HTML has its own rules for.
  const span = fc.record({ text: fc.stringMatching(/^[!-~\u00e9\u{1f600}]{1,8}$/u), style });
  fc.assert(
    fc.property(fc.array(fc.array(span, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (lines) => {
      const read = htmlToLines(linesToHtml(lines));
      assert.deepEqual(read.map(plainText), lines.map(plainText));
      const styles = (of: readonly Line[]): string[] =>
        of.flatMap((line) => line.flatMap(({ text, style: has }) =>
          Array.from(text, (character) => `${character} ${Object.entries(has).filter(([, is]) => is).map(([key]) => key).sort().join(' ')}`)));
      assert.deepEqual(styles(read), styles(lines));
    }),
  ); // prettier-ignore
});

test('whatever a text holds, nothing of it is an element', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const html = linesToHtml([[{ text, style: {} }]]);
      assert.doesNotMatch(html.replaceAll(/<\/?(?:html|body|span)\/?>/g, ''), /[<>"\r\n\0]/);
    }),
  );
});
