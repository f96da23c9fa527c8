/** Laws of the parts: lines taken apart, packing, cutting, mode strings, messages written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Departures } from '../../../src/irc/server/departures.ts';
import { Intake, type Taken } from '../../../src/irc/server/intake.ts';
import { cut } from '../../../src/irc/server/limits.ts';
import { Message, TAGS } from '../../../src/irc/server/message.ts';
import { readModes, writeModes } from '../../../src/irc/server/mode-string.ts';
import { packed } from '../../../src/irc/server/packed.ts';
import { parseLine } from '../../../src/irc/line.ts';

test('however octets are cut up, the same lines come out', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '\r',
    '\n',
    '\r\n',
    '@t ',
    'ü',
    '\xff',
    'x'.repeat(400),
    'y'.repeat(5000),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.infiniteStream(fc.nat(700)), (pieces, sizes) => {
      const bytes = Buffer.concat(
        pieces.map((text) => (text === '\xff' ? Buffer.from([0xff]) : Buffer.from(text))),
      );
      assert.deepEqual(takeAll([...chunks(bytes, sizes)]), takeAll([bytes]));
    }),
  );
});

test('nothing that waits for its end takes much memory', () => {
  const intake = new Intake();
  const told: Taken[] = [];
  for (let n = 0; n < 1000; n++) {
    intake.add(Buffer.alloc(1000, 'x'));
    for (let taken = intake.next(); taken; taken = intake.next()) told.push(taken);
    assert.ok(intake.waiting < 6000);
  }
  assert.deepEqual(told, [{ kind: 'too-long' }]);
});

test('everybody gets its own lines, whatever others get in the same tick', () => {
  const line = fc.constantFrom('a\r\n', 'b\r\n', 'ü\r\n');
  fc.assert(
    fc.property(fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 20 }), (all) => {
      const departures = new Departures();
      for (const lines of all) assert.equal(departures.join(lines).toString(), lines.join(''));
    }),
  );
});

test('packing keeps all words in order and every line short', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'ü'), minLength: 1, maxLength: 60 }));
  fc.assert(
    fc.property(words, fc.nat(300), (list, taken) => {
      const texts = packed(list, taken);
      assert.deepEqual(
        texts.flatMap((text) => text.split(' ')),
        list,
      );
      assert.ok(texts.every((text) => Buffer.byteLength(text) <= 510 - taken || !text.includes(' ')));
    }),
  );
});

test('cutting leaves whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, octets) => {
      const short = cut(text, octets);
      assert.ok(text.startsWith(short) && Buffer.byteLength(short) <= octets);
      assert.ok(!short.includes('\ufffd') || text.includes('\ufffd'));
    }),
  );
});

test('modes are read as they are written', () => {
  const letters = fc.array(
    fc.record({ on: fc.boolean(), letter: fc.constantFrom('o', 'v', 'b', 'k') }, { noNullPrototype: true }),
  );
  fc.assert(fc.property(letters, (list) => assert.deepEqual(readModes(writeModes(list)), list)));
});

test('whatever is put into a message, it is one line, with the tags that were meant', () => {
  const options = fc.record({ words: fc.array(fc.string()), text: fc.string(), value: fc.string() });
  fc.assert(
    fc.property(options, ({ words, text, value }) => {
      const tags = new Map([['+x', value]]);
      const line = new Message({ prefix: 'a!b@c' }, 'TEST', words, text, { at: 0, tags }).line(TAGS);
      assert.ok(line.endsWith('\r\n'));
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(line.slice(0, -2), /[\r\n\0]/);
      const read = parseLine(line.slice(0, -2));
      assert.equal(read?.command, 'TEST');
      assert.equal(read?.tags.get('+x'), value.replaceAll('\0', ''));
    }),
  );
});

function* chunks(bytes: Buffer, sizes: Iterator<number>): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Number(sizes.next().value);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

function takeAll(parts: readonly Buffer[]): Taken[] {
  const intake = new Intake();
  const all: Taken[] = [];
  for (const part of parts) {
    intake.add(part);
    for (let taken = intake.next(); taken; taken = intake.next()) all.push(taken);
  }
  return all;
}
