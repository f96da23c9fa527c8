/** MODE, of channels and of users (modern-irc MODE, Channel Modes, User Modes; bot-mode). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IrcClient } from '../../support/irc-client.ts';
import { all, ask, got, house, START, type House } from './house.ts';

async function two(it: House): Promise<[IrcClient, IrcClient]> {
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #c');
  await ask(bob, 'JOIN #c');
  await got(alice);
  return [alice, bob];
}

test('several modes in one line are told as one; what changes nothing is not told', async (t) => {
  const [alice, bob] = await two(await house(t));
  assert.deepEqual(await all(alice, [bob], 'MODE #c +mik-t+vn key Bob', 'MODE #c +m', 'MODE #c'), [
    [
      ':alice!alice@127.0.0.1 MODE #c +mik-t+v key bob',
      ':irc.test 324 alice #c +imnk key',
      `:irc.test 329 alice #c ${START}`,
    ],
    [':alice!alice@127.0.0.1 MODE #c +mik-t+v key bob'],
  ]);
});

test('who is no operator changes nothing: 482; unknown modes are 472, unknown channels 403', async (t) => {
  const it = await house(t);
  const [alice, bob] = await two(it);
  const carol = await it.client('carol');
  assert.deepEqual(await ask(bob, 'MODE #c +im', 'MODE #c +o bob', 'MODE #x', 'MODE #c Z', 'MODE'), [
    ":irc.test 482 bob #c :You're not channel operator",
    ":irc.test 482 bob #c :You're not channel operator",
    ':irc.test 403 bob #x :No such channel',
    ':irc.test 472 bob Z :is unknown mode char to me',
    ':irc.test 461 bob MODE :Not enough parameters',
  ]);
  assert.deepEqual(await ask(carol, 'MODE #c +i'), [":irc.test 482 carol #c :You're not channel operator"]);
  assert.deepEqual(await got(alice), []);
});

test('the key is shown to members only', async (t) => {
  const it = await house(t);
  const [alice] = await two(it);
  const carol = await it.client('carol');
  await ask(alice, 'MODE #c +kl s3cret 10');
  assert.equal((await ask(alice, 'MODE #c'))[0], ':irc.test 324 alice #c +ntkl s3cret 10');
  assert.equal((await ask(carol, 'MODE #c'))[0], ':irc.test 324 carol #c +ntkl * 10');
});

test('o and v: given and taken, 401, 441; without a nick ignored', async (t) => {
  const it = await house(t);
  const [alice, bob] = await two(it);
  await it.client('carol');
  assert.deepEqual(
    await all(alice, [bob], 'MODE #c +o BOB', 'MODE #c +v nobody', 'MODE #c +v carol', 'MODE #c +o'),
    [
      [
        ':alice!alice@127.0.0.1 MODE #c +o bob',
        ':irc.test 401 alice nobody :No such nick/channel',
        ":irc.test 441 alice carol #c :They aren't on that channel",
      ],
      [':alice!alice@127.0.0.1 MODE #c +o bob'],
    ],
  );
  assert.deepEqual(await ask(bob, 'MODE #c -o alice'), [':bob!bob@127.0.0.1 MODE #c -o alice']);
  assert.deepEqual((await ask(alice, 'MODE #c +o alice')).slice(1), [
    ":irc.test 482 alice #c :You're not channel operator",
  ]);
});

test('b, e, I: set, listed, taken away, at most MAXLIST: 367 368, 348 349, 346 347, 478', async (t) => {
  const it = await house(t);
  const [alice, bob] = await two(it);
  assert.deepEqual(await ask(alice, 'MODE #c +bbb eve a@b x!y@z', 'MODE #c b', 'MODE #c +bb EVE!*@*'), [
    ':alice!alice@127.0.0.1 MODE #c +bbb eve!*@* *!a@b x!y@z',
    `:irc.test 367 alice #c eve!*@* alice ${START}`,
    `:irc.test 367 alice #c *!a@b alice ${START}`,
    `:irc.test 367 alice #c x!y@z alice ${START}`,
    ':irc.test 368 alice #c :End of channel ban list',
    `:irc.test 367 alice #c eve!*@* alice ${START}`,
    `:irc.test 367 alice #c *!a@b alice ${START}`,
    `:irc.test 367 alice #c x!y@z alice ${START}`,
    ':irc.test 368 alice #c :End of channel ban list',
  ]);
  assert.deepEqual(await ask(alice, 'MODE #c +e-b+I x!*@* EVE *!*@host'), [
    ':alice!alice@127.0.0.1 MODE #c +e-b+I x!*@* eve!*@* *!*@host',
  ]);
  await got(bob);
  assert.deepEqual(await ask(bob, 'MODE #c +e', 'MODE #c I'), [
    `:irc.test 348 bob #c x!*@* alice ${START}`,
    ':irc.test 349 bob #c :End of channel exception list',
    `:irc.test 346 bob #c *!*@host alice ${START}`,
    ':irc.test 347 bob #c :End of Channel Invite Exception List',
  ]);
  for (let n = 0; n < 96; n++) alice.sends(`MODE #c +b n${n}`);
  await ask(alice);
  assert.deepEqual(await ask(alice, 'MODE #c +b onemore', `MODE #c +e :a b`), [
    ':irc.test 478 alice #c b :Channel list is full',
    ':irc.test 696 alice #c e * :Invalid mask',
  ]);
});

test('k and l: what cannot be one is 696; without a parameter ignored; -k needs none', async (t) => {
  const [alice] = await two(await house(t));
  assert.deepEqual(
    await ask(
      alice,
      'MODE #c +k :a b',
      'MODE #c +k',
      `MODE #c +k ${'x'.repeat(24)}`,
      'MODE #c +l 0',
      'MODE #c +l x',
      'MODE #c +l',
    ),
    [
      ':irc.test 696 alice #c k * :Invalid key',
      `:irc.test 696 alice #c k ${'x'.repeat(24)} :Invalid key`,
      ':irc.test 696 alice #c l 0 :Invalid limit',
      ':irc.test 696 alice #c l x :Invalid limit',
    ],
  );
  assert.deepEqual(await ask(alice, 'MODE #c +kl one 5', 'MODE #c +k two', 'MODE #c -lk any', 'MODE #c -k'), [
    ':alice!alice@127.0.0.1 MODE #c +kl one 5',
    ':alice!alice@127.0.0.1 MODE #c +k two',
    ':alice!alice@127.0.0.1 MODE #c -lk *',
  ]);
});

test('MODES: no more than twelve with a parameter; long ones are told in several lines', async (t) => {
  const [alice, bob] = await two(await house(t));
  const masks = Array.from({ length: 13 }, (_, n) => `${'a'.repeat(20)}${n}!*@*`);
  const [own = []] = await all(alice, [bob], `MODE #c +${'b'.repeat(13)} ${masks.join(' ')}`);
  assert.ok(own.length > 1 && own.every((line) => Buffer.byteLength(line) <= 510));
  assert.deepEqual(
    own.flatMap((line) => line.split(' ').slice(4)),
    masks.slice(0, 12),
  );
});

test('m, n and bans decide who is heard: 404 (modern-irc, Moderated and No External Messages)', async (t) => {
  const it = await house(t);
  const [alice, bob] = await two(it);
  const carol = await it.client('carol');
  const refused = (nick: string): string[] => [`:irc.test 404 ${nick} #c :Cannot send to channel`];
  assert.deepEqual(await ask(carol, 'PRIVMSG #c :hi', 'NOTICE #c :hi'), refused('carol'));
  await ask(alice, 'MODE #c +m-n');
  await got(bob);
  assert.deepEqual(await ask(bob, 'PRIVMSG #c :hi'), refused('bob'));
  assert.deepEqual(await ask(carol, 'PRIVMSG #c :hi'), refused('carol'));
  await ask(alice, 'MODE #c +v bob');
  await got(bob);
  assert.deepEqual(await ask(bob, 'PRIVMSG #c :hi'), []);
  await ask(alice, 'MODE #c -m-v+b bob bob');
  await got(bob);
  assert.deepEqual(await ask(bob, 'PRIVMSG #c :hi'), refused('bob'));
  assert.deepEqual(await ask(carol, 'PRIVMSG #c :out'), []);
  await ask(alice, 'MODE #c +e bob');
  await got(bob);
  assert.deepEqual(await ask(bob, 'PRIVMSG #c :hi'), []);
});

test('user modes: i, w and B by oneself, o only away: 221, 401, 501, 502 (modern-irc, User Modes)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  await it.client('bob');
  assert.deepEqual(
    await ask(
      alice,
      'MODE alice',
      'MODE Alice +iBw-w',
      'MODE alice +o',
      'MODE alice',
      'MODE alice -i+xw',
      'MODE bob',
      'MODE x +i',
    ),
    [
      ':irc.test 221 alice +',
      ':alice!alice@127.0.0.1 MODE alice +iBw-w',
      ':irc.test 221 alice +Bi',
      ':alice!alice@127.0.0.1 MODE alice -i+w',
      ':irc.test 501 alice :Unknown MODE flag',
      ':irc.test 502 alice :Cant change mode for other users',
      ':irc.test 401 alice x :No such nick/channel',
    ],
  );
});

test('a bot is told as one by WHOIS, WHO and the tag (bot-mode)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'message-tags');
  const robot = await it.client('robot');
  await ask(robot, 'MODE robot +B', 'PRIVMSG alice :beep');
  assert.match(
    (await got(alice))[0] ?? '',
    /^@msgid=[^;]+;bot :robot!robot@127\.0\.0\.1 PRIVMSG alice :beep$/,
  );
  const lines = await ask(alice, 'WHOIS robot', 'WHO robot');
  assert.ok(lines.includes(':irc.test 335 alice robot :is a bot'));
  assert.ok(lines.includes(':irc.test 352 alice * robot 127.0.0.1 irc.test robot HB :0 robot'));
});
