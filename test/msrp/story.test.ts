/** Two endpoints over real TCP on the loopback. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/common/clock.ts';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint, type MsrpSession, type OutgoingMessage } from '../../src/msrp/index.ts';
import { listenTcp } from '../../src/transport/tcp.ts';
import { Listener } from './events.ts';

interface Side {
  endpoint: MsrpEndpoint;
  session: MsrpSession;
  listener: Listener;
}

/** A passive side with a listener, and an active one that has dialled it. */
async function conversation(t: TestContext, maxMessageBytes = 1_048_576): Promise<[Side, Side]> {
  const passive = new MsrpEndpoint({ clock: systemClock, log: silentLog, maxMessageBytes });
  const active = new MsrpEndpoint({ clock: systemClock, log: silentLog, maxMessageBytes });
  const server = await listenTcp({ host: '127.0.0.1', port: 0 }, (connection) => passive.accept(connection));
  t.after(async () => {
    active.close();
    passive.close();
    await server.close();
  });
  const { host, port } = server.address;
  const accepts = (type: string) => type === 'text/plain' || type === 'message/cpim';
  const [here, there] = [new Listener(), new Listener()];
  const waiting = passive.openSession({ host, port, handler: here, accepts });
  const dialling = active.openSession({ host, port: 9, handler: there, accepts });
  waiting.setPeer({ path: [dialling.path] });
  dialling.setPeer({ path: [waiting.path] });
  dialling.connect();
  await Promise.all([here.until('opened'), there.until('opened')]);
  return [
    { endpoint: passive, session: waiting, listener: here },
    { endpoint: active, session: dialling, listener: there },
  ];
}

function settled(session: MsrpSession, message: OutgoingMessage): Promise<number> {
  return new Promise((resolve) => session.send(message, resolve));
}

function text(body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { contentType: 'text/plain', body: Buffer.from(body), failureReport: 'yes', ...more };
}

test('both ends send, answer and report', async (t) => {
  const [a, b] = await conversation(t);
  assert.equal(await settled(b.session, text('hi', { successReport: true, messageId: 'first-one' })), 200);
  const got = a.listener.messages[0];
  assert.equal(got?.body.toString(), 'hi');
  assert.equal(got?.contentType, 'text/plain');
  assert.equal(got?.wantsSuccessReport, true);
  got?.report(200);
  await b.listener.until('report 200');
  assert.deepEqual(b.listener.reports[0], {
    messageId: 'first-one',
    status: 200,
    comment: 'OK',
    byteRange: { start: 1, end: 2, total: 2 },
    body: undefined,
  });
  const enclosure = { contentType: 'message/cpim', body: Buffer.from('From: <im:é>\r\n\r\n-------x$\r\n') };
  assert.equal(await settled(b.session, text('to be lost', { messageId: 'second-one' })), 200);
  a.listener.messages[1]?.report(403, 'refused', enclosure);
  await b.listener.until('report 403');
  assert.deepEqual(b.listener.reports[1]?.body, enclosure);
  assert.equal(await settled(a.session, text('and back: é')), 200);
  assert.equal(b.listener.messages[0]?.body.toString(), 'and back: é');
});

test('a message of a megabyte arrives whole, and what is sent behind it too', async (t) => {
  const [a, b] = await conversation(t);
  const body = Buffer.alloc(1_000_000, 'abcdefg');
  const big = settled(b.session, { contentType: 'text/plain', body, failureReport: 'yes' });
  const small = settled(b.session, text('small'));
  assert.deepEqual(await Promise.all([big, small]), [200, 200]);
  const bodies = a.listener.messages.map((message) => message.body.length).sort((x, y) => x - y);
  assert.deepEqual(bodies, [5, 1_000_000]);
  assert.ok(a.listener.messages.some((message) => message.body.equals(body)));
});

test('checklist 39: what is larger than the receiver takes is stopped by 413, and the session goes on', async (t) => {
  const [a, b] = await conversation(t, 10_000);
  assert.equal(await settled(b.session, text('x'.repeat(20_000))), 413);
  assert.equal(await settled(b.session, text('fits')), 200);
  assert.deepEqual(a.listener.told, ['opened', 'message fits']);
});

test('a message above the a=max-size of the peer is not sent at all', async (t) => {
  const [a, b] = await conversation(t);
  b.session.setPeer({ path: [a.session.path], maxMessageBytes: 100 });
  assert.equal(await settled(b.session, text('x'.repeat(101))), 413);
  assert.equal(await settled(b.session, text('x'.repeat(100))), 200);
  assert.equal(a.listener.messages.length, 1);
});

