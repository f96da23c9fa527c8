/** WebSockets from a listener of our own, with a client of the package on the other side, and with bytes by hand. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import WebSocket, { type ClientOptions } from 'ws';
import { systemClock } from '../../src/common/clock.ts';
import { silentLog } from '../../src/common/log.ts';
import type { Connection } from '../../src/transport/connection.ts';
import { Guests } from '../../src/transport/guests.ts';
import {
  listenWebSocket,
  WebSocketServer,
  type WebSocketServerOptions,
} from '../../src/transport/websocket-server.ts';
import type { TlsListener } from '../../src/transport/tls.ts';
import { makeCertificate } from '../support/certificate.ts';
import { FakeClock } from '../support/fake-clock.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** A listener, and the connections that it has given, in order. */
interface Place {
  readonly port: number;
  readonly listener: TlsListener;
  readonly given: AsyncIterableIterator<Connection>;
}

async function listening(
  t: TestContext,
  options: Partial<WebSocketServerOptions> = {},
  certificate?: { cert: string; key: string },
): Promise<Place> {
  const there: Connection[] = [];
  let wake = (): void => {};
  const server = new WebSocketServer({
    clock: systemClock,
    log: silentLog,
    protocol: 'msrp',
    text: false,
    maxMessageBytes: 100_000,
    origins: { hosts: [], origins: ['https://pages.test'] },
    guests: new Guests(1000),
    accept: (connection) => {
      there.push(connection);
      wake();
    },
    ...options,
  });
  const listener = await listenWebSocket(LOOPBACK, server, certificate);
  t.after(() => {
    for (const connection of there) connection.destroy();
    return listener.close();
  });
  async function* given(): AsyncIterableIterator<Connection> {
    for (let at = 0; ; at += 1) {
      while (there.length <= at) await new Promise<void>((resolve) => (wake = resolve));
      yield there[at] as Connection;
    }
  }
  return { port: listener.address.port, listener, given: given() };
}

async function next({ given }: Place): Promise<Connection> {
  return (await given.next()).value as Connection;
}

/** A client; its messages are kept from the start. */
function client(
  t: TestContext,
  { port }: Place,
  options: ClientOptions = {},
  protocol: string | undefined = 'msrp',
  scheme = 'ws',
): { webSocket: WebSocket; messages: { data: Buffer; isBinary: boolean }[] } {
  const webSocket = new WebSocket(`${scheme}://127.0.0.1:${port}/`, protocol, options);
  const messages: { data: Buffer; isBinary: boolean }[] = [];
  webSocket.on('message', (data, isBinary) => messages.push({ data: data as Buffer, isBinary }));
  webSocket.on('error', () => {});
  t.after(() => webSocket.terminate());
  return { webSocket, messages };
}

/** The status with which a handshake was refused. */
async function refused(webSocket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(webSocket, 'unexpected-response')) as [unknown, { statusCode?: number }];
  return response.statusCode;
}

/** Waits for messages. */
async function until(webSocket: WebSocket, holds: () => boolean): Promise<void> {
  while (!holds()) await once(webSocket, 'message');
}

/** What a connection gets and how it ends. */
function listensTo(connection: Connection): {
  data: Buffer[];
  closed: Promise<Error | undefined>;
  grew: () => Promise<void>;
} {
  const data: Buffer[] = [];
  let grown = (): void => {};
  const closed = new Promise<Error | undefined>((resolve) => {
    connection.handle({
      data: (bytes) => {
        data.push(bytes);
        grown();
      },
      drained: () => {},
      closed: resolve,
    });
  });
  return { data, closed, grew: () => new Promise((resolve) => (grown = resolve)) };
}

/** The bytes of a handshake by hand. */
function handshake(port: number, lines: readonly string[] = []): string {
  const usual = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  ];
  return `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${[...usual, ...lines].join('\r\n')}\r\n\r\n`;
}

function socketTo(t: TestContext, { port }: Place): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  return socket;
}

