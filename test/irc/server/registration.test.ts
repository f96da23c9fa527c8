/** Coming in and going (modern-irc, Connection Registration and Connection Messages). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, ask, got, house } from './house.ts';

test('the welcome is 001 to 005, LUSERS and MOTD, in that order (modern-irc, Connection Registration)', async (t) => {
  const { stranger } = bound(await house(t, { motd: ['Be kind.', 'Or be quiet.'] }));
  const client = await stranger();
  const lines = await ask(client, 'NICK alice', 'USER al 0 * :Alice A.');
  assert.deepEqual(
    lines.map((line) => line.split(' ')[1]),
    '001 002 003 004 005 005 251 252 253 254 255 265 266 375 372 372 376'.split(' '),
  );
  assert.equal(lines[0], ':irc.test 001 alice :Welcome to the Test Net Network, alice!al@127.0.0.1');
  assert.equal(lines[3], ':irc.test 004 alice irc.test parley-test Biow beIiklmnostv beIklov');
  assert.deepEqual(lines.slice(-4), [
    ':irc.test 375 alice :- irc.test Message of the day - ',
    ':irc.test 372 alice :- Be kind.',
    ':irc.test 372 alice :- Or be quiet.',
    ':irc.test 376 alice :End of /MOTD command',
  ]);
});

test('RPL_ISUPPORT says what is so (modern-irc, RPL_ISUPPORT Parameters)', async (t) => {
  const { stranger } = bound(await house(t));
  const client = await stranger();
  const lines = await ask(client, 'NICK alice', 'USER al 0 * :Alice');
  const tokens = lines.filter((line) => / 005 /.test(line)).flatMap((line) => line.split(' ').slice(3, -5));
  for (const token of [
    'CASEMAPPING=ascii',
    'CHANLIMIT=#:50',
    'CHANMODES=beI,k,l,imnst',
    'CHANTYPES=#',
    'MONITOR=100',
    'NETWORK=Test\\x20Net',
    'NICKLEN=30',
    'PREFIX=(ov)@+',
    'STATUSMSG=@+',
    'UTF8ONLY',
    'WHOX',
  ]) {
    assert.ok(tokens.includes(token), `${token} in ${tokens.join(' ')}`);
  }
});

test('before registration only some commands are taken: 451, 421 (modern-irc ERR_NOTREGISTERED)', async (t) => {
  const { stranger } = bound(await house(t));
  const client = await stranger();
  assert.deepEqual(await ask(client, 'JOIN #c', 'PRIVMSG bob :hi', 'NOSUCH'), [
    ':irc.test 451 * :You have not registered',
    ':irc.test 451 * :You have not registered',
    ':irc.test 421 * NOSUCH :Unknown command',
  ]);
});

test('NICK: 431, 432, 433; a nick is held from NICK on (modern-irc NICK)', async (t) => {
  const { stranger } = bound(await house(t));
  const first = await stranger('first');
  const second = await stranger('second');
  assert.deepEqual(await ask(first, 'NICK', 'NICK :', 'NICK 1st', 'NICK a b', `NICK ${'x'.repeat(31)}`), [
    ':irc.test 431 * :No nickname given',
    ':irc.test 431 * :No nickname given',
    ':irc.test 432 * 1st :Erroneus nickname',
    `:irc.test 432 a ${'x'.repeat(31)} :Erroneus nickname`,
  ]);
  assert.deepEqual(await ask(first, 'NICK [x]\\`_^{|}-'), []);
  assert.deepEqual(await ask(second, 'NICK [X]\\`_^{|}-'), [
    ':irc.test 433 * [X]\\`_^{|}- :Nickname is already in use',
  ]);
});

test('NICK later: told once to all who share a channel, also where only the case changes (modern-irc NICK)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  const bob = await it.client('bob');
  for (const client of [alice, bob]) await ask(client, 'JOIN #a,#b');
  await got(alice);
  assert.deepEqual(await all(alice, [bob], 'NICK Alice', 'NICK carol', 'NICK carol', 'NICK BOB', 'NICK'), [
    [
      ':alice!alice@127.0.0.1 NICK Alice',
      ':Alice!alice@127.0.0.1 NICK carol',
      ':irc.test 433 carol BOB :Nickname is already in use',
      ':irc.test 431 carol :No nickname given',
    ],
    [':alice!alice@127.0.0.1 NICK Alice', ':Alice!alice@127.0.0.1 NICK carol'],
  ]);
});

test('USER: 461, 468, and 462 afterwards, as PASS (modern-irc USER, PASS)', async (t) => {
  const { stranger } = bound(await house(t));
  const client = await stranger();
  assert.deepEqual(await ask(client, 'USER al 0 *', 'USER : 0 * :x', 'USER @@ 0 * :x', 'PASS'), [
    ':irc.test 461 * USER :Not enough parameters',
    ':irc.test 461 * USER :Not enough parameters',
    ':irc.test 468 * :Your username is not valid',
    ':irc.test 461 * PASS :Not enough parameters',
  ]);
  const welcome = await ask(client, `USER ${'u'.repeat(25)} 0 * :x`, 'NICK alice');
  // USERLEN: cut in silence.
  assert.match(welcome[0] ?? '', / 001 alice :.*alice!u{20}@127\.0\.0\.1$/);
  assert.deepEqual(await ask(client, 'USER al 0 * :x', 'PASS x'), [
    ':irc.test 462 alice :You may not reregister',
    ':irc.test 462 alice :You may not reregister',
  ]);
});

test('PASS: without the right one 464 and ERROR; the last one counts (modern-irc PASS)', async (t) => {
  const { stranger } = bound(await house(t, { password: 'open sesame' }));
  const wrong = await stranger('wrong');
  wrong.sends('PASS nonsense', 'NICK wrong', 'USER u 0 * :x');
  await wrong.expects(/^:irc\.test 464 wrong :Password incorrect$/);
  await wrong.expects(/^ERROR :Closing Link: 127\.0\.0\.1 \(Password incorrect\)$/);
  const right = await stranger('right');
  right.sends('PASS nonsense', 'PASS :open sesame', 'NICK right', 'USER u 0 * :x');
  await right.sees({ command: '001' });
});

test('PING and PONG: the token comes back; 409 without one (modern-irc PING, PONG)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  alice.sends('PING :a b');
  await alice.expects(/^:irc\.test PONG irc\.test :a b$/);
  assert.deepEqual(await ask(alice, 'PING', 'PING :', 'PONG x', 'PONG', 'ERROR :x'), [
    ':irc.test 409 alice :No origin specified',
    ':irc.test 409 alice :No origin specified',
  ]);
});

test('QUIT: told to those who share a channel with "Quit: ", ERROR to itself (modern-irc QUIT, ERROR)', async (t) => {
  const it = await house(t);
  const [alice, bob, carol] = [await it.client('alice'), await it.client('bob'), await it.client('carol')];
  for (const client of [alice, bob]) await ask(client, 'JOIN #a,#b');
  alice.sends('QUIT :lunch');
  await alice.expects(/^ERROR :Closing Link: 127\.0\.0\.1 \(Quit: lunch\)$/);
  assert.deepEqual(await got(bob), [':alice!alice@127.0.0.1 QUIT :Quit: lunch']);
  assert.deepEqual(await got(carol), []);
  bob.sends('QUIT');
  await bob.expects(/^ERROR :Closing Link: 127\.0\.0\.1 \(Quit: \)$/);
});

test('a connection that ends without QUIT is a QUIT for others (modern-irc QUIT)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  for (const client of [alice, bob]) await ask(client, 'JOIN #a');
  alice.quits();
  await bob.expects(/^:alice!alice@127\.0\.0\.1 QUIT :Quit: bye$/);
  assert.equal(it.server.clients, 1);
});

test('a browser that was lured here is sent away without a word', async (t) => {
  const { stranger } = bound(await house(t));
  const client = await stranger();
  client.sends('POST / HTTP/1.1', 'Host: x', 'NICK evil', 'USER evil 0 * :x');
  await assert.rejects(client.sees({ command: '001' }), /closed/);
  assert.equal(client.lines.length, 0);
});

function bound(it: Awaited<ReturnType<typeof house>>): { stranger: typeof it.stranger } {
  return { stranger: (name) => it.stranger(name) };
}
