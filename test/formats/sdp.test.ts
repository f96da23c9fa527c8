import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { MediaTypes } from '../../src/formats/media-type.ts';
import { SdpError, isMessageMedia, parseSdp, writeAnswer } from '../../src/formats/sdp.ts';
import type { MessageMedia } from '../../src/formats/sdp.ts';

const samples = new URL('../torture/sdp/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, samples), 'utf8');

/** The only MSRP line of a description. */
function only(text: string): MessageMedia {
  const messages = parseSdp(text).messages();
  assert.equal(messages.length, 1);
  return messages[0] as MessageMedia;
}

/** A description with one good MSRP line, and these attributes. */
function described(...attributes: readonly string[]): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 192.0.2.1',
    's=-',
    't=0 0',
    'm=message 2855 TCP/MSRP *',
    'a=path:msrp://192.0.2.1:2855/s;tcp',
    ...attributes.map((attribute) => `a=${attribute}`),
    '',
  ].join('\r\n');
}

const origin = { id: '42', version: 7, host: '192.0.2.7' };

test("a real client's default offer: active, to a port where nobody listens", () => {
  const offer = parseSdp(sample('0001-invite-sipsimple.sdp'));
  assert.deepEqual(offer.origin, { id: '4004379033', version: '4004379033', host: '127.0.0.1' });
  assert.deepEqual(offer.messages(), [
    {
      index: 0,
      kind: 'message',
      port: 2855,
      protocol: 'TCP/MSRP',
      formats: '*',
      path: ['msrp://192.0.2.2:2855/3debfcf0c6eefb271f5c;tcp'],
      acceptTypes: ['message/cpim', 'text/*', 'image/*', 'application/im-iscomposing+xml'],
      acceptWrappedTypes: ['text/*', 'image/*', 'application/im-iscomposing+xml'],
      maxSize: undefined,
      setup: 'active',
      chatroom: undefined,
      direction: 'sendrecv',
      connectionHost: '127.0.0.1',
      fingerprints: [],
    },
  ]);
});

test("a real client's other offer: actpass", () => {
  assert.equal(only(sample('0019-invite-sipsimple.sdp')).setup, 'actpass');
});

test('checklist 9: a real answer declares what the room can do', () => {
  const media = only(sample('0003-200-sipsimple.sdp'));
  const tokens = [
    'nickname',
    'private-messages',
    'com.ag-projects.screen-sharing',
    'com.ag-projects.zrtp-sas',
  ];
  assert.deepEqual([...(media.chatroom ?? [])], tokens);
  assert.deepEqual([media.acceptTypes, media.acceptWrappedTypes], [['message/cpim'], ['*']]);
});

test('checklist 5: the offer of RFC 7701 section 9.1 has its text types in accept-types', () => {
  const media = only(sample('rfc7701-9.1-offer.sdp'));
  assert.deepEqual(media.acceptWrappedTypes, []);
  const wrapped = new MediaTypes(media.acceptTypes).union(new MediaTypes(media.acceptWrappedTypes));
  assert.ok(wrapped.takes('text/html'));
  assert.deepEqual([...(media.chatroom ?? [])], ['nickname', 'private-messages']);
  assert.equal(media.connectionHost, 'client.atlanta.example.com');
});

test('checklist 13: the example of RFC 4975 section 8.7 has no setup', () => {
  const media = only(sample('rfc4975-8.7-offer.sdp'));
  assert.deepEqual([media.setup, media.chatroom, media.port], [undefined, undefined, 7394]);
});

test('among many m-lines only a good MSRP line proposes MSRP', () => {
  const offer = parseSdp(sample('many-media.sdp'));
  assert.deepEqual(offer.media.map((line) => [line.index, line.kind, line.port, line.formats]), [
    [0, 'audio', 49170, '0 8'],
    [1, 'message', 2855, '*'],
    [2, 'video', 0, '31'],
    [3, 'message', 0, '*'],
  ]); // prettier-ignore
  assert.deepEqual(offer.messages().map((line) => line.index), [1]); // prettier-ignore
});

