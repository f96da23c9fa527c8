/** The health pages, over real sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { startHealth, type Health, type Readiness } from '../../src/ops/http.ts';

async function health(
  t: TestContext,
  ready: () => Readiness = () => ({ ready: true, details: {} }),
): Promise<{ pages: Health; url: string }> {
  const pages = await startHealth({ listen: { host: '127.0.0.1', port: 0 }, ready, log: silentLog });
  t.after(() => pages.close());
  return { pages, url: `http://127.0.0.1:${pages.address.port}` };
}

/** Sends bytes and reads until the other end closes. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data.toString('latin1')));
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

test('/healthz says ok while the process lives', async (t) => {
  const { url } = await health(t, () => ({ ready: false, details: {} }));
  const answer = await fetch(`${url}/healthz`);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), 'ok\n');
});

test('/readyz is 200 or 503, with the details', async (t) => {
  let ready = false;
  const { url } = await health(t, () => ({ ready, details: { networks: { local: ready } } }));
  const before = await fetch(`${url}/readyz`);
  assert.equal(before.status, 503);
  assert.match(before.headers.get('content-type') ?? '', /^application\/json/);
  assert.deepEqual(await before.json(), { ready: false, networks: { local: false } });
  ready = true;
  const after = await fetch(`${url}/readyz?verbose`);
  assert.equal(after.status, 200);
  assert.deepEqual(await after.json(), { ready: true, networks: { local: true } });
});

test('a fault in telling the readiness is "not ready", not a crash', async (t) => {
  const { url } = await health(t, () => {
    throw new Error('broken');
  });
  const answer = await fetch(`${url}/readyz`);
  assert.equal(answer.status, 503);
  assert.deepEqual(await answer.json(), { ready: false });
});

test('another path is 404, another method 405', async (t) => {
  const { url } = await health(t);
  for (const path of ['/', '/healthz/', '/no-such-page', '/..%2fetc']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(`${url}/healthz`, { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD');
  }
  const head = await fetch(`${url}/healthz`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
});

test('what is not HTTP, and a header that is too long, are refused and the pages live on', async (t) => {
  const { pages, url } = await health(t);
  assert.match(await raw(pages.address.port, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 /);
  const long = `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(10_000)}\r\n\r\n`;
  assert.match(await raw(pages.address.port, long), /^HTTP\/1\.1 431 /);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test('a request to upgrade goes to whoever takes its path, and others are answered as if they did not want to', async (t) => {
  const upgraded: string[] = [];
  const pages = await startHealth({
    listen: { host: '127.0.0.1', port: 0 },
    ready: () => ({ ready: true, details: {} }),
    upgrades: {
      '/sip': ({ url = '' }, socket) => {
        upgraded.push(url);
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      },
    },
    log: silentLog,
  });
  t.after(() => pages.close());
  const ask = (path: string, protocol = 'websocket'): Promise<string> =>
    raw(
      pages.address.port,
      `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
    );
  assert.match(await ask('/sip?page=1'), /^HTTP\/1\.1 101 /);
  for (const path of ['/msrp', '/sip/', '/', '/toString']) {
    assert.match(await ask(path), /^HTTP\/1\.1 404 /, path);
  }
  assert.match(await ask('/sip', 'h2c'), /^HTTP\/1\.1 404 /);
  for (const protocol of ['websocket', 'h2c']) {
    const page = await ask('/healthz', protocol);
    assert.match(page, /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*\nok\n$/);
  }
  assert.deepEqual(upgraded, ['/sip?page=1']);
});

test('connections that were upgraded leave room for those that ask for pages', async (t) => {
  const sockets: Socket[] = [];
  const pages = await startHealth({
    listen: { host: '127.0.0.1', port: 0 },
    ready: () => ({ ready: true, details: {} }),
    upgrades: {
      '/sip': (_, socket) => {
        sockets.push(socket);
        socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      },
    },
    log: silentLog,
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    return pages.close();
  });
  const open = async (bytes: string): Promise<Socket> => {
    const socket = connect(pages.address.port, '127.0.0.1');
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    socket.write(bytes);
    if (bytes !== '') await once(socket, 'data');
    return socket;
  };
  const upgrade = 'GET /sip HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  for (let count = 0; count < 70; count += 1) await open(upgrade);
  const page = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
  for (let count = 0; count < 64; count += 1) await open(page);
  await once((await open('')).resume(), 'close');
});

test('a port in use is an error with its code', async (t) => {
  const { pages } = await health(t);
  const second = startHealth({
    listen: pages.address,
    ready: () => ({ ready: true, details: {} }),
    log: silentLog,
  });
  await assert.rejects(second, { code: 'EADDRINUSE' });
});

test('close ends open connections too', async (t) => {
  const { pages } = await health(t);
  const socket = connect(pages.address.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await pages.close();
  await closed;
  assert.ok(socket.destroyed);
});
