/** Masks: what fits them, and what is left out of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldOf } from '../../src/irc/casemapping.ts';
import { matches, wholeMask } from '../../src/irc/masks.ts';

test('a mask fits what a regular expression says', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', '!', '@', '.'), maxLength: 12 });
  const mask = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '!', '@', '.'), maxLength: 10 });
  fc.assert(
    fc.property(mask, text, (pattern, subject) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*');
      assert.equal(matches(pattern, subject, foldOf('ascii')), new RegExp(`^${source}$`, 'i').test(subject));
    }),
  );
});

test('masks that are made to be slow are not', () => {
  assert.equal(matches(`${'*a'.repeat(100)}b`, 'a'.repeat(500), foldOf('ascii')), false);
});

test('what is the same to the casemapping is the same in a mask', () => {
  const mask = 'Bot[*]!*@*.\u00c9xample';
  const rows = [
    ['rfc1459', 'bOT{1}!u@irc.\u00c9xample', true],
    ['ascii', 'bOT{1}!u@irc.\u00c9xample', false],
    ['ascii', 'bOT[1]!u@irc.\u00c9xample', true],
    ['rfc7613', 'bot[1]!u@irc.\u00e9xample', true],
  ] as const;
  for (const [mapping, text, fits] of rows) assert.equal(matches(mask, text, foldOf(mapping)), fits, mapping);
});

test('a mask is made whole', () => {
  const whole = {
    nick: 'nick!*@*',
    'u@h': '*!u@h',
    'n!u': 'n!u@*',
    'n!u@h': 'n!u@h',
    '@h': '*!*@h',
    '*': '*!*@*',
    'pest*': 'pest*!*@*',
  };
  for (const [text, expected] of Object.entries(whole)) assert.equal(wholeMask(text), expected);
  fc.assert(fc.property(fc.string(), (text) => assert.equal(wholeMask(wholeMask(text)), wholeMask(text))));
});
