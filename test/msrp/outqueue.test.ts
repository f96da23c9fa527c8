/** What leaves a connection, and in how many writes and chunks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame, settle } from './pipe.ts';
import { outgoing as scene, PEER, summary } from './outgoing.ts';

const message = (size: number, fill = 'x') => ({ contentType: 'text/plain', body: Buffer.alloc(size, fill) });
test('everything of one turn leaves in one write, responses and SENDs together', async () => {
  const { end, peer, open, frames } = scene();
  const { session } = await open('a');
  const paths = [`To-Path: ${session.path}`, `From-Path: ${PEER}a`];
  for (let i = 0; i < 5; i += 1) session.send(message(10));
  session.send(message(3000));
  peer.connection.write(frame('keepalive1', 'SEND', [...paths, 'Message-ID: again']));
  assert.equal(end.writes.length, 0);
  await settle();
  assert.ok(end.writes.length <= 2);
  assert.deepEqual(summary(frames()), [
    ...Array(5).fill('SEND 1-10/10 10$'),
    'SEND 1-*/3000 3000$',
    '200  0$',
  ]);
});

test('checklist 32, wire: what fits is one chunk, however much waits behind it', async () => {
  const { open, frames } = scene();
  const { session } = await open('a');
  session.send(message(60_000));
  session.send(message(5));
  session.send(message(500_000));
  session.send(message(6));
  await settle();
  assert.deepEqual(summary(frames()), [
    'SEND 1-*/60000 60000$',
    'SEND 1-5/5 5$',
    'SEND 1-*/500000 500000$',
    'SEND 1-6/6 6$',
  ]);
});

test('checklist 30, 31: a long message is interrupted only when the connection is full and something else waits', async () => {
  const { end, open, frames } = scene();
  const { session } = await open('a');
  end.room = 70_000;
  session.send(message(300_000));
  await settle();
  // Full, but nobody waits: the chunk goes on.
  end.drain(70_000);
  await settle();
  session.send(message(7, 'y'));
  end.drain();
  await settle();
  const written = frames();
  const [first, second, third] = written;
  assert.equal(written.length, 3);
  assert.equal(first?.flag, '+');
  assert.equal(first.head.byteRange, '1-*/300000');
  assert.ok(first.body.length > 65_536, 'it went on once');
  assert.equal(second?.body.toString(), 'yyyyyyy');
  assert.equal(third?.head.byteRange, `${first.body.length + 1}-*/300000`);
  assert.equal(third?.flag, '$');
  assert.equal(third.head.messageId, first.head.messageId);
  assert.equal(third.head.failureReport, first.head.failureReport);
  assert.notEqual(third.head.transactionId, first.head.transactionId);
  assert.equal(first.body.length + third.body.length, 300_000);
});

test('checklist 31: long messages of two sessions take turns on a slow connection', async () => {
  const { end, open, frames } = scene();
  const [a, b] = [await open('a'), await open('b')];
  end.room = 10;
  a.session.send(message(200_000, 'a'));
  b.session.send(message(200_000, 'b'));
  for (let i = 0; i < 20; i += 1) {
    await settle(3);
    end.drain(10);
  }
  await settle();
  const turns = frames().map(({ body }) => body.toString('latin1', 0, 1));
  assert.deepEqual(turns.slice(0, 4), ['a', 'b', 'a', 'b']);
  assert.equal(a.session.queuedBytes + b.session.queuedBytes, 0);
});

test('checklist 31: a response does not wait for the end of a long message', async () => {
  const { end, peer, open, frames } = scene();
  const { session } = await open('a');
  end.room = 10;
  session.send(message(300_000));
  await settle();
  peer.connection.write(frame('keepalive2', 'SEND', [`To-Path: ${session.path}`, `From-Path: ${PEER}a`]));
  await settle();
  end.drain(10);
  await settle();
  end.drain();
  await settle();
  assert.deepEqual(summary(frames()).slice(0, 2), ['SEND 1-*/300000 65536+', '200  0$']);
});

test('checklist 39: 413 during a long message stops it with #', async () => {
  const { end, peer, open, frames } = scene();
  const { session } = await open('a');
  const results: number[] = [];
  end.room = 10;
  session.send(message(300_000), (status) => results.push(status));
  await settle();
  const transactionId = /MSRP (\S+) SEND/.exec(end.writes[0]?.toString('latin1') ?? '')?.[1] ?? '';
  await peer.says(frame(transactionId, '413 Enough', [`To-Path: ${session.path}`, `From-Path: ${PEER}a`]));
  end.drain();
  await settle();
  session.send(message(4));
  await settle();
  assert.deepEqual(results, [413]);
  assert.deepEqual(summary(frames()), ['SEND 1-*/300000 65536#', 'SEND 1-4/4 4$']);
  assert.equal(session.queuedBytes, 0);
});

test('checklist 39: 413 in a REPORT stops a long message too', async () => {
  const { end, peer, open, frames } = scene();
  const { session, listener } = await open('a');
  end.room = 10;
  session.send({ ...message(300_000), messageId: 'too-long' });
  await settle();
  const paths = [`To-Path: ${session.path}`, `From-Path: ${PEER}a`];
  await peer.says(frame('rep1', 'REPORT', [...paths, 'Message-ID: too-long', 'Status: 000 413 Stop']));
  end.drain();
  await settle();
  assert.equal(listener.reports[0]?.status, 413);
  assert.deepEqual(summary(frames()), ['SEND 1-*/300000 65536#']);
});

