/** What one peer may take: each limit has its answer, and its fault is its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint } from '../../src/msrp/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener } from './events.ts';
import { frame, pipe, RawPeer, settle } from './pipe.ts';
import { EMPTY, opened, PEER, scene, statuses } from './scene.ts';

test('checklist 43, 65: a head above its limit is answered 400 and its connection closed; another session goes on', async () => {
  const { endpoint, peer, paths, listener, dial } = await opened({ maxHeadBytes: 1024 });
  const other = new Listener();
  const session = endpoint.openSession({ host: '127.0.0.1', port: 1, handler: other, accepts: () => true });
  const fits = ['X-Long: '.padEnd(600, 'x'), ...EMPTY];
  assert.deepEqual(statuses(await peer.says(frame('fits0001', 'SEND', [...paths, ...fits]))), ['200']);
  const otherPeer = dial();
  const otherPaths = [`To-Path: ${session.path}`, `From-Path: ${PEER}`];
  await otherPeer.says(frame('other001', 'SEND', [...otherPaths, ...EMPTY]));
  const long = ['X-Long: '.padEnd(2000, 'x'), ...EMPTY];
  assert.deepEqual(statuses(await peer.says(frame('long0001', 'SEND', [...paths, ...long]))), ['400']);
  assert.equal(peer.closed, true);
  assert.deepEqual(listener.told, ['opened', 'closed connection-lost']);
  assert.deepEqual(statuses(await otherPeer.says(frame('other002', 'SEND', [...otherPaths, ...EMPTY]))), [
    '200',
  ]);
});

test('checklist 43, 65: a body that goes on after its 413 closes the connection', async () => {
  const { peer, paths, listener } = await opened({ maxMessageBytes: 100, maxExcessBytes: 1000 });
  const headers = [...paths, 'Message-ID: endless', 'Byte-Range: 1-*/*', 'Content-Type: text/plain'];
  const head = `MSRP endless1 SEND\r\n${headers.join('\r\n')}\r\n\r\n`;
  assert.deepEqual(statuses(await peer.says(head + 'x'.repeat(150))), ['413']);
  await peer.says('x'.repeat(800));
  assert.equal(peer.closed, false, 'the rest is read and dropped');
  await peer.says('x'.repeat(200));
  assert.equal(peer.closed, true);
  assert.deepEqual(listener.told, ['opened', 'closed connection-lost']);
});

test('checklist 65: a connection has so many sessions; the request that would bind one more gets 403', async () => {
  const endpoint = new MsrpEndpoint({
    clock: new FakeClock(),
    log: silentLog,
    maxMessageBytes: 1000,
    maxSessionsPerConnection: 2,
  });
  const [end, other] = pipe();
  endpoint.accept(end);
  const peer = new RawPeer(other);
  const open = () => {
    const handler = new Listener();
    return endpoint.openSession({ host: '127.0.0.1', port: 1, handler, accepts: () => true });
  };
  const sessions = [open(), open(), open()];
  const binds = (number: number) =>
    peer.says(
      frame(`bind000${number}`, 'SEND', [
        `To-Path: ${sessions[number]?.path}`,
        `From-Path: msrp://192.0.2.2:1/${number};tcp`,
        ...EMPTY,
      ]),
    );
  assert.deepEqual(statuses(await binds(0)), ['200']);
  assert.deepEqual(statuses(await binds(1)), ['200']);
  assert.match(await binds(2), /^MSRP bind0002 403 too many sessions on this connection\r\n/);
  assert.equal(sessions[2]?.state, 'waiting');
  // One leaves, and there is room again; those that are there were never disturbed.
  sessions[0]?.close();
  assert.deepEqual(statuses(await binds(2)), ['200']);
  assert.deepEqual(statuses(await binds(1)), ['200']);
});

test('checklist 65: what we dial has so many sessions too, and then another connection is dialled to the same peer', async () => {
  const peers: RawPeer[] = [];
  const endpoint = new MsrpEndpoint({
    clock: new FakeClock(),
    log: silentLog,
    maxMessageBytes: 1000,
    maxSessionsPerConnection: 2,
    dial: () => {
      const [end, other] = pipe();
      peers.push(new RawPeer(other));
      return Promise.resolve(end);
    },
  });
  const dials = async (user: number): Promise<void> => {
    const handler = new Listener();
    const session = endpoint.openSession({ host: '127.0.0.1', port: 1, handler, accepts: () => true });
    session.setPeer({ path: [`msrp://192.0.2.2:1/${user};tcp`] });
    session.connect();
    await settle();
  };
  for (const user of [1, 2, 3]) await dials(user);
  const asked = peers.map(({ received }) =>
    [...received.matchAll(/^To-Path: (.*)\r$/gm)].map(([, to]) => to),
  );
  assert.deepEqual(asked, [
    ['msrp://192.0.2.2:1/1;tcp', 'msrp://192.0.2.2:1/2;tcp'],
    ['msrp://192.0.2.2:1/3;tcp'],
  ]);
});

test('checklist 41: a session that nobody connects is closed when its time is over, and is known no more', async () => {
  const { clock, listener, peer, paths } = scene({ bindTimeoutMs: 5000 });
  clock.advance(4999);
  assert.deepEqual(listener.told, []);
  clock.advance(1);
  assert.deepEqual(listener.told, ['closed never-connected']);
  assert.deepEqual(statuses(await peer.says(frame('late0001', 'SEND', [...paths, ...EMPTY]))), ['481']);
});

test('checklist 65: a connection without a session is closed when its time is over', async () => {
  const { clock, peer } = scene({ idleConnectionMs: 7000, bindTimeoutMs: 60_000 });
  clock.advance(6999);
  await peer.hears();
  assert.equal(peer.closed, false);
  clock.advance(1);
  await peer.hears();
  assert.equal(peer.closed, true);
});
