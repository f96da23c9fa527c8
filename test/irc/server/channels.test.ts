/** Channels: JOIN, PART, TOPIC, NAMES, LIST, INVITE, KICK (modern-irc, Channel Operations). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, ask, got, house, START } from './house.ts';

test('JOIN: JOIN, topic, names; the first is operator, +nt is set (modern-irc JOIN, Regular Channels)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  assert.deepEqual(await ask(alice, 'JOIN #Chat'), [
    ':alice!alice@127.0.0.1 JOIN #Chat',
    ':irc.test 353 alice = #Chat :@alice',
    ':irc.test 366 alice #Chat :End of /NAMES list',
  ]);
  assert.deepEqual(await ask(alice, 'MODE #chat', 'TOPIC #chat :Be kind', 'JOIN #chat'), [
    ':irc.test 324 alice #Chat +nt',
    `:irc.test 329 alice #Chat ${START}`,
    ':alice!alice@127.0.0.1 TOPIC #Chat :Be kind',
  ]);
  assert.deepEqual(await all(bob, [alice], 'JOIN #CHAT'), [
    [
      ':bob!bob@127.0.0.1 JOIN #Chat',
      ':irc.test 332 bob #Chat :Be kind',
      `:irc.test 333 bob #Chat alice ${START}`,
      ':irc.test 353 bob = #Chat :@alice bob',
      ':irc.test 366 bob #Chat :End of /NAMES list',
    ],
    [':bob!bob@127.0.0.1 JOIN #Chat'],
  ]);
});

test('JOIN: several channels and keys, and what is refused: 461, 403, 405, 475 (modern-irc JOIN)', async (t) => {
  const it = await house(t, { limits: { clients: 9, perAddress: 9, channels: 3, sendQueue: 100_000 } });
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #a,#b,#c', 'MODE #a +k one', 'MODE #b +k two');
  assert.deepEqual(
    await ask(bob, 'JOIN #a,#b,#c two,two', 'JOIN', 'JOIN chat', 'JOIN #', `JOIN #${'x'.repeat(64)}`),
    [
      ':irc.test 475 bob #a :Cannot join channel (+k)',
      ':bob!bob@127.0.0.1 JOIN #b',
      ':irc.test 353 bob = #b :@alice bob',
      ':irc.test 366 bob #b :End of /NAMES list',
      ':bob!bob@127.0.0.1 JOIN #c',
      ':irc.test 353 bob = #c :@alice bob',
      ':irc.test 366 bob #c :End of /NAMES list',
      ':irc.test 461 bob JOIN :Not enough parameters',
      ':irc.test 403 bob chat :No such channel',
      ':irc.test 403 bob # :No such channel',
      `:irc.test 403 bob #${'x'.repeat(64)} :No such channel`,
    ],
  );
  await got(alice);
  assert.deepEqual(await ask(alice, 'JOIN #d', 'JOIN 0'), [
    ':irc.test 405 alice #d :You have joined too many channels',
    ':alice!alice@127.0.0.1 PART #a',
    ':alice!alice@127.0.0.1 PART #b',
    ':alice!alice@127.0.0.1 PART #c',
  ]);
});

test('JOIN: bans, limits, invitations: 474, 471, 473 (RFC 2811 sections 4.2 and 4.3)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #c', 'MODE #c +b bob');
  assert.deepEqual(await ask(bob, 'JOIN #c'), [':irc.test 474 bob #c :Cannot join channel (+b)']);
  await ask(alice, 'MODE #c +e *!*@127.0.0.*');
  assert.match((await ask(bob, 'JOIN #c'))[0] ?? '', / JOIN #c$/);
  await ask(bob, 'PART #c');
  await ask(alice, 'MODE #c +l-be 1 bob!*@* *!*@127.0.0.*');
  assert.deepEqual(await ask(bob, 'JOIN #c'), [':irc.test 471 bob #c :Cannot join channel (+l)']);
  await ask(alice, 'MODE #c -l+i');
  assert.deepEqual(await ask(bob, 'JOIN #c'), [':irc.test 473 bob #c :Cannot join channel (+i)']);
  await ask(alice, 'MODE #c +I bob!*@*');
  assert.match((await ask(bob, 'JOIN #c'))[0] ?? '', / JOIN #c$/);
  await ask(bob, 'PART #c');
  // Who was invited by an operator comes in though banned, once.
  await ask(alice, 'MODE #c -I+b bob!*@* bob', 'INVITE bob #c');
  await got(bob);
  assert.match((await ask(bob, 'JOIN #c'))[0] ?? '', / JOIN #c$/);
  assert.match((await ask(bob, 'PART #c', 'JOIN #c'))[1] ?? '', / 474 /);
});

test('PART: with and without a reason, 403, 442; an empty channel is gone (modern-irc PART)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #a,#b,#c');
  await ask(bob, 'JOIN #a');
  await got(alice);
  assert.deepEqual(await all(alice, [bob], 'PART #a :so long', 'PART #b,#x', 'PART #b', 'PART'), [
    [
      ':alice!alice@127.0.0.1 PART #a :so long',
      ':alice!alice@127.0.0.1 PART #b',
      ':irc.test 403 alice #x :No such channel',
      ':irc.test 403 alice #b :No such channel',
      ':irc.test 461 alice PART :Not enough parameters',
    ],
    [':alice!alice@127.0.0.1 PART #a :so long'],
  ]);
  assert.deepEqual(await ask(alice, 'PART #a'), [":irc.test 442 alice #a :You're not on that channel"]);
});

test('TOPIC: shown, set, cleared, protected: 331, 332, 333, 403, 442, 482 (modern-irc TOPIC)', async (t) => {
  const it = await house(t);
  const [alice, bob, carol] = [await it.client('alice'), await it.client('bob'), await it.client('carol')];
  await ask(alice, 'JOIN #c');
  await ask(bob, 'JOIN #c');
  await got(alice);
  assert.deepEqual(await ask(bob, 'TOPIC #c', 'TOPIC #c :mine', 'TOPIC #x', 'TOPIC'), [
    ':irc.test 331 bob #c :No topic is set',
    ":irc.test 482 bob #c :You're not channel operator",
    ':irc.test 403 bob #x :No such channel',
    ':irc.test 461 bob TOPIC :Not enough parameters',
  ]);
  await ask(alice, 'MODE #c -t');
  await got(bob);
  it.clock.advance(60_000);
  const said = `TOPIC #c :${'ü'.repeat(200)}`;
  const kept = 'ü'.repeat(150);
  assert.deepEqual(await all(bob, [alice], said), [
    [`:bob!bob@127.0.0.1 TOPIC #c :${kept}`],
    [`:bob!bob@127.0.0.1 TOPIC #c :${kept}`],
  ]);
  assert.deepEqual(await ask(carol, 'TOPIC #c', 'TOPIC #c :x'), [
    `:irc.test 332 carol #c :${kept}`,
    `:irc.test 333 carol #c bob ${START + 60}`,
    ":irc.test 442 carol #c :You're not on that channel",
  ]);
  assert.deepEqual(await ask(alice, 'TOPIC #c :', 'TOPIC #c', 'MODE #c +s'), [
    ':alice!alice@127.0.0.1 TOPIC #c :',
    ':irc.test 331 alice #c :No topic is set',
    ':alice!alice@127.0.0.1 MODE #c +s',
  ]);
  assert.deepEqual(await ask(carol, 'TOPIC #c'), [":irc.test 442 carol #c :You're not on that channel"]);
});

test('NAMES: signs, secret channels, invisible users (modern-irc NAMES; multi-prefix, userhost-in-names)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'multi-prefix', 'userhost-in-names');
  const [bob, carol] = [await it.client('bob'), await it.client('carol')];
  await ask(alice, 'JOIN #c', 'MODE #c +v alice');
  await ask(bob, 'JOIN #c', 'MODE bob +i');
  await got(alice);
  assert.deepEqual(await ask(alice, 'NAMES #C'), [
    ':irc.test 353 alice = #c :@+alice!alice@127.0.0.1 bob!bob@127.0.0.1',
    ':irc.test 366 alice #c :End of /NAMES list',
  ]);
  assert.deepEqual(await ask(carol, 'NAMES #c,#none', 'NAMES'), [
    ':irc.test 353 carol = #c :@alice',
    ':irc.test 366 carol #c :End of /NAMES list',
    ':irc.test 366 carol #none :End of /NAMES list',
    ':irc.test 366 carol * :End of /NAMES list',
  ]);
  await ask(alice, 'MODE #c +s');
  assert.deepEqual(await ask(carol, 'NAMES #c'), [':irc.test 366 carol #c :End of /NAMES list']);
  assert.deepEqual((await ask(bob, 'NAMES #c')).slice(-2), [
    ':irc.test 353 bob @ #c :@alice bob',
    ':irc.test 366 bob #c :End of /NAMES list',
  ]);
});

test('no-implicit-names: no names at JOIN, but on demand', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'no-implicit-names');
  assert.deepEqual(await ask(alice, 'JOIN #c'), [':alice!alice@127.0.0.1 JOIN #c']);
  assert.equal((await ask(alice, 'NAMES #c')).length, 2);
});

test('names of a crowd take several lines, each within the limit (RFC 2812 section 2.3)', async (t) => {
  const it = await house(t);
  const nicks = Array.from({ length: 30 }, (_, n) => `somebody-with-a-long-name-${n}`);
  for (const nick of nicks) await ask(await it.client(nick), 'JOIN #c');
  const alice = await it.client('alice');
  const lines = (await ask(alice, 'JOIN #c')).filter((line) => / 353 /.test(line));
  assert.ok(lines.length > 1 && lines.every((line) => Buffer.byteLength(line) <= 510));
  const seen = lines.flatMap((line) => line.split(' :')[1]?.split(' ') ?? []);
  assert.deepEqual(seen, [`@${nicks[0]}`, ...nicks.slice(1), 'alice']);
});

test('LIST: all but the secret, by name, by ELIST=CMNTU (modern-irc LIST, ELIST)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #old,#secret', 'MODE #secret +s', 'TOPIC #old :Old times');
  it.clock.advance(80_000);
  await ask(alice, 'JOIN #new');
  await ask(bob, 'JOIN #new', 'TOPIC #new');
  const start = ':irc.test 321 bob Channel :Users  Name';
  const end = ':irc.test 323 bob :End of /LIST';
  const old = ':irc.test 322 bob #old 1 :Old times';
  const young = ':irc.test 322 bob #new 2 :';
  const list = (...words: string[]): Promise<string[]> => ask(bob, ['LIST', ...words].join(' '));
  assert.deepEqual(await list(), [start, old, young, end]);
  assert.deepEqual(await list('#OLD,#secret'), [start, old, end]);
  assert.deepEqual(await list('*l*'), [start, old, end]);
  assert.deepEqual(await list('!*l*'), [start, young, end]);
  assert.deepEqual(await list('>1'), [start, young, end]);
  assert.deepEqual(await list('<2'), [start, old, end]);
  assert.deepEqual(await list('C>1'), [start, old, end]);
  assert.deepEqual(await list('C<1'), [start, young, end]);
  assert.deepEqual(await list('T>1'), [start, old, end]);
  assert.deepEqual(await list('T<1'), [start, end]);
  assert.ok((await ask(alice, 'LIST')).some((line) => line.includes(' #secret ')));
});

test('INVITE: 341 and INVITE; 461, 401, 403, 442, 443, 482; the list (modern-irc INVITE, RPL_INVITELIST)', async (t) => {
  const it = await house(t);
  const [alice, bob, carol] = [await it.client('alice'), await it.client('bob'), await it.client('carol')];
  await ask(alice, 'JOIN #c');
  assert.deepEqual(await all(alice, [bob], 'INVITE Bob #C', 'INVITE bob', 'INVITE no #c', 'INVITE bob #x'), [
    [
      ':irc.test 341 alice bob #c',
      ':irc.test 461 alice INVITE :Not enough parameters',
      ':irc.test 401 alice no :No such nick/channel',
      ':irc.test 403 alice #x :No such channel',
    ],
    [':alice!alice@127.0.0.1 INVITE bob #c'],
  ]);
  assert.deepEqual(await ask(bob, 'INVITE', 'INVITE carol #c'), [
    ':irc.test 336 bob #c',
    ':irc.test 337 bob :End of /INVITE list',
    ":irc.test 442 bob #c :You're not on that channel",
  ]);
  await ask(bob, 'JOIN #c', 'AWAY :lunch');
  await ask(alice, 'MODE #c +i');
  await got(bob);
  assert.deepEqual(await ask(bob, 'INVITE alice #c', 'INVITE carol #c', 'INVITE'), [
    ':irc.test 443 bob alice #c :is already on channel',
    ":irc.test 482 bob #c :You're not channel operator",
    ':irc.test 337 bob :End of /INVITE list',
  ]);
  await ask(bob, 'PART #c');
  await got(alice);
  assert.deepEqual(await ask(alice, 'INVITE bob #c'), [
    ':irc.test 341 alice bob #c',
    ':irc.test 301 alice bob :lunch',
  ]);
  assert.deepEqual(await got(carol), []);
});

test('invite-notify: members who asked for it see the invitation', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice', 'invite-notify'), await it.client('bob', 'invite-notify')];
  const [carol, dave] = [await it.client('carol'), await it.client('dave')];
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob, carol].map(got));
  assert.deepEqual(await all(alice, [bob, carol, dave], 'INVITE dave #c'), [
    [':irc.test 341 alice dave #c'],
    [':alice!alice@127.0.0.1 INVITE dave #c'],
    [],
    [':alice!alice@127.0.0.1 INVITE dave #c'],
  ]);
});

test('KICK: one message each, a default reason, 403, 441, 442, 461, 482 (modern-irc KICK)', async (t) => {
  const it = await house(t);
  const [alice, bob, carol] = [await it.client('alice'), await it.client('bob'), await it.client('carol')];
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob, carol].map(got));
  assert.deepEqual(await ask(bob, 'KICK #c carol', 'KICK #x carol', 'KICK #c'), [
    ":irc.test 482 bob #c :You're not channel operator",
    ':irc.test 403 bob #x :No such channel',
    ':irc.test 461 bob KICK :Not enough parameters',
  ]);
  assert.deepEqual(await all(alice, [bob, carol], 'KICK #c Bob,nobody,carol', 'KICK #c bob :again'), [
    [
      ':alice!alice@127.0.0.1 KICK #c bob :alice',
      ":irc.test 441 alice nobody #c :They aren't on that channel",
      ':alice!alice@127.0.0.1 KICK #c carol :alice',
      ":irc.test 441 alice bob #c :They aren't on that channel",
    ],
    [':alice!alice@127.0.0.1 KICK #c bob :alice'],
    [':alice!alice@127.0.0.1 KICK #c bob :alice', ':alice!alice@127.0.0.1 KICK #c carol :alice'],
  ]);
  assert.deepEqual(await ask(bob, 'KICK #c alice :no', 'JOIN #c'), [
    ":irc.test 442 bob #c :You're not on that channel",
    ':bob!bob@127.0.0.1 JOIN #c',
    ':irc.test 353 bob = #c :@alice bob',
    ':irc.test 366 bob #c :End of /NAMES list',
  ]);
  await got(alice);
  assert.deepEqual(await ask(alice, 'KICK #c bob :too loud'), [
    ':alice!alice@127.0.0.1 KICK #c bob :too loud',
  ]);
});

test('names and reasons may be as long as is said, and no longer (CHANNELLEN, KICKLEN)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  const name = `#${'ü'.repeat(31)}x`;
  assert.equal(Buffer.byteLength(name), 64);
  await ask(alice, `JOIN ${name}`, `JOIN ${name}x`);
  alice.sawNothing({ command: 'JOIN', to: `${name}x` });
  await ask(bob, `JOIN ${name}`);
  await ask(alice, `KICK ${name} bob :${'r'.repeat(350)}`);
  assert.equal((await got(bob)).at(-1), `:alice!alice@127.0.0.1 KICK ${name} bob :${'r'.repeat(250)}`);
});

test('CASEMAPPING=ascii: letters fold, brackets do not', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('a[]\\'), await it.client('a{}|')];
  assert.match((await ask(alice, 'JOIN #[a]'))[0] ?? '', / JOIN #\[a\]$/);
  assert.match((await ask(bob, 'JOIN #{a}'))[0] ?? '', / JOIN #\{a\}$/);
  assert.match((await ask(bob, 'JOIN #[A]'))[0] ?? '', / JOIN #\[a\]$/);
});
