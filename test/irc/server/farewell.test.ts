/** Who closes first, on a connection in memory and on real sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Connection } from '../../../src/transport/connection.ts';
import { Farewell } from '../../../src/irc/server/farewell.ts';
import { listenTcp } from '../../../src/transport/tcp.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { lingers, onLinux } from '../../support/lingering.ts';

/** A connection that only notes what is asked of it. */
function noting(open = true): { connection: Connection; asked: string[] } {
  const asked: string[] = [];
  const connection = { open, end: () => asked.push('end'), destroy: () => asked.push('destroy') };
  return { connection: connection as unknown as Connection, asked };
}

test('the peer has a second from the last word on; then we close, and who does not follow is cut off', () => {
  const clock = new FakeClock();
  const { connection, asked } = noting();
  const farewell = new Farewell(connection, { clock, peerFirst: true, limit: 2000 });
  clock.advance(500);
  farewell.said();
  clock.advance(999);
  farewell.said();
  assert.deepEqual(asked, []);
  clock.advance(1);
  assert.deepEqual(asked, ['end']);
  clock.advance(499);
  assert.deepEqual(asked, ['end']);
  clock.advance(1);
  assert.deepEqual(asked, ['end', 'destroy']);
  assert.equal(clock.pending, 0);
});

test('a peer that closes is waited for no longer, and leaves no timer', () => {
  const clock = new FakeClock();
  const { connection, asked } = noting();
  const farewell = new Farewell(connection, { clock, peerFirst: true, limit: 2000 });
  farewell.said();
  farewell.over();
  assert.equal(clock.pending, 0);
  clock.advance(60_000);
  assert.deepEqual(asked, []);
});

test('at once where nobody is waited for, or the peer has closed; and at the limit though not all was said', () => {
  const clock = new FakeClock();
  const [ours, theirs, stuck] = [noting(), noting(false), noting()];
  new Farewell(ours.connection, { clock, peerFirst: false, limit: 2000 }).said();
  new Farewell(theirs.connection, { clock, peerFirst: true, limit: 2000 }).said();
  assert.deepEqual([ours.asked, theirs.asked], [['end'], ['end']]);
  void new Farewell(stuck.connection, { clock, peerFirst: true, limit: 2000 });
  clock.advance(2000);
  assert.deepEqual(stuck.asked, ['destroy']);
});

/** A listener that gives the end that it has taken, and a socket that has dialled it and never closes by itself. */
async function sockets(
  t: TestContext,
  take: (connection: Connection) => void,
): Promise<{ socket: Socket; port: number; told: string[] }> {
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, take);
  const { port } = listener.address;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const told: string[] = [];
  socket.on('error', (error: NodeJS.ErrnoException) => told.push(String(error.code)));
  socket.on('end', () => told.push('end'));
  socket.resume();
  t.after(async () => {
    socket.destroy();
    await listener.close();
  });
  await once(socket, 'connect');
  return { socket, port, told };
}

test(
  'sockets: who reads our end and keeps its own open is cut off, and nothing of it stays',
  onLinux,
  async (t) => {
    const clock = new FakeClock();
    const taken: Connection[] = [];
    const { socket, port, told } = await sockets(t, (connection) => taken.push(connection));
    const [connection] = taken;
    assert.ok(connection);
    const closed = new Promise<void>((resolve) =>
      connection.handle({ data: () => {}, drained: () => {}, closed: () => resolve() }),
    );
    connection.write('ERROR :bye\r\n');
    const farewell = new Farewell(connection, { clock, peerFirst: true, limit: 2000 });
    farewell.said();
    clock.advance(1000);
    await once(socket, 'end');
    clock.advance(1000);
    await closed;
    assert.equal(told[0], 'end');
    assert.equal(lingers(port), false);
  },
);

test(
  'sockets: a peer that closes in its second keeps the rest of the connection itself',
  onLinux,
  async (t) => {
    const clock = new FakeClock();
    const taken: Connection[] = [];
    const { socket, port } = await sockets(t, (connection) => taken.push(connection));
    const [connection] = taken;
    assert.ok(connection);
    const closed = new Promise<void>((resolve) =>
      connection.handle({ data: () => {}, drained: () => {}, closed: () => resolve() }),
    );
    const farewell = new Farewell(connection, { clock, peerFirst: true, limit: 2000 });
    farewell.said();
    socket.end();
    await closed;
    farewell.over();
    assert.equal(clock.pending, 0);
    assert.equal(lingers(port), false);
  },
);
