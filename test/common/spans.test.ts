/** Styled text and its lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainLines, plainText } from '../../src/common/spans.ts';

test('CRLF, CR and LF end a line', () => {
  const texts = (text: string): string[] => plainLines(text).map(plainText);
  assert.deepEqual(texts('one\r\ntwo\rthree\nfour'), ['one', 'two', 'three', 'four']);
  assert.deepEqual(texts('\n\r'), ['', '', '']);
  assert.deepEqual(texts('end\r\n'), ['end', '']);
  assert.deepEqual(texts(''), ['']);
});

test('an empty line has no span, and unstyled text has no style', () => {
  assert.deepEqual(plainLines('a\n'), [[{ text: 'a', style: {} }], []]);
});

test('plain text is the spans one after the other', () => {
  const line = [
    { text: 'I ', style: {} },
    { text: 'do', style: { bold: true, italic: true } },
    { text: '!', style: { monospace: true } },
  ];
  assert.equal(plainText(line), 'I do!');
  assert.equal(plainText([]), '');
});

test('no line has a line end in it, and together they are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '☕', ' ') }), (text) => {
      const lines = plainLines(text).map(plainText);
      assert.ok(lines.every((line) => !/[\r\n]/.test(line)));
      assert.equal(lines.join('\n'), text.replace(/\r\n?/g, '\n'));
    }),
  );
});

test('of more lines than are wanted those with something on them are given', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', ' ') }), fc.nat(6), (text, most) => {
      const all = plainLines(text);
      const visible = all.filter((line) => plainText(line).trim() !== '');
      assert.deepEqual(plainLines(text, most), all.length > most ? visible.slice(0, most) : all);
    }),
  );
});