test('a write is a message and a message is one `data`, whatever it is made of (RFC 7977 section 5.1)', async (t) => {
  const place = await listening(t);
  const { webSocket, messages } = client(t, place);
  const connection = await next(place);
  assert.equal(connection.framed, true);
  assert.equal(connection.remote.host, '127.0.0.1');
  assert.equal(connection.local.port, place.port);
  const heard = listensTo(connection);
  connection.write('one');
  connection.write(Buffer.from([0, 255, 1]));
  await until(webSocket, () => messages.length === 2);
  assert.deepEqual(
    messages.map(({ data, isBinary }) => [data.toString('latin1'), isBinary]),
    [
      ['one', true],
      ['\0\xff\x01', true],
    ],
  );
  // In fragments, and text that is no UTF-8: bytes all the same (section 4.2).
  const all = (count: number) => async (): Promise<void> => {
    while (heard.data.length < count) await heard.grew();
  };
  webSocket.send('a', { fin: false });
  webSocket.send('b', { fin: true });
  await all(1)();
  webSocket.send(Buffer.from([0x80, 0x41]), { binary: false });
  await all(2)();
  assert.deepEqual(
    heard.data.map((bytes) => bytes.toString('latin1')),
    ['ab', '\x80A'],
  );
  connection.end();
  assert.equal(connection.open, false);
  assert.equal(await heard.closed, undefined);
});

test('`text` sends text; pause holds back; a peer that goes away is told', async (t) => {
  const place = await listening(t, { text: true, protocol: 'sip' });
  const { webSocket, messages } = client(t, place, {}, 'sip');
  const connection = await next(place);
  const heard = listensTo(connection);
  connection.write(Buffer.from('grüße'));
  await until(webSocket, () => messages.length === 1);
  assert.deepEqual([messages[0]?.data.toString(), messages[0]?.isBinary], ['grüße', false]);
  connection.pause();
  webSocket.send('waits');
  webSocket.ping();
  connection.write('go');
  await until(webSocket, () => messages.length === 2);
  assert.equal(heard.data.length, 0);
  connection.resume();
  await heard.grew();
  webSocket.terminate();
  await heard.closed;
  assert.equal(connection.open, false);
  assert.equal(connection.write('too late'), true);
});

test('who does not read makes `write` say false, and `drained` comes', async (t) => {
  const place = await listening(t);
  const { webSocket } = client(t, place);
  const connection = await next(place);
  const drained = new Promise<void>((resolve) => {
    connection.handle({ data: () => {}, drained: resolve, closed: () => {} });
  });
  await once(webSocket, 'open');
  webSocket.pause();
  const chunk = Buffer.alloc(256 * 1024);
  // What is too much for a turn may be gone in the next.
  for (let full = false; !full;) {
    full = !connection.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
    full &&= connection.pendingBytes > 1_000_000;
  }
  webSocket.resume();
  await drained;
});

test('a message that is too large ends its connection with 1009, and nobody else', async (t) => {
  const place = await listening(t);
  const { webSocket } = client(t, place);
  const heard = listensTo(await next(place));
  const other = client(t, place);
  const otherHeard = listensTo(await next(place));
  webSocket.send(Buffer.alloc(100_001));
  const [code] = (await once(webSocket, 'close')) as [number];
  assert.equal(code, 1009);
  assert.match((await heard.closed)?.message ?? '', /Max payload size exceeded/);
  assert.equal(heard.data.length, 0);
  other.webSocket.send(Buffer.alloc(100_000));
  await otherHeard.grew();
});

test('a newcomer of whom nobody knows what it wants may send little, who has settled what is allowed', async (t) => {
  const guests = new Guests(1000);
  const place = await listening(t, { guests, maxMessageBytes: 1_000_000 });
  const stranger = client(t, place);
  const heard = listensTo(await next(place));
  const known = client(t, place);
  const connection = await next(place);
  const received = listensTo(connection);
  guests.settled(connection);
  for (const { webSocket } of [stranger, known])
    if (webSocket.readyState === 0) await once(webSocket, 'open');
  known.webSocket.send(Buffer.alloc(900_000), { fin: false });
  known.webSocket.send(Buffer.alloc(1));
  // Not whole, so nobody could tell what it is.
  stranger.webSocket.send(Buffer.alloc(200_000), { fin: false });
  await heard.closed;
  assert.deepEqual(heard.data, []);
  while (received.data.length === 0) await received.grew();
  assert.equal(received.data[0]?.length, 900_001);
});

test('a message in thousands of fragments ends its connection', async (t) => {
  const place = await listening(t);
  const { webSocket } = client(t, place);
  const heard = listensTo(await next(place));
  if (webSocket.readyState === 0) await once(webSocket, 'open');
  for (let i = 0; i < 2000; i += 1) webSocket.send('x', { fin: false });
  await heard.closed;
  assert.deepEqual(heard.data, []);
});

