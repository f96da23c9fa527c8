/** What the focus makes of messages, real ones among them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainText } from '../../src/common/spans.ts';
import { Addresses } from '../../src/focus/addresses.ts';
import type { Identity } from '../../src/focus/admission.ts';
import { CpimContent } from '../../src/focus/cpim-content.ts';
import { type Inbound, type InboundContext, readInbound } from '../../src/focus/inbound.ts';
import { MediaTypes } from '../../src/formats/media-type.ts';

const ALICE: Identity = {
  id: 'sip:alice@example.org',
  address: 'sip:alice@example.org',
  anonymous: false,
  displayName: 'Alice',
  userName: 'alice',
};
const HIDDEN: Identity = {
  ...ALICE,
  id: 'sip:anonymous1@anonymous.invalid',
  anonymous: true,
  displayName: '',
};

const addresses = new Addresses({
  domain: 'chat.example.com',
  networks: () => ['local'],
  isRoomName: (name) => name === 'lobby',
});

function context(changes: Partial<InboundContext> = {}): InboundContext {
  return {
    addresses,
    room: 'lobby',
    sender: ALICE,
    dialled: 'sip:lobby@127.0.0.1',
    known: () => undefined,
    types: new MediaTypes([
      'text/plain',
      'text/html',
      'image/*',
      'application/im-iscomposing+xml',
      'message/imdn+xml',
      'multipart/signed',
    ]),
    ...changes,
  };
}

interface Parts {
  readonly from?: string;
  readonly to?: string;
  readonly more?: readonly string[];
  readonly type?: string;
  readonly body?: string;
}

function cpim({
  from = ALICE.address,
  to = 'sip:lobby@chat.example.com',
  more = [],
  type = 'text/plain',
  body = 'hello',
}: Parts): Buffer {
  const lines = [`From: <${from}>`, `To: <${to}>`, ...more, '', `Content-Type: ${type}`, '', body];
  return Buffer.from(lines.join('\r\n'));
}

/** In a few words. */
function shown(inbound: Inbound): string {
  switch (inbound.kind) {
    case 'refused':
      return `${inbound.status} ${inbound.comment}`;
    case 'nothing':
      return 'nothing';
    case 'say':
      return `say ${inbound.content.kind} ${textOf(inbound.content)}`;
    case 'whisper':
      return `to ${inbound.to.map(({ id }) => id).join(' ')}: ${inbound.content.kind} ${textOf(inbound.content)}`;
  }
}

function textOf(content: CpimContent): string {
  const text = content.text();
  if (!text) return content.type;
  const attached = content.attached.map(({ type, size }) => ` + ${type} ${size}`).join('');
  return `${text.action ? '* ' : ''}${text.lines.map(plainText).join('|')}${attached}`;
}

const ALTERNATIVES =
  '--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--b--';

