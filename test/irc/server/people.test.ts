/** Questions about people: WHO, WHOX, WHOIS, WHOWAS, USERHOST, ISON (modern-irc, User-Based Queries; whox). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, got, house, START } from './house.ts';

const operators = new Map([['root', 'pw']]);

test('WHO of a channel, a nick, a mask; flags (modern-irc WHO, RPL_WHOREPLY)', async (t) => {
  const it = await house(t, { operators });
  const [alice, bob, carol] = [await it.client('alice'), await it.client('bob'), await it.client('carol')];
  for (const client of [alice, bob]) await ask(client, 'JOIN #c');
  await ask(alice, 'OPER root pw', 'MODE #c +v alice');
  await ask(bob, 'AWAY :x', 'MODE bob +i');
  const start = ':irc.test 352 carol';
  assert.deepEqual(await ask(carol, 'WHO #C', 'WHO Bob', 'WHO #none', 'WHO nobody'), [
    `${start} #c alice 127.0.0.1 irc.test alice H*@ :0 alice`,
    ':irc.test 315 carol #C :End of WHO list',
    // Who knows the nick may ask for it; the channel stays hidden.
    `${start} * bob 127.0.0.1 irc.test bob G :0 bob`,
    ':irc.test 315 carol Bob :End of WHO list',
    ':irc.test 315 carol #none :End of WHO list',
    ':irc.test 315 carol nobody :End of WHO list',
  ]);
  assert.deepEqual(await ask(carol, 'WHO *a*', 'WHO ali?e', 'WHO * o', 'WHO 0 o', 'WHO b*'), [
    `${start} #c alice 127.0.0.1 irc.test alice H*@ :0 alice`,
    `${start} * carol 127.0.0.1 irc.test carol H :0 carol`,
    ':irc.test 315 carol *a* :End of WHO list',
    `${start} #c alice 127.0.0.1 irc.test alice H*@ :0 alice`,
    ':irc.test 315 carol ali?e :End of WHO list',
    `${start} #c alice 127.0.0.1 irc.test alice H*@ :0 alice`,
    ':irc.test 315 carol * :End of WHO list',
    `${start} #c alice 127.0.0.1 irc.test alice H*@ :0 alice`,
    ':irc.test 315 carol 0 :End of WHO list',
    ':irc.test 315 carol b* :End of WHO list',
  ]);
  await got(alice);
  await ask(alice, 'CAP REQ multi-prefix');
  assert.deepEqual(await ask(alice, 'WHO #c'), [
    ':irc.test 352 alice #c alice 127.0.0.1 irc.test alice H*@+ :0 alice',
    ':irc.test 352 alice #c bob 127.0.0.1 irc.test bob G :0 bob',
    ':irc.test 315 alice #c :End of WHO list',
  ]);
});

test('WHO of a secret channel is for its members (modern-irc, Secret Channel Mode)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #s', 'MODE #s +s');
  assert.deepEqual(await ask(bob, 'WHO #s', 'WHO alice'), [
    ':irc.test 315 bob #s :End of WHO list',
    ':irc.test 352 bob * alice 127.0.0.1 irc.test alice H :0 alice',
    ':irc.test 315 bob alice :End of WHO list',
  ]);
});

test('WHOX: just the fields asked for, in the order of the specification (whox)', async (t) => {
  const accounts = new Map([['acc', 'pw']]);
  const it = await house(t, { accounts });
  const [alice, bob] = [await it.client('alice'), await it.client('bob', 'sasl')];
  await ask(bob, 'AUTHENTICATE PLAIN', `AUTHENTICATE ${Buffer.from('\0acc\0pw').toString('base64')}`);
  await ask(bob, 'JOIN #c');
  it.clock.advance(7000);
  assert.deepEqual(
    await ask(
      alice,
      'WHO bob %tcuihsnfdlaor,42',
      'WHO alice %ra',
      'WHO #c %n',
      'WHO bob %nz',
      'WHO bob %at,12345',
    ),
    [
      ':irc.test 354 alice 42 #c bob 127.0.0.1 127.0.0.1 irc.test bob H@ 0 7 acc n/a :bob',
      ':irc.test 315 alice bob :End of WHO list',
      ':irc.test 354 alice 0 :alice',
      ':irc.test 315 alice alice :End of WHO list',
      ':irc.test 354 alice bob',
      ':irc.test 315 alice #c :End of WHO list',
      ':irc.test 354 alice bob',
      ':irc.test 315 alice bob :End of WHO list',
      ':irc.test 354 alice 0 acc',
      ':irc.test 315 alice bob :End of WHO list',
    ],
  );
});

test('WHOIS: who, where, how long; 401, 402, 431 (modern-irc WHOIS)', async (t) => {
  const it = await house(t, { operators, secure: true });
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(bob, 'JOIN #c,#d', 'AWAY :lunch', 'OPER root pw');
  await ask(alice, 'JOIN #d');
  await ask(bob, 'JOIN #s', 'MODE #s +s');
  await got(alice);
  it.clock.advance(30_000);
  const expected = [
    ':irc.test 311 alice bob bob 127.0.0.1 * :bob',
    ':irc.test 319 alice bob :@#c @#d',
    ':irc.test 312 alice bob irc.test :Test Net',
    ':irc.test 313 alice bob :is an IRC operator',
    ':irc.test 301 alice bob :lunch',
    ':irc.test 671 alice bob :is using a secure connection',
    `:irc.test 317 alice bob 30 ${START} :seconds idle, signon time`,
  ];
  assert.deepEqual(await ask(alice, 'WHOIS Bob'), [
    ...expected,
    ':irc.test 318 alice Bob :End of /WHOIS list',
  ]);
  assert.deepEqual(await ask(alice, 'WHOIS irc.test bob', 'WHOIS bob bob,alice'), [
    ...expected,
    ':irc.test 318 alice bob :End of /WHOIS list',
    ...expected,
    ':irc.test 318 alice bob,alice :End of /WHOIS list',
  ]);
  assert.deepEqual(await ask(alice, 'WHOIS nobody', 'WHOIS', 'WHOIS no.such.server bob'), [
    ':irc.test 401 alice nobody :No such nick/channel',
    ':irc.test 318 alice nobody :End of /WHOIS list',
    ':irc.test 431 alice :No nickname given',
    ':irc.test 402 alice no.such.server :No such server',
  ]);
  assert.ok((await ask(alice, 'WHOIS alice')).includes(':irc.test 379 alice alice :is using modes +'));
});

test('WHOIS of an invisible user names only the channels that both are in', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(bob, 'MODE bob +i', 'JOIN #c,#d');
  await ask(alice, 'JOIN #d');
  assert.ok((await ask(alice, 'WHOIS bob')).includes(':irc.test 319 alice bob :@#d'));
});

test('WHOWAS: latest first, at most so many, 406 and 431 (modern-irc WHOWAS)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  for (const user of ['one', 'two']) {
    const client = await it.stranger('ghost');
    await ask(client, 'NICK ghost', `USER ${user} 0 * :Real ${user}`);
    client.sends('QUIT');
    await client.expects(/^ERROR /);
  }
  const entry = (user: string): string[] => [
    `:irc.test 314 alice ghost ${user} 127.0.0.1 * :Real ${user}`,
    ':irc.test 312 alice ghost irc.test :Thu, 01 Jan 2026 00:00:00 GMT',
  ];
  const end = ':irc.test 369 alice GHOST :End of WHOWAS';
  assert.deepEqual(await ask(alice, 'WHOWAS GHOST'), [...entry('two'), ...entry('one'), end]);
  assert.deepEqual(await ask(alice, 'WHOWAS GHOST 1'), [...entry('two'), end]);
  assert.deepEqual(await ask(alice, 'WHOWAS GHOST -1'), [...entry('two'), ...entry('one'), end]);
  assert.deepEqual(await ask(alice, 'WHOWAS never', 'WHOWAS'), [
    ':irc.test 406 alice never :There was no such nickname',
    ':irc.test 369 alice never :End of WHOWAS',
    ':irc.test 431 alice :No nickname given',
  ]);
  await ask(alice, 'NICK alicia');
  assert.match((await ask(alice, 'WHOWAS alice'))[0] ?? '', / 314 alicia alice /);
});

test('USERHOST and ISON (modern-irc USERHOST; RFC 2812 section 4.9)', async (t) => {
  const it = await house(t, { operators });
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(bob, 'AWAY :x', 'OPER root pw');
  assert.deepEqual(
    await ask(alice, 'USERHOST ALICE nobody bob', 'USERHOST', 'ISON nobody :BOB alice', 'ISON x', 'ISON'),
    [
      ':irc.test 302 alice :alice=+alice@127.0.0.1 bob*=-bob@127.0.0.1',
      ':irc.test 461 alice USERHOST :Not enough parameters',
      ':irc.test 303 alice :bob alice',
      ':irc.test 303 alice :',
      ':irc.test 461 alice ISON :Not enough parameters',
    ],
  );
});
