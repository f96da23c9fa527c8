import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latin1 } from '../../src/common/latin1.ts';

test('gives what toString gives, of views into other bytes too', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(10),
      fc.nat(40),
      fc.nat(60),
      (all, cut, from, length) => {
        const bytes = Buffer.from(all).subarray(cut);
        fc.pre(from <= bytes.length);
        assert.equal(latin1(bytes, from, from + length), bytes.toString('latin1', from, from + length));
      },
    ),
  );
});
