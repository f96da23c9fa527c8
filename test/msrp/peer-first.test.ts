/** How a connection that we have taken ends: its peer may close it first, or use it again. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint } from '../../src/msrp/index.ts';
import { listenTcp } from '../../src/transport/tcp.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { lingers, onLinux } from '../support/lingering.ts';
import { Listener } from './events.ts';
import { frame, pipe, RawPeer, settle } from './pipe.ts';
import { EMPTY, opened, PEER, scene, statuses } from './scene.ts';

test('a peer that closes in its second is waited for no longer, and leaves no timer', async () => {
  const { clock, peer, end, session } = await opened();
  session.close();
  await peer.hears();
  assert.equal(end.open, true);
  peer.connection.end();
  await settle();
  assert.equal(end.open, false);
  assert.equal(clock.pending, 0);
});

test('RFC 4975 section 5.4: in its second the peer may begin another session on the connection, and its time begins anew', async () => {
  const { clock, endpoint, peer, end, session } = await opened();
  session.close();
  clock.advance(900);
  const handler = new Listener();
  const another = endpoint.openSession({ host: '127.0.0.1', port: 1, handler, accepts: () => true });
  const paths = [`To-Path: ${another.path}`, `From-Path: ${PEER}`];
  assert.deepEqual(statuses(await peer.says(frame('again001', 'SEND', [...paths, ...EMPTY]))), ['200']);
  clock.advance(60_000);
  assert.equal(end.open, true);
  another.close();
  clock.advance(999);
  await settle();
  assert.equal(end.open, true);
  clock.advance(1);
  await settle();
  assert.equal(end.open, false);
  assert.equal(clock.pending, 0);
});

test('at once: on a WebSocket, which is its server’s to close (RFC 6455 section 7.1.1), and when the endpoint ends', async () => {
  const web = scene();
  web.end.framed = true;
  await web.peer.says(frame('bind0001', 'SEND', [...web.paths, ...EMPTY]));
  web.session.close();
  const ending = await opened();
  ending.endpoint.close();
  await settle();
  assert.deepEqual([web.end.open, ending.end.open], [false, false]);
});

test('at once: whoever has dialled closes first', async () => {
  const [end, other] = pipe();
  const peer = new RawPeer(other);
  const clock = new FakeClock();
  const dial = () => Promise.resolve(end);
  const endpoint = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 1000, dial });
  const handler = new Listener();
  const session = endpoint.openSession({ host: '127.0.0.1', port: 1, handler, accepts: () => true });
  session.setPeer({ path: [PEER] });
  session.connect();
  const [, id = ''] = /^MSRP (\S+) SEND\r\n/.exec(await peer.hears()) ?? [];
  await peer.says(frame(id, '200 OK', [`To-Path: ${session.path}`, `From-Path: ${PEER}`]));
  assert.equal(session.state, 'open');
  session.close();
  await settle();
  assert.equal(end.open, false);
});

test(
  'sockets: what is no MSRP is cut off with a reset, and nothing of it stays on the port',
  onLinux,
  async (t) => {
    const endpoint = new MsrpEndpoint({ clock: new FakeClock(), log: silentLog, maxMessageBytes: 1000 });
    const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (end) => endpoint.accept(end));
    t.after(() => listener.close());
    const socket = connect({ ...listener.address, allowHalfOpen: true });
    const told: unknown[] = [];
    socket.on('error', (error: NodeJS.ErrnoException) => told.push(error.code));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    socket.write('NICK probe\r\nUSER probe 0 * :probe\r\n');
    await closed;
    assert.deepEqual(told, ['ECONNRESET']);
    assert.equal(lingers(listener.address.port), false);
  },
);