test('what is no WebSocket frame ends the connection', async (t) => {
  const place = await listening(t);
  const socket = socketTo(t, place);
  socket.write(handshake(place.port, ['Sec-WebSocket-Protocol: msrp']));
  const heard = listensTo(await next(place));
  socket.resume();
  socket.write('MSRP abcd SEND\r\n');
  socket.end();
  assert.ok((await heard.closed) instanceof Error);
});

test('the subprotocol must be asked for and is echoed; compression is not agreed on (RFC 7977 section 4.1)', async (t) => {
  const place = await listening(t);
  for (const protocol of ['sip', 'MSRP', 'msrps']) {
    assert.equal(await refused(client(t, place, {}, protocol).webSocket), 400, protocol);
  }
  const without = new WebSocket(`ws://127.0.0.1:${place.port}/`);
  without.on('error', () => {});
  assert.equal(await refused(without), 400);
  const { webSocket } = client(t, place, { perMessageDeflate: true });
  await once(webSocket, 'open');
  assert.equal(webSocket.protocol, 'msrp');
  assert.equal(webSocket.extensions, '');
  const socket = socketTo(t, place);
  socket.write(handshake(place.port, ['Sec-WebSocket-Protocol: chat, msrp', 'Origin: https://pages.test']));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 101 /);
  assert.match(answer.toString(), /\r\nSec-WebSocket-Protocol: msrp\r\n/);
  assert.match(answer.toString(), /\r\nAccess-Control-Allow-Origin: https:\/\/pages\.test\r\n/);
});

test('a foreign origin is answered 403', async (t) => {
  const place = await listening(t);
  assert.equal(await refused(client(t, place, { origin: 'https://evil.test' }).webSocket), 403);
  const own = client(t, place, { origin: `http://127.0.0.1:${place.port}` });
  await once(own.webSocket, 'open');
});

test('what is no upgrade is answered 426, and a bad handshake 400', async (t) => {
  const place = await listening(t);
  const plain = await fetch(`http://127.0.0.1:${place.port}/`);
  assert.equal(plain.status, 426);
  assert.equal(plain.headers.get('upgrade'), 'websocket');
  const socket = socketTo(t, place);
  socket.write(handshake(place.port, ['Sec-WebSocket-Protocol: msrp']).replace('Version: 13', 'Version: 7'));
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 400 /);
});

test('one address may have so many connections, and a place that is left is free again', async (t) => {
  const guests = new Guests(2);
  const place = await listening(t, { guests });
  const first = client(t, place);
  const connection = await next(place);
  const heard = listensTo(connection);
  guests.settled(connection);
  client(t, place);
  guests.settled(await next(place));
  assert.equal(await refused(client(t, place).webSocket), 503);
  first.webSocket.close();
  await heard.closed;
  await once(client(t, place).webSocket, 'open');
});

test('who does not answer pings is given up after a minute, who does stays (RFC 7977 section 6)', async (t) => {
  const clock = new FakeClock();
  const place = await listening(t, { clock });
  const silent = client(t, place, { autoPong: false });
  const silentHeard = listensTo(await next(place));
  const alive = client(t, place);
  const aliveConnection = await next(place);
  listensTo(aliveConnection);
  for (const { webSocket } of [silent, alive]) if (webSocket.readyState === 0) await once(webSocket, 'open');
  const asked = [silent, alive].map(({ webSocket }) => once(webSocket, 'ping'));
  clock.advance(30_000);
  await Promise.all(asked);
  // Its pong is there when what it says behind it is.
  alive.webSocket.send('x');
  const answered = new Promise<void>((resolve) => {
    aliveConnection.handle({ data: () => resolve(), drained: () => {}, closed: () => {} });
  });
  await answered;
  clock.advance(30_000);
  await silentHeard.closed;
  assert.equal(aliveConnection.open, true);
});

test('a secure listener takes TLS only, and a renewed certificate is shown to newcomers', async (t) => {
  const certificate = makeCertificate();
  const place = await listening(t, {}, certificate);
  const { webSocket, messages } = client(t, place, { ca: certificate.cert }, 'msrp', 'wss');
  const connection = await next(place);
  listensTo(connection);
  connection.write('over TLS');
  await until(webSocket, () => messages.length === 1);
  const socket = socketTo(t, place);
  socket.write(handshake(place.port, ['Sec-WebSocket-Protocol: msrp']));
  socket.resume();
  await once(socket, 'close');

  const renewed = makeCertificate();
  place.listener.renew(renewed);
  const newcomer = client(t, place, { ca: renewed.cert }, 'msrp', 'wss');
  await once(newcomer.webSocket, 'open');
  connection.write('still here');
  await until(webSocket, () => messages.length === 2);
});
