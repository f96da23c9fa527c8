import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSdp, writeAnswer, writeOffer } from '../../src/formats/sdp.ts';
import type { LocalMessageMedia, MessageMedia } from '../../src/formats/sdp.ts';

const samples = new URL('../torture/sdp/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, samples), 'utf8');

/** The only MSRP line of a description. */
function only(text: string): MessageMedia {
  const messages = parseSdp(text).messages();
  assert.equal(messages.length, 1);
  return messages[0] as MessageMedia;
}

const local: LocalMessageMedia = {
  host: '192.0.2.7',
  port: 2855,
  path: 'msrp://192.0.2.7:2855/abc;tcp',
  acceptTypes: ['message/cpim'],
  acceptWrappedTypes: ['text/plain', '*'],
  chatroom: ['nickname', 'private-messages', 'nickname'],
  setup: 'passive',
  maxSize: 65_536,
  protocol: 'TCP/MSRP',
};
const origin = { id: '42', version: 7, host: '192.0.2.7' };

test('checklist 2, 4, 6, 12, 14, 15: an answer in full', () => {
  const offer = parseSdp(sample('0001-invite-sipsimple.sdp'));
  assert.equal(
    writeAnswer(offer, { origin, accepted: new Map([[0, local]]) }),
    [
      'v=0',
      'o=- 42 7 IN IP4 192.0.2.7',
      's=-',
      'c=IN IP4 192.0.2.7',
      't=0 0',
      'm=message 2855 TCP/MSRP *',
      'c=IN IP4 192.0.2.7',
      'a=setup:passive',
      'a=accept-types:message/cpim',
      'a=accept-wrapped-types:text/plain *',
      'a=path:msrp://192.0.2.7:2855/abc;tcp',
      'a=max-size:65536',
      'a=chatroom:nickname private-messages',
      '',
    ].join('\r\n'),
  );
});

test('checklist 3, 6: an answer has the m-lines of the offer in their order, and refuses all but the accepted', () => {
  const offer = parseSdp(sample('many-media.sdp'));
  const text = writeAnswer(offer, {
    origin,
    accepted: new Map([[1, { ...local, protocol: 'TCP/TLS/MSRP' }]]),
  });
  const answer = parseSdp(text);
  assert.deepEqual(answer.media.map((line) => [line.kind, line.port, line.protocol, line.formats]), [
    ['audio', 0, 'RTP/AVP', '0 8'],
    ['message', 2855, 'TCP/TLS/MSRP', '*'],
    ['video', 0, 'RTP/AVP', '31'],
    ['message', 0, 'TCP/MSRP', '*'],
  ]); // prettier-ignore
  assert.equal(text.match(/a=accept-types/g)?.length, 1);
  // RFC 3264 section 6.1: to recvonly the answer says sendonly.
  assert.equal(answer.messages()[0]?.direction, 'sendonly');
});

test('a refused answer is m-lines with port 0 and nothing else', () => {
  const text = writeAnswer(parseSdp(sample('many-media.sdp')), { origin, accepted: new Map() });
  assert.doesNotMatch(text, /^a=/m);
  assert.equal(text.match(/^m=\w+ 0 /gm)?.length, 4);
});

test('checklist 12: an offer is never passive and an answer never actpass', () => {
  assert.equal(only(writeOffer({ origin, media: local })).setup, 'actpass');
  assert.equal(only(writeOffer({ origin, media: { ...local, setup: 'active' } })).setup, 'active');
  const accepted = new Map([[0, { ...local, setup: 'actpass' as const }]]);
  assert.equal(
    only(writeAnswer(parseSdp(sample('0019-invite-sipsimple.sdp')), { origin, accepted })).setup,
    'passive',
  );
});

const hosts: readonly [host: string, line: string][] = [
  ['192.0.2.7', 'IN IP4 192.0.2.7'],
  ['2001:db8::7', 'IN IP6 2001:db8::7'],
  ['[2001:db8::7]', 'IN IP6 2001:db8::7'],
  ['gw.example', 'IN IP4 gw.example'],
];

for (const [host, line] of hosts) {
  test(`the host ${host} is written as ${line}`, () => {
    const text = writeOffer({ origin: { ...origin, host }, media: { ...local, host } });
    assert.ok(text.includes(`\r\no=- 42 7 ${line}\r\n`));
    assert.equal(text.split(`c=${line}\r\n`).length, 3);
    assert.equal(only(text).connectionHost, host.replace(/[[\]]/g, ''));
  });
}

test('no text that goes into a description adds a line to it', () => {
  const rude = fc.string({ unit: fc.constantFrom('\r', '\n', '\0', ' ', 'a', '%s', '\u2028', 'é') });
  const clean = writeOffer({ origin, media: local }).split(/[\r\n\0\u2028]+/).length;
  fc.assert(
    fc.property(rude, (text) => {
      const media = {
        ...local,
        host: `h${text}`,
        path: `${local.path}${text}`,
        protocol: `TCP/MSRP${text}`,
        acceptTypes: ['a/b', text],
        chatroom: [`t${text}`],
      };
      const written = writeOffer({ origin: { id: `1${text}`, version: 1, host: `h${text}` }, media });
      assert.equal(written.split(/[\r\n\0\u2028]+/).length, clean);
    }),
  );
});

test('what is written is read again', () => {
  const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  const type = fc.tuple(token, token).map((parts) => parts.join('/'));
  const media = fc.record({
    host: fc.constantFrom('192.0.2.7', '2001:db8::1', 'gw.example'),
    port: fc.integer({ min: 1, max: 65_535 }),
    session: fc.stringMatching(/^[A-Za-z0-9+=/~._-]{1,30}$/),
    acceptTypes: fc.array(type, { minLength: 1, maxLength: 4 }),
    acceptWrappedTypes: fc.array(type, { maxLength: 4 }),
    chatroom: fc.option(fc.uniqueArray(token.filter((word) => word !== 'nicknames'), { maxLength: 4 }), { nil: undefined }), // prettier-ignore
    setup: fc.constantFrom('active' as const, 'actpass' as const),
    maxSize: fc.nat(),
    tls: fc.boolean(),
    direction: fc.constantFrom(
      'sendrecv' as const,
      'sendonly' as const,
      'recvonly' as const,
      'inactive' as const,
    ),
  });
  fc.assert(
    fc.property(media, ({ session, tls, chatroom, ...rest }) => {
      const host = rest.host.includes(':') ? `[${rest.host}]` : rest.host;
      const path = `msrp${tls ? 's' : ''}://${host}:${rest.port}/${session};tcp`;
      const protocol = tls ? 'TCP/TLS/MSRP' : 'TCP/MSRP';
      const text = writeOffer({ origin, media: { ...rest, path, protocol, ...(chatroom && { chatroom }) } });
      const read = only(text);
      const { host: _host, ...expected } = rest;
      assert.deepEqual(read, {
        ...expected,
        index: 0,
        kind: 'message',
        formats: '*',
        protocol,
        path: [path],
        chatroom: chatroom && new Set(chatroom),
        connectionHost: rest.host,
        fingerprints: [],
      });
      assert.equal(new URL(read.path[0]?.replace(/^msrps?/, 'ws') ?? '').port || '80', String(read.port));
    }),
  );
});