test('checklist 40: a type that is not taken is answered 415, also with Failure-Report partial', async (t) => {
  const [, b] = await conversation(t);
  const image = { contentType: 'image/png', body: Buffer.from('x') };
  assert.equal(await settled(b.session, { ...image, failureReport: 'yes' }), 415);
  assert.equal(await settled(b.session, { ...image, failureReport: 'partial' }), 415);
});

test('an answer may come later, with a comment, and be an error', async (t) => {
  const [a, b] = await conversation(t);
  a.listener.answer = (message) => setImmediate(() => message.respond(403, 'Not\r\nhere é'));
  const [status, comment] = await new Promise<[number, string]>((resolve) =>
    b.session.send(text('hm'), (...result) => resolve(result)),
  );
  assert.deepEqual([status, comment], [403, 'Not  here é']);
});

test('checklist 25: a peer that answers 481 has ended the session', async (t) => {
  const [a, b] = await conversation(t);
  a.listener.answer = (message) => message.respond(481);
  assert.equal(await settled(b.session, text('anybody?')), 481);
  await b.listener.until('closed refused');
  assert.equal(b.session.state, 'closed');
  assert.equal(await settled(b.session, text('too late')), 0);
});

test('checklist 25: an unknown session is refused with 481', async (t) => {
  const [a, b] = await conversation(t);
  const listener = new Listener();
  const { endpoint } = b;
  const lost = endpoint.openSession({ host: '127.0.0.1', port: 9, handler: listener, accepts: () => true });
  lost.setPeer({ path: [a.session.path.replace(/\/[^/;]+;/, '/nobody;')] });
  lost.connect();
  await listener.until('closed refused');
  assert.equal(await settled(b.session, text('still here')), 200);
});

test('checklist 23, 42: two sessions of one peer share a connection, and the end of one does not hurt the other', async (t) => {
  const [a, b] = await conversation(t);
  const [here, there] = [new Listener(), new Listener()];
  const { port } = new URL(a.session.path.replace('msrp:', 'http:'));
  const second = a.endpoint.openSession({
    host: '127.0.0.1',
    port: Number(port),
    handler: here,
    accepts: () => true,
  });
  const dialled = b.endpoint.openSession({ host: '127.0.0.1', port: 9, handler: there, accepts: () => true });
  second.setPeer({ path: [dialled.path] });
  dialled.setPeer({ path: [second.path] });
  dialled.connect();
  await there.until('opened');
  assert.equal(await settled(dialled, text('over the same')), 200);
  b.session.close();
  assert.equal(await settled(dialled, text('still')), 200);
  assert.equal(await settled(a.session, text('gone')), 481);
  assert.equal(await settled(second, text('here too')), 200);
});

test('checklist 41: when the connection is lost its sessions are, and what was not answered is settled', async (t) => {
  const [a, b] = await conversation(t);
  a.listener.answer = () => {};
  const pending = settled(b.session, text('never answered'));
  await a.listener.until('message never answered');
  a.session.close();
  assert.equal(await pending, 0);
  await b.listener.until('closed connection-lost');
  assert.deepEqual(a.listener.told.at(-1), 'closed ended');
});

test('close() still sends what is queued', async (t) => {
  const [a, b] = await conversation(t);
  b.session.send(text('last words'));
  b.session.close();
  await a.listener.until('message last words');
  await a.listener.until('closed connection-lost');
});

test('NICKNAME reaches the handler as it was written', async (t) => {
  const [a, b] = await conversation(t);
  const status = await new Promise((resolve) => b.session.sendNickname('"Ali \\"é\\""', resolve));
  assert.equal(status, 200);
  assert.equal(a.listener.nicknames[0]?.value, '"Ali \\"é\\""');
});

test('a peer that cannot be reached', async (t) => {
  const endpoint = new MsrpEndpoint({ clock: systemClock, log: silentLog, maxMessageBytes: 1000 });
  t.after(() => endpoint.close());
  const server = await listenTcp({ host: '127.0.0.1', port: 0 }, () => {});
  const { port } = server.address;
  await server.close();
  const listener = new Listener();
  const session = endpoint.openSession({
    host: '127.0.0.1',
    port: 9,
    handler: listener,
    accepts: () => true,
  });
  session.setPeer({ path: [`msrp://127.0.0.1:${port}/s;tcp`] });
  const result = settled(session, text('hello?'));
  session.connect();
  await listener.until('closed never-connected');
  assert.equal(await result, 0);
});
