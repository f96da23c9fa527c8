import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Remembered } from '../../src/formats/remembered.ts';

const read = (text: string): { text: string } | undefined => (text.startsWith('!') ? undefined : { text });

test('gives for each text what is read from it, whatever was read before', () => {
  const text = fc.oneof(
    fc.constantFrom('', 'a', '!', '!a', 'b'.repeat(512), 'b'.repeat(513), 'Aa', 'BB'),
    fc.nat(3000).map((number) => `From: <sip:${number}@x>`),
  );
  const memory = new Remembered(read);
  fc.assert(
    fc.property(fc.array(text, { maxLength: 50 }), (texts) => {
      for (const one of texts) assert.deepEqual(memory.of(one), read(one));
    }),
  );
});

test('reads a text once while it comes again, and what is too long or cannot be read each time', () => {
  let times = 0;
  const memory = new Remembered((text) => {
    times += 1;
    return read(text);
  });
  for (const text of ['a', 'b', 'a', 'b', 'b', 'a']) memory.of(text);
  assert.equal(times, 2);
  for (const text of ['!', '!', 'c'.repeat(513), 'c'.repeat(513)]) memory.of(text);
  assert.equal(times, 6);
});
