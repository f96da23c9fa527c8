/** Nothing of a wrapper is touched between SIP participants but for two exceptions (RFC 7701 section 6.1, RFC 3862 sections 2.2 and 6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PassedOn } from '../../src/focus/copies.ts';
import { CpimContent } from '../../src/focus/cpim-content.ts';
import { stage } from './stage.ts';

const ROOM = 'sip:lobby@chat.example.com';
const OTHER = 'sip:lobby@127.0.0.1';
const ALICE = { id: 'sip:alice@users.test', nick: 'alice' };

const lineEnd = fc.constantFrom('\r\n', '\n');
const odd = fc.constantFrom(
  'X-Odd:   spaces   ',
  'x-odd:none',
  'from: <sip:no@body>',
  'Subject:;lang=fr  Objet \\u00e9\\q\\',
  'Subject: zwei',
  'NS: MyFeatures <mid:MessageFeatures@id.foo.com>',
  'MyFeatures.WackyMessageOption:;q="a;b\\" é";lang=x-y Use-silly-font',
  'cc: "Carol \\"C\\"" <sip:carol@users.test>',
  'DateTime: yesterday',
  'X-Utf8: ☕ \u{1F600} e\u0301',
);
const type = fc.constantFrom(
  'text/plain',
  'text/plain;charset="utf8"',
  'TEXT/HTML; Charset=iso-8859-1',
  'image/png',
  'multipart/signed; boundary=next;\r\n micalg=sha1; protocol="application/pkcs7-signature"',
  'application/pkcs7-mime',
);
const wrapper = fc
  .record({
    end: fc.array(lineEnd, { minLength: 6, maxLength: 6 }),
    from: fc.constantFrom('<sip:alice@users.test>', 'Ali é <sip:alice@users.test;transport=tcp>', '"A \\"x\\"" <sip:%61lice@users.test>'),
    to: fc.constantFrom(`<${ROOM}>`, `The Room <${ROOM};transport=tcp>`, `"R \\u0041"<sip:lobby@CHAT.example.com:5060>`),
    odd: fc.array(fc.tuple(odd, lineEnd), { maxLength: 6 }),
    type,
    body: fc.uint8Array({ maxLength: 80 }),
  })
  .map(({ end, from, to, odd: more, type: content, body }) => {
    const lines = more.map(([line, last]) => line + last).join('');
    const head = `From: ${from}${end[0]}${lines}To: ${to}${end[1]}${end[2]}MIME-Version: 1.0${end[3]}Content-type:  ${content}${end[4]}${end[5]}`;
    return { bytes: Buffer.concat([Buffer.from(head), Buffer.from(body)]), to, sealed: /signed|pkcs7/.test(content) };
  }); // prettier-ignore

test('checklist 51, 56: law: the very bytes, or all but the value of To for who knows the room otherwise', () => {
  fc.assert(
    fc.property(wrapper, ({ bytes, to, sealed }) => {
      const before = Buffer.from(bytes);
      const copies = new PassedOn(new CpimContent(bytes), ALICE);
      assert.equal(copies.toRoom(ROOM).body, bytes);
      assert.equal(copies.toPerson().body, bytes);
      const other = copies.toRoom(OTHER).body.toString('latin1');
      if (sealed) assert.equal(other, bytes.toString('latin1'));
      else {
        const [front, back] = bytes.toString('latin1').split(`To: ${to}`);
        assert.ok(other.startsWith(`${front}To: `) && other.endsWith(`<${OTHER}>${back}`));
        assert.ok(other.length < bytes.length + OTHER.length + 10);
      }
      assert.deepEqual(bytes, before, 'what came is not written into');
    }),
    { numRuns: 500 },
  );
});

test('checklist 51, 56: over the wire, with odd headers, a signature and bare line feeds', async (t) => {
  const { joins } = await stage(t, { settings: { types: ['*'] } });
  const alice = await joins('alice');
  const bob = await joins('bob', { wrapped: '*' });
  // The simple client reads the strict form only.
  bob.msrp.onMessage = () => {};
  for (const [{ bytes }] of fc.sample(fc.tuple(wrapper), { numRuns: 25, seed: 7 })) {
    const unique = Buffer.concat([bytes, Buffer.from(Math.random().toString(36))]);
    const [response] = await alice.msrp.send(unique);
    assert.equal(response?.status, 200);
    const copy = await bob.msrp.messages.takes('the same bytes', ({ body }) => body.equals(unique));
    assert.equal(copy.type, 'message/cpim');
  }
});
