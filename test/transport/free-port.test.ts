/** Ports that give way. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { freePort } from '../../src/transport/free-port.ts';

test('a port that is free is taken as it is, one in use gives way to a later one', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  t.after(() => holder.close());
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const next = await freePort('127.0.0.1', port, ['tcp']);
  assert.ok(next > port);
  assert.equal(await freePort('127.0.0.1', next, ['tcp']), next);
});

test('a port must be free for all that will listen on it', async (t) => {
  const holder = createSocket('udp4');
  t.after(() => holder.close());
  holder.bind(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  assert.ok((await freePort('127.0.0.1', port, ['udp', 'tcp'])) > port);
});

test('a host that is none of ours has no free port', async () => {
  await assert.rejects(freePort('192.0.2.1', 5060, ['tcp']), { code: 'EADDRNOTAVAIL' });
});
