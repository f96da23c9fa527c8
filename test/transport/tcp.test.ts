/** TCP connections between two ends in this process. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Connection } from '../../src/transport/connection.ts';
import { dialTcp, listenTcp, type Listener } from '../../src/transport/tcp.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** One end: what it was told, in order, and the waiting for it. */
class End {
  readonly connection: Connection;
  readonly told: string[] = [];
  bytes = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
    connection.handle({
      data: (bytes) => {
        this.bytes = Buffer.concat([this.bytes, bytes]);
        this.#tell('data');
      },
      drained: () => this.#tell('drained'),
      closed: (error) => this.#tell(error ? `closed by ${(error as NodeJS.ErrnoException).code}` : 'closed'),
    });
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async isTold(what: string | RegExp): Promise<void> {
    const fits = (line: string): boolean => (typeof what === 'string' ? line === what : what.test(line));
    await this.until(() => this.told.some(fits));
  }

  async hears(text: string): Promise<void> {
    await this.until(() => this.bytes.toString() === text);
  }

  #tell(line: string): void {
    this.told.push(line);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

interface Pair {
  readonly listener: Listener;
  /** The end that dialled, and the end that was taken from the listener. */
  readonly near: End;
  readonly far: End;
}

async function connected(t: TestContext): Promise<Pair> {
  const taken: ((end: End) => void)[] = [];
  const far = new Promise<End>((resolve) => taken.push(resolve));
  const listener = await listenTcp(LOOPBACK, (connection) => taken[0]?.(new End(connection)));
  const near = new End(await dialTcp(listener.address));
  const pair = { listener, near, far: await far };
  t.after(async () => {
    pair.near.connection.destroy();
    pair.far.connection.destroy();
    await listener.close();
  });
  return pair;
}

/** A plain socket that was taken from a plain server, for what our own ends never do. */
async function dialledSocket(t: TestContext): Promise<{ near: End; socket: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [[socket], connection] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    dialTcp({ host: '127.0.0.1', port }),
  ]);
  socket.on('error', () => {});
  t.after(() => {
    connection.destroy();
    socket.destroy();
    server.close();
  });
  return { near: new End(connection), socket };
}

