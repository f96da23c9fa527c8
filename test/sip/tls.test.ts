/** SIP over TLS and the sips scheme (RFC 3261 sections 8.1.1.8, 12.1.1, 18 and 26.2). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { test, type TestContext } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { BOTH, CallRecord, type Fixture, serve, start, SubscriptionRecord } from './fixture.ts';
import { ANSWER, type Message, OFFER, Peer, PeerCall, status, value } from './peer.ts';

const URI = 'sip:lobby@chat.example.org';
const SIPS = 'sips:lobby@chat.example.org';
const certificate = makeCertificate();
const { cert } = certificate;
const LISTEN = [
  ...BOTH,
  { transport: 'tls', host: '127.0.0.1', port: 0 },
  { transport: 'ws', host: '127.0.0.1', port: 0 },
] as const;

const fixture = (t: TestContext): Promise<Fixture> => start(t, { listen: LISTEN, certificate });

/** Takes the next call. */
async function takes(
  f: Fixture,
  record = new CallRecord(),
): Promise<{ bye: () => void; record: CallRecord }> {
  const call = (await f.invitations.next()).accept({ sdp: ANSWER, handler: record });
  return { bye: () => call.bye(), record };
}

const contactOf = (port: number, scheme: string, parameter = ''): string =>
  `<${scheme}:lobby@127.0.0.1:${port}${parameter}>;isfocus`;

test('a call: Via TLS, a Contact with transport=tls; all that is ours comes by its connection', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const record = new CallRecord();
  const call = new PeerCall(peer, URI);
  call.invite();
  const invitation = await f.invitations.next();
  assert.deepEqual([invitation.source.transport, invitation.source.host], ['tls', '127.0.0.1']);
  const sipCall = invitation.accept({ sdp: ANSWER, handler: record });
  const ok = await call.answered();
  assert.equal(value(ok, 'contact'), contactOf(f.tls, 'sip', ';transport=tls'));
  assert.match(
    value(ok, 'via'),
    new RegExp(`^SIP/2\\.0/TLS 127\\.0\\.0\\.1:${peer.port};.*;rport=${peer.port}`),
  );
  call.learn(ok);
  call.ack();
  assert.equal(await record.told.next(), 'acked without answer');
  assert.equal(status(await peer.ask(call.inside('INVITE', { body: OFFER }))), 200);
  call.ack();
  assert.equal(await record.told.next(), 'reinvited with offer');
  const done = new Promise<void>((resolve) => sipCall.bye('SIP;cause=410', resolve));
  const bye = await peer.next(/^BYE /);
  assert.equal(bye.startLine, `BYE sip:alice@127.0.0.1:${peer.port};transport=tls SIP/2.0`);
  assert.match(value(bye, 'via'), new RegExp(`^SIP/2\\.0/TLS 127\\.0\\.0\\.1:${f.tls};`));
  peer.answer(bye, '200 OK');
  await done;
});

test('messages in pieces, several in one, and keep-alives', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const [first, second] = [peer.request('OPTIONS', URI), peer.request('OPTIONS', URI)];
  for (const piece of `${first}${second}`.match(/[^]{1,50}/g) ?? []) peer.send(piece);
  peer.send('\r\n\r\n');
  assert.equal(status(await peer.next(/^SIP/)), 200);
  assert.equal(status(await peer.next(/^SIP/)), 200);
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
  assert.equal(peer.other, '\r\n');
});

const SIPS_CALLS: readonly [
  what: string,
  by: 'tls' | 'tcp' | 'udp' | 'ws',
  uri: string,
  parts: { contact?: string; headers?: readonly string[] },
  secure: boolean,
][] = [
  ['a sips Request-URI', 'tls', SIPS, {}, true],
  ['a sips Contact', 'tls', URI, { contact: '<sips:alice@127.0.0.1>' }, true],
  ['a sips Record-Route', 'tls', URI, { headers: ['Record-Route: <sips:127.0.0.1;lr>'] }, true],
  [
    'a sip Record-Route before a sips Contact',
    'tls',
    URI,
    { contact: '<sips:alice@127.0.0.1>', headers: ['Record-Route: <sip:127.0.0.1;lr>'] },
    false,
  ],
  ['a sips Request-URI without TLS, where TLS is to be had', 'udp', SIPS, {}, true],
  ['the same by TCP', 'tcp', SIPS, {}, true],
  ['a sips Request-URI on a WebSocket', 'ws', SIPS, {}, true],
];

