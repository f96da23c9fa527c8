/** How full a connection is, and what becomes of one that is too full (checklist 64, RFC 7701 section 6.4). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame, settle } from './pipe.ts';
import { outgoing as scene, PEER, summary } from './outgoing.ts';

/** Large enough for some frames; a frame of these tests has about 230 bytes and a body. */
const BUDGET = 100_000;

const message = (size: number, fill = 'x') => ({ contentType: 'text/plain', body: Buffer.alloc(size, fill) });

test('checklist 64: at 80 % of the budget a connection is congested, until less than half waits', async () => {
  const { end, open } = scene({ sendBudgetBytes: BUDGET });
  const { session, listener } = await open('a');
  end.room = 10;
  session.send(message(1000));
  await settle();
  const fills: string[] = [];
  while (session.queuedBytes < BUDGET) {
    session.send(message(1000));
    if (fills.at(-1) !== session.fill) fills.push(session.fill);
  }
  assert.deepEqual(fills, ['clear', 'congested', 'nearly-full', 'full']);
  assert.deepEqual(listener.told, ['opened', 'congested']);
  end.drain(10);
  await settle();
  // A slice of 64 kB went: what is left is under the half.
  assert.ok(session.queuedBytes < BUDGET / 2);
  assert.equal(session.fill, 'clear');
  assert.deepEqual(listener.told, ['opened', 'congested', 'clear']);
  end.drain();
  await settle();
  assert.equal(session.queuedBytes, 0);
  assert.deepEqual(listener.told, ['opened', 'congested', 'clear']);
});

test('checklist 64: what is said in one turn is no congestion while the connection takes it', async () => {
  const { open, frames } = scene({ sendBudgetBytes: BUDGET });
  const { session, listener } = await open('a');
  for (let i = 0; i < 1000; i += 1) session.send(message(1000));
  assert.equal(session.fill, 'clear');
  await settle();
  assert.equal(frames().length, 1000);
  assert.deepEqual(listener.told, ['opened']);
});

test('checklist 64: all sessions on a connection are congested together, also one that comes later', async () => {
  const { end, open } = scene({ sendBudgetBytes: BUDGET });
  const [a, b] = [await open('a'), await open('b')];
  end.room = 10;
  for (let i = 0; i < 150; i += 1) a.session.send(message(900));
  const c = await open('c');
  assert.deepEqual(b.listener.told, ['opened', 'congested']);
  assert.deepEqual(c.listener.told, ['congested', 'opened']);
  assert.equal(b.session.fill, a.session.fill);
  assert.equal(b.session.queuedBytes, 0);
  end.drain();
  await settle();
  for (const { listener } of [a, b, c]) assert.equal(listener.told.at(-1), 'clear');
});

test('checklist 64: one large message alone does not fill the budget', async () => {
  const { end, open } = scene({ sendBudgetBytes: BUDGET });
  const { session, listener } = await open('a');
  end.room = 10;
  session.send(message(500_000));
  await settle();
  assert.equal(session.queuedBytes, BUDGET / 4);
  assert.equal(session.fill, 'clear');
  end.drain();
  await settle();
  assert.equal(session.queuedBytes, 0);
  assert.deepEqual(listener.told, ['opened']);
});

test('checklist 64: what goes out in chunks of its own, as over WebSocket, gives its bytes back too', async () => {
  const { end, open, frames } = scene({ sendBudgetBytes: BUDGET, framed: true });
  const { session, listener } = await open('a');
  for (let i = 0; i < 20; i += 1) session.send(message(100_000));
  await settle();
  assert.equal(session.queuedBytes, 0);
  assert.equal(end.pendingBytes, 0);
  assert.equal(
    frames().reduce((sum, { body }) => sum + body.length, 0),
    2_000_000,
  );
  for (let i = 0; i < 20; i += 1) session.send(message(1000));
  assert.deepEqual(listener.told, ['opened']);
});

