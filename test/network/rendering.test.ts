/** What rooms say, as the texts of IRC lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainLines } from '../../src/common/spans.ts';
import { renderContent } from '../../src/network/rendering.ts';
import { textContent, type Content } from '../../src/room/content.ts';

function said(text: string, action = false): Content {
  return textContent({ action, lines: plainLines(text) });
}

const of = (content: Content, speaker?: string, budget = 400): string[] =>
  renderContent(content, { budget, most: 100, ...(speaker === undefined ? {} : { speaker }) });

test('a line is a line; empty ones are left out', () => {
  assert.deepEqual(of(said('hello')), ['hello']);
  assert.deepEqual(of(said('one\r\n\r\n  \ntwo\n')), ['one', 'two']);
  assert.deepEqual(of(said('')), []);
  assert.deepEqual(of(said(' \n\t')), []);
  assert.deepEqual(of(said('a\0b\x01c')), ['abc']);
});

test('what somebody does is an ACTION; the lines behind it are said', () => {
  assert.deepEqual(of(said('waves', true)), ['\x01ACTION waves\x01']);
  assert.deepEqual(of(said('\nwaves\nhello', true)), ['\x01ACTION waves\x01', 'hello']);
});

test('who is spoken for stands before each line', () => {
  assert.deepEqual(of(said('one\ntwo'), 'Alice'), ['<Alice> one', '<Alice> two']);
  assert.deepEqual(of(said('waves\nhello', true), 'Alice'), ['* Alice waves', '<Alice> hello']);
  assert.deepEqual(of(said('x'), 'A\r\nl\x02ice'), ['<Alice> x']);
});

test('what is no text is named', () => {
  const file = (type: string, size: number): Content & { readonly size: number } => ({
    kind: 'file',
    type,
    size,
    held: size,
    text: () => undefined,
  });
  assert.deepEqual(of(file('image/png', 34_000)), ['[image/png, 34 kB: shown on SIP only]']);
  assert.deepEqual(of(file('image/png', 999), 'Alice'), [
    '<Alice> [image/png, 999 bytes: shown on SIP only]',
  ]);
  assert.deepEqual(of(file('video/mp4', 1_234_567)), ['[video/mp4, 1.2 MB: shown on SIP only]']);
  const beside = { ...said('look'), attached: [file('image/png', 3), file('x/y', 4)] };
  assert.deepEqual(of(beside), [
    'look',
    '[image/png, 3 bytes: shown on SIP only]',
    '[x/y, 4 bytes: shown on SIP only]',
  ]);
  const [long = ''] = of(file(`x/${'y'.repeat(1_000)}`, 1));
  assert.ok(Buffer.byteLength(long) < 200);
});

test('law: no text is empty, longer than the budget, or broken', () => {
  const name = fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 600 }),
      fc.boolean(),
      name,
      fc.integer({ min: 60, max: 450 }),
      (text, action, speaker, budget) => {
        for (const line of of(said(text, action), speaker, budget)) {
          assert.notEqual(line.trim(), '');
          assert.ok(Buffer.byteLength(line) <= budget, `${Buffer.byteLength(line)} of ${budget}`);
          assert.doesNotMatch(line, /[\r\n\0]/);
          if (speaker !== undefined) assert.match(line, /^(?:<.*> |\* .* )/su);
        }
      },
    ),
  );
});

test('of what is too long only as much is looked at as shows that it is', () => {
  const long = said(`${' '.repeat(5000)}${'x'.repeat(1_048_576)}`);
  const texts = renderContent(long, { budget: 400, most: 8 });
  assert.equal(texts.length, 9);
  assert.ok(texts.every((text) => /^ *x+$/.test(text)));
  assert.equal(renderContent(said('a\n'.repeat(100_000)), { budget: 400, most: 8 }).length, 9);
});
