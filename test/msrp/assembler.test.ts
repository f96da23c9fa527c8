import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Assembler, type Finished } from '../../src/msrp/assembler.ts';
import { type ByteRange, formatByteRange, parseByteRange } from '../../src/msrp/byte-range.ts';
import { FakeClock } from '../support/fake-clock.ts';

interface Piece {
  range?: string;
  bytes: string | Buffer;
  flag?: '$' | '+' | '#';
  id?: string;
}

/** Gives one chunk; 'refused' also when it was not taken in the first place. */
function give(assembler: Assembler, { range, bytes, flag = '+', id = 'm' }: Piece): Finished {
  const chunk = assembler.begin(id, range === undefined ? undefined : parseByteRange(range));
  if (!chunk || !assembler.add(chunk, Buffer.from(bytes as string))) return 'refused';
  return assembler.finish(chunk, flag);
}

function body(finished: Finished | undefined): string {
  assert.ok(typeof finished === 'object', 'a whole message');
  return finished.body.toString();
}

const make = (clock = new FakeClock(), maxMessageBytes = 1000) => new Assembler({ clock, maxMessageBytes });

test('checklist 33: chunks in any order, cut anywhere, give the body', () => {
  const pieces = fc
    .uint8Array({ minLength: 1, maxLength: 200 })
    .chain((bytes) =>
      fc.tuple(
        fc.constant(Buffer.from(bytes)),
        fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, bytes.length - 1) }), { maxLength: 12 }),
        fc.array(fc.nat(1000), { minLength: 14, maxLength: 14 }),
        fc.constantFrom('exact', 'star', 'total-star'),
      ),
    );
  fc.assert(
    fc.property(pieces, ([bytes, cuts, keys, style]) => {
      const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((end, i) => ({ start: edges[i] ?? 0, end }));
      const order = chunks.map((chunk, i) => ({ chunk, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key);
      const clock = new FakeClock();
      const assembler = make(clock);
      const results = order.map(({ chunk: { start, end } }) =>
        give(assembler, {
          range: `${start + 1}-${style === 'exact' ? end : '*'}/${style === 'total-star' ? '*' : bytes.length}`,
          bytes: bytes.subarray(start, end),
          flag: end === bytes.length ? '$' : '+',
        }),
      );
      const last = results.pop();
      assert.ok(results.every((result) => result === 'more'));
      assert.ok(typeof last === 'object' && last.body.equals(bytes));
      assert.equal(clock.pending, 0);
    }),
  );
});

