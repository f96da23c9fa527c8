/** Two linked servers, and the relay in front of servers, do what the stories rely on. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ircClient } from '../support/irc-client.ts';
import { withServers } from './irc-server.ts';
import { linkedInspircds } from './linked-inspircd.ts';
import { tcpRelay } from './tcp-relay.ts';

test('two servers are one network, are split, and are one again', { timeout: 60_000 }, async (t) => {
  const { a, b, ...link } = await linkedInspircds(t);
  const relay = await tcpRelay(t, (number) => (number === 0 ? a : b));
  const ann = await ircClient(t, { ...relay, nick: 'ann' });
  await ann.joins('#tea');
  const bea = await ircClient(t, { ...relay, nick: 'bea' });
  await bea.joins('#tea');
  assert.equal(relay.count, 2);
  await ann.sees({ command: 'JOIN', from: 'bea' });
  await link.split();
  await ann.sees({ command: 'QUIT', from: 'bea' });
  await bea.sees({ command: 'QUIT', from: 'ann' });
  await bea.says('#tea', 'alone');
  await link.rejoin();
  await ann.sees({ command: 'JOIN', from: 'bea' });
  await bea.says('#tea', 'together');
  await ann.sees({ command: 'PRIVMSG', from: 'bea', text: 'together' });
  ann.sawNothing({ command: 'PRIVMSG', text: 'alone' });
});

for (const { name, start } of withServers) {
  test(`${name}: a client that dies behind the relay stays as a ghost until it is freed`, async (t) => {
    const server = await start(t);
    const relay = await tcpRelay(t, () => server);
    const ann = await ircClient(t, { host: server.host, port: server.port, nick: 'ann' });
    await ann.joins('#tea');
    const bob = connect(relay.port, relay.host);
    bob.on('error', () => {});
    bob.write('NICK bob\r\nUSER bob 0 * :Bob\r\n');
    await once(bob, 'data');
    bob.write('JOIN #tea\r\n');
    await ann.sees({ command: 'JOIN', from: 'bob' });
    relay.keepsGhosts();
    bob.resetAndDestroy();
    await once(bob, 'close');
    await ann.settles();
    assert.ok((await ann.names('#tea')).has('bob'));
    relay.freesGhosts();
    await ann.sees({ command: 'QUIT', from: 'bob' });
  });
}
