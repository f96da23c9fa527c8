import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { datagramFrame, type Frame, SipStream } from '../../src/sip/frame.ts';

const message = (body: string, length = Buffer.byteLength(body)): string =>
  `OPTIONS sip:a@x SIP/2.0\r\nCall-ID: ${body.length}\r\nSubject: a\r\n  b\r\nl : ${length}\r\n\r\n${body}`;

class Collected {
  readonly frames: string[] = [];
  pings = 0;
  broken = false;
  readonly stream = new SipStream({
    frame: (frame) => this.frames.push(shown(frame)),
    ping: () => this.pings++,
    broken: () => (this.broken = true),
  });
}

function shown({ head, body, fault }: Frame): string {
  return fault
    ? `${fault.status} ${fault.reason}`
    : `${head.startLine}|${head.first('subject')}|${body.toString()}`;
}

test('law: however a stream is cut, the same messages come out of it', () => {
  const bodies = fc.array(
    fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme' }), fc.constant('\r\n\r\n')),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (texts, cuts) => {
      const bytes = Buffer.from(texts.map((text) => message(text)).join('\r\n'));
      const collected = new Collected();
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = cuts[i % cuts.length] ?? 1;
        collected.stream.push(bytes.subarray(at, at + size));
        at += size;
      }
      const wanted = texts.map((text) => `OPTIONS sip:a@x SIP/2.0|a b|${Buffer.from(text).toString()}`);
      assert.deepEqual(collected.frames, wanted);
      assert.equal(collected.stream.inside, false);
      assert.equal(collected.broken, false);
    }),
  );
});

test('a stream that cannot be followed says so once and takes no more', () => {
  const rows: [string, string][] = [
    [message('x', 65_537), '513 Message Too Large'],
    [message('x').replace('l :', 'x:'), '400 Content-Length Required'],
    [message('x').replace('l : 1', 'l: one'), '400 Bad Content-Length'],
    [message('x').replace('l : 1', 'l: 1\r\nContent-Length: 1'), '400 Multiple Content-Length'],
    [`OPTIONS sip:a@x SIP/2.0\r\nX: ${'y'.repeat(17_000)}`, '513 Message Too Large'],
  ];
  for (const [text, wanted] of rows) {
    const collected = new Collected();
    collected.stream.push(Buffer.from(text));
    collected.stream.push(Buffer.from(message('more')));
    assert.deepEqual(collected.frames, [wanted]);
    assert.equal(collected.broken, true);
  }
});

test('empty lines are skipped, pairs of them are pings', () => {
  const collected = new Collected();
  for (const piece of ['\r\n', '\r', '\n\r\n\r\n', message('a'), '\r\n'])
    collected.stream.push(Buffer.from(piece));
  assert.equal(collected.pings, 2);
  assert.equal(collected.frames.length, 1);
  assert.equal(collected.stream.inside, false);
});

test('a datagram is one message: the length may be missing or smaller, not larger', () => {
  const frame = (text: string): string | undefined => {
    const read = datagramFrame(Buffer.from(text));
    return read && shown(read);
  };
  assert.equal(frame(message('abc')), 'OPTIONS sip:a@x SIP/2.0|a b|abc');
  assert.equal(frame(`\r\n\0${message('abc', 2)}`), 'OPTIONS sip:a@x SIP/2.0|a b|ab');
  assert.equal(frame(message('abc').replace('l :', 'x:')), 'OPTIONS sip:a@x SIP/2.0|a b|abc');
  assert.equal(frame(message('abc', 4)), '400 Content-Length Exceeds Message');
  assert.equal(frame('OPTIONS sip:a@x SIP/2.0\r\n'), '400 No End Of Header Fields');
  assert.equal(frame('\r\n\r\n'), undefined);
  assert.equal(frame(''), undefined);
  assert.equal(frame('nothing of SIP'), undefined);
});
