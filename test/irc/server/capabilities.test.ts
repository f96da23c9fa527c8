/** CAP and SASL (IRCv3 capability-negotiation, sasl-3.1, sasl-3.2). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, got, house } from './house.ts';

const LIST =
  'account-notify account-tag away-notify batch cap-notify chghost echo-message extended-join invite-notify ' +
  'labeled-response message-tags multi-prefix no-implicit-names server-time setname standard-replies userhost-in-names';

const accounts = new Map([['jilles', 'sesame']]);
const plain = (...parts: string[]): string => Buffer.from(parts.join('\0')).toString('base64');

test('CAP LS lists the capabilities and suspends registration until CAP END (The CAP LS subcommand)', async (t) => {
  const it = await house(t);
  const client = await it.stranger();
  assert.deepEqual(await ask(client, 'CAP LS', 'NICK alice', 'USER al 0 * :A'), [
    `:irc.test CAP * LS :${LIST}`,
  ]);
  assert.match((await ask(client, 'CAP END'))[0] ?? '', / 001 alice /);
  assert.deepEqual(await ask(client, 'CAP END', 'CAP LIST'), [':irc.test CAP alice LIST :']);
});

test('CAP LS 302 brings values and cap-notify, which stays (CAP LS Version, cap-notify)', async (t) => {
  const it = await house(t, { accounts });
  const client = await it.stranger();
  const [line = ''] = await ask(client, 'CAP LS 307');
  assert.match(line, / sasl=PLAIN /);
  assert.deepEqual(await ask(client, 'CAP LIST', 'CAP REQ cap-notify', 'CAP REQ -cap-notify'), [
    ':irc.test CAP * LIST :cap-notify',
    ':irc.test CAP * ACK :cap-notify',
    ':irc.test CAP * NAK :-cap-notify',
  ]);
  // A lower version later gets what it knows, and takes nothing away.
  const [older = ''] = await ask(client, 'CAP LS');
  assert.match(older, / sasl /);
  assert.doesNotMatch(older, /=/);
});

test('CAP REQ is taken as a whole or not at all (The CAP REQ subcommand)', async (t) => {
  const it = await house(t);
  const client = await it.stranger();
  assert.deepEqual(
    await ask(
      client,
      'CAP REQ :multi-prefix nonsense',
      'CAP LIST',
      'CAP REQ :multi-prefix server-time ',
      'CAP REQ :-multi-prefix away-notify',
      'CAP REQ :Multi-Prefix',
      'CAP REQ :sasl',
      'CAP REQ :',
    ),
    [
      ':irc.test CAP * NAK :multi-prefix nonsense',
      ':irc.test CAP * LIST :',
      ':irc.test CAP * ACK :multi-prefix server-time',
      '@time=2026-01-01T00:00:00.000Z :irc.test CAP * ACK :-multi-prefix away-notify',
      '@time=2026-01-01T00:00:00.000Z :irc.test CAP * NAK :Multi-Prefix',
      '@time=2026-01-01T00:00:00.000Z :irc.test CAP * NAK :sasl',
      '@time=2026-01-01T00:00:00.000Z :irc.test CAP * ACK :',
    ],
  );
  // REQ alone suspends as well.
  await ask(client, 'NICK alice', 'USER al 0 * :A');
  client.sawNothing({ command: '001' });
});

test('an unknown subcommand is 410, none is 461 (The CAP command)', async (t) => {
  const it = await house(t);
  const client = await it.stranger();
  assert.deepEqual(await ask(client, 'CAP FOO', 'CAP', 'CAP ACK :x'), [
    ':irc.test 410 * FOO :Invalid CAP command',
    ':irc.test 461 * CAP :Not enough parameters',
    ':irc.test 410 * ACK :Invalid CAP command',
  ]);
});

test('CAP works after registration too', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  assert.deepEqual(await ask(alice, 'CAP REQ multi-prefix', 'CAP LIST'), [
    ':irc.test CAP alice ACK :multi-prefix',
    ':irc.test CAP alice LIST :multi-prefix',
  ]);
});

test('SASL PLAIN: 900 and 903, then registration with the account (sasl-3.1)', async (t) => {
  const it = await house(t, { accounts });
  const client = await it.stranger();
  await ask(client, 'CAP LS 302', 'CAP REQ :sasl', 'NICK jj', 'USER u 0 * :J');
  assert.deepEqual(await ask(client, 'AUTHENTICATE PLAIN'), [':irc.test AUTHENTICATE +']);
  assert.deepEqual(await ask(client, `AUTHENTICATE ${plain('jilles', 'jilles', 'sesame')}`), [
    ':irc.test 900 jj jj!u@127.0.0.1 jilles :You are now logged in as jilles',
    ':irc.test 903 jj :SASL authentication successful',
  ]);
  await ask(client, 'CAP END');
  const whois = await ask(client, 'WHOIS jj');
  assert.ok(whois.includes(':irc.test 330 jj jj jilles :is logged in as'));
});

test('SASL failures: 904 for wrong ones, 905 too long, 906 aborted, 908 mechanisms (sasl-3.1)', async (t) => {
  const it = await house(t, { accounts });
  const client = await it.stranger();
  await ask(client, 'CAP REQ :sasl');
  assert.deepEqual(await ask(client, 'AUTHENTICATE SCRAM-SHA-256', 'AUTHENTICATE *', 'AUTHENTICATE'), [
    ':irc.test 908 * PLAIN :are available SASL mechanisms',
    ':irc.test 904 * :SASL authentication failed',
    ':irc.test 906 * :SASL authentication aborted',
    ':irc.test 461 * AUTHENTICATE :Not enough parameters',
  ]);
  for (const wrong of [plain('', 'jilles', 'wrong'), plain('root', 'jilles', 'sesame'), '%%%']) {
    assert.deepEqual(await ask(client, 'AUTHENTICATE PLAIN', `AUTHENTICATE ${wrong}`), [
      ':irc.test AUTHENTICATE +',
      ':irc.test 904 * :SASL authentication failed',
    ]);
  }
  assert.deepEqual(await ask(client, 'AUTHENTICATE PLAIN', `AUTHENTICATE ${'A'.repeat(401)}`), [
    ':irc.test AUTHENTICATE +',
    ':irc.test 905 * :SASL message too long',
  ]);
  for (let n = 0; n < 5; n++) client.sends('AUTHENTICATE PLAIN', 'AUTHENTICATE xx');
  await client.expects(/^ERROR :.*Too many SASL authentication failures/);
});

test('a SASL response of two chunks, and one of exactly 400 characters (sasl-3.1)', async (t) => {
  const long = 'p'.repeat(293);
  const it = await house(t, {
    accounts: new Map([
      ['jilles', long],
      ['ann', 'q'.repeat(500)],
    ]),
  });
  const client = await it.stranger();
  await ask(client, 'CAP REQ :sasl');
  // 300 octets are exactly 400 characters: an empty chunk ends them.
  const exact = plain('', 'jilles', long.slice(0, 292));
  assert.equal(exact.length, 400);
  assert.deepEqual(await ask(client, 'AUTHENTICATE PLAIN', `AUTHENTICATE ${exact}`), [
    ':irc.test AUTHENTICATE +',
  ]);
  assert.deepEqual(await ask(client, 'AUTHENTICATE +'), [':irc.test 904 * :SASL authentication failed']);
  const two = plain('', 'ann', 'q'.repeat(500));
  const lines = await ask(
    client,
    'AUTHENTICATE PLAIN',
    `AUTHENTICATE ${two.slice(0, 400)}`,
    `AUTHENTICATE ${two.slice(400)}`,
  );
  assert.match(lines.join('\n'), / 903 \* /);
});

test('registering in the middle of an exchange aborts it: 906 (sasl-3.1)', async (t) => {
  const it = await house(t, { accounts });
  const client = await it.stranger();
  await ask(client, 'CAP REQ :sasl', 'NICK jj', 'USER u 0 * :J', 'AUTHENTICATE PLAIN');
  const [first, second] = await ask(client, 'CAP END');
  assert.equal(first, ':irc.test 906 jj :SASL authentication aborted');
  assert.match(second ?? '', / 001 /);
});

test('logging in later is told by ACCOUNT, and the account is on what is said then (account-notify, account-tag, sasl-3.2)', async (t) => {
  const it = await house(t, { accounts });
  const bob = await it.client('bob', 'account-notify', 'account-tag');
  const carol = await it.client('carol');
  const jj = await it.client('jj', 'sasl', 'account-notify');
  for (const client of [bob, carol, jj]) await ask(client, 'JOIN #c');
  await Promise.all([bob, carol, jj].map(got));
  const own = await ask(
    jj,
    'AUTHENTICATE PLAIN',
    `AUTHENTICATE ${plain('', 'jilles', 'sesame')}`,
    'PRIVMSG #c :hi',
  );
  assert.equal(own.at(-1), ':jj!jj@127.0.0.1 ACCOUNT jilles');
  assert.deepEqual(await got(bob), [
    // The tag is who it was until then.
    ':jj!jj@127.0.0.1 ACCOUNT jilles',
    '@account=jilles :jj!jj@127.0.0.1 PRIVMSG #c :hi',
  ]);
  assert.deepEqual(await got(carol), [':jj!jj@127.0.0.1 PRIVMSG #c :hi']);
});

test('sasl comes and goes with the configuration, and is told (sasl-3.2, Integration with cap-notify)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'cap-notify');
  const bob = await it.client('bob');
  it.server.configure({ accounts });
  assert.deepEqual(await ask(alice, 'CAP REQ sasl'), [
    ':irc.test CAP alice NEW :sasl',
    ':irc.test CAP alice ACK :sasl',
  ]);
  it.server.configure({ accounts: new Map() });
  assert.deepEqual(await ask(alice, 'CAP REQ sasl', 'CAP LIST'), [
    ':irc.test CAP alice DEL :sasl',
    ':irc.test CAP alice NAK :sasl',
    ':irc.test CAP alice LIST :cap-notify',
  ]);
  assert.deepEqual(await got(bob), []);
});