/** A port whose queue of connections is full, and nobody takes any: who dials hears nothing. */
async function unanswered(t: TestContext): Promise<number> {
  const listens = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
    });`;
  const worker = new Worker(listens, { eval: true });
  t.after(() => worker.terminate());
  const [port] = (await once(worker, 'message')) as [number];
  // The kernel lets one more wait than it was told to.
  const waiting = Array.from({ length: 2 }, () => connect(port, '127.0.0.1'));
  t.after(() => waiting.forEach((socket) => socket.destroy()));
  for (const socket of waiting) {
    socket.on('error', () => {});
    await once(socket, 'connect');
  }
  return port;
}

test('bytes go both ways, and each end knows where the other is', async (t) => {
  const { listener, near, far } = await connected(t);
  assert.notEqual(listener.address.port, 0);
  assert.deepEqual(near.connection.remote, listener.address);
  assert.deepEqual(near.connection.local, far.connection.remote);
  assert.deepEqual(far.connection.local, listener.address);
  assert.ok(near.connection.open);
  near.connection.write('to and ');
  near.connection.write(Buffer.from('fro'));
  await far.hears('to and fro');
  far.connection.write('back');
  await near.hears('back');
  assert.equal(near.connection.pendingBytes, 0);
  near.connection.destroy();
  await far.isTold('closed');
  // What was asked while it stood is known afterwards.
  assert.deepEqual(near.connection.remote, listener.address);
  assert.deepEqual(far.connection.local, listener.address);
});

test('`end` sends what was written, and closes both ends without an error', async (t) => {
  const { near, far } = await connected(t);
  const much = 'x'.repeat(1_000_000);
  near.connection.write(much);
  near.connection.end();
  assert.equal(near.connection.open, false);
  near.connection.write('never sent');
  await far.isTold('closed');
  await near.isTold('closed');
  assert.equal(far.bytes.length, much.length);
  assert.equal(near.told.filter((line) => line.startsWith('closed')).length, 1);
  assert.equal(far.connection.open, false);
  assert.equal(far.connection.write('too late'), true);
});

test('`destroy` closes at once, and twice is as good as once', async (t) => {
  const { near, far } = await connected(t);
  near.connection.destroy();
  near.connection.destroy();
  near.connection.end();
  assert.equal(near.connection.open, false);
  await near.isTold('closed');
  await far.isTold(/^closed/);
});

test('a peer that takes nothing: `write` says so, `drained` says when it took all', async (t) => {
  const { near, far } = await connected(t);
  far.connection.pause();
  const chunk = Buffer.alloc(256 * 1024);
  let written = 0;
  // The buffers of the kernel take some megabytes first.
  while (near.connection.write(chunk)) written += chunk.length;
  written += chunk.length;
  assert.ok(near.connection.pendingBytes > 0);
  assert.deepEqual(near.told, []);
  far.connection.resume();
  await near.isTold('drained');
  assert.equal(near.connection.pendingBytes, 0);
  await far.until(() => far.bytes.length === written);
});

test('a paused end gets nothing until it goes on', async (t) => {
  const { near, far } = await connected(t);
  far.connection.pause();
  near.connection.write('one ');
  far.connection.write('answer');
  await near.hears('answer');
  assert.equal(far.bytes.length, 0);
  far.connection.resume();
  await far.hears('one ');
});

test('a peer that ends only its half is done with: its last bytes come, and the connection closes', async (t) => {
  const { near, socket } = await dialledSocket(t);
  socket.end('last words');
  await near.isTold('closed');
  assert.equal(near.bytes.toString(), 'last words');
  assert.equal(near.connection.open, false);
});

test('a reset is told with its error, once', async (t) => {
  const { near, socket } = await dialledSocket(t);
  socket.resetAndDestroy();
  await near.isTold('closed by ECONNRESET');
  assert.equal(near.told.filter((line) => line.startsWith('closed')).length, 1);
});

test('where nobody listens the dialling is refused', async () => {
  const listener = await listenTcp(LOOPBACK, (connection) => connection.destroy());
  const { address } = listener;
  await listener.close();
  await assert.rejects(dialTcp(address), { code: 'ECONNREFUSED' });
  await assert.rejects(dialTcp({ host: 'no such host', port: 1 }), { code: 'ENOTFOUND' });
});

test('who does not answer in time is given up', async (t) => {
  const attempt = dialTcp({ host: '127.0.0.1', port: await unanswered(t) }, { timeoutMs: 50 });
  await assert.rejects(attempt, /no answer from 127\.0\.0\.1:\d+/);
});

test('an address in use is an error, and so is one that is not ours', async (t) => {
  const listener = await listenTcp(LOOPBACK, (connection) => connection.destroy());
  t.after(() => listener.close());
  await assert.rejects(
    listenTcp(listener.address, () => {}),
    { code: 'EADDRINUSE' },
  );
  await assert.rejects(
    listenTcp({ host: '192.0.2.1', port: 0 }, () => {}),
    { code: 'EADDRNOTAVAIL' },
  );
});

test('a listener that closes takes nobody more, and those that are there go on', async (t) => {
  const { listener, near, far } = await connected(t);
  const closed = listener.close();
  await assert.rejects(dialTcp(listener.address), { code: 'ECONNREFUSED' });
  near.connection.write('still here');
  await far.hears('still here');
  near.connection.end();
  await far.isTold('closed');
  await closed;
});

test('IPv4 addresses have no IPv6 form around them', async (t) => {
  let listener: Listener;
  let taken: (connection: Connection) => void = () => {};
  const connection = new Promise<Connection>((resolve) => (taken = resolve));
  try {
    listener = await listenTcp({ host: '::', port: 0 }, (one) => taken(one));
  } catch {
    t.skip('this host has no IPv6');
    return;
  }
  const socket = connect(listener.address.port, '127.0.0.1');
  const far = await connection;
  assert.equal(far.remote.host, '127.0.0.1');
  assert.equal(far.local.host, '127.0.0.1');
  far.destroy();
  socket.destroy();
  await listener.close();
});
