/** Which connection a session takes: by TLS or without, and whose certificate fits (RFC 4975 section 14.4, RFC 8122). */
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { fingerprintsOf } from '../../src/msrp/fingerprint.ts';
import { MsrpEndpoint, type MsrpEndpointOptions, type MsrpSession, type Peer } from '../../src/msrp/index.ts';
import { Trust } from '../../src/msrp/trust.ts';
import type { Secured } from '../../src/transport/connection.ts';
import { makeCertificate } from '../support/certificate.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener } from './events.ts';
import { frame, pipe, RawPeer, settle } from './pipe.ts';
import { EMPTY, statuses } from './scene.ts';

const PEER = 'msrps://192.0.2.2:2855/3debfcf0c6eefb271f5c;tcp';
const RELAY = 'msrps://192.0.2.3:2855/relay;tcp';
const [right, wrong] = [makeCertificate().cert, makeCertificate().cert];
const der = (pem: string): Buffer => new X509Certificate(pem).raw;
const shows = (pem: string | undefined): Secured => ({
  peerCertificate: pem === undefined ? undefined : der(pem),
});
const print = (algorithm: string, pem: string): { algorithm: string; value: string } => ({
  algorithm,
  value: (
    createHash(algorithm.replace('-', '')).update(der(pem)).digest('hex').toUpperCase().match(/../g) ?? []
  ).join(':'),
});
const FITS = [print('sha-256', right)];

interface Scene {
  readonly clock: FakeClock;
  readonly listener: Listener;
  readonly session: MsrpSession;
  readonly paths: readonly string[];
  readonly connects: (secured: Secured | undefined) => RawPeer;
  readonly greets: (
    secured: Secured | undefined,
  ) => Promise<{ peer: RawPeer; statuses: (string | undefined)[] }>;
}

function scene(
  peer: Peer | undefined,
  {
    scheme = 'msrps' as 'msrp' | 'msrps',
    ...options
  }: Partial<MsrpEndpointOptions> & { scheme?: 'msrp' | 'msrps' } = {},
): Scene {
  const clock = new FakeClock();
  const endpoint = new MsrpEndpoint({
    log: silentLog,
    maxMessageBytes: 1000,
    clock,
    ...options,
  });
  const listener = new Listener();
  const session = endpoint.openSession({
    host: '127.0.0.1',
    port: 9,
    scheme,
    handler: listener,
    accepts: () => true,
  });
  if (peer) session.setPeer(peer);
  const from = peer?.path.at(-1) ?? PEER;
  const paths = [`To-Path: ${session.path}`, `From-Path: ${from}`];
  const connects = (secured: Secured | undefined): RawPeer => {
    const [end, other] = pipe();
    endpoint.accept(Object.assign(end, { secured }));
    return new RawPeer(other);
  };
  const greets = async (
    secured: Secured | undefined,
  ): Promise<{ peer: RawPeer; statuses: (string | undefined)[] }> => {
    const raw = connects(secured);
    const answer = await raw.says(frame('bind0001', 'SEND', [...paths, ...EMPTY]));
    return { peer: raw, statuses: statuses(answer) };
  };
  return { clock, listener, session, paths, connects, greets };
}

const GREETINGS: readonly [what: string, peer: Peer, secured: Secured | undefined, result: string][] = [
  ['the certificate fits', { path: [PEER], fingerprints: FITS }, shows(right), '200'],
  ['another certificate', { path: [PEER], fingerprints: FITS }, shows(wrong), 'ended'],
  [
    'RFC 8122 section 6.2: none, where the SDP has a fingerprint',
    { path: [PEER], fingerprints: FITS },
    shows(undefined),
    'ended',
  ],
  ['no fingerprint, no certificate: who knows our path', { path: [PEER] }, shows(undefined), '200'],
  ['no fingerprint, any certificate', { path: [PEER] }, shows(wrong), '200'],
  ['an msrps session over a plain connection', { path: [PEER], fingerprints: FITS }, undefined, '481'],
  ['without a fingerprint too', { path: [PEER] }, undefined, '481'],
  [
    'behind a relay the connection is the relay’s',
    { path: [RELAY, PEER], fingerprints: FITS },
    shows(wrong),
    '200',
  ],
];

for (const [what, peer, secured, result] of GREETINGS) {
  test(`checklist 27: ${what}: ${result}`, async () => {
    const { listener, greets } = scene(peer);
    const greeted = await greets(secured);
    assert.deepEqual(greeted.statuses, result === 'ended' ? [] : [result]);
    assert.equal(greeted.peer.closed, result === 'ended');
    assert.deepEqual(
      listener.told,
      result === '200' ? ['opened'] : result === 'ended' ? ['closed untrusted'] : [],
    );
  });
}

test('checklist 27: an msrp session is not at a TLS connection', async () => {
  const plain = 'msrp://192.0.2.2:2855/abc;tcp';
  const { greets, listener } = scene({ path: [plain] }, { scheme: 'msrp' });
  assert.deepEqual((await greets(shows(right))).statuses, ['481']);
  assert.deepEqual((await greets(undefined)).statuses, ['200']);
  assert.deepEqual(listener.told, ['opened']);
});

