import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUseNickname, quoteNickname } from '../../src/formats/nickname-header.ts';

const cases: readonly [what: string, value: string, nickname: string | undefined][] = [
  ['RFC 7701 section 9.2', '"Alice the great"', 'Alice the great'],
  ['checklist 74: an empty quoted-string removes the nickname', '""', ''],
  ['escapes', '"a\\"b\\\\c"', 'a"b\\c'],
  ['a tab is qdtext', '"a\tb"', 'a\tb'],
  ['wire.md: without quotes', 'Ali é', 'Ali é'],
  ['a backslash without quotes is a backslash', 'foo\\bar', 'foo\\bar'],
  ['checklist 73: an unknown escape', '"a\\nb"', undefined],
  ['checklist 73: an open quote', '"abc', undefined],
  ['checklist 73: a quote in the middle', 'a"b"c', undefined],
  ['checklist 73: two quoted-strings', '"a" "b"', undefined],
  ['checklist 73: an escaped end', '"a\\"', undefined],
  ['checklist 73: a control character in quotes', '"a\u0007b"', undefined],
  ['checklist 73: a control character without quotes', 'a\u0000b', undefined],
  ['checklist 73: 1023 octets', `"${'é'.repeat(511)}x"`, `${'é'.repeat(511)}x`],
  ['checklist 73: 1024 octets', `"${'é'.repeat(512)}"`, undefined],
];

for (const [what, value, nickname] of cases) {
  test(`Use-Nickname, ${what}`, () => assert.equal(parseUseNickname(value), nickname));
}

test('a nickname without control characters comes back from its quoted-string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const clean = text.replace(/\p{Cc}/gu, '');
      assert.equal(parseUseNickname(quoteNickname(text)), clean);
    }),
  );
});

test('no value makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', '\\', 'a', ' ', '\n', 'é') }), (value) => {
      const nickname = parseUseNickname(value);
      assert.ok(nickname === undefined || Buffer.byteLength(nickname) <= 1023);
    }),
  );
});
