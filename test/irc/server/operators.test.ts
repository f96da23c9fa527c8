/** Operators of the server, and questions about it (modern-irc, Operator Messages, Server Queries and Commands). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog, type Log } from '../../../src/common/log.ts';
import { ask, got, house } from './house.ts';

const operators = new Map([['root', 'pw']]);

test('OPER: 381 and MODE; 464, 461 (modern-irc OPER)', async (t) => {
  const it = await house(t, { operators });
  const alice = await it.client('alice');
  assert.deepEqual(
    await ask(
      alice,
      'OPER root',
      'OPER root wrong',
      'OPER nobody pw',
      'OPER root pw',
      'MODE alice -o',
      'MODE alice',
    ),
    [
      ':irc.test 461 alice OPER :Not enough parameters',
      ':irc.test 464 alice :Password incorrect',
      ':irc.test 464 alice :Password incorrect',
      ':irc.test 381 alice :You are now an IRC operator',
      ':alice!alice@127.0.0.1 MODE alice +o',
      ':alice!alice@127.0.0.1 MODE alice -o',
      ':irc.test 221 alice +',
    ],
  );
});

test('KILL: KILL, QUIT and ERROR; 481, 401, 483, 461 (modern-irc KILL)', async (t) => {
  const it = await house(t, { operators });
  const [root, bob, carol] = [await it.client('root'), await it.client('bob'), await it.client('carol')];
  for (const client of [bob, carol]) await ask(client, 'JOIN #c');
  await got(bob);
  assert.deepEqual(await ask(bob, 'KILL carol :x'), [
    ":irc.test 481 bob :Permission Denied- You're not an IRC operator",
  ]);
  assert.deepEqual(
    (
      await ask(root, 'OPER root pw', 'KILL nobody :x', 'KILL irc.test :x', 'KILL bob', 'KILL bob :spam')
    ).slice(2),
    [
      ':irc.test 401 root nobody :No such nick/channel',
      ':irc.test 483 root :You cant kill a server!',
      ':irc.test 461 root KILL :Not enough parameters',
    ],
  );
  await bob.expects(/^:root!root@127\.0\.0\.1 KILL bob :spam$/);
  await bob.expects(/^ERROR :Closing Link: 127\.0\.0\.1 \(Killed \(root \(spam\)\)\)$/);
  assert.deepEqual(await got(carol), [':bob!bob@127.0.0.1 QUIT :Killed (root (spam))']);
});

test('WALLOPS reaches those who have mode w (modern-irc WALLOPS)', async (t) => {
  const it = await house(t, { operators });
  const [root, bob, carol] = [await it.client('root'), await it.client('bob'), await it.client('carol')];
  await ask(bob, 'MODE bob +w');
  assert.deepEqual(await ask(bob, 'WALLOPS :x'), [
    ":irc.test 481 bob :Permission Denied- You're not an IRC operator",
  ]);
  await ask(root, 'OPER root pw', 'WALLOPS :Going down at noon');
  assert.deepEqual(await got(bob), [':root!root@127.0.0.1 WALLOPS :Going down at noon']);
  assert.deepEqual(await got(carol), []);
});

test('an operator of the server may set the modes of a channel that has lost its own', async (t) => {
  const it = await house(t, { operators });
  const [root, bob] = [await it.client('root'), await it.client('bob')];
  await ask(bob, 'JOIN #c', 'MODE #c -o bob');
  await ask(root, 'OPER root pw', 'MODE #c +o bob');
  assert.deepEqual(await got(bob), [':root!root@127.0.0.1 MODE #c +o bob']);
});

test('MOTD, VERSION, TIME, INFO, LINKS; 402 for another server, 422 (modern-irc, Server Queries and Commands)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  for (const command of ['MOTD', 'VERSION', 'TIME', 'INFO']) {
    assert.deepEqual(await ask(alice, `${command} other.test`), [
      ':irc.test 402 alice other.test :No such server',
    ]);
  }
  assert.deepEqual(await ask(alice, 'MOTD', 'MOTD irc.*', 'TIME alice', 'LINKS'), [
    ':irc.test 422 alice :MOTD File is missing',
    ':irc.test 422 alice :MOTD File is missing',
    ':irc.test 391 alice irc.test :Thu, 01 Jan 2026 00:00:00 GMT',
    ':irc.test 364 alice * irc.test :0 Test Net',
    ':irc.test 365 alice * :End of /LINKS list',
  ]);
  const version = await ask(alice, 'VERSION');
  assert.match(version[0] ?? '', /^:irc\.test 351 alice parley-test irc\.test :/);
  assert.ok(version.slice(1).every((line) => / 005 alice .* :are supported by this server$/.test(line)));
  const info = await ask(alice, 'INFO');
  assert.equal(info.at(-1), ':irc.test 374 alice :End of INFO list');
  assert.ok(info.slice(0, -1).every((line) => / 371 alice :/.test(line)));
});

test('LUSERS counts (modern-irc LUSERS)', async (t) => {
  const it = await house(t, { operators });
  const alice = await it.client('alice');
  const bob = await it.client('bob');
  await it.stranger();
  await ask(alice, 'OPER root pw', 'MODE alice +i', 'JOIN #c');
  bob.sends('QUIT');
  await bob.expects(/^ERROR /);
  assert.deepEqual(await ask(alice, 'LUSERS'), [
    ':irc.test 251 alice :There are 0 users and 1 invisible on 1 servers',
    ':irc.test 252 alice 1 :operator(s) online',
    ':irc.test 253 alice 1 :unknown connection(s)',
    ':irc.test 254 alice 1 :channels formed',
    ':irc.test 255 alice :I have 1 clients and 0 servers',
    ':irc.test 265 alice 1 2 :Current local users 1, max 2',
    ':irc.test 266 alice 1 2 :Current global users 1, max 2',
  ]);
});

test('HELP: in general, on each command, 524 (modern-irc HELP)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  const general = await ask(alice, 'HELP');
  assert.match(general[0] ?? '', / 704 alice \* :/);
  assert.equal(general[1], ':irc.test 705 alice * :');
  assert.match(general.at(-1) ?? '', / 706 alice \* :/);
  const names = general.join(' ').match(/\b[A-Z]{3,}\b/g) ?? [];
  assert.ok(names.length > 30);
  assert.deepEqual(await ask(alice, 'HELP privmsg', 'HELP :no such thing', 'HELP nonsense'), [
    ':irc.test 704 alice privmsg :** PRIVMSG **',
    ':irc.test 705 alice privmsg :',
    ':irc.test 705 alice privmsg :PRIVMSG <target>{,<target>} <text>',
    ':irc.test 706 alice privmsg :Sends a text to users and channels',
    ':irc.test 524 alice * :No help available on this topic',
    ':irc.test 524 alice nonsense :No help available on this topic',
  ]);
});

test('an unknown command is 421 (modern-irc ERR_UNKNOWNCOMMAND)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  assert.deepEqual(await ask(alice, 'SUMMON bob', 'privmsg', ':src MODE alice'), [
    ':irc.test 421 alice SUMMON :Unknown command',
    ':irc.test 411 alice :No recipient given (PRIVMSG)',
    ':irc.test 221 alice +',
  ]);
});

test('OPER: after five wrong passwords the connection is closed; it is told once (464)', async (t) => {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
  const it = await house(t, { operators, log });
  const eve = await it.client('eve');
  const wrong = (count: number): string[] => Array.from({ length: count }, () => 'OPER root wrong');
  assert.equal((await ask(eve, ...wrong(4))).length, 4);
  eve.sends('OPER root wrong', 'OPER root pw');
  await eve.expects(/^ERROR :Closing Link: 127\.0\.0\.1 \(Too many wrong passwords\)$/);
  assert.equal(eve.lines.filter(({ command }) => command === '464').length, 5);
  assert.equal(
    eve.lines.some(({ command }) => command === '381'),
    false,
  );
  assert.deepEqual(warnings, ['OPER with a wrong password']);
});
