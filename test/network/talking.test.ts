/** Coming in, talking and leaving, on a tiny IRC server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf, scene } from './scene.ts';
import { until } from '../irc/scripted-server.ts';

const soon = { timeout: 15_000 };

test(
  'who joins is let in when its puppet is in the channel; a second room is a JOIN of the same puppet',
  soon,
  async (t) => {
    const { server, room, network, addRoom } = await scene(t);
    const other = addRoom('#b');
    assert.equal(await room.joins('alice', { displayName: 'Queen' }), 'Queen');
    assert.equal(await other.joins('alice', { displayName: 'Queen' }), 'Queen');
    const queen = await server.called('Queen');
    await queen.gets(/^USER u[0-9a-f]{8} 0 \* :?sip:alice@users\.test$/);
    assert.deepEqual(
      queen.lines.filter((line) => line.startsWith('JOIN')),
      ['JOIN #a', 'JOIN #b'],
    );
    assert.deepEqual(network.state, { connected: true, puppets: 1 });
    room.releases('alice', 'left', 'see you');
    await queen.gets(/^PART #a :see you$/);
    other.releases('alice', 'left', 'good night');
    await queen.gets(/^QUIT :good night$/);
    await until(() => network.state.puppets === 0);
  },
);

test('who asked for privacy is nobody on IRC', soon, async (t) => {
  const { server, room } = await scene(t);
  assert.equal(await room.joins('alice', { displayName: 'Alice', anonymous: true }), 'guest1');
  const guest = await server.called('guest1');
  await guest.gets(/^USER anonymous 0 \* :?anonymous$/);
});

test('people of the channel are known, and what they say is heard once', soon, async (t) => {
  const { server, room } = await scene(t);
  await room.tells('up: IRC is back');
  server.joins('ann', '#a');
  await room.tells('arrived ann+net=ann');
  await room.joins('alice');
  server.tell('#a', ':ann!ann@host PRIVMSG #a :hello');
  await room.tells('heard ann+net=ann: hello');
  server.tell('#a', ':ann!ann@host PRIVMSG #a :again');
  await room.tells('heard ann+net=ann: again');
  assert.equal(room.count(/^heard/), 2);
});

test(
  'what a participant says is settled when the reader has heard it, and not told again',
  soon,
  async (t) => {
    const { server, room } = await scene(t);
    await room.joins('alice');
    const alice = await server.called('alice');
    const request = room.says('alice', 'one\ntwo');
    await room.isSettled(request, 'ok');
    assert.deepEqual(alice.lines.filter((line) => /^(?:PRIVMSG|PING)/.test(line)).slice(-3), [
      'PRIVMSG #a one',
      'PRIVMSG #a two',
      'PING fence-1',
    ]);
    assert.equal(room.count(/^heard/), 0);
    await room.isSettled(
      room.says('alice', Array.from({ length: 9 }, () => 'x').join('\n')),
      'too-long: this would be more than 8 lines on IRC, the most that are taken',
    );
    await room.isSettled(room.says('alice', ' \n '), 'ok');
  },
);

test('a line that the server refuses, and one that it swallows', soon, async (t) => {
  const { clock, room, passes } = await scene(
    t,
    {},
    {
      answer: (peer, { command, params }) => {
        if (command !== 'PRIVMSG') return false;
        if (params[1] === 'no') peer.send(`:irc.test 404 ${peer.nick} #a :Cannot send to channel`);
        return params[1] === 'no' || params[1] === 'kraken';
      },
    },
  );
  await room.joins('alice');
  await room.isSettled(room.says('alice', 'no'), 'muted: IRC says: Cannot send to channel');
  const lost = room.says('alice', 'kraken');
  await room.isSettled(room.says('alice', 'yes'), 'ok');
  const since = clock.now();
  await passes(() => room.count(new RegExp(`^settled ${lost} lost`)) === 1);
  assert.ok(clock.now() - since >= 10_000);
});

test('a JOIN that is refused is the answer, and the puppet goes', soon, async (t) => {
  const { server, room, network } = await scene(
    t,
    {},
    {
      answer: (peer, { command }) => {
        if (command !== 'JOIN' || peer.nick === 'parley') return false;
        peer.send(`:irc.test 474 ${peer.nick} #a :Cannot join channel (+b)`);
        return true;
      },
    },
  );
  await room.isSettled(room.admits('alice'), 'banned: IRC says: Cannot join channel (+b)');
  await (await server.peer(1)).gets(/^QUIT/);
  assert.equal(network.state.puppets, 0);
});

test('a call that is over before the puppet is in', soon, async (t) => {
  const { server, room } = await scene(t, {}, { answer: (peer) => peer === server.peers[1] });
  await room.tells('up: IRC is back');
  room.admits('alice');
  const alice = await server.peer(1);
  await alice.gets(/^USER/);
  room.releases('alice', 'left', 'cancelled');
  await until(() => alice.socket.destroyed);
  assert.equal(room.count(/^settled/), 0);
  assert.equal(await room.joins('alice'), 'alice');
});

test('a private message to some: one PRIVMSG each; whom it did not reach is told', soon, async (t) => {
  const { server, room } = await scene(
    t,
    {},
    {
      tokens: ['STATUSMSG=@+'],
      answer: (peer, { command, params }) => {
        if (command !== 'PRIVMSG' || params[0] !== 'bea') return false;
        peer.send(`:irc.test 401 ${peer.nick} bea :No such nick`);
        return true;
      },
    },
  );
  await room.joins('alice');
  server.joins('ann', '#a');
  server.joins('bea', '#a');
  await room.tells('arrived bea+net=bea');
  await room.isSettled(room.whispers('alice', ['ann+net'], 'psst'), 'ok');
  const alice = await server.called('alice');
  await alice.gets(/^PRIVMSG ann psst$/);
  await room.isSettled(room.whispers('alice', ['bea+net'], 'psst'), 'nobody: IRC says: No such nick');
  await room.isSettled(
    room.whispers('alice', ['ann+net', 'bea+net'], 'you two'),
    'nobody: this did not reach bea: IRC says: No such nick',
  );
  await room.isSettled(room.whispers('alice', ['cyd+net'], 'psst'), 'nobody: nobody on IRC has this address');
  await room.isSettled(room.whispers('alice', ['@#a+net'], 'ops'), 'ok');
  await alice.gets(/^PRIVMSG @#a ops$/);
});

test('what was for somebody who has left does not go to who has the nick now', soon, async (t) => {
  const { server, room } = await scene(t);
  await room.joins('alice');
  server.joins('ann', '#a');
  await room.tells('arrived ann+net=ann');
  server.quits('ann', 'bye');
  server.tell('#a', ':ann!other@elsewhere JOIN #a');
  await room.tells('arrived ann;2+net=ann');
  await room.isSettled(
    room.whispers('alice', ['ann+net'], 'secret'),
    'nobody: nobody on IRC has this address',
  );
  await room.isSettled(room.whispers('alice', ['ann;2+net'], 'hello'), 'ok');
});

test('a private message from IRC; and that it was not heard is told to its sender', soon, async (t) => {
  const { server, room } = await scene(t);
  await room.joins('alice');
  server.joins('ann', '#a');
  await room.tells('arrived ann+net=ann');
  const alice = await server.called('alice');
  alice.send(':ann!ann@host PRIVMSG alice :psst');
  await room.tells(`whispered ann+net=ann to ${idOf('alice')}: psst`);
  room.side.effect({ type: 'unheard', participant: idOf('alice'), from: 'ann+net' });
  await alice.gets(/^NOTICE ann :alice cannot take private messages$/);
  room.side.effect({ type: 'unheard', participant: idOf('nobody'), from: 'ann+net' });

  room.releases('alice', 'lost');
  alice.send(':ann!ann@host PRIVMSG alice :still there?');
  await alice.gets(/^NOTICE ann :alice has lost the connection just now; this was not delivered$/);
  assert.equal(await room.joins('alice'), 'alice');
  alice.send(':ann!ann@host PRIVMSG alice :back?');
  await room.tells(`whispered ann+net=ann to ${idOf('alice')}: back?`);
});

test(
  'NICKNAME: the answer is that of the server; a nick in sight is not asked for, in any case',
  soon,
  async (t) => {
    const { server, room, addRoom } = await scene(t, {}, { taken: ['Bob'] });
    const other = addRoom('#b');
    await room.joins('alice');
    await other.joins('alice');
    server.joins('ann', '#a');
    await room.tells('arrived ann+net=ann');
    await room.isSettled(room.renames('alice', 'Queen'), 'ok Queen');
    await other.tells(`changed ${idOf('alice')}: nick Queen`);
    await room.isSettled(
      room.renames('alice', 'Bob'),
      'nickname-in-use: IRC says: Nickname is already in use.',
    );
    await room.isSettled(room.renames('alice', 'ANN'), 'nickname-in-use: ANN is in use');
    await room.isSettled(room.renames('alice', 'PARLEY'), 'nickname-in-use: PARLEY is in use');
    await room.isSettled(room.renames('alice', 'a b'), 'nickname-malformed: a b cannot be a nick on IRC');
    await room.isSettled(room.renames('alice'), 'ok alice');
    const peer = await server.called('alice');
    assert.deepEqual(
      peer.lines.filter((line) => line.startsWith('NICK')),
      ['NICK alice', 'NICK Queen', 'NICK Bob', 'NICK alice'],
    );
  },
);

test('two with one name: the second gets another nick', soon, async (t) => {
  const { room } = await scene(t);
  const requests = [room.admits('alice'), room.admits('alicia', { displayName: 'alice' })];
  await until(() => room.count(/^settled/) === 2);
  const nicks = requests.map((request) => room.told.find((line) => line.startsWith(`settled ${request} ok`)));
  assert.deepEqual(new Set(nicks.map((line) => line?.split(' ')[3])), new Set(['alice', 'alice_']));
});

test('a nick that services force on a puppet is told; its lines are still its own', soon, async (t) => {
  const { server, room } = await scene(t);
  await room.joins('alice');
  const alice = await server.called('alice');
  server.channels.get('#a')?.set('Guest9', '');
  server.tell('#a', `:${alice.mask} NICK Guest9`);
  alice.nick = 'Guest9';
  await room.tells(`changed ${idOf('alice')}: nick Guest9`);
  await room.tells(`told ${idOf('alice')}: you are Guest9 on IRC now`);
  await room.isSettled(room.says('alice', 'who am I?'), 'ok');
  assert.equal(room.count(/^(?:heard|arrived)/), 0);
});

test('kicked, the participant is told by whom and why, and the puppet goes', soon, async (t) => {
  const { server, room, network } = await scene(t);
  await room.joins('alice');
  const alice = await server.called('alice');
  server.tell('#a', ':ann!a@h KICK #a alice :\x02spam');
  await room.tells(`expelled ${idOf('alice')}: kicked by ann: spam`);
  await alice.gets(/^QUIT/);
  assert.equal(network.state.puppets, 0);
  server.channels.get('#a')?.delete('alice');
  assert.equal(await room.joins('alice'), 'alice');
});

test('leaving while staying elsewhere, and back before the PART is seen', soon, async (t) => {
  const { server, room, addRoom } = await scene(t);
  const other = addRoom('#b');
  await room.joins('alice');
  await other.joins('alice');
  for (let round = 0; round < 3; round++) {
    other.releases('alice');
    assert.equal(await other.joins('alice'), 'alice');
  }
  assert.equal(other.count(/^expelled/), 0);
  assert.equal((await server.called('alice')).count(/^PART #b/), 3);
});

test('what was said last before leaving is still said, and confirmed', soon, async (t) => {
  const { server, room } = await scene(t);
  await room.joins('alice');
  const alice = await server.called('alice');
  const last = room.says('alice', 'bye all');
  room.releases('alice');
  await room.isSettled(last, 'ok');
  await alice.gets(/^PRIVMSG #a :bye all$/);
  await alice.gets(/^QUIT :?bye$/);
});

test('a hundred quit in a netsplit and come back: each is who it was', soon, async (t) => {
  const { server, room } = await scene(t);
  await room.tells('up: IRC is back');
  const nicks = Array.from({ length: 100 }, (_, at) => `n${at}`);
  for (const nick of nicks) server.joins(nick, '#a');
  await room.tells('arrived n99+net=n99');
  for (const nick of nicks) server.quits(nick, 'a.test b.test');
  await room.tells('departed n99+net');
  for (const nick of nicks) server.joins(nick, '#a');
  await room.tells('arrived n99+net=n99');
  assert.deepEqual([room.count(/^arrived n\d+\+net=/), room.count(/^departed/)], [200, 100]);
});