test('checklist 44: without an answer in 30 s after the last byte a message is settled 408; with partial nothing is said', async () => {
  const { clock, open } = scene();
  const { session, listener } = await open('a');
  const results: string[] = [];
  session.send({ ...message(5), failureReport: 'yes' }, (status) => results.push(`yes ${status}`));
  session.send(message(5), (status) => results.push(`partial ${status}`));
  session.send({ ...message(5), failureReport: 'no' }, (status) => results.push(`no ${status}`));
  await settle();
  clock.advance(29_999);
  assert.deepEqual(results, []);
  clock.advance(1);
  assert.deepEqual(results, ['yes 408']);
  session.close();
  assert.deepEqual(results, ['yes 408']);
  assert.deepEqual(listener.told, ['opened', 'closed ended']);
});

test('checklist 28: the end-line never stands in the body that it ends', async () => {
  const { open, frames } = scene();
  const { session } = await open('a');
  session.send({ contentType: 'a/b', body: Buffer.from('x\r\n-------0123456789abcdef$\r\n-------') });
  await settle();
  assert.equal(frames()[0]?.body.toString(), 'x\r\n-------0123456789abcdef$\r\n-------');
});

test('one message over many sessions: each has its own paths, Message-ID and transaction id', async () => {
  const { open, frames } = scene();
  const sessions = [await open('a'), await open('b'), await open('c')];
  const copy = message(100);
  for (const { session } of sessions) session.send(copy);
  await settle();
  const written = frames();
  assert.deepEqual(
    written.map(({ head }) => head.toPath),
    ['a', 'b', 'c'].map((name) => PEER + name),
  );
  assert.deepEqual(
    written.map(({ head }) => head.fromPath),
    sessions.map(({ session }) => session.path),
  );
  assert.equal(new Set(written.map(({ head }) => head.messageId)).size, 3);
  assert.equal(new Set(written.map(({ head }) => head.transactionId)).size, 3);
});

test('RFC 7977 section 5.1: on a WebSocket each frame is a write of its own, and a long message is several chunks', async () => {
  const { end, peer, open, frames } = scene({ framed: true });
  const { session } = await open('a');
  const paths = [`To-Path: ${session.path}`, `From-Path: ${PEER}a`];
  session.send(message(10));
  session.send(message(150_000));
  session.send(message(20));
  session.send(message(3000));
  peer.connection.write(frame('keepalive1', 'SEND', [...paths, 'Message-ID: again']));
  await settle();
  const writes = end.writes.length;
  const written = frames();
  assert.equal(writes, written.length);
  assert.deepEqual(summary(written), [
    'SEND 1-10/10 10$',
    'SEND 1-*/150000 65536+',
    'SEND 1-20/20 20$',
    'SEND 1-*/3000 3000$',
    'SEND 65537-*/150000 65536+',
    'SEND 131073-*/150000 18928$',
    '200  0$',
  ]);
  assert.equal(session.queuedBytes, 0);
});

test('checklist 8: to a peer behind a relay a long message is chunks that the relay can take, in turn with all else', async () => {
  const { open, frames } = scene();
  const { session } = await open('a', 'msrp://192.0.2.9:2855/relay;tcp');
  const { session: other } = await open('b');
  session.send(message(20_000));
  other.send(message(20_000));
  session.send(message(7));
  await settle();
  const written = frames();
  assert.deepEqual(summary(written), [
    'SEND 1-*/20000 8192+',
    'SEND 1-*/20000 20000$',
    'SEND 1-7/7 7$',
    'SEND 8193-*/20000 8192+',
    'SEND 16385-*/20000 3616$',
  ]);
  assert.equal(written[0]?.head.toPath, `msrp://192.0.2.9:2855/relay;tcp ${PEER}a`);
});

test('a long message to a WebSocket that is given up between two chunks is ended in a write of its own', async () => {
  const { end, peer, open, frames } = scene({ framed: true });
  const { session } = await open('a');
  end.room = 10;
  session.send(message(200_000));
  session.send(message(5));
  await settle();
  const transactionId = /MSRP (\S+) SEND/.exec(end.writes[0]?.toString('latin1') ?? '')?.[1] ?? '';
  await peer.says(frame(transactionId, '413 Enough', [`To-Path: ${session.path}`, `From-Path: ${PEER}a`]));
  end.drain();
  await settle();
  session.send(message(4));
  await settle();
  assert.equal(end.writes.length, 3);
  assert.deepEqual(summary(frames()), ['SEND 1-*/200000 65536+', 'SEND 1-5/5 5$', 'SEND 1-4/4 4$']);
});

test('a long message that is sent is forgotten where nobody waits for an answer', async () => {
  const { clock, end, peer, open } = scene();
  const { session, listener } = await open('a');
  end.room = 70_000;
  session.send(message(200_000));
  await settle();
  end.drain();
  await settle();
  assert.equal(clock.pending, 0);
  // What ends the session does so whenever it comes.
  const [, transactionId = ''] = /MSRP (\S+) SEND/.exec(end.writes[0]?.toString('latin1') ?? '') ?? [];
  await peer.says(frame(transactionId, '481 Gone', [`To-Path: ${session.path}`, `From-Path: ${PEER}a`]));
  assert.deepEqual(listener.told, ['opened', 'closed refused']);
});
