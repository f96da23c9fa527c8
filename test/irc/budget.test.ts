/** Long text cut into lines of the size that is left in a line of IRC. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainText, type Line, type Style } from '../../src/common/spans.ts';
import { cutLine, textBudget } from '../../src/irc/budget.ts';
import { readCodes } from '../../src/irc/codes.ts';
import { formatLine } from '../../src/irc/line.ts';

const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  fc.constantFrom('👨‍👩‍👧‍👦', '🏳️‍🌈', 'é', 'e\u0301', '漢字', 'x'.repeat(90)),
);
const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '));
const style: fc.Arbitrary<Style> = fc.record(
  { bold: fc.constant(true), italic: fc.constant(true), monospace: fc.constant(true) },
  { requiredKeys: [] },
);
const line: fc.Arbitrary<Line> = fc.array(fc.record({ text, style }), { maxLength: 4 });
const budget = fc.integer({ min: 40, max: 200 });

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const pieces = (value: string): string[] => Array.from(graphemes.segment(value), ({ segment }) => segment);

test('law: every part is within the budget', () => {
  fc.assert(
    fc.property(line, budget, (spans, most) => {
      for (const part of cutLine(spans, most)) assert.ok(Buffer.byteLength(part) <= most, part);
    }),
  );
});

test('law: the parts are the text, but for one space at each cut', () => {
  fc.assert(
    fc.property(line, budget, (spans, most) => {
      const whole = plainText(readCodes(plainText(spans)));
      let rest = whole;
      for (const part of cutLine(spans, most)) {
        const plain = plainText(readCodes(part));
        if (!rest.startsWith(plain)) rest = rest.replace(/^ /, '');
        assert.ok(rest.startsWith(plain), `${JSON.stringify(plain)} in ${JSON.stringify(rest)}`);
        rest = rest.slice(plain.length);
      }
      assert.match(rest, /^ ?$/);
    }),
  );
});

test('law: what people see as one character is never cut in two', () => {
  fc.assert(
    fc.property(text, budget, (value, most) => {
      const clean = plainText(readCodes(value));
      fc.pre(pieces(clean).every((piece) => Buffer.byteLength(piece) <= most));
      const parts = cutLine([{ text: clean, style: {} }], most).flatMap(pieces);
      assert.deepEqual(
        parts.filter((piece) => piece !== ' '),
        pieces(clean).filter((piece) => piece !== ' '),
      );
    }),
  );
});

test('law: each part has the styles of its text, as if it stood alone', () => {
  const on = (of: Style): string =>
    ['bold', 'italic', 'monospace'].filter((name) => of[name as keyof Style]).join();
  const styles = (spans: Line): string[] =>
    spans.flatMap((span) =>
      pieces(span.text)
        .filter((piece) => piece !== ' ')
        .map((piece) => `${piece} ${on(span.style)}`),
    );
  const plainSpan = fc.record({
    text: fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', 'ä') })).map((w) => w.join(' ')),
    style,
  });
  fc.assert(
    fc.property(fc.array(plainSpan, { maxLength: 5 }), budget, (spans, most) => {
      const parts = cutLine(spans, most).flatMap((part) => styles(readCodes(part)));
      assert.deepEqual(parts, styles(spans));
    }),
  );
});

test('examples', () => {
  const cut = (value: string, most: number): string[] => cutLine([{ text: value, style: {} }], most);
  assert.deepEqual(cut('', 40), []);
  assert.deepEqual(cut('short', 40), ['short']);
  assert.deepEqual(cut('aaaa bbbb cccc dddd', 10), ['aaaa bbbb', 'cccc dddd']);
  assert.deepEqual(cut('a bbbbbbbbbbbb', 10), ['a bbbbbbbb', 'bbbb'], 'a cut near the front is none');
  assert.deepEqual(cut('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  assert.deepEqual(cut('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 40), ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'], '25 bytes each');
  assert.ok(
    cut('👨‍👩‍👧‍👦', 20).every((part) => Buffer.byteLength(part) <= 20),
    'larger than a line',
  );
  assert.deepEqual(cut('a\r\nb\0\x02c', 40), ['abc'], 'nothing that ends or switches');
  const bold = { bold: true };
  assert.deepEqual(
    cutLine(
      [
        { text: 'plain ', style: {} },
        { text: 'aaaa bbbb', style: bold },
      ],
      12,
    ),
    ['plain \x02aaaa', '\x02bbbb'],
  );
});

test('law: a line with as much text as the budget allows is as long as a line may be', () => {
  const name = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('a', 'b', 'ü') });
  fc.assert(
    fc.property(name, name, name, (nick, user, host) => {
      const room = textBudget({ nick, user, host }, 'PRIVMSG', '#lobby', 512);
      const told = `:${nick}!${user}@${host} ${formatLine('PRIVMSG', '#lobby', `x ${'x'.repeat(room - 2)}`)}\r\n`;
      assert.equal(Buffer.byteLength(told), 512);
    }),
  );
});

test('a mask that is not known counts as the longest', () => {
  const unknown = { nick: 'ann', user: undefined, host: undefined };
  const known = { nick: 'ann', user: 'a', host: 'h' };
  assert.equal(textBudget(known, 'PRIVMSG', '#a', 512) - textBudget(unknown, 'PRIVMSG', '#a', 512), 10 + 62);
  assert.equal(textBudget({ ...known, host: 'h'.repeat(600) }, 'PRIVMSG', '#a', 512), 40, 'never nothing');
});

test('a line without end costs no more than the parts that are wanted', () => {
  for (const unit of ['x', 'word ', '👨‍👩‍👧‍👦', '\u0301']) {
    const text = unit.repeat(Math.ceil(1_048_576 / unit.length));
    assert.equal(cutLine([{ text, style: {} }], 400, 8).length, 9, JSON.stringify(unit));
  }
});

test('law: limited, it gives the first of what it gives unlimited', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 3000, unit: 'grapheme' }),
      fc.integer({ min: 0, max: 5 }),
      (text, most) => {
        const line = [{ text, style: {} }];
        assert.deepEqual(cutLine(line, 60, most), cutLine(line, 60).slice(0, most + 1));
      },
    ),
  );
});
