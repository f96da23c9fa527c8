/** SIP over WebSockets (RFC 7118), byte by byte. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import WebSocket from 'ws';
import { FakeClock } from '../support/fake-clock.ts';
import { BOTH, CallRecord, type Fixture, serve, start, SubscriptionRecord } from './fixture.ts';
import { ANSWER, OFFER, Peer, PeerCall, status, value } from './peer.ts';

const URI = 'sip:lobby@chat.example.org';
const LISTEN = [...BOTH, { transport: 'ws', host: '127.0.0.1', port: 0 }] as const;

const fixture = (t: TestContext): Promise<Fixture> => start(t, { listen: LISTEN });

/** A WebSocket that sends and gets what it likes. */
async function raw(
  t: TestContext,
  { ws }: Fixture,
): Promise<{ socket: WebSocket; next: () => Promise<string> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${ws}`, ['chat', 'sip']);
  t.after(() => socket.terminate());
  await once(socket, 'open');
  assert.equal(socket.protocol, 'sip');
  return { socket, next: async () => String((await once(socket, 'message'))[0]) };
}

test('a call: Via WS, a Contact with transport=ws, no received; all that is ours comes by its connection (RFC 7118 sections 5.2 and 5.3)', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.ws(t, f.ws);
  const record = new CallRecord();
  const call = new PeerCall(peer, URI);
  peer.send(call.invite({}).replace(';rport', ''));
  const invitation = await f.invitations.next();
  assert.deepEqual([invitation.source.transport, invitation.source.host], ['ws', '127.0.0.1']);
  const sipCall = invitation.accept({ sdp: ANSWER, handler: record });
  const ok = await call.answered();
  assert.equal(value(ok, 'contact'), `<sip:lobby@127.0.0.1:${f.ws};transport=ws>;isfocus`);
  call.learn(ok);
  call.ack();
  assert.equal(await record.told.next(), 'acked without answer');

  // A re-INVITE of theirs, a BYE of ours.
  const again = await peer.ask(call.inside('INVITE', { body: OFFER }));
  assert.equal(status(again), 200);
  call.ack();
  assert.equal(await record.told.next(), 'reinvited with offer');
  const done = new Promise<void>((resolve) => sipCall.bye('SIP;cause=410', resolve));
  const bye = await peer.next(/^BYE /);
  assert.equal(bye.startLine, 'BYE sip:alice@alice.nowhere.test;transport=ws SIP/2.0');
  assert.match(value(bye, 'via'), new RegExp(`^SIP/2\\.0/WS 127\\.0\\.0\\.1:${f.ws};`));
  peer.answer(bye, '200 OK');
  await done;
});

test('who says nothing for 30 s is closed; after a first message it may be silent', async (t) => {
  const clock = new FakeClock();
  const f = await start(t, { listen: LISTEN, clock });
  const silent = await raw(t, f);
  const peer = await Peer.ws(t, f.ws);
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
  silent.socket.send('\r\n\r\n');
  assert.equal(await silent.next(), '\r\n', 'a keep-alive is no message');
  const closed = once(silent.socket, 'close');
  clock.advance(30_000);
  await closed;
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
});

test('the made-up host of a WebSocket client gets no received, unless it asks for rport', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.ws(t, f.ws);
  const without = await peer.ask(peer.request('OPTIONS', URI).replace(';rport', ''));
  assert.match(value(without, 'via'), /^SIP\/2\.0\/WS alice\.nowhere\.test;branch=[^;]*$/);
  const asked = await peer.ask(peer.request('OPTIONS', URI));
  assert.match(value(asked, 'via'), /;rport=\d+;received=127\.0\.0\.1$/);
});

test('a subscription: its NOTIFYs come by its connection', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.ws(t, f.ws);
  const headers = ['Event: conference', 'Accept: application/conference-info+xml', 'Expires: 600'];
  const answered = peer.ask(peer.request('SUBSCRIBE', URI, { headers }));
  const record = new SubscriptionRecord();
  serve(await f.subscribes.next(), record);
  assert.equal(value(await answered, 'contact'), `<sip:lobby@127.0.0.1:${f.ws};transport=ws>;isfocus`);
  const notify = await peer.next(/^NOTIFY /);
  peer.answer(notify, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
});

test('a call that was cut off goes on over another connection', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.ws(t, f.ws);
  const record = new CallRecord();
  const made = PeerCall.made(peer, URI);
  const sipCall = (await f.invitations.next()).accept({ sdp: ANSWER, handler: record });
  const call = await made;
  await record.told.next();
  peer.close();
  const other = await Peer.ws(t, f.ws);
  assert.equal(status(await other.ask(call.inside('INVITE', { body: OFFER }, other))), 200);
  call.ack('', other);
  sipCall.bye();
  await other.next(/^BYE /);
});

test('where the connection is gone there is no way to the client, and that ends the call', async (t) => {
  const f = await fixture(t);
  const peer = await Peer.ws(t, f.ws);
  const made = PeerCall.made(peer, URI);
  const record = new CallRecord();
  const sipCall = (await f.invitations.next()).accept({ sdp: ANSWER, handler: record });
  await made;
  await record.told.next();
  const before = f.stack.load.connections;
  peer.close();
  while (f.stack.load.connections === before) await new Promise((resolve) => setImmediate(resolve));
  await new Promise<void>((resolve) => sipCall.bye(undefined, resolve));
  assert.equal(await record.told.next(), 'ended by us');
});

test('messages may come as binary and without Content-Length, which is not needed (RFC 7118 sections 4.2 and 5)', async (t) => {
  const f = await fixture(t);
  const { socket, next } = await raw(t, f);
  const peer = await Peer.ws(t, f.ws);
  const text = peer.request('OPTIONS', URI).replace(/Content-Length: 0\r\n/, '');
  assert.doesNotMatch(text, /Content-Length/);
  socket.send(Buffer.from(text), { binary: true });
  assert.match(await next(), /^SIP\/2\.0 200 /);
  const invite = peer.request('INVITE', URI, { body: OFFER }).replace(/Content-Length: \d+\r\n/, '');
  socket.send(invite);
  assert.match(await next(), /^SIP\/2\.0 100 /);
  assert.equal((await f.invitations.next()).offer, OFFER);
});

test('keep-alives are answered (RFC 7118 section 6)', async (t) => {
  const { socket, next } = await raw(t, await fixture(t));
  socket.send('\r\n\r\n');
  assert.equal(await next(), '\r\n');
});

test('a bad message is answered, and the next one is read: each is for itself', async (t) => {
  const f = await fixture(t);
  const { socket, next } = await raw(t, f);
  const peer = await Peer.ws(t, f.ws);
  socket.send(peer.request('OPTIONS', URI).replace('Content-Length: 0', 'Content-Length: 10'));
  assert.match(await next(), /^SIP\/2\.0 400 Content-Length Exceeds Message/);
  socket.send(peer.request('OPTIONS', URI, { headers: ['Subject: ' + 'x'.repeat(20_000)] }));
  assert.match(await next(), /^SIP\/2\.0 513 /);
  socket.send(peer.request('OPTIONS', URI));
  assert.match(await next(), /^SIP\/2\.0 200 /);
});

test('what is no SIP closes the connection (RFC 7118 section 4.1), and so does what is far too large', async (t) => {
  const f = await fixture(t);
  const { socket } = await raw(t, f);
  socket.send('GET / HTTP/1.1\r\n\r\n');
  await once(socket, 'close');
  const other = await raw(t, f);
  other.socket.send('x'.repeat(300_000));
  assert.equal((await once(other.socket, 'close'))[0], 1009);
});

test('checklist 65: who begins with a message that is refused has shown nothing yet; the first whole one counts', async (t) => {
  const clock = new FakeClock();
  const f = await start(t, { listen: LISTEN, clock, connectionsPerAddress: 2 });
  const wrong = (peer: Peer): string =>
    peer.request('OPTIONS', URI).replace('Content-Length: 0', 'Content-Length: 9');
  const patient = await raw(t, f);
  const peer = await Peer.ws(t, f.ws);
  patient.socket.send(wrong(peer));
  assert.match(await patient.next(), /^SIP\/2\.0 400 /);
  assert.equal(status(await peer.ask(wrong(peer))), 400);
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
  // More than a newcomer may send in all.
  for (let sent = 0; sent < 150_000; sent += 10_000) {
    const long = [1, 2, 3].map((at) => `X-Long-${at}: ${'x'.repeat(3_300)}`);
    assert.equal(status(await peer.ask(peer.request('OPTIONS', URI, { headers: long }))), 200);
  }
  const closed = once(patient.socket, 'close');
  clock.advance(30_000);
  await closed;
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
});