test('checklist 33: where chunks overlap the later one counts', () => {
  const writes = fc.array(
    fc.record({ at: fc.nat(60), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(writes, (chunks) => {
      const size = 100;
      const model = Buffer.alloc(size, 0xff);
      const assembler = make();
      for (const { at, bytes } of chunks) {
        model.set(bytes, at);
        assert.equal(give(assembler, { range: `${at + 1}-*/*`, bytes: Buffer.from(bytes) }), 'more');
      }
      // A last chunk fills what is missing: all of it, one byte at a time, where nothing was written yet.
      const written = new Set(chunks.flatMap(({ at, bytes }) => [...bytes].map((_, i) => at + i)));
      let last: Finished = 'more';
      for (let at = 0; at < size; at += 1) {
        if (written.has(at) && at < size - 1) continue;
        model[at] = 7;
        last = give(assembler, {
          range: `${at + 1}-*/*`,
          bytes: Buffer.of(7),
          flag: at === size - 1 ? '$' : '+',
        });
      }
      assert.ok(typeof last === 'object');
      assert.deepEqual(last.body, model);
    }),
  );
});

test('checklist 33: chunks that each repeat the end of the one before are taken, however many they are', () => {
  const sent = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
  const assembler = make(new FakeClock(), sent.length);
  let last: Finished = 'more';
  for (let at = 0; at < sent.length && last === 'more'; at += 90) {
    const bytes = sent.subarray(at, at + 100);
    const flag = at + 100 >= sent.length ? '$' : '+';
    last = give(assembler, { range: `${at + 1}-*/${sent.length}`, bytes, flag });
  }
  assert.ok(typeof last === 'object' && last.body.equals(sent));
});

test('without a Byte-Range a chunk with $ is the message', () => {
  assert.equal(body(give(make(), { bytes: 'hello', flag: '$' })), 'hello');
});

test('wire: a range that counts characters does no harm to a message in one chunk', () => {
  for (const range of ['1-4/4', '1-900/900', '1-*/3', '1-0/0']) {
    assert.equal(body(give(make(), { range, bytes: 'hé', flag: '$' })), 'hé');
  }
});

test('the chunk with $ defines the length: what came behind it is cut off', () => {
  const assembler = make();
  give(assembler, { range: '4-9/9', bytes: 'DEFGHI' });
  assert.equal(body(give(assembler, { range: '1-5/9', bytes: 'abcde', flag: '$' })), 'abcde');
});

test('a chunk that ended before its range-end says so by its bytes', () => {
  const assembler = make();
  give(assembler, { range: '1-8/8', bytes: 'abcd' });
  assert.equal(body(give(assembler, { range: '5-8/8', bytes: 'EFGH', flag: '$' })), 'abcdEFGH');
});

test('# forgets the message', () => {
  const clock = new FakeClock();
  const assembler = make(clock);
  give(assembler, { range: '1-*/9', bytes: 'abc' });
  assert.equal(give(assembler, { range: '4-*/9', bytes: 'd', flag: '#' }), 'aborted');
  assert.equal(assembler.unfinished, 0);
  assert.equal(clock.pending, 0);
});

test('checklist 43: a message that is announced too large, or grows too large, is refused with all its chunks', () => {
  const assembler = make();
  assert.equal(give(assembler, { range: '1-5/1001', bytes: 'hello', id: 'a' }), 'refused');
  assert.equal(give(assembler, { range: '6-9/9', bytes: 'more', id: 'a' }), 'refused');
  assert.equal(give(assembler, { range: '1-*/*', bytes: 'x'.repeat(900), id: 'b' }), 'more');
  assert.equal(give(assembler, { range: '901-*/*', bytes: 'x'.repeat(101), id: 'b' }), 'refused');
  assert.equal(assembler.unfinished, 0);
  assert.equal(give(assembler, { range: '2000-*/*', bytes: 'x', id: 'c' }), 'refused');
  assert.equal(body(give(assembler, { bytes: 'x'.repeat(1000), flag: '$', id: 'd' })).length, 1000);
});

test('checklist 43: unfinished messages are bounded in number and in bytes', () => {
  const clock = new FakeClock();
  const assembler = make(clock);
  for (let i = 0; i < 16; i += 1)
    assert.equal(give(assembler, { range: '2-*/*', bytes: 'x', id: `n${i}` }), 'more');
  assert.equal(give(assembler, { range: '2-*/*', bytes: 'x', id: 'one-more' }), 'refused');
  assembler.clear();
  assert.equal(clock.pending, 0);
  for (let i = 0; i < 2; i += 1) give(assembler, { range: '2-*/*', bytes: 'x'.repeat(990), id: `b${i}` });
  assert.equal(give(assembler, { range: '2-*/*', bytes: 'x'.repeat(30), id: 'b2' }), 'refused');
});

test('checklist 61: a message without a next chunk is forgotten after 540 s, and each chunk starts the time anew', () => {
  const clock = new FakeClock();
  const assembler = make(clock);
  give(assembler, { range: '1-*/9', bytes: 'abc' });
  clock.advance(539_999);
  give(assembler, { range: '4-*/9', bytes: 'def' });
  clock.advance(539_999);
  assert.equal(assembler.unfinished, 1);
  clock.advance(1);
  assert.equal(assembler.unfinished, 0);
});

test('a message with too many gaps, or that makes us copy without end, is refused', () => {
  const gaps = make(new FakeClock(), 100_000);
  const results = Array.from({ length: 3000 }, (_, i) =>
    give(gaps, { range: `${2 * i + 2}-*/*`, bytes: 'x' }),
  );
  assert.equal(results.at(-1), 'refused');
  const copies = make(new FakeClock(), 10_000);
  give(copies, { range: '2-*/*', bytes: 'x'.repeat(9000) });
  const overlaps = Array.from({ length: 3000 }, (_, i) =>
    give(copies, { range: `${i + 1}-*/*`, bytes: 'yy' }),
  );
  assert.ok(overlaps.includes('refused'));
});

test('a Byte-Range is read as it is written', () => {
  const place = fc.option(fc.nat(1e9), { nil: undefined });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), place, place, (start, end, total) => {
      const range: ByteRange = { start, end, total };
      assert.deepEqual(parseByteRange(formatByteRange(range)), range);
    }),
  );
  for (const text of ['', '0-1/1', '1-2', '-1-2/3', '1-2/3x', '1-1e3/*', `1-${'9'.repeat(16)}/*`]) {
    assert.equal(parseByteRange(text), undefined, text);
  }
});
