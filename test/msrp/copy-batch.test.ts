/** The frames of several copies, as a text and as bytes, for paths of any length. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batches, LONGEST_TEXT, Stencil } from '../../src/msrp/copy-batch.ts';
import type { Copy } from '../../src/msrp/writer.ts';

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const copy = fc
  .tuple(latin1, latin1, fc.constantFrom(0, 0, 0, 3000, 20_000))
  .map(([before, rest, more]): Copy => {
    const behind = rest + '.'.repeat(more);
    return { before, behind, bytes: before.length + behind.length };
  });
const copies = fc.array(copy, { minLength: 1, maxLength: 40 });
const frames = (all: readonly Copy[], paths: string): string =>
  all.map(({ before, behind }) => before + paths + behind).join('');

test('law: the batches of some copies are their frames, in order, each batch one write or one frame', () => {
  fc.assert(
    fc.property(copies, latin1, (all, paths) => {
      const made = batches(all, paths.length);
      assert.equal(made.map((batch) => batch.text(paths)).join(''), frames(all, paths));
      for (const batch of made) {
        assert.ok(batch.copies.length === 1 || batch.text(paths).length <= LONGEST_TEXT);
      }
    }),
  );
});

test('law: a stencil gives the same frames, for paths of this length and of that, and what was given away stays as it is', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          all: copies,
          paths: fc.array(latin1, { minLength: 1, maxLength: 6 }),
          keeps: fc.boolean(),
        }),
        {
          maxLength: 8,
        },
      ),
      (rounds) => {
        const kept: { readonly bytes: Buffer; readonly expected: string }[] = [];
        for (const { all, paths, keeps } of rounds) {
          for (const batch of batches(all, 40)) {
            for (const each of paths) {
              const stencil = Stencil.of(batch, each.length);
              const bytes = stencil.filled(each);
              const expected = frames(batch.copies, each);
              assert.equal(bytes.toString('latin1'), expected);
              if (!keeps) continue;
              stencil.giveAway();
              kept.push({ bytes, expected });
            }
          }
        }
        for (const { bytes, expected } of kept) assert.equal(bytes.toString('latin1'), expected);
      },
    ),
    { numRuns: 50 },
  );
});

test('however many lengths of paths there are, no new memory is taken again and again', () => {
  const [batch] = batches([{ before: 'before ', behind: ' behind', bytes: 14 }], 100);
  assert.ok(batch);
  const buffers = new Set<ArrayBufferLike>();
  for (let round = 0; round < 3; round += 1) {
    for (let length = 1; length <= 200; length += 1) {
      const paths = 'p'.repeat(length);
      const bytes = Stencil.of(batch, length).filled(paths);
      assert.equal(bytes.toString('latin1'), `before ${paths} behind`);
      // What had to grow was new once.
      if (round > 0) buffers.add(bytes.buffer);
    }
  }
  assert.ok(buffers.size <= 64 + 200, String(buffers.size));
});