for (const [what, by, uri, parts, secure] of SIPS_CALLS) {
  test(`RFC 3261 section 12.1.1: ${what}: our Contact is ${secure ? 'sips' : 'sip'}, and stays so`, async (t) => {
    const f = await fixture(t);
    const peer = by === 'tls' ? await Peer.tls(t, f.tls, cert) : await Peer[by](t, f[by]);
    const expected =
      by === 'ws'
        ? contactOf(f.ws, 'sips', ';transport=ws')
        : secure
          ? contactOf(f.tls, 'sips')
          : contactOf(f.tls, 'sip', ';transport=tls');
    const call = new PeerCall(peer, uri);
    call.invite(parts);
    const { record, bye } = await takes(f);
    const ok = await call.answered();
    assert.equal(value(ok, 'contact'), expected);
    call.learn(ok);
    call.ack();
    await record.told.next();
    const again = await peer.ask(call.inside('INVITE', { body: OFFER, ...parts }));
    assert.equal(value(again, 'contact'), expected);
    call.ack();
    bye();
    assert.equal(status(await peer.ask(peer.request('OPTIONS', uri, parts))), 200);
    const answer = await peer.ask(peer.request('OPTIONS', uri, parts));
    assert.equal(value(answer, 'contact'), expected);
  });
}

const SUBSCRIBE = ['Event: conference', 'Accept: application/conference-info+xml', 'Expires: 600'];

/** Answers the next NOTIFY. */
async function notified(peer: Peer): Promise<Message> {
  const notify = await peer.next(/^NOTIFY /);
  peer.answer(notify, '200 OK');
  return notify;
}

test('RFC 3261 section 12.2.1.1: our Contact is sips in all of a dialog that was begun so, whatever the Contact of the peer', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const call = new PeerCall(peer, SIPS);
  const text = peer.request('SUBSCRIBE', SIPS, { from: call.from, callId: call.callId, headers: SUBSCRIBE });
  const answered = peer.ask(text);
  const record = new SubscriptionRecord();
  const subscription = serve(await f.subscribes.next(), record);
  call.learn(await answered);
  const first = await notified(peer);
  await record.told.next();
  const again = await peer.ask(call.inside('SUBSCRIBE', { headers: SUBSCRIBE }));
  assert.equal(await record.told.next(), 'refreshed');
  subscription.terminate('noresource');
  const last = await notified(peer);
  for (const notify of [first, last])
    assert.match(notify.startLine, /^NOTIFY sip:alice@127\.0\.0\.1:\d+;transport=tls SIP/);
  for (const message of [await answered, first, again, last])
    assert.equal(value(message, 'contact'), contactOf(f.tls, 'sips'));
});

test('RFC 3261 section 8.1.1.8: a request of ours to a sips URI has a sips Contact, though the dialog was not begun so', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const contact = '<sips:alice@127.0.0.1>';
  const headers = [...SUBSCRIBE, 'Record-Route: <sip:127.0.0.1;lr>'];
  const answered = peer.ask(peer.request('SUBSCRIBE', URI, { contact, headers }));
  serve(await f.subscribes.next(), new SubscriptionRecord());
  assert.equal(value(await answered, 'contact'), contactOf(f.tls, 'sip', ';transport=tls'));
  assert.equal(value(await notified(peer), 'contact'), contactOf(f.tls, 'sips'));
});

test('RFC 3261 section 12.1.1, RFC 5630: where no TLS is to be had, what would begin a dialog of sips is answered 480', async (t) => {
  const f = await start(t);
  for (const peer of [await Peer.tcp(t, f.tcp), await Peer.udp(t, f.udp)]) {
    const port = peer.transport === 'TCP' ? f.tcp : f.udp;
    const contact = '<sips:alice@127.0.0.1>';
    for (const text of [
      peer.request('OPTIONS', SIPS),
      peer.request('SUBSCRIBE', SIPS, { headers: SUBSCRIBE }),
      peer.request('INVITE', SIPS, { body: OFFER }),
      peer.request('INVITE', URI, { body: OFFER, contact }),
    ]) {
      const answer = await peer.ask(text);
      assert.equal(status(answer), 480);
      assert.equal(value(answer, 'warning'), `380 127.0.0.1:${port} "SIPS Not Allowed"`);
    }
    assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
  }
  assert.equal(f.invitations.waiting + f.subscribes.waiting, 0);
});

