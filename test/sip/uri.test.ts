import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicalUri,
  canonicalUser,
  escapeUser,
  formatNameAddr,
  formatSipUri,
  parseNameAddr,
  parseSipUri,
  partyOf,
  sameSipUri,
} from '../../src/sip/index.ts';

test('a SIP URI is read into its parts', () => {
  const uri = parseSipUri('SIPS:%23a;b:pw@[2001:DB8::1]:5061;Transport=TCP;lr?Subject=x&To=y');
  assert.deepEqual(
    { ...uri, parameters: [...(uri?.parameters ?? [])] },
    {
      scheme: 'sips',
      user: '%23a;b',
      password: 'pw',
      host: '2001:db8::1',
      port: 5061,
      parameters: [
        ['transport', 'TCP'],
        ['lr', undefined],
      ],
      headers: 'Subject=x&To=y',
    },
  );
});

test('what is no SIP URI is not taken for one', () => {
  const none = [
    '',
    'sip:',
    'sip:@x',
    'tel:+1',
    'sip:a b@x',
    'sip:a@x y',
    'sip:a@b@c',
    'sip:a@x:65536',
    'sip:a@x:',
    'sip:a@[x]',
    'sip:a@[::1',
    'sip:a@x;',
    'sip:a@x;;b',
    'sip:a@x;=b',
    'sip:%4@x',
    'sip:%zz@x',
    'sip:a@x;b=%',
    '<sip:a@x>',
    'sip:a\r\n@x',
    'sip:a@x?a b',
  ];
  for (const text of none) assert.equal(parseSipUri(text), undefined, text);
});

test('the canonical form: case, escapes, and nothing but the address', () => {
  const rows: [string, string | undefined][] = [
    ['SIP:Alice@EXAMPLE.org', 'sip:Alice@example.org'],
    ['sip:%61lice:secret@x;transport=tcp?Subject=y', 'sip:alice@x'],
    ['sip:alice@x:5060', 'sip:alice@x:5060'],
    ['sip:[x]+local@x', 'sip:%5Bx%5D+local@x'],
    ['sip:%5bx%5d;2+local@x', 'sip:%5Bx%5D;2+local@x'],
    ['sip:a@[2001:DB8::1]:7', 'sip:a@[2001:db8::1]:7'],
    ['sip:%FF@x', 'sip:%25FF@x'],
    ['sip:%0d%0a@x', 'sip:%0D%0A@x'],
    ['sips:x', 'sips:x'],
    ['TEL:+1-2;phone-context=x', 'tel:+1-2;phone-context=x'],
    ['sip:a b@x', undefined],
    ['nonsense', undefined],
  ];
  for (const [text, canonical] of rows) assert.equal(canonicalUri(text), canonical, text);
});

test('comparison is that of RFC 3261 section 19.1.4, with its own examples', () => {
  const same = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
  ];
  const different = [
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:a@x', 'sips:a@x'],
    ['sip:a@x', 'sip:a:b@x'],
    ['sip:a%3B@x', 'sip:a;@x'],
    ['sip:a@x;maddr=y', 'sip:a@x'],
    ['sip:a@x;p=1', 'sip:a@x;p=2'],
    ['tel:+1', 'tel:+1'],
  ];
  for (const [a = '', b = ''] of same) assert.ok(sameSipUri(a, b) && sameSipUri(b, a), `${a} = ${b}`);
  for (const [a = '', b = ''] of different) assert.ok(!sameSipUri(a, b) && !sameSipUri(b, a), `${a} <> ${b}`);
});

test('law: any user part survives being escaped, written, read and undone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (user) => {
      const uri = parseSipUri(`sip:${escapeUser(user)}@x`);
      assert.equal(canonicalUser(uri?.user ?? ''), user);
      assert.match(escapeUser(user), /^[A-Za-z0-9\-_.!~*'()&=+$,;?/%]+$/);
    }),
  );
});

test('law: reading what was written gives the same, whatever the input', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'sip:a@x[]1%;=?&.4\r\n "<>,\\'.split('')) }), (text) => {
      const uri = parseSipUri(`sip:${text}`);
      if (!uri) return;
      const written = formatSipUri(uri);
      assert.deepEqual(parseSipUri(written), uri);
      const canonical = canonicalUri(written) ?? '';
      assert.equal(canonicalUri(canonical), canonical);
      assert.doesNotMatch(canonical, /[\s<>"]/);
    }),
    { numRuns: 2000 },
  );
});

test('a name and address is read: quoted, bare, without brackets', () => {
  const rows: [string, string, string, [string, string | undefined][]][] = [
    ['"A. \\"B\\" \\\\" <sip:a@x;p>;tag=1', 'A. "B" \\', 'sip:a@x;p', [['tag', '1']]],
    ['Alice Smith <sip:a@x>', 'Alice Smith', 'sip:a@x', []],
    ['Ali é <sip:a@x> ; tag = 5', 'Ali é', 'sip:a@x', [['tag', '5']]],
    [
      'sip:a@x;tag=1;Q="a;b"',
      '',
      'sip:a@x',
      [
        ['tag', '1'],
        ['q', '"a;b"'],
      ],
    ],
    ['<tel:+1;phone-context=x>', '', 'tel:+1;phone-context=x', []],
    ['"a\u0000\u0007\\\rb" <sip:a@x>', 'ab', 'sip:a@x', []],
    ['"<sip:not@this>" <sip:a@x>', '<sip:not@this>', 'sip:a@x', []],
  ];
  for (const [text, displayName, uri, parameters] of rows) {
    const read = parseNameAddr(text);
    assert.deepEqual(
      { ...read, parameters: [...(read?.parameters ?? [])] },
      { displayName, uri, parameters },
      text,
    );
  }
  const none = [
    '',
    'Alice',
    '"Alice <sip:a@x>',
    'Bell, Alexander <sip:a@x>',
    '<sip:a@x',
    '< sip:a@x >',
    '<sip:a@x>;;',
    '<sip:a@x>tag',
    'sip:a@x,sip:b@x',
    '"a" "b" <sip:a@x>',
  ];
  for (const text of none) assert.equal(parseNameAddr(text), undefined, text);
});

test('law: any display name survives being written and read, but for control characters and outer spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const text = formatNameAddr({ displayName: name, uri: 'sip:a@x' });
      assert.doesNotMatch(text, /[\r\n\0]/);
      const read = parseNameAddr(text);
      assert.ok(read);
      const visible = (s: string) => s.replace(/[\p{Cc}\p{Cs}\u2028\u2029\ufffd\s]/gu, '');
      assert.equal(visible(partyOf(read).displayName), visible(name));
    }),
  );
});
