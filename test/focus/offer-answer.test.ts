import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  OwnDescription,
  type OwnMedia,
  type PeerMedia,
  partOfAnswerer,
  partOfOfferer,
  readDescription,
} from '../../src/focus/offer-answer.ts';
import type { MsrpPlace } from '../../src/focus/places.ts';
import { parseSdp } from '../../src/formats/sdp.ts';
import { SETTINGS } from './stage.ts';

const SESSION = 'v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n';
const FILE =
  'a=file-selector:name:"My cool picture.jpg" type:image/jpeg size:4092\r\na=file-transfer-id:Q6LMoGymJdh0IKIgD6wD0jkcfgva4xvE\r\n';
const AUDIO = 'm=audio 49170 RTP/AVP 0\r\n';

function message(
  changes: { protocol?: string; port?: number; path?: string; types?: string; more?: string } = {},
): string {
  const {
    protocol = 'TCP/MSRP',
    port = 2855,
    path = 'msrp://192.0.2.2:2855/abc;tcp',
    types = 'message/cpim',
    more = '',
  } = changes;
  return `m=message ${port} ${protocol} *\r\na=path:${path}\r\na=accept-types:${types}\r\n${more}`;
}

const PLACE: MsrpPlace = { scheme: 'msrp', transport: 'tcp', host: '192.0.2.1', port: 2855 };
const SECURE: MsrpPlace = { ...PLACE, scheme: 'msrps' };
const PLACES: readonly MsrpPlace[] = [PLACE, SECURE];

const own: OwnMedia = {
  place: PLACE,
  path: 'msrp://192.0.2.1:2855/ours;tcp',
  fingerprints: [],
  settings: SETTINGS,
  maxMessageBytes: 1000,
};

function read(sdp: string): PeerMedia {
  const reading = readDescription(sdp, PLACES);
  assert.ok(reading.ok);
  return reading.peer;
}

const TLS = message({ protocol: 'TCP/TLS/MSRP', path: 'msrps://192.0.2.2:9/x;tcp' });

const readings: readonly [what: string, sdp: string, result: number][] = [
  ['a message line', SESSION + message(), 0],
  ['one behind audio', SESSION + AUDIO + message(), 1],
  ['two: the first', SESSION + message() + message({ path: 'msrp://192.0.2.2:9/x;tcp' }), 0],
  ['TLS first', SESSION + TLS + message(), 0],
  ['TLS second', SESSION + message() + TLS, 0],
  ['TLS only', SESSION + TLS, 0],
  [
    'a relay by TLS before an end without',
    SESSION + TLS.replace(/(a=path:\S+)/, '$1 msrp://a.test:9/x;tcp'),
    0,
  ],
  [
    'checklist 27: a fingerprint by MD5 alone (RFC 8122 section 5)',
    SESSION + TLS + 'a=fingerprint:MD5 4A:AD\r\n',
    488,
  ],
  [
    'checklist 27: MD2 beside MD5',
    SESSION + 'a=fingerprint:md2 4A:AD\r\na=fingerprint:md5 4A:AD\r\n' + TLS,
    488,
  ],
  [
    'checklist 27: SHA-256 beside MD5',
    SESSION + TLS + 'a=fingerprint:md5 4A:AD\r\na=fingerprint:sha-256 4A:AD\r\n',
    0,
  ],
  ['checklist 27: MD5, and a line without TLS', SESSION + TLS + 'a=fingerprint:md5 4A:AD\r\n' + message(), 1],
  [
    'MD5 on a line without TLS, where nobody looks',
    SESSION + message({ more: 'a=fingerprint:md5 4A:AD\r\n' }),
    0,
  ],
  [
    'MD5 behind a relay, whose connection it is',
    SESSION + TLS.replace(/(a=path:\S+)/, '$1 msrps://a.test:9/x;tcp') + 'a=fingerprint:md5 4A:AD\r\n',
    0,
  ],
  ['checklist 3: any case', SESSION + message({ types: 'text/plain Message/CPIM' }), 0],
  ['checklist 3: a star', SESSION + message({ types: '*' }), 0],
  ['checklist 3: all of a kind', SESSION + message({ types: 'message/*' }), 0],
  ['checklist 3: no message/cpim', SESSION + message({ types: 'text/plain' }), 488],
  ['audio only', SESSION + AUDIO, 488],
  ['a TLS path on a line without', SESSION + message({ path: 'msrps://192.0.2.2:9/x;tcp' }), 488],
  ['a path without TLS on a TLS line', SESSION + message({ protocol: 'TCP/TLS/MSRP' }), 488],
  ['a path that is none', SESSION + message({ path: 'http://192.0.2.2/' }), 488],
  ['checklist 104: a file', SESSION + message({ more: FILE }), 488],
  ['checklist 104: a file beside a chat', SESSION + message({ more: FILE }) + message(), 1],
  ['checklist 104: who is able to send files', SESSION + message({ more: 'a=file-selector\r\n' }), 0],
  ['a line that is off', SESSION + message({ port: 0 }), 488],
  ['no SDP', 'hello', 400],
  ['nothing', '', 400],
];

for (const [what, sdp, result] of readings) {
  test(`read: ${what}`, () => {
    const reading = readDescription(sdp, PLACES);
    assert.equal(reading.ok ? reading.peer.media.index : reading.status, result);
  });
}

