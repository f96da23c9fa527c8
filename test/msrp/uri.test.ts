import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatMsrpUri,
  type MsrpUri,
  parseMsrpPath,
  parseMsrpUri,
  plainMsrpUri,
  sameMsrpUri,
} from '../../src/msrp/uri.ts';

test('reads URIs', () => {
  assert.deepEqual(parseMsrpUri('msrp://host.example.com:8493/asfd34;tcp'), {
    scheme: 'msrp',
    host: 'host.example.com',
    port: 8493,
    sessionId: 'asfd34',
    transport: 'tcp',
  });
  assert.deepEqual(parseMsrpUri('MSRPS://alice@[2001:DB8::1]:2855/a+b/c=;ws;x=1;y'), {
    scheme: 'msrps',
    userinfo: 'alice',
    host: '2001:DB8::1',
    port: 2855,
    sessionId: 'a+b/c=',
    transport: 'ws',
    parameters: ['x=1', 'y'],
  });
});

for (const text of [
  '',
  'msrp://',
  'msrp://h/s',
  'msrp://h:99999/s;tcp',
  'msrp://h:1/s x;tcp',
  'msrp://h:1/;tcp',
  'msrp://[::g]:1/s;tcp',
  'msrp://[1:2/s;tcp',
  'http://h:1/s;tcp',
  'msrp://h:1/s;tcp\r\nX: y',
  'msrp://h:1/s;t cp',
]) {
  test(`is no URI: ${JSON.stringify(text)}`, () => assert.equal(parseMsrpUri(text), undefined));
}

const same: [boolean, string, string][] = [
  [true, 'msrp://h:1/s;tcp', 'MSRP://H:1/s;TCP'],
  [true, 'msrp://a@h:1/s;tcp', 'msrp://b@h:1/s;tcp;x=1'],
  [true, 'msrp://[2001:db8::1]:1/s;tcp', 'msrp://[2001:0DB8:0:0::1]:1/s;tcp'],
  [true, 'msrp://ex%61mple:1/s;tcp', 'msrp://example:1/s;tcp'],
  [false, 'msrp://h:1/s;tcp', 'msrps://h:1/s;tcp'],
  [false, 'msrp://h:1/s;tcp', 'msrp://h:1/S;tcp'],
  [false, 'msrp://h:1/s;tcp', 'msrp://h:2/s;tcp'],
  [false, 'msrp://h:2855/s;tcp', 'msrp://h/s;tcp'],
  [false, 'msrp://h:1/s;tcp', 'msrp://h:1;tcp'],
  [false, 'msrp://h:1/s;tcp', 'msrp://h:1/s;ws'],
  [false, 'msrp://h:1/s;tcp', 'msrp://i:1/s;tcp'],
  [false, 'msrp://h:2855/s;tcp', 'msrp://h:02856/s;tcp'],
  [true, 'msrp://h:2855/s;tcp', 'msrp://h:02855/s;tcp'],
  [true, 'msrp://h/s;tcp', 'msrp://H/s;tcp'],
  [false, 'msrp://127.0.0.1:1/s;tcp', 'msrp://localhost:1/s;tcp'],
  [false, 'msrp://h:1/s%41;tcp', 'msrp://h:1/sA;tcp'],
  [true, 'msrps://a%40b@h:1/s;ws', 'msrps://h:1/s;WS'],
  [false, 'msrp://fe80%3a%3a1%25eth0:1/s;tcp', 'msrp://[fe80::1]:1/s;tcp'],
];
for (const [expected, a, b] of same) {
  test(`checklist 25: ${a} is ${expected ? '' : 'not '}the same as ${b}`, () => {
    const [one, two] = [parseMsrpUri(a), parseMsrpUri(b)];
    assert.ok(one && two);
    assert.equal(sameMsrpUri(one, two), expected);
    assert.equal(sameMsrpUri(two, one), expected);
    assert.equal(plainMsrpUri(one) === plainMsrpUri(two), expected);
  });
}

test('what is written is read as the same', () => {
  const uri = fc.record({
    scheme: fc.constantFrom<'msrp' | 'msrps'>('msrp', 'msrps'),
    host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 0, max: 65_535 }),
    sessionId: fc.stringMatching(/^[A-Za-z0-9._~+=/-]{1,30}$/),
    transport: fc.constantFrom('tcp', 'ws'),
  });
  fc.assert(
    fc.property(uri, (value: MsrpUri) => {
      const read = parseMsrpUri(formatMsrpUri(value));
      assert.deepEqual(read, { ...value });
    }),
  );
});

test('any text is read or not, in no time and without a throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const uri = parseMsrpUri(`msrp://${text}`);
      if (uri) assert.ok(!/[\r\n\0 ]/.test(formatMsrpUri(uri)));
    }),
  );
});

test('reads paths of one to ten URIs', () => {
  const uri = 'msrp://h:1/s;tcp';
  assert.equal(parseMsrpPath(`${uri} ${uri}`)?.length, 2);
  assert.equal(parseMsrpPath(Array(10).fill(uri).join(' '))?.length, 10);
  assert.equal(parseMsrpPath(Array(11).fill(uri).join(' ')), undefined);
  assert.equal(parseMsrpPath(`${uri} nonsense`), undefined);
  assert.equal(parseMsrpPath(`msrp://h:1/${'s'.repeat(4000)};tcp`)?.length, 1);
  assert.equal(parseMsrpPath(`msrp://h:1/${'s'.repeat(5000)};tcp`), undefined);
  assert.equal(parseMsrpPath(''), undefined);
});
