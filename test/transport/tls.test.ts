/** TLS connections from a listener. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import type { Connection } from '../../src/transport/connection.ts';
import { listenTls } from '../../src/transport/tls.ts';
import { makeCertificate } from '../support/certificate.ts';

const first = makeCertificate();
const second = makeCertificate();
const ANY = { host: '127.0.0.1', port: 0 };

function echo(connection: Connection): void {
  connection.handle({ data: (bytes) => connection.write(bytes), drained: () => {}, closed: () => {} });
}

async function dial(port: number, ca: string): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca });
  await once(socket, 'secureConnect');
  return socket;
}

test('bytes come and go; who believes another certificate stays away, who speaks no TLS hurts nobody', async (t) => {
  const listener = await listenTls(ANY, first, echo);
  t.after(() => listener.close());
  const { port } = listener.address;
  const plain = connectTcp(port, '127.0.0.1');
  plain.write('NICK ann\r\n');
  const left = once(plain.resume(), 'close');
  const socket = await dial(port, first.cert);
  socket.write('over TLS');
  assert.equal(String((await once(socket, 'data'))[0]), 'over TLS');
  await assert.rejects(dial(port, second.cert), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  await left;
  socket.end();
  await once(socket, 'close');
});

test('a renewed certificate is shown to newcomers, and who is there stays', async (t) => {
  const listener = await listenTls(ANY, first, echo);
  t.after(() => listener.close());
  const before = await dial(listener.address.port, first.cert);
  listener.renew(second);
  const after = await dial(listener.address.port, second.cert);
  before.write('still here');
  assert.equal(String((await once(before, 'data'))[0]), 'still here');
  for (const socket of [before, after]) {
    socket.end();
    await once(socket, 'close');
  }
});

test('a key that does not fit is told at once', async () => {
  await assert.rejects(listenTls(ANY, { cert: first.cert, key: second.key }, echo), /key values mismatch/);
});