const cases: readonly [what: string, parts: Parts, shown: string | RegExp][] = [
  ['to the room', {}, 'say text hello'],
  ['to the room as it was dialled', { to: 'sip:lobby@127.0.0.1' }, 'say text hello'],
  [
    'checklist 55: parameters of the room do not count',
    { to: 'sip:lobby@127.0.0.1;transport=tcp' },
    'say text hello',
  ],
  ['to the room with cc', { more: ['cc: <sip:bob@example.org>'] }, 'say text hello'],
  [
    'to the room at a host that is not ours',
    { to: 'sip:lobby@elsewhere.test' },
    'to sip:lobby@elsewhere.test: text hello',
  ],
  ['to somebody', { to: 'sip:Bob@EXAMPLE.org;x=y' }, 'to sip:Bob@example.org: text hello'],
  ['to somebody on a network', { to: 'sip:ann;2+local@chat.example.com' }, 'to ann;2+local: text hello'],
  [
    'design decision 8: to some, each once',
    { to: 'sip:bob@example.org', more: ['cc: <sip:bob@example.org>', 'cc: <sip:ann+local@127.0.0.1>'] },
    'to sip:bob@example.org ann+local: text hello',
  ],
  ['checklist 53: From of another', { from: 'sip:bob@example.org' }, '403 From is not your address'],
  [
    'checklist 53: From compared as a URI',
    { from: 'sip:%61lice@EXAMPLE.org;transport=tcp' },
    'say text hello',
  ],
  [
    'checklist 53: the user part has its case',
    { from: 'sip:Alice@example.org' },
    '403 From is not your address',
  ],
  ['checklist 52: several To', { more: ['To: <sip:bob@example.org>'] }, '403 more than one To'],
  ['From comes before To', { from: 'sip:b@c', more: ['To: <sip:x@y>'] }, '403 From is not your address'],
  [
    'checklist 50: Require of what we do not know',
    { more: ['Require: My.Option'] },
    '415 Require is not understood: My.Option',
  ],
  ['checklist 45: Require of what we know', { more: ['Require: From, DateTime'] }, 'say text hello'],
  [
    'a type that the room does not take',
    { type: 'application/pdf' },
    '415 this room does not take application/pdf',
  ],
  [
    'checklist 40: alternatives',
    { type: 'multipart/alternative; boundary=b', body: ALTERNATIVES },
    'say text rich',
  ],
  [
    'checklist 40: text and a picture',
    {
      type: 'multipart/mixed; boundary=b',
      body: `${ALTERNATIVES.slice(0, -5)}--b\r\nContent-Type: image/png\r\n\r\npng\r\n--b--`,
    },
    'say text plain|rich + image/png 3',
  ],
  [
    'checklist 40: a picture alone in a multipart',
    {
      type: 'multipart/mixed; boundary=b',
      body: '--b\r\nContent-Type: image/png\r\n\r\npng\r\n--b\r\n\r\n \r\n--b--',
    },
    'say file multipart/mixed',
  ],
  [
    'checklist 40: a part that the room does not take',
    { type: 'multipart/mixed; boundary=b', body: '--b\r\nContent-Type: application/pdf\r\n\r\npdf\r\n--b--' },
    '415 this room does not take application/pdf',
  ],
  [
    'checklist 40: a container that the room does not take',
    { type: 'multipart/related; boundary=b', body: ALTERNATIVES },
    '415 this room does not take multipart/related',
  ],
  [
    'checklist 40: a multipart that is none',
    { type: 'multipart/mixed', body: ALTERNATIVES },
    '400 bad message/cpim: a multipart without a boundary',
  ],
  ['a picture', { type: 'image/png; x=y' }, 'say file image/png'],
  [
    'somebody types',
    { type: 'application/im-iscomposing+xml', body: '<isComposing/>' },
    'say signal application/im-iscomposing+xml',
  ],
  [
    'checklist 103: a notification to the room is for nobody',
    { type: 'message/imdn+xml', body: '<imdn/>' },
    'nothing',
  ],
  [
    'checklist 103: a notification to who has sent the message',
    { type: 'Message/IMDN+xml', to: 'sip:bob@example.org', body: '<imdn/>' },
    'to sip:bob@example.org: signal message/imdn+xml',
  ],
  ['nothing', { body: '' }, 'nothing'],
  ['white space', { body: '  \r\n\t\r\n' }, 'nothing'],
  ['nothing to somebody', { to: 'sip:bob@example.org', body: '\n' }, 'nothing'],
  ['HTML', { type: 'text/html', body: '<p>a <b>b</b></p><p>c&lt;' }, 'say text a b|c<'],
  ['HTML of nothing', { type: 'text/html', body: '<p> </p>' }, 'nothing'],
  ['HTML of pictures', { type: 'text/html', body: '<p><img src="cid:1"></p>' }, 'say file text/html'],
  ['what the author does', { body: '/me waves\nand goes' }, 'say text * waves|and goes'],
  ['what the author does, in HTML', { type: 'text/html', body: '<i>/me waves</i>' }, 'say text * waves'],
  ['/me without words', { body: '/me' }, 'say text /me'],
  ['a word that begins like it', { body: '/mean' }, 'say text /mean'],
  [
    'lines, blank ones at the ends left out',
    { body: '\r\n\r\n  a\r\n\rb\u0000\u0001\n\n' },
    'say text   a||b',
  ],
  ['COMPAT: OTR to the room', { body: '?OTRv3? hello' }, 'nothing'],
  ['COMPAT: OTR to the room, in HTML', { type: 'text/html', body: '<b>?OTR</b>:AA' }, 'nothing'],
  [
    'COMPAT: OTR in private',
    { to: 'sip:bob@example.org', body: '?OTRv3?' },
    'to sip:bob@example.org: text ?OTRv3?',
  ],
];

for (const [what, parts, wanted] of cases) {
  test(`read: ${what}`, () => assert.equal(shown(readInbound(cpim(parts), context())), wanted));
}

test('broken wrappers are answered 400', () => {
  for (const text of ['', 'no header', 'From: <sip:a@b>\r\n\r\nContent-Type: text/plain\r\n\r\n', '\r\n\r\n'])
    assert.match(shown(readInbound(Buffer.from(text), context())), /^400 bad message\/cpim: /);
});

