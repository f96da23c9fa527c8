/** Which addresses name the same person. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressKey, canonicalUri } from '../../src/sip/index.ts';

const same: readonly [why: string, ...uris: string[]][] = [
  ['RFC 3261 section 19.1.4', 'sip:%61lice@atlanta.com;transport=TCP', 'SIP:alice@AtLanTa.CoM;x=y'],
  ['RFC 3261 section 19.1: sip and sips', 'sips:bob@biloxi.com', 'sip:bob@biloxi.com', 'SIPS:bob@BILOXI.com'],
  ['RFC 3860 section 3.2: the inbox of a user', 'im:fred@example.com', 'sip:fred@example.com', 'IM:fred@Example.com'],
  ['RFC 3966 section 4: visual separators', 'tel:+1-201-555-0123', 'tel:+1(201)555.0123', 'TEL:+12015550123'],
  [
    'RFC 3966 section 4: parameters in any order',
    'tel:7042;phone-context=example.com;ext=1-2',
    'tel:7042;EXT=12;phone-context=Example.COM',
  ],
  ['RFC 3966 section 4: a number as context', 'tel:863;phone-context=+1-914-555', 'tel:8-63;phone-context=+1914555'],
]; // prettier-ignore

for (const [why, first = '', ...others] of same) {
  test(`the same person: ${why}`, () => {
    for (const other of others) assert.equal(addressKey(other), addressKey(first), other);
  });
}

const different: readonly [why: string, one: string, other: string][] = [
  ['the user part has its case', 'sip:Alice@x.test', 'sip:alice@x.test'],
  ['RFC 3261 section 19.1.4: a port', 'sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
  ['RFC 3966 section 4: global and local', 'tel:+7042', 'tel:7042;phone-context=+1'],
  ['RFC 3966 section 4: a parameter of one', 'tel:+12015550123', 'tel:+12015550123;ext=1'],
  ['RFC 3966 section 4: another context', 'tel:7042;phone-context=a.test', 'tel:7042;phone-context=b.test'],
  ['a name with a hyphen is no number', 'tel:7042;phone-context=a-b.test', 'tel:7042;phone-context=ab.test'],
  ['the number of a host is not the number', 'sip:+12015550123@evil.test;user=phone', 'tel:+12015550123'],
  ['an inbox in another domain', 'im:fred@example.org', 'sip:fred@example.com'],
  ['another scheme', 'mailto:fred@example.com', 'sip:fred@example.com'],
];

for (const [why, one, other] of different) {
  test(`two people: ${why}`, () => assert.notEqual(addressKey(one), addressKey(other)));
}

test('law: the canonical form has the same key, a key is its own key, and nothing throws', () => {
  const word = fc.stringMatching(/^[a-z0-9+.()%-]{1,8}$/);
  const address = fc
    .tuple(fc.constantFrom('sip', 'sips', 'im', 'tel', 'x'), word, word)
    .map(([scheme, user, host]) =>
      scheme === 'tel' ? `tel:${user};ext=${host}` : `${scheme}:${user}@${host}`,
    );
  fc.assert(
    fc.property(fc.oneof(address, fc.string()), (text) => {
      const key = addressKey(text);
      assert.equal(addressKey(key), key);
      assert.equal(addressKey(canonicalUri(text) ?? text), key);
    }),
  );
});
