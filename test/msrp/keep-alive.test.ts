/** Peers that are gone without a word are found (RFC 4975 section 5.4 leaves the way open). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '../../src/msrp/session.ts';
import { frame } from './pipe.ts';
import { EMPTY, opened } from './scene.ts';

const KEEP_ALIVE = { keepAliveMs: 60_000 };

/** The transaction of a SEND without a body, which ends directly behind its headers. */
const EMPTY_SEND =
  /^MSRP (\S+) SEND\r\nTo-Path: [^\r]+\r\nFrom-Path: [^\r]+\r\nMessage-ID: [^\r]+\r\nByte-Range: 1-0\/0\r\n-------\1\$\r\n$/;

test('checklist 41, wire: on a connection where nothing comes an empty SEND asks for an answer; with it all goes on', async () => {
  const { clock, peer, listener, response } = await opened(KEEP_ALIVE);
  for (let minute = 0; minute < 5; minute += 1) {
    // The first step sees what moved last, four more see nothing.
    clock.advance(59_000);
    assert.equal(await peer.hears(), '');
    clock.advance(16_000);
    const [, transaction = ''] = EMPTY_SEND.exec(await peer.hears()) ?? [];
    assert.notEqual(transaction, '');
    await peer.says(response(transaction, '200 OK'));
  }
  assert.deepEqual(listener.told, ['opened']);
});

test('checklist 41: without a sign of life in 30 s the connection is given up and its session is lost', async () => {
  const { clock, peer, listener } = await opened(KEEP_ALIVE);
  clock.advance(75_000);
  assert.match(await peer.hears(), EMPTY_SEND);
  clock.advance(29_999);
  assert.deepEqual(listener.told, ['opened']);
  clock.advance(1);
  await peer.hears();
  assert.deepEqual(listener.told, ['opened', 'closed connection-lost']);
  assert.equal(peer.closed, true);
  assert.equal(clock.pending, 0);
});

test('whatever the peer says is a sign of life', async () => {
  const { clock, peer, listener, paths } = await opened(KEEP_ALIVE);
  clock.advance(75_000);
  assert.match(await peer.hears(), EMPTY_SEND);
  await peer.says(frame('mine0001', 'SEND', [...paths, ...EMPTY]));
  clock.advance(31_000);
  await peer.hears();
  assert.deepEqual(listener.told, ['opened']);
  assert.equal(peer.closed, false);
});

test('nobody is asked who says something', async () => {
  const { clock, peer, paths } = await opened(KEEP_ALIVE);
  for (let i = 0; i < 20; i += 1) {
    clock.advance(40_000);
    assert.doesNotMatch(await peer.says(frame(`mine00${10 + i}`, 'SEND', [...paths, ...EMPTY])), EMPTY_SEND);
  }
});

test('checklist 41: who is gone is found while much is said to it, as copies are not answered', async () => {
  const { clock, peer, session, listener } = await opened(KEEP_ALIVE);
  let heard = '';
  for (let second = 0; second < 110; second += 5) {
    session.send({ contentType: 'text/plain', body: Buffer.from('x') });
    clock.advance(5000);
    heard += await peer.hears();
  }
  assert.equal(heard.match(/Byte-Range: 1-0\/0/g)?.length, 1);
  assert.deepEqual(listener.told, ['opened', 'closed connection-lost']);
});

test('a peer that takes no bytes is not asked for ever: what waits cannot be its sign of life', async () => {
  const { clock, peer, session, listener, end } = await opened(KEEP_ALIVE);
  end.room = 10;
  session.send({ contentType: 'text/plain', body: Buffer.from('stuck') });
  await peer.hears();
  clock.advance(75_000);
  await peer.hears();
  clock.advance(30_000);
  await peer.hears();
  assert.deepEqual(listener.told, ['opened', 'closed connection-lost']);
});

test('sessions that share a connection are asked once', async () => {
  const { clock, peer, endpoint, paths } = await opened(KEEP_ALIVE);
  const other = endpoint.openSession({
    host: '127.0.0.1',
    port: 44923,
    accepts: () => true,
    handler: { opened: () => {}, message: () => {}, nickname: () => {}, closed: () => {} },
  });
  await peer.says(frame('other001', 'SEND', [`To-Path: ${other.path}`, paths[1] ?? '', ...EMPTY]));
  clock.advance(75_000);
  assert.match(await peer.hears(), EMPTY_SEND);
});

test('whom we do not read is not asked: the answer would not be read either', async () => {
  const { clock, peer, session, listener } = await opened(KEEP_ALIVE);
  const { link } = session as Session;
  link?.pause();
  clock.advance(300_000);
  assert.equal(await peer.hears(), '');
  link?.resume();
  let heard = '';
  while (heard === '') {
    clock.advance(15_000);
    heard = await peer.hears();
  }
  assert.match(heard, EMPTY_SEND);
  link?.pause();
  clock.advance(30_000);
  await peer.hears();
  assert.deepEqual(listener.told, ['opened']);
});

test('0: never', async () => {
  const { clock, peer, listener } = await opened({ keepAliveMs: 0 });
  clock.advance(86_400_000);
  assert.equal(await peer.hears(), '');
  assert.deepEqual(listener.told, ['opened']);
});
