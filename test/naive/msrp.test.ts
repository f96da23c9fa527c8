/** The naive MSRP end itself: cutting and gathering, the rules that it holds frames to, and two of them over TLS. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, Gathering } from './msrp-chunks.ts';
import { field, readMsrp, writeMsrp } from './msrp-frame.ts';
import { faultOf } from './msrp-rules.ts';
import { MsrpEnd } from './msrp.ts';

const head = {
  transaction: 'abcd1234',
  what: 'SEND',
  toPath: 'msrp://a:1/x;tcp',
  fromPath: 'msrp://b:1/y;tcp',
};
const ID = ['Message-ID', 'm'] as const;
const TYPE = ['Content-Type', 'text/plain'] as const;

test('law: however a message is cut, and in whatever order its chunks come, it is gathered as it was', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6000 }), sizes, fc.nat(30), fc.boolean(), fc.infiniteStream(fc.nat()), (bytes, chunk, overlap, total, chance) => {
      const body = Buffer.from(bytes);
      const order = (count: number): number[] =>
        Array.from({ length: count }, (_, number) => ({ number, key: chance.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ number }) => number);
      const gathering = new Gathering();
      const results = cut(body, { chunk, overlap, total, order }).map(({ range, body: part, flag }) => {
        const { frame } = readMsrp(writeMsrp(head, [ID, ['Byte-Range', range], TYPE], part, flag)) ?? assert.fail();
        assert.equal(faultOf(frame), undefined);
        return gathering.add(frame);
      });
      // Where chunks repeat each other it may be whole before the last one.
      for (const whole of results.filter((result) => result !== undefined)) assert.deepEqual(whole, body);
      assert.notEqual(results.at(-1), undefined);
    }),
  ); // prettier-ignore
});

test('a message that is given up says so in its last chunk', () => {
  const flags = cut(Buffer.alloc(50), { chunk: 10, abort: 3 }).map(({ flag }) => flag);
  assert.deepEqual(flags, ['+', '+', '#']);
});

test('rules of RFC 4975 that a frame may break', () => {
  const long = 'x'.repeat(2049);
  const range = (value: string): readonly [string, string] => ['Byte-Range', value];
  const rows: [RegExp | undefined, readonly (readonly [string, string])[], string?, string?][] = [
    [undefined, [ID, range('1-2/2'), TYPE], 'xy'],
    [undefined, [ID, range('1-*/2049'), TYPE], long],
    [undefined, [ID, range('1-0/0')]],
    [/interrupted/, [ID, range('1-2049/2049'), TYPE], long],
    [/with 2 bytes/, [ID, range('1-3/3'), TYPE], 'xy'],
    [/more bytes/, [ID, range('2-3/2'), TYPE], 'xy', '+'],
    [/last chunk/, [ID, range('1-2/3'), TYPE], 'xy'],
    [/not the last header/, [ID, TYPE, range('1-2/2')], 'xy'],
    [/without a body/, [ID, range('1-0/0'), TYPE]],
    [/without Message-ID/, [range('1-2/2'), TYPE], 'xy'],
    [/without Byte-Range/, [ID, TYPE], 'xy'],
    [/stands twice/, [ID, ID, range('1-2/2'), TYPE], 'xy'],
  ];
  for (const [fault, headers, body, flag] of rows) {
    const bytes = writeMsrp(head, headers, body === undefined ? undefined : Buffer.from(body), flag);
    const found = faultOf(readMsrp(bytes)?.frame ?? assert.fail());
    if (fault) assert.match(`${found}`, fault);
    else assert.equal(found, undefined);
  }
});

test('over TLS: fingerprints are held against what is shown, and each chunk may be reported', async (t) => {
  const alice = await MsrpEnd.open(t, 'alice', { listen: false, tls: true });
  const bob = await MsrpEnd.open(t, 'bob', { listen: true, tls: true });
  alice.peer = bob.uri;
  alice.peerFingerprint = bob.fingerprint;
  bob.peer = alice.uri;
  bob.peerFingerprint = alice.fingerprint;
  bob.reportsOn = 'chunks';
  await alice.dial();
  const body = Buffer.from('in three parts');
  await alice.send(body, { type: 'text/plain', chunk: 5, successReport: 'yes', messageId: 'm' });
  assert.deepEqual((await bob.messages.takes('it', () => true)).body, body);
  for (const range of ['1-5/14', '6-10/14', '11-14/14'])
    await alice.reports.takes(range, (report) => field(report, 'Byte-Range') === range);

  const mallory = await MsrpEnd.open(t, 'mallory', { listen: false, tls: true });
  mallory.peer = bob.uri;
  mallory.peerFingerprint = alice.fingerprint;
  await mallory.dial();
  await mallory.closed;
  await assert.rejects(mallory.greet(), /a certificate of sha-256/);
});
