/** Links that break, servers that take no more, ghosts, and a reader that is thrown out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, type Peer } from '../irc/scripted-server.ts';
import { idOf, scene } from './scene.ts';

const soon = { timeout: 20_000 };

/** An INVITE whose outcome is that the reader is refused. */
const refusedReader = /^settled admit\d+ closed: IRC says: invite only$/;

test('all of IRC goes away and comes back: who is there stays, and is who it was', soon, async (t) => {
  const { server, room, network, records, passes } = await scene(t);
  await room.joins('alice');
  server.joins('ann', '#a');
  await room.tells('arrived ann+net=ann');
  for (const { socket } of server.peers) socket.destroy();
  await room.tells(/^down: IRC cannot be reached \(.*\); until it is back only the people here hear you$/);
  await until(() => records.includes('a puppet lost its link'));
  const waiting = room.says('alice', 'is anybody there?');
  await passes(() => room.count(/^up/) === 2);
  await room.tells('people ann+net=ann');
  await passes(
    () => network.state.puppets === 1 && server.peers.some((peer) => peer.count(/is anybody there/) > 0),
  );
  await until(() => room.count(new RegExp(`^settled ${waiting} ok`)) === 1);
  assert.equal(room.count(/^expelled/), 0);
  assert.equal((await server.called('alice')).count(/^JOIN #a$/), 1);
});

test(
  'a puppet alone loses its link: its participant is told when it takes long, its lines wait',
  soon,
  async (t) => {
    const { server, room, passes } = await scene(
      t,
      {},
      {
        accept: (peer) => {
          const refuses = server.peers.length > 2 && server.peers.length < 6;
          if (refuses) peer.send('ERROR :Closing link: try again');
          return refuses;
        },
      },
    );
    await room.joins('alice');
    (await server.called('alice')).socket.destroy();
    await passes(() => room.count(/^told .*your connection to IRC is lost/) === 1);
    const waiting = room.says('alice', 'hello?');
    await passes(() => room.count(new RegExp(`^settled ${waiting} ok`)) === 1);
    assert.equal(room.count(/^(?:down|expelled)/), 0);
  },
);

test('twenty puppets that lost their links come back a few at a time', soon, async (t) => {
  const { server, clock, room } = await scene(t);
  for (let at = 0; at < 20; at++) await room.joins(`user${at}`);
  assert.equal(server.peers.length, 21);
  const readers = await server.called('parley');
  for (const peer of server.peers) if (peer !== readers) peer.socket.destroy();
  await until(() => server.peers.every((peer) => peer === readers || peer.socket.destroyed));
  const opened = (): number => server.peers.length - 21;
  let since = 0;
  await until(() => {
    clock.advance(10);
    if (since === 0 && opened() > 0) since = clock.now();
    return opened() === 20;
  });
  assert.ok(clock.now() - since >= 2_400, 'ten, then four a second');
  await until(() => [...(server.channels.get('#a')?.keys() ?? [])].length === 21);
});

test('too many connections at the first puppet: it is relayed', soon, async (t) => {
  const { server, room, network } = await scene(
    t,
    {},
    {
      accept: (peer) => {
        if (server.peers.length === 1) return false;
        peer.send('ERROR :Closing link: (u@h) [No more connections allowed from your host]');
        return true;
      },
    },
  );
  const request = room.admits('alice');
  await room.isSettled(request, 'ok');
  assert.equal(network.state.puppets, 0);
  const reader = await server.called('parley');
  const said = room.says('alice', 'hello');
  await reader.gets(/^PRIVMSG #a :<alice> hello$/);
  await room.isSettled(said, 'ok');
  await room.isSettled(
    room.whispers('alice', ['ann+net'], 'x'),
    'private-off: who has no own connection to IRC cannot write to people there in private',
  );
  await room.isSettled(room.renames('alice', 'Queen'), 'ok Queen');
  assert.equal(server.peers.length, 2, 'the next one does not even try');
  await room.isSettled(room.admits('bob'), 'ok');
  assert.equal(server.peers.length, 2);
  room.releases('alice');
});

test(
  'too many at a later one, also for one that comes back: relayed, and told so; the others stay',
  soon,
  async (t) => {
    let most = 3;
    const { server, room, network, clock, passes } = await scene(
      t,
      {},
      {
        accept: (peer) => {
          if (server.peers.filter(({ socket }) => !socket.destroyed).length <= most) return false;
          peer.send('ERROR :Too many connections from your IP');
          return true;
        },
      },
    );
    assert.equal(await room.joins('alice'), 'alice');
    assert.equal(await room.joins('bob'), 'bob');
    await room.isSettled(room.admits('cyd'), 'ok');
    assert.equal(network.state.puppets, 2);
    most = 2;
    (await server.called('bob')).socket.destroy();
    await passes(
      () =>
        room.count(/^told sip:bob@users.test: you are on IRC through the gateway's own connection now/) === 1,
    );
    assert.equal(network.state.puppets, 1);
    most = 10;
    await room.isSettled(room.admits('dan'), 'ok');
    clock.advance(600_000);
    assert.equal(
      await room.joins('eve'),
      'eve',
      'what a server said of its limit is believed for ten minutes',
    );
  },
);

test(
  'where the server counts by the addresses of users, one who has too many is no limit for others',
  soon,
  async (t) => {
    const { server, room, network } = await scene(
      t,
      { webirc: { password: 'sesame', gateway: 'parley' } },
      {
        answer: (peer, line) => {
          if (line.command !== 'WEBIRC' || line.params[3] !== '192.0.2.66') return false;
          peer.send('ERROR :Too many connections from your IP');
          peer.socket.end();
          return true;
        },
      },
    );
    await room.isSettled(room.admits('mallory', { host: '192.0.2.66' }), 'ok');
    assert.equal(network.state.puppets, 0);
    assert.equal(await room.joins('alice'), 'alice');
    assert.equal(network.state.puppets, 1);
    assert.ok(server.peers.length > 2);
  },
);

test('puppetLimit, and no puppets at all', soon, async (t) => {
  const limited = await scene(t, { puppetLimit: 1 });
  assert.equal(await limited.room.joins('alice'), 'alice');
  await limited.room.isSettled(limited.room.admits('bob'), 'ok');
  assert.equal(limited.network.state.puppets, 1);
  const none = await scene(t, { puppets: false }, { capabilities: 'echo-message' });
  await none.room.isSettled(none.room.admits('alice'), 'ok');
  const reader = await none.server.called('parley');
  const said = none.room.says('alice', 'hello');
  await reader.gets(/^PRIVMSG #a :<alice> hello$/);
  await reader.gets(/^PING fence-1$/);
  assert.equal(none.room.count(new RegExp(`^settled ${said}`)), 0, 'the echo confirms');
  reader.send(`:${reader.mask} PRIVMSG #a :<alice> hello`);
  await none.room.isSettled(said, 'ok');
});

test('we come too fast: nobody goes for twenty seconds', soon, async (t) => {
  let throttles = false;
  const { server, room, clock, passes } = await scene(
    t,
    {},
    {
      accept: (peer) => {
        if (throttles) peer.send('ERROR :Trying to reconnect too fast.');
        return throttles;
      },
    },
  );
  await room.tells('up: IRC is back');
  throttles = true;
  await room.isSettled(
    room.admits('alice'),
    'unavailable: IRC does not let us in: Trying to reconnect too fast.',
  );
  throttles = false;
  const since = clock.now();
  const request = room.admits('bob');
  assert.equal(server.peers.length, 2);
  await passes(() => room.count(new RegExp(`^settled ${request} ok`)) === 1);
  assert.ok(clock.now() - since >= 20_000);
});

test('banned or killed is the end of it', soon, async (t) => {
  const { server, room, network } = await scene(t);
  await room.joins('alice');
  const alice = await server.called('alice');
  alice.send(':ann!a@h KILL alice :enough', 'ERROR :Closing link');
  alice.socket.end();
  await room.tells(`expelled ${idOf('alice')}: removed from IRC: enough`);
  assert.equal(network.state.puppets, 0);
});

test(
  'the reader is kicked: lines are confirmed by the fence; it comes again when somebody joins, or on SIGHUP',
  soon,
  async (t) => {
    const { server, room, network, reader, settings } = await scene(t);
    await room.joins('alice');
    const peer = await reader();
    const kick = (): void => {
      server.tell('#a', ':ann!a@h KICK #a parley :no bots');
      server.channels.get('#a')?.delete('parley');
    };
    kick();
    await room.tells('down: IRC cannot be heard here: the reader was kicked by ann: no bots');
    await room.isSettled(room.says('alice', 'and now?'), 'ok');
    assert.equal(peer.count(/^JOIN/), 1, 'a kick is a no');
    assert.equal(await room.joins('bob'), 'bob');
    assert.equal(peer.count(/^JOIN/), 2);
    await until(() => room.count(/^up/) === 2);
    kick();
    await room.tells(/^down/);
    network.configure(settings({}));
    await room.tells('up: IRC is back');
    assert.equal(peer.count(/^JOIN/), 3);
  },
);

test(
  'a channel that the reader cannot enter: each INVITE gets the refusal, and it does not hammer',
  soon,
  async (t) => {
    const { room, reader } = await scene(
      t,
      {},
      {
        answer: (peer, { command }) => {
          if (command !== 'JOIN') return false;
          peer.send(`:irc.test 473 ${peer.nick} #a :invite only`);
          return true;
        },
      },
    );
    const peer = await reader();
    await peer.gets(/^JOIN #a$/);
    for (const user of ['alice', 'bob', 'cyd']) room.admits(user);
    await until(() => room.count(refusedReader) === 3);
    assert.ok(peer.count(/^JOIN/) <= 4);
    room.side.configure({ channel: '#a', key: 'k3y', maxLines: 8 });
    await peer.gets(/^JOIN #a k3y$/);
  },
);

test('the reader’s own nick, when its ghost goes', soon, async (t) => {
  const taken = new Set(['parley']);
  const { server, room } = await scene(t, {}, { taken });
  server.joins('parley', '#a');
  await room.tells('people parley+net=parley');
  const reader = await server.called('parley_');
  taken.clear();
  server.quits('parley', 'Ping timeout');
  await reader.gets(/^NICK parley$/);
  await server.called('parley');
  await room.tells('departed parley+net');
});

test(
  'a puppet whose ghost has its nick is called as before when that goes, in every room',
  soon,
  async (t) => {
    const taken = new Set<string>();
    const { server, room, addRoom, passes } = await scene(t, {}, { taken });
    const other = addRoom('#b');
    await room.joins('alice');
    await other.joins('alice');
    const ghost: Peer = await server.called('alice');
    const { user } = ghost;
    ghost.socket.removeAllListeners('close');
    ghost.socket.destroy();
    taken.add('alice');
    await passes(() => room.count(/changed .*: nick alice_/) === 1);
    await room.tells(`told ${idOf('alice')}: you are alice_ on IRC now`);
    await until(() => server.channels.get('#a')?.has('alice_') === true);
    await until(() => server.channels.get('#b')?.has('alice_') === true);
    const alice = await server.called('alice_');
    // Only now it surely knows its own mask.
    await room.isSettled(room.says('alice', 'still me'), 'ok');
    await alice.gets(/^NICK alice_$/);
    server.tell('#a', ':alice!stranger@host QUIT :somebody else');
    taken.clear();
    server.tell('#a', `:alice!${user}@host QUIT :Ping timeout`);
    await alice.gets(/^NICK alice$/);
    await room.tells(`changed ${idOf('alice')}: nick alice`);
    await other.tells(`changed ${idOf('alice')}: nick alice`);
  },
);
