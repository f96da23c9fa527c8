/** Identifiers that nobody can guess. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomHex, randomToken } from '../../src/common/ids.ts';

test('so many random bytes as hexadecimal digits, or as a token', () => {
  assert.match(randomHex(10), /^[0-9a-f]{20}$/);
  assert.match(randomToken(15), /^[A-Za-z0-9_-]{20}$/);
  assert.match(randomToken(16), /^[A-Za-z0-9_-]{22}$/, 'without padding');
});

test('no two are the same', () => {
  assert.equal(new Set(Array.from({ length: 1000 }, () => randomHex(8))).size, 1000);
  assert.equal(new Set(Array.from({ length: 1000 }, () => randomToken(8))).size, 1000);
});
