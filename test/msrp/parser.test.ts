import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { MsrpParser } from '../../src/msrp/parser.ts';
import { Transcript } from './events.ts';

const FOLDER = new URL('../torture/msrp/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.msrp'));
const bytesOf = (name: string) => readFileSync(new URL(name, FOLDER));

function parsed(bytes: Buffer, cuts: readonly number[] = [], maxHeadBytes?: number): Transcript {
  const transcript = new Transcript();
  const parser = new MsrpParser(transcript, maxHeadBytes === undefined ? {} : { maxHeadBytes });
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (const [i, end] of edges.entries()) if (i > 0) parser.push(bytes.subarray(edges[i - 1], end));
  return transcript;
}

const everyByte = (bytes: Buffer) => Array.from({ length: bytes.length }, (_, i) => i);

test('the torture folder holds what the tests need', () => {
  assert.ok(files.filter((name) => name.startsWith('real-')).length >= 9);
  assert.ok(files.filter((name) => name.startsWith('broken-')).length >= 10);
});

for (const name of files) {
  const bytes = bytesOf(name);
  if (name.startsWith('broken-')) {
    test(`${name} is refused, whole and byte by byte, and nothing is read after it`, () => {
      for (const cuts of [[], everyByte(bytes)]) {
        const transcript = parsed(Buffer.concat([bytes, bytesOf('real-200.msrp')]), cuts);
        assert.ok(transcript.error);
        assert.equal(transcript.frames.length, 0);
      }
    });
  } else {
    test(`${name} is read as one frame, whole and byte by byte`, () => {
      const whole = parsed(bytes);
      assert.equal(whole.error, undefined);
      assert.equal(whole.frames.length, 1);
      assert.equal(whole.frames[0]?.flag, '$');
      assert.deepEqual(parsed(bytes, everyByte(bytes)).plain, whole.plain);
    });
  }
}

test('says the same of all good frames in one stream, whatever the cuts', () => {
  const stream = Buffer.concat(files.filter((name) => !name.startsWith('broken-')).map(bytesOf));
  const whole = parsed(stream);
  assert.equal(whole.error, undefined);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (cuts) => {
      assert.deepEqual(parsed(stream, cuts).plain, whole.plain);
    }),
  );
});

test('says the same of streams with an error in them, whatever the cuts', () => {
  for (const name of files.filter((broken) => broken.startsWith('broken-'))) {
    const stream = Buffer.concat(['real-cpim-bare-lf.msrp', name, 'real-200.msrp'].map(bytesOf));
    const whole = parsed(stream);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 10 }), (cuts) => {
        const cut = parsed(stream, cuts);
        assert.deepEqual(cut.frames.length, whole.frames.length);
        assert.ok(cut.error);
      }),
      { numRuns: 20 },
    );
  }
});

test('carries any body that does not hold its end-line, in pieces of any size', () => {
  // Bytes of which end-lines are made come often.
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('\r\n-abcd$+#')));
  const piece = fc.oneof(
    byte.map((value) => [value]),
    fc.constant([...Buffer.from('\r\n-------abcd')]),
  );
  const flags = fc.constantFrom('$', '+', '#');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 80 }),
      fc.integer({ min: 1, max: 60 }),
      flags,
      (pieces, size, flag) => {
        const body = Buffer.from(pieces.flat());
        fc.pre(!/-------abcd[$+#]/.test(body.toString('latin1')));
        const stream = Buffer.concat([
          Buffer.from('MSRP abcd SEND\r\nTo-Path: a\r\n\r\n'),
          body,
          Buffer.from(`\r\n-------abcd${flag}\r\nMSRP next 200 OK\r\n-------next$\r\n`),
        ]);
        const cuts = Array.from({ length: Math.floor(stream.length / size) }, (_, i) => (i + 1) * size);
        const { frames, error } = parsed(stream, cuts);
        assert.equal(error, undefined);
        assert.deepEqual(
          frames.map((frame) => frame.flag),
          [flag, '$'],
        );
        assert.deepEqual(frames[0]?.body, body);
      },
    ),
    { numRuns: 1000 },
  );
});

test('checklist 28: near end-lines are body', () => {
  const body = parsed(bytesOf('ugly-near-end-lines.msrp')).frames[0]?.body.toString('latin1') ?? '';
  assert.ok(body.startsWith('\r\n-------near0001\r\n------near0001$'));
  assert.ok(body.endsWith('\r-------near000'));
});