test('COMPAT: it is taken from a proxy that stays in between, with a Contact that the proxy can reach', async (t) => {
  const f = await start(t);
  const peer = await Peer.tcp(t, f.tcp);
  const call = new PeerCall(peer, SIPS);
  const headers = [`Record-Route: <sip:127.0.0.1:${peer.port};transport=tcp;lr>`];
  call.invite({ headers });
  const { bye, record } = await takes(f);
  const ok = await call.answered();
  assert.equal(value(ok, 'contact'), contactOf(f.tcp, 'sip', ';transport=tcp'));
  call.learn(ok);
  call.ack();
  assert.equal(await record.told.next(), 'acked without answer');
  bye();
  await peer.next(/^BYE /);
});

test('RFC 3261 section 8.1.2: what is for a sips URI goes over its connection, or not at all', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const listener = await Peer.udp(t, f.udp, 'listener');
  const contact = `<sips:alice@127.0.0.1:${listener.port}>`;
  const calls: PeerCall[] = [];
  const taken: Awaited<ReturnType<typeof takes>>[] = [];
  for (const uri of [SIPS, URI]) {
    const made = PeerCall.made(peer, uri, { contact });
    taken.push(await takes(f));
    calls.push(await made);
    await taken.at(-1)?.record.told.next();
  }
  taken[0]?.bye();
  const bye = await peer.next(/^BYE /);
  assert.equal(bye.startLine, `BYE sips:alice@127.0.0.1:${listener.port} SIP/2.0`);
  peer.answer(bye, '200 OK');
  const before = f.stack.load.connections;
  peer.close();
  while (f.stack.load.connections === before) await new Promise((resolve) => setImmediate(resolve));
  taken[1]?.bye();
  assert.equal(await taken[1]?.record.told.next(), 'ended by us');
  assert.equal(status(await listener.ask(listener.request('OPTIONS', URI))), 200);
  assert.deepEqual(listener.inbox, []);
});

test('a room calls nobody at a sips URI: 503', async (t) => {
  const f = await fixture(t);
  const rejected = await new Promise<number>((resolve) => {
    const handler = {
      acked: () => {},
      reinvited: () => {},
      ended: () => {},
      accepted: () => {},
      rejected: resolve,
    };
    f.room.call({ to: `sips:alice@127.0.0.1:${f.udp}`, sdp: OFFER, handler });
  });
  assert.equal(rejected, 503);
});

test('a call that was cut off goes on over another connection', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const made = PeerCall.made(peer, SIPS);
  const { bye, record } = await takes(f);
  const call = await made;
  await record.told.next();
  peer.close();
  const other = await Peer.tls(t, f.tls, cert);
  assert.equal(status(await other.ask(call.inside('INVITE', { body: OFFER }, other))), 200);
  call.ack('', other);
  bye();
  await other.next(/^BYE /);
});

test('another certificate is for newcomers; who is there stays', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.tls(t, f.tls, cert);
  const renewed = makeCertificate();
  f.stack.renew(renewed);
  const newcomer = await Peer.tls(t, f.tls, renewed.cert, 'bob');
  for (const each of [peer, newcomer])
    assert.equal(status(await each.ask(each.request('OPTIONS', URI))), 200);
  await assert.rejects(Peer.tls(t, f.tls, cert));
});

test('plain text is not taken', async (t) => {
  const f = await fixture(t);
  const plain = connectTcp(f.tls, '127.0.0.1');
  plain.on('error', () => {});
  plain.write(`OPTIONS ${URI} SIP/2.0\r\n\r\n`);
  await once(plain.resume(), 'close');
  assert.equal(f.stack.load.connections, 0);
});
