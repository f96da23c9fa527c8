/** Other settings for a running network: what is connected to anew, and what holds from then on. Rooms keep everybody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, ScriptedServer } from '../irc/scripted-server.ts';
import { scene } from './scene.ts';

const soon = { timeout: 15_000 };

for (const [name, change, sign] of [
  ['username', { username: 'other' }, /^USER other/],
  ['realname', { realname: 'Other Name' }, /^USER reader 0 \* :Other Name$/],
  ['nick', { nick: 'bridge' }, /^NICK bridge$/],
  ['password', { password: 'sesame' }, /^PASS sesame$/],
] as const) {
  test(`another ${name}: the reader is connected anew, the puppets stay`, soon, async (t) => {
    const { server, network, room, settings, passes } = await scene(t);
    await room.joins('alice');
    const alice = await server.called('alice');
    network.configure(settings(change));
    await room.tells(/^down: IRC cannot be reached \(new settings\)/);
    await passes(() => room.count(/^up/) === 2);
    const reader = await server.peer(2);
    await reader.gets(sign);
    assert.equal(alice.count(/^QUIT/), 0);
    await room.isSettled(room.says('alice', 'still here'), 'ok');
    assert.equal(room.count(/^expelled/), 0);
  });
}

test('other servers: all go there, and the rooms keep everybody', soon, async (t) => {
  const { server, network, room, settings, passes } = await scene(t);
  const next = await ScriptedServer.start(t);
  await room.joins('alice');
  network.configure(settings({ servers: [next.address] }));
  await passes(() => next.channels.get('#a')?.has('alice') === true && room.count(/^up/) === 2);
  await until(() => server.peers.every(({ socket }) => socket.destroyed));
  await room.isSettled(room.says('alice', 'here now'), 'ok');
  assert.equal(room.count(/^expelled/), 0);
  assert.equal(await room.joins('bob'), 'bob');
  assert.equal(next.peers.length, 3);
});

test('the next server is tried when one does not let us in', soon, async (t) => {
  const dead = await ScriptedServer.start(t, { accept: () => true });
  const alive = await ScriptedServer.start(t);
  const { room, passes } = await scene(t, { servers: [dead.address, alive.address] });
  await passes(() => room.count(/^up/) === 1);
  assert.equal(await room.joins('alice'), 'alice');
  assert.deepEqual([dead.peers.length, alive.peers.length], [1, 2]);
});

test(
  'another puppetNick holds for newcomers and the next nicks; nobody is renamed by it',
  soon,
  async (t) => {
    const { server, network, room, settings } = await scene(t);
    await room.joins('alice');
    network.configure(settings({ puppetNick: '{nick}|sip' }));
    assert.equal(await room.joins('bob'), 'bob');
    await server.called('bob|sip');
    await server.called('alice');
    await room.isSettled(room.renames('alice', 'Queen'), 'ok Queen');
    await server.called('Queen|sip');
    assert.equal(server.peers.length, 3);
  },
);

test(
  'no puppets any more: all are relayed, and told so; puppets again are for newcomers',
  soon,
  async (t) => {
    const { server, network, room, settings } = await scene(t);
    await room.joins('alice');
    network.configure(settings({ puppets: false }));
    await room.tells(/^told sip:alice@users.test: you are on IRC through the gateway's own connection now/);
    const reader = await server.called('parley');
    await room.isSettled(room.says('alice', 'hello'), 'ok');
    await reader.gets(/^PRIVMSG #a :<alice> hello$/);
    network.configure(settings({ puppets: true }));
    assert.equal(await room.joins('bob'), 'bob');
    assert.equal(network.state.puppets, 1);
  },
);

test('another pace holds at once', soon, async (t) => {
  const { server, network, room, settings } = await scene(t, { pace: { burst: 1, perSecond: 0.001 } });
  await room.joins('alice');
  const alice = await server.called('alice');
  const said = room.says('alice', '1\n2\n3');
  await alice.gets(/^PRIVMSG #a 1$/);
  network.configure(settings({ pace: null }));
  await room.isSettled(said, 'ok');
});

test('a room that ends is left by all; a network that stops says goodbye', soon, async (t) => {
  const { server, network, room, addRoom } = await scene(t);
  const other = addRoom('#b');
  await room.joins('alice');
  await other.joins('bob');
  const reader = await server.called('parley');
  const alice = await server.called('alice');
  const bob = await server.called('bob');
  room.side.remove('closed');
  await reader.gets(/^PART #a closed$/);
  await alice.gets(/^QUIT closed$/);
  await network.stop('gateway ends');
  await bob.gets(/^QUIT :gateway ends$/);
  await reader.gets(/^QUIT :gateway ends$/);
});

test('a change while the reader is being connected does not count against the server', soon, async (t) => {
  let mute = true;
  const first = await ScriptedServer.start(t, { answer: () => mute });
  const second = await ScriptedServer.start(t);
  const { network, room, settings, passes } = await scene(t, { servers: [first.address, second.address] });
  const servers = [first.address, second.address];
  await (await first.peer(0)).gets(/^USER/);
  mute = false;
  network.configure(settings({ nick: 'bridge', servers }));
  await passes(() => room.count(/^up/) === 1);
  await first.called('bridge');
  assert.equal(second.peers.length, 0);
});