test('checklist 64: a connection that takes nothing for a while is congested, however little waits', async () => {
  const { end, open, clock } = scene({ sendBudgetBytes: BUDGET });
  const { session, listener } = await open('a');
  end.room = 10;
  session.send(message(1000));
  await settle();
  clock.advance(1999);
  assert.equal(session.fill, 'clear');
  clock.advance(1);
  assert.equal(session.fill, 'stuck');
  assert.deepEqual(listener.told, ['opened', 'congested']);
  for (let i = 0; i < 60; i += 1) session.send(message(1000));
  assert.equal(session.fill, 'congested');
  end.drain();
  await settle();
  assert.equal(session.fill, 'clear');
  assert.deepEqual(listener.told, ['opened', 'congested', 'clear']);
});

test('checklist 64: a session that ends gives its part of the budget back', async () => {
  const { end, open, frames } = scene({ sendBudgetBytes: BUDGET });
  const [a, b] = [await open('a'), await open('b')];
  end.room = 10;
  a.session.send(message(50_000));
  await settle();
  for (let i = 0; i < 100; i += 1) a.session.send(message(900));
  assert.equal(b.listener.told.at(-1), 'congested');
  const [to, from] = [`To-Path: ${a.session.path}`, `From-Path: ${PEER}a`];
  // The peer says that it is over: nothing of it is sent any more.
  const { peer } = { peer: end.other };
  peer?.write(frame('gone0001', 'REPORT', [to, from, 'Message-ID: x', 'Status: 000 481 Gone']));
  await settle();
  assert.deepEqual(a.listener.told.at(-1), 'closed refused');
  assert.equal(b.listener.told.at(-1), 'clear');
  b.session.send(message(9, 'b'));
  end.drain();
  await settle();
  const written = summary(frames()).filter((line) => line.startsWith('SEND'));
  assert.equal(written.at(-1), 'SEND 1-9/9 9$');
  assert.ok(written.length < 5);
});

test('checklist 64: a connection for which twice the budget waits is given up, and its sessions are lost', async () => {
  const { end, open, clock } = scene({ sendBudgetBytes: BUDGET });
  const [a, b] = [await open('a'), await open('b')];
  end.room = 10;
  for (let i = 0; i < 180; i += 1) a.session.send(message(1000));
  assert.equal(a.session.state, 'open');
  for (let i = 0; i < 60; i += 1) a.session.send(message(1000));
  assert.equal(a.session.state, 'open', 'not before the call returns');
  await settle();
  assert.deepEqual(a.listener.told, ['opened', 'congested', 'closed connection-lost']);
  assert.deepEqual(b.listener.told, ['opened', 'congested', 'closed connection-lost']);
  assert.equal(end.open, false);
  assert.equal(clock.pending, 0);
});

test('checklist 64: a congested connection that nobody uses any more is closed at once', async () => {
  const { end, open, clock } = scene({ sendBudgetBytes: BUDGET });
  const { session } = await open('a');
  end.room = 10;
  for (let i = 0; i < 150; i += 1) session.send(message(1000));
  session.close();
  assert.equal(end.open, false);
  assert.equal(clock.pending, 0);
});

test('checklist 64: a peer that does not read its answers loses its connection', async () => {
  const { end, peer, clock } = scene({ sendBudgetBytes: BUDGET });
  end.room = 10;
  const request = frame('unknown1', 'SEND', [`To-Path: msrp://h:1/none;tcp`, `From-Path: ${PEER}`]);
  await peer.says(request.repeat(3000));
  assert.equal(end.open, false);
  assert.equal(clock.pending, 0);
});

test('checklist 64: what is kept for a peer that has not come is bounded too', async () => {
  const { endpoint, open } = scene({ sendBudgetBytes: BUDGET });
  await open('a');
  const told: string[] = [];
  const session = endpoint.openSession({
    host: '192.0.2.1',
    port: 2855,
    accepts: () => true,
    handler: {
      opened: () => told.push('opened'),
      message: () => {},
      nickname: () => {},
      closed: (reason) => told.push(reason),
    },
  });
  for (let i = 0; i < 99; i += 1) session.send(message(1000));
  assert.equal(session.fill, 'clear');
  for (let i = 0; i < 2; i += 1) session.send(message(1000));
  assert.equal(session.fill, 'full');
  for (let i = 0; i < 110; i += 1) session.send(message(1000));
  await settle();
  assert.deepEqual(told, ['connection-lost']);
});