test('a frame says the same behind others as alone: what is remembered of those changes nothing', () => {
  const paths = ['msrp://a.example:2855/aaaaaa;tcp', 'msrp://b.example:2855/b;tcp msrp://c:1/c;tcp', 'x', ''];
  const line = fc.tuple(
    fc.constantFrom('To-Path: ', 'From-Path: ', 'From-Path:', 'to-path: ', 'Message-ID: ', 'X: '),
    fc.constantFrom(...paths),
  );
  const usual = fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...paths), fc.array(line, { maxLength: 2 }))
    .map(([to, from, lines]) => [['To-Path: ', to], ['From-Path: ', from], ...lines]);
  const frame = fc
    .tuple(
      fc.oneof(usual, fc.array(line, { maxLength: 4 })),
      fc.constantFrom('SEND', 'REPORT', '200 OK'),
      fc.constantFrom('', '\r\nbody\r\n', '\r\n\r\n-------abce$\r\n', '\r\n-------'),
    )
    .map(([lines, start, body]) => {
      const headers = lines.map((parts) => `${parts.join('')}\r\n`).join('');
      return Buffer.from(
        `MSRP abcd ${start}\r\n${headers}${body}${body === '' ? '' : '\r\n'}-------abcd$\r\n`,
      );
    });
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 6 }),
      fc.array(fc.nat(2000), { maxLength: 3 }),
      (frames, cuts) => {
        const stream = Buffer.concat(frames);
        const together = parsed(stream, cuts.filter((cut) => cut < stream.length)); // prettier-ignore
        const alone = frames.map((bytes) => parsed(bytes));
        assert.deepEqual(
          together.frames.map(({ head }) => head),
          alone.flatMap(({ frames: [only] }) => (only ? [only.head] : [])),
        );
        assert.deepEqual(
          together.frames.map(({ body, flag }) => [body.toString(), flag]),
          alone.map(({ frames: [only] }) => [only?.body.toString(), only?.flag]),
        );
      },
    ),
    { numRuns: 1000 },
  );
});

test('tells a bodiless request from an empty body', () => {
  const flags = ['real-keep-alive', 'ugly-empty-body', 'ugly-empty-body-one-crlf'].map((name) => {
    const { head, body } = parsed(bytesOf(`${name}.msrp`)).frames[0] ?? assert.fail('no frame');
    return [head.flag, body.length];
  });
  assert.deepEqual(flags, [
    ['$', 0],
    [undefined, 0],
    [undefined, 0],
  ]);
});

test('reads the headers of the real client', () => {
  const [nickname] = parsed(bytesOf('real-nickname-raw-utf8.msrp')).frames;
  assert.equal(nickname?.head.nickname, 'Ali é');
  assert.equal(nickname?.head.nicknames, 1);
  const [send] = parsed(bytesOf('real-byte-range-in-characters.msrp')).frames;
  assert.equal(send?.head.byteRange, '1-209/209');
  assert.equal(send?.body.length, 210);
  const [report] = parsed(bytesOf('real-report-range-beyond-total.msrp')).frames;
  assert.equal(report?.head.statusLine, '000 200 OK');
});

test('header names without regard to case, values without the spaces around them', () => {
  const head = parsed(bytesOf('ugly-header-case.msrp')).frames[0]?.head;
  assert.deepEqual([head?.messageId, head?.byteRange, head?.contentType], ['m4ugly', '1-2/2', 'text/plain']);
});

test('checklist 38: unknown headers are kept apart and do no harm', () => {
  const head = parsed(bytesOf('ugly-unknown-headers.msrp')).frames[0]?.head;
  assert.deepEqual(head?.extras, [
    ['X-Unknown', 'what: ever'],
    ['Content-Disposition', 'inline'],
    ['X-Empty', ''],
  ]);
});

test('a head may have so many bytes and not one more, whatever the cuts', () => {
  const head = (size: number) => {
    const start = 'MSRP abcd SEND\r\nX: ';
    return `${start}${'x'.repeat(size - start.length - 2)}\r\n`;
  };
  for (const ending of ['\r\nbody\r\n-------abcd$\r\n']) {
    const fits = Buffer.from(head(2000) + ending);
    const over = Buffer.from(head(2001) + ending);
    for (const cuts of [[], [100], [1999], [2001]]) {
      assert.equal(parsed(fits, cuts, 2000).error, undefined);
      assert.match(parsed(over, cuts, 2000).error?.message ?? '', /longer than 2000 bytes/);
    }
  }
});

test('what is known of a head that cannot be read is told with the error', () => {
  const { error } = parsed(bytesOf('broken-endless-header.msrp'));
  assert.equal(error?.remains?.transactionId, 'endl0001');
  assert.equal(error?.remains?.fromPath, 'msrp://192.0.2.2:2855/3debfcf0c6eefb271f5c;tcp');
  assert.equal(parsed(bytesOf('broken-not-msrp.msrp')).error?.remains, undefined);
});

test('a body is handed on as it comes: nothing of a large chunk is collected', () => {
  let largest = 0;
  let total = 0;
  const parser = new MsrpParser({
    head: () => {},
    body: (_bytes, from, to) => {
      largest = Math.max(largest, to - from);
      total += to - from;
    },
    end: () => {},
    failed: (error) => assert.fail(error),
  });
  parser.push(Buffer.from('MSRP abcd SEND\r\nContent-Type: a/b\r\n\r\n'));
  const piece = Buffer.alloc(65_536, '\r');
  for (let i = 0; i < 64; i += 1) parser.push(piece);
  assert.ok(largest <= 65_536 + 20);
  assert.ok(total >= 64 * 65_536 - 20);
});

test('the rest of the bytes is not read after stop()', () => {
  const transcript = new Transcript();
  const parser = new MsrpParser({
    head: (head) => {
      transcript.head(head);
      parser.stop();
    },
    body: () => assert.fail('body after stop'),
    end: () => assert.fail('end after stop'),
    failed: () => assert.fail('failed after stop'),
  });
  parser.push(Buffer.concat([bytesOf('real-cpim-bare-lf.msrp'), bytesOf('real-200.msrp')]));
  parser.push(bytesOf('real-200.msrp'));
  assert.equal(transcript.frames.length, 1);
});