test('read: a line is taken where there is a place for it', () => {
  const taken = (places: readonly MsrpPlace[]): unknown => {
    const reading = readDescription(SESSION + TLS + message(), places);
    return reading.ok ? [reading.peer.media.index, reading.peer.place] : reading.reason;
  };
  assert.deepEqual(taken([PLACE]), [1, PLACE]);
  assert.deepEqual(taken([SECURE]), [0, SECURE]);
  const ws = { ...SECURE, transport: 'ws' } as const;
  assert.equal(taken([ws]), 'No TCP/TLS/MSRP That Takes message/cpim');
  const refused = readDescription(`${SESSION + TLS}a=fingerprint:md5 4A:AD\r\n`, PLACES);
  assert.equal(refused.ok || refused.reason, 'No Fingerprint By A Usable Hash Function');
});

test('read: real offers', () => {
  for (const file of readdirSync('test/torture/sdp')) {
    const reading = readDescription(readFileSync(`test/torture/sdp/${file}`, 'utf8'), PLACES);
    assert.ok(reading.ok || reading.status === 488, file);
  }
});

test('checklist 5: what a peer takes in a wrapper is what either line lists', () => {
  const { types } = read(
    SESSION +
      message({ types: 'message/cpim text/html', more: 'a=accept-wrapped-types:text/plain image/*\r\n' }),
  );
  assert.deepEqual(
    ['text/plain', 'text/html', 'image/gif', 'audio/x', 'message/cpim'].map((type) => types.takes(type)),
    [true, true, true, false, false],
  );
  assert.equal(read(SESSION + message({ types: 'message/cpim *' })).types.takes('audio/x'), true);
  assert.equal(read(SESSION + message()).types.takes('text/plain'), true, 'COMPAT: it has forgotten to say');
});

test('checklist 12, 13: who dials', () => {
  const all = ['active', 'passive', 'actpass', undefined] as const;
  assert.deepEqual(all.map(partOfAnswerer), ['passive', 'active', 'passive', 'passive']);
  assert.deepEqual(all.map(partOfOfferer), ['passive', 'active', 'passive', 'active']);
});

test('checklist 2, 4, 6, 7, 9: the answer', () => {
  const text = new OwnDescription('192.0.2.1').answer(read(SESSION + AUDIO + message() + message()), own);
  const { media } = parseSdp(text);
  assert.deepEqual(
    media.map(({ kind, port }) => `${kind} ${port}`),
    ['audio 0', 'message 2855', 'message 0'],
  );
  const line = parseSdp(text).messages()[0];
  assert.ok(line);
  assert.deepEqual(line.acceptTypes, ['message/cpim']);
  assert.deepEqual(line.acceptWrappedTypes, [...SETTINGS.types, 'multipart/mixed', 'multipart/alternative']);
  assert.deepEqual(line.path, [own.path]);
  assert.deepEqual([...(line.chatroom ?? [])], ['nickname', 'private-messages']);
  assert.deepEqual([line.maxSize, line.setup, line.protocol], [1000, 'passive', 'TCP/MSRP']);
});

test('checklist 104: a file that is refused beside a chat is named in the answer (RFC 5547 section 8.3)', () => {
  const text = new OwnDescription('192.0.2.1').answer(
    read(SESSION + message({ more: FILE }) + message()),
    own,
  );
  const [, file = '', chat = ''] = text.split(/^m=/m);
  assert.match(file, /^message 0 TCP\/MSRP \*\r$/m);
  for (const line of FILE.trimEnd().split('\r\n')) assert.ok(file.includes(`${line}\r\n`), line);
  assert.match(chat, /^message 2855 /);
  assert.doesNotMatch(chat, /file-/);
});

test('checklist 40: what everybody must be able to receive is listed, once (RFC 4975 section 8.6)', () => {
  const listed = (types: string[]): readonly string[] | undefined => {
    const settings = { ...SETTINGS, types };
    const text = new OwnDescription('192.0.2.1').answer(read(SESSION + message()), { ...own, settings });
    return parseSdp(text).messages()[0]?.acceptWrappedTypes;
  };
  assert.deepEqual(listed(['text/plain', 'Multipart/Mixed']), [
    'text/plain',
    'Multipart/Mixed',
    'multipart/alternative',
  ]);
  assert.deepEqual(listed(['multipart/*']), ['multipart/*']);
  assert.deepEqual(listed(['*']), ['*']);
});

test('checklist 16: the version of o= goes up with what is new, and only then', () => {
  const description = new OwnDescription('192.0.2.1');
  const peer = read(SESSION + message({ more: 'a=setup:active\r\n' }));
  const versions: [text: string, version: string | undefined][] = [];
  const say = (text: string): void => void versions.push([text, parseSdp(text).origin?.version]);
  say(description.answer(peer, own));
  say(description.answer(peer, own));
  say(description.answer(read(SESSION + message({ more: 'a=inactive\r\n' })), own));
  say(description.again());
  say(description.again());
  say(description.answer(peer, own));
  assert.deepEqual(
    versions.map(([, version]) => version),
    ['1', '1', '2', '3', '3', '4'],
  );
  assert.equal(versions[0]?.[0], versions[1]?.[0]);
  assert.match(versions[3]?.[0] ?? '', /^a=setup:actpass\r$/m);
  assert.equal(new Set(versions.map(([text]) => parseSdp(text).origin?.id)).size, 1);
});

test('our offer leaves the choice of a=setup (RFC 6135 section 4.2.2)', () => {
  const offer = parseSdp(
    new OwnDescription('2001:db8::1').offer({ ...own, place: { ...PLACE, host: '2001:db8::1', port: 9 } }),
  );
  assert.equal(offer.messages()[0]?.setup, 'actpass');
  assert.equal(offer.messages()[0]?.connectionHost, '2001:db8::1');
});

test('whatever is offered is read without an exception', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.nat(400), (junk, at) => {
      const text = SESSION + AUDIO + message();
      readDescription(text.slice(0, at) + junk + text.slice(at + junk.length), PLACES);
    }),
  );
});
