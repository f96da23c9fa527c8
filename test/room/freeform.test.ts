/** Which characters a nickname may have (RFC 8264 section 4.3). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFreeform } from '../../src/room/freeform.ts';
import { prepareNickname } from '../../src/room/nicknames.ts';

const rows: readonly [what: string, text: string, allowed: boolean][] = [
  ['letters, digits, spaces, symbols and punctuation of any script', 'Ada Ψ 한 ♥ #1 ☕!', true],
  ['marks that join a letter', 'e\u0301', true],
  ['controls (RFC 8264 section 9.12)', 'a\u0007b', false],
  ['ends of lines', 'a\u2028b', false],
  ['what is not shown (section 9.13)', 'a\u00adb', false],
  ['what turns the direction of the text', 'a\u202eb', false],
  ['joiners, which have no company that would allow them here', 'a\u200db', false],
  ['letters of old Korean (section 9.9)', '\u1100', false],
  ['private use', '\ue000', false],
  ['what no Unicode has assigned', '\u0378', false],
  ['half of a pair', '\ud800', false],
  ['an exception (section 9.6): the Arabic tatweel', '\u0640', false],
  ['an exception: a Japanese repeat mark', '\u3031', false],
  ['the middle dot between two l (RFC 5892 appendix A.3)', 'col·lega', true],
  ['the middle dot elsewhere', 'a·b', false],
  ['the middle dot behind one l', 'l·', false],
  ['the Greek numeral sign before Greek (A.4)', '\u0375α', true],
  ['the Greek numeral sign alone', '\u0375', false],
  ['geresh and gershayim behind Hebrew (A.5, A.6)', 'א\u05f3ב\u05f4', true],
  ['geresh behind Latin', 'a\u05f3', false],
  ['the Japanese middle dot in Japanese (A.7)', 'アリス・リデル', true],
  ['the Japanese middle dot elsewhere', 'a・b', false],
  ['Arabic digits of one set (A.8)', '\u0661\u0662', true],
  ['Arabic digits of the other (A.9)', '\u06f1\u06f2', true],
  ['Arabic digits of both', '\u0661\u06f1', false],
];

for (const [what, text, allowed] of rows) {
  test(`checklist 75: a nickname may ${allowed ? '' : 'not '}have ${what}`, () => {
    assert.equal(isFreeform(text), allowed);
    assert.equal(prepareNickname(text) !== undefined, allowed);
  });
}

test('checklist 75: decomposed Korean is composed first (RFC 8266 section 4: map where possible)', () => {
  assert.equal(prepareNickname('한'.normalize('NFD')), '한');
});