test('an anonymous participant may use either of its addresses; a seal must not tell the true one', () => {
  const hidden = context({ sender: HIDDEN });
  assert.equal(shown(readInbound(cpim({}), hidden)), 'say text hello');
  assert.equal(shown(readInbound(cpim({ from: HIDDEN.id }), hidden)), 'say text hello');
  assert.match(shown(readInbound(cpim({ type: 'multipart/signed' }), hidden)), /^403 /);
  assert.equal(
    shown(readInbound(cpim({ type: 'multipart/signed', from: HIDDEN.id }), hidden)),
    'say file multipart/signed',
  );
});

test('checklist 18: no header but From, which is written anew, may tell the address of who is anonymous', () => {
  for (const more of ['cc: <sip:Alice@example.org>', 'X-Sender: sip:alice@example.org;x=y', 'Subject:;lang=en alice\\u0040example.org']) {
    for (const from of [ALICE.address, HIDDEN.id])
      assert.equal(shown(readInbound(cpim({ from, more: [more] }), context({ sender: HIDDEN }))), '403 a header of the wrapper would tell your address');
    assert.equal(shown(readInbound(cpim({ more: [more] }), context())), 'say text hello');
  }
}); // prettier-ignore

test('checklist 103: a notification must not tell the address of who is anonymous', () => {
  const hidden = context({ sender: HIDDEN });
  const told = (uri: string): string =>
    shown(
      readInbound(
        cpim({
          to: 'sip:bob@example.org',
          type: 'message/imdn+xml',
          body: `<imdn><recipient-uri>${uri}</recipient-uri></imdn>`,
        }),
        hidden,
      ),
    );
  assert.match(told(HIDDEN.id), /^to sip:bob/);
  for (const uri of ['sip:alice@example.org', 'im:Alice@Example.ORG', 'sip:alice@example.org;gr=1'])
    assert.equal(told(uri), '403 the notification would tell your address');
});

const real: Readonly<Record<string, string>> = {
  '0007-sipsimple.cpim': '403 From is not your address',
  '0054-sipsimple.cpim': 'say text hello wörld',
  '0056-sipsimple.cpim': 'say text hello wörld',
  '0060-sipsimple.cpim': 'say signal application/im-iscomposing+xml',
  '0070-sipsimple.cpim': 'to sip:bob@example.org: text psst, only bob',
  '0073-sipsimple.cpim': 'to sip:bob@example.org: text psst, only bob',
  '0076-sipsimple.cpim': `say text line one of a long message é|`,
  '0082-sipsimple.cpim': '403 From is not your address',
  '0084-sipsimple.cpim': '403 From is not your address',
  'rfc3862-5.1.cpim': '403 From is not your address',
  'rfc7701-9.3.cpim': 'say text Hello guys, how are you today?',
  'rfc7701-9.4.cpim': 'to sip:bob@example.com: text Hello Bob.',
};

test('the torture files cover what is expected of them', () => {
  assert.deepEqual(readdirSync('test/torture/cpim').sort(), Object.keys(real).sort());
});

for (const [file, wanted] of Object.entries(real)) {
  test(`read: ${file}`, () => {
    const bytes = readFileSync(`test/torture/cpim/${file}`);
    const rfc = file.startsWith('rfc7701');
    const inbound = readInbound(
      bytes,
      rfc
        ? context({
            room: 'chatroom22',
            sender: { ...ALICE, id: fromOf(bytes), address: fromOf(bytes) },
          })
        : context(),
    );
    const text = shown(inbound);
    assert.equal(text.slice(0, wanted.length), wanted);
    if (inbound.kind === 'say') assert.equal(inbound.content.bytes, bytes, 'the very bytes');
  });
}

function fromOf(bytes: Buffer): string {
  return /^From: <(.*)>/m.exec(bytes.toString())?.[1] ?? '';
}

test('whatever comes is read without an exception, and no control character is in a text', () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary', maxLength: 200 }).map((body) => cpim({ body })),
    fc.string({ unit: 'binary', maxLength: 200 }).map((body) => cpim({ body, type: 'text/html' })),
  );
  fc.assert(
    fc.property(junk, (bytes) => {
      const inbound = readInbound(bytes, context());
      if (inbound.kind !== 'say') return;
      for (const line of inbound.content.text()?.lines ?? [])
        assert.doesNotMatch(plainText(line), /[\u0000-\u0008\u000A-\u001F\u007F]/); // oxlint-disable-line no-control-regex
    }),
  );
});

test('a text is read once', () => {
  const content = new CpimContent(cpim({ body: 'once' }));
  assert.equal(content.text(), content.text());
  assert.equal(content.size, 4);
});
