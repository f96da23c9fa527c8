/** What is told unasked: MONITOR, AWAY, SETNAME, CHGHOST, extended JOIN (IRCv3). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, ask, got, house } from './house.ts';

test('MONITOR: who is here, who comes, who goes (monitor)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  await it.client('bob');
  assert.deepEqual(await ask(alice, 'MONITOR + Bob,carol', 'MONITOR + carol', 'MONITOR S', 'MONITOR L'), [
    ':irc.test 730 alice :bob!bob@127.0.0.1',
    ':irc.test 731 alice :carol',
    ':irc.test 731 alice :carol',
    ':irc.test 730 alice :bob!bob@127.0.0.1',
    ':irc.test 731 alice :carol',
    ':irc.test 732 alice :Bob,carol',
    ':irc.test 733 alice :End of MONITOR list',
  ]);
  const carol = await it.client('Carol');
  assert.deepEqual(await got(alice), [':irc.test 730 alice :Carol!Carol@127.0.0.1']);
  await ask(carol, 'NICK CAROL', 'NICK dave', 'NICK carol');
  assert.deepEqual(await got(alice), [
    ':irc.test 731 alice :CAROL',
    ':irc.test 730 alice :carol!Carol@127.0.0.1',
  ]);
  carol.sends('QUIT');
  await carol.expects(/^ERROR /);
  assert.deepEqual(await got(alice), [':irc.test 731 alice :carol']);
  assert.deepEqual(await ask(alice, 'MONITOR - bob', 'MONITOR L', 'MONITOR C', 'MONITOR L'), [
    ':irc.test 732 alice :carol',
    ':irc.test 733 alice :End of MONITOR list',
    ':irc.test 733 alice :End of MONITOR list',
  ]);
  await it.client('carol');
  assert.deepEqual(await got(alice), []);
});

test('MONITOR: no masks, at most so many (734), 461 (monitor)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  assert.deepEqual(await ask(alice, 'MONITOR + *!*@*,a*', 'MONITOR L', 'MONITOR +', 'MONITOR'), [
    ':irc.test 733 alice :End of MONITOR list',
    ':irc.test 461 alice MONITOR :Not enough parameters',
    ':irc.test 461 alice MONITOR :Not enough parameters',
  ]);
  for (let n = 0; n < 99; n++) alice.sends(`MONITOR + nobody-${n}`);
  await got(alice);
  assert.deepEqual(await ask(alice, 'MONITOR + one,two,three'), [
    ':irc.test 731 alice :one',
    ':irc.test 734 alice 100 two,three :Monitor list is full',
  ]);
  const lines = await ask(alice, 'MONITOR S');
  assert.ok(lines.length > 1 && lines.every((line) => Buffer.byteLength(line) <= 510));
});

test('AWAY: 305, 306; told to those who asked and share a channel, also at JOIN (away-notify)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'away-notify');
  const bob = await it.client('bob', 'away-notify');
  const carol = await it.client('carol');
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob, carol].map(got));
  assert.deepEqual(
    await all(alice, [bob, carol], 'AWAY :lunch', 'AWAY :lunch', 'AWAY', 'AWAY :', `AWAY ${'x'.repeat(250)}`),
    [
      [
        ':irc.test 306 alice :You have been marked as being away',
        ':irc.test 306 alice :You have been marked as being away',
        ':irc.test 305 alice :You are no longer marked as being away',
        ':irc.test 305 alice :You are no longer marked as being away',
        ':irc.test 306 alice :You have been marked as being away',
      ],
      [
        ':alice!alice@127.0.0.1 AWAY :lunch',
        ':alice!alice@127.0.0.1 AWAY',
        `:alice!alice@127.0.0.1 AWAY :${'x'.repeat(200)}`,
      ],
      [],
    ],
  );
  await ask(bob, 'JOIN #d');
  await ask(alice, 'JOIN #d');
  assert.deepEqual((await got(bob)).slice(-2), [
    ':alice!alice@127.0.0.1 JOIN #d',
    `:alice!alice@127.0.0.1 AWAY :${'x'.repeat(200)}`,
  ]);
});

test('SETNAME: told to those who asked, oneself too; FAIL for what cannot be one (setname)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'setname');
  const [bob, carol] = [await it.client('bob', 'setname'), await it.client('carol')];
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob, carol].map(got));
  const told = ':alice!alice@127.0.0.1 SETNAME :Alice A.';
  assert.deepEqual(
    await all(alice, [bob, carol], 'SETNAME :Alice A.', `SETNAME ${'x'.repeat(151)}`, 'SETNAME'),
    [
      [
        told,
        ':irc.test FAIL SETNAME INVALID_REALNAME :Realname is not valid',
        ':irc.test FAIL SETNAME INVALID_REALNAME :Realname is not valid',
      ],
      [told],
      [],
    ],
  );
  assert.deepEqual(await ask(carol, 'SETNAME :C'), []);
  assert.match((await ask(carol, 'WHOIS alice'))[0] ?? '', / :Alice A\.$/);
});

test('extended-join: account and real name', async (t) => {
  const it = await house(t, { accounts: new Map([['acc', 'pw']]) });
  const alice = await it.client('alice', 'extended-join');
  const bob = await it.client('bob', 'sasl');
  await ask(alice, 'JOIN #c');
  await ask(bob, 'JOIN #c', 'PART #c', 'AUTHENTICATE PLAIN');
  await ask(bob, `AUTHENTICATE ${Buffer.from('acc\0acc\0pw').toString('base64')}`, 'JOIN #c');
  assert.deepEqual(await got(alice), [
    ':bob!bob@127.0.0.1 JOIN #c * :bob',
    ':bob!bob@127.0.0.1 PART #c',
    ':bob!bob@127.0.0.1 JOIN #c acc :bob',
  ]);
});

test('CHGHOST: for those who know it; for others it looks like leaving and coming back (chghost)', async (t) => {
  const it = await house(t, { operators: new Map([['root', 'pw']]) });
  const bob = await it.client('bob', 'chghost');
  const [root, carol] = [await it.client('root', 'chghost'), await it.client('carol')];
  for (const client of [bob, carol, root]) await ask(client, 'JOIN #c');
  await got(bob);
  assert.deepEqual(await ask(bob, 'CHGHOST bob x y'), [
    ":irc.test 481 bob :Permission Denied- You're not an IRC operator",
  ]);
  await ask(root, 'OPER root pw');
  await got(carol);
  const [own = [], bobs, carols] = await all(
    root,
    [bob, carol],
    'CHGHOST bob b staff.test',
    'CHGHOST nobody x y',
    'CHGHOST bob x @',
    `CHGHOST bob x ${'h'.repeat(64)}`,
  );
  assert.deepEqual(own.slice(-3), [
    ':irc.test 401 root nobody :No such nick/channel',
    ':irc.test 400 root CHGHOST :Not a user name and a host',
    ':irc.test 400 root CHGHOST :Not a user name and a host',
  ]);
  assert.deepEqual(bobs, [':bob!bob@127.0.0.1 CHGHOST b staff.test']);
  assert.deepEqual(carols, [
    ':bob!bob@127.0.0.1 QUIT :Changing hostname',
    ':bob!b@staff.test JOIN #c',
    ':irc.test MODE #c +o bob',
  ]);
  assert.match((await ask(carol, 'WHOIS bob'))[0] ?? '', / 311 carol bob b staff\.test /);
});