test('checklist 8, 10, 15, 27: path of several URIs, nicknames, max-size, fingerprints, and what the session says for all', () => {
  const media = only(sample('many-media.sdp'));
  assert.deepEqual(media.path, [
    'msrps://relay.example.com:2855/98cjs;tcp',
    'msrps://[2001:db8::5]:2855/s2;tcp',
  ]);
  assert.deepEqual([...(media.chatroom ?? [])], ['nickname', 'private-messages', 'com.example.chat.foo']);
  assert.equal(media.maxSize, 10_240);
  assert.equal(media.setup, 'actpass');
  assert.equal(media.direction, 'recvonly');
  assert.equal(media.connectionHost, '192.0.2.9');
  assert.deepEqual(media.fingerprints.map(({ algorithm }) => algorithm), ['sha-256', 'sha-1']); // prettier-ignore
  assert.match(media.fingerprints[0]?.value ?? '', /^6B:8B:.*:08$/);
});

const attributes: readonly [attribute: string, of: keyof MessageMedia, value: unknown][] = [
  ['setup:holdconn', 'setup', undefined],
  ['setup:ACTIVE', 'setup', 'active'],
  ['connection:existing', 'setup', undefined],
  ['max-size:12x', 'maxSize', undefined],
  ['max-size:0', 'maxSize', 0],
  ['chatroom', 'chatroom', new Set()],
  ['chatroom:  NICKNAMES nickname ', 'chatroom', new Set(['nickname'])],
  ['inactive', 'direction', 'inactive'],
  ['sendrecvx', 'direction', 'sendrecv'],
  ['accept-types:  *   text/plain;x="y" ', 'acceptTypes', ['*', 'text/plain;x="y"']],
  ['fingerprint:sha-256 nonsense', 'fingerprints', []],
];

for (const [attribute, of, value] of attributes) {
  test(`checklist 12: a=${attribute}`, () => assert.deepEqual(only(described(attribute))[of], value));
}

const paths: readonly [path: string, good: boolean][] = [
  ['msrp://192.0.2.1:2855/s;tcp', true],
  ['MSRPS://[::1]:9/a.b-c_d~+=/;TCP;x=y', true],
  ['msrp://host.example:7/s;tcp;a;b', true],
  ['msrp://user@host.example:7;tcp', true],
  ['msrp://host.example/s;tcp', false],
  ['msrp://host.example:7/s', false],
  ['http://host.example:7/s;tcp', false],
  ['msrp://a:1/s;tcp rubbish', false],
  ['', false],
];

for (const [path, good] of paths) {
  test(`checklist 7: ${good ? 'a good' : 'no'} path: ${path}`, () => {
    const text = described().replace(/a=path:.*/, `a=path:${path}`);
    assert.equal(parseSdp(text).messages().length, good ? 1 : 0);
  });
}

const malformed: readonly [what: string, text: string][] = [
  ['nothing', ''],
  ['another kind of text', 'hello'],
  ['a later version', described().replace('v=0', 'v=1')],
  ['no version', described().replace('v=0\r\n', '')],
  ['a line that is no field', described('sendrecv').replace('a=sendrecv', 'rubbish')],
  ['an m-line that is none', described().replace('m=message 2855 TCP/MSRP *', 'm=message TCP/MSRP')],
  ['a port above 65535', described().replace('m=message 2855', 'm=message 65536')],
  ['65 m-lines', `v=0\r\n${'m=audio 9 RTP/AVP 0\r\n'.repeat(65)}`],
  ['more than 64 KiB', described(`x:${'y'.repeat(65_536)}`)],
];

for (const [what, text] of malformed) {
  test(`refused: ${what}`, () => assert.throws(() => parseSdp(text), SdpError));
}

test('lines may end in LF, and a description may have no m-line', () => {
  assert.equal(parseSdp(described().replaceAll('\r\n', '\n')).messages().length, 1);
  assert.deepEqual(parseSdp('v=0\r\n').media, []);
});

test('any text is read or refused with SdpError', () => {
  const texts = readdirSync(samples).map(sample);
  const edits = fc.array(
    fc.tuple(fc.nat(), fc.constantFrom('', '\n', ' ', ':', '=', 'm=', '9', '\0', 'é'), fc.nat(9)),
  );
  const mutated = fc.tuple(fc.constantFrom(...texts), edits).map(([text, list]) =>
    list.reduce((edited, [at, insert, cut]) => {
      const place = edited.length === 0 ? 0 : at % edited.length;
      return edited.slice(0, place) + insert + edited.slice(place + cut);
    }, text),
  ); // prettier-ignore
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), mutated), (text) => {
      try {
        const offer = parseSdp(text);
        const answer = parseSdp(writeAnswer(offer, { origin, accepted: new Map() }));
        assert.equal(answer.media.length, offer.media.length);
        assert.equal(offer.media.filter(isMessageMedia).length, offer.messages().length);
      } catch (error) {
        if (!(error instanceof SdpError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