const SETS: readonly [
  what: string,
  fingerprints: readonly { algorithm: string; value: string }[],
  fits: boolean,
][] = [
  ['any of several of one function', [print('sha-256', wrong), print('sha-256', right)], true],
  ...['sha-1', 'sha-224', 'sha-384', 'sha-512'].map(
    (name): [string, { algorithm: string; value: string }[], boolean] => [name, [print(name, right)], true],
  ),
  ['RFC 8122 section 5: MD5 must not be used', [print('md5', right)], false],
  ['MD5 beside a good one does no harm', [print('md5', wrong), print('sha-256', right)], true],
  [
    'RFC 8122 section 5.1: the best function alone counts',
    [print('sha-256', wrong), print('sha-1', right)],
    false,
  ],
  ['a function that nobody knows', [{ algorithm: 'sha-9', value: 'AA' }], false],
];

for (const [what, fingerprints, fits] of SETS) {
  test(`fingerprints: ${what}`, () => {
    const trust = Trust.of('msrps').described(fingerprints);
    assert.equal(trust.objection(shows(right)), fits ? undefined : 'untrusted');
  });
}

test('checklist 27: before the SDP is there a connection is bound, and nothing is heard or said (RFC 8122 section 6.2)', async () => {
  for (const shown of [right, wrong]) {
    const { clock, listener, session, paths, greets } = scene(undefined);
    session.send({ contentType: 'text/plain', body: Buffer.from('secret') });
    const { peer, statuses: greeting } = await greets(shows(shown));
    assert.deepEqual(greeting, ['200']);
    const early = [...paths, 'Message-ID: early', 'Content-Type: text/plain'];
    assert.deepEqual(statuses(await peer.says(frame('early001', 'SEND', early, 'hi'))), ['403']);
    assert.deepEqual(
      statuses(await peer.says(frame('early002', 'NICKNAME', [...paths, 'Use-Nickname: "x"']))),
      ['403'],
    );
    assert.deepEqual(listener.told, []);
    session.setPeer({ path: [PEER], fingerprints: FITS });
    const said = await peer.hears();
    assert.deepEqual(listener.told, shown === right ? ['opened'] : ['closed untrusted']);
    assert.equal(said.includes('secret'), shown === right);
    clock.advance(1000);
    await peer.hears();
    assert.equal(peer.closed, shown === wrong);
  }
});

test('a certificate that does not fit ends its own session, not others on the connection', async () => {
  const endpoint = new MsrpEndpoint({ log: silentLog, maxMessageBytes: 1000, clock: new FakeClock() });
  const listeners = [new Listener(), new Listener()];
  const sessions = listeners.map((handler, at) => {
    const session = endpoint.openSession({
      host: 'h',
      port: 9,
      scheme: 'msrps',
      handler,
      accepts: () => true,
    });
    session.setPeer({ path: [PEER], fingerprints: [print('sha-256', at === 0 ? right : wrong)] });
    return session;
  });
  const [end, other] = pipe();
  endpoint.accept(Object.assign(end, { secured: shows(right) }));
  const peer = new RawPeer(other);
  const greet = (at: number): Promise<string> =>
    peer.says(
      frame(`bind000${at}`, 'SEND', [`To-Path: ${sessions[at]?.path}`, `From-Path: ${PEER}`, ...EMPTY]),
    );
  assert.deepEqual([statuses(await greet(0)), statuses(await greet(1))], [['200'], ['481']]);
  assert.deepEqual(
    listeners.map(({ told }) => told),
    [['opened'], ['closed untrusted']],
  );
  assert.equal(peer.closed, false);
});

test('the active end: what it dials by, and what it says to a certificate that does not fit: nothing', async () => {
  for (const [fingerprints, trust, shown] of [
    [FITS, 'fingerprint', right],
    [FITS, 'fingerprint', wrong],
    [[], 'authority', wrong],
  ] as const) {
    const dialled: string[] = [];
    let peer: RawPeer | undefined;
    const { listener, session } = scene(
      { path: [PEER], fingerprints },
      {
        dial: (uri, by) => {
          dialled.push(`${uri.scheme} ${by}`);
          const [end, other] = pipe();
          peer = new RawPeer(other);
          return Promise.resolve(Object.assign(end, { secured: shows(shown) }));
        },
      },
    );
    session.connect();
    await settle();
    assert.deepEqual(dialled, [`msrps ${trust}`]);
    const refused = trust === 'fingerprint' && shown === wrong;
    assert.deepEqual(listener.told, refused ? ['closed untrusted'] : []);
    assert.equal(peer?.closed, refused);
    assert.deepEqual(statuses(peer?.received ?? ''), refused ? [] : ['SEND']);
  }
});

test('ours: by SHA-256, and by the hash function of the signature (RFC 8122 section 5.1)', () => {
  const cert = makeCertificate().cert;
  assert.deepEqual(fingerprintsOf(cert), [print('sha-256', cert)]);
  for (const [name, algorithm] of [
    ['-sha384', 'sha-384'],
    ['-sha512', 'sha-512'],
  ] as const) {
    for (const newKey of ['ec', 'rsa:2048']) {
      const signed = makeCertificate(newKey, [name]).cert;
      assert.deepEqual(fingerprintsOf(signed), [print('sha-256', signed), print(algorithm, signed)]);
    }
  }
  assert.throws(() => fingerprintsOf('nothing'));
});
