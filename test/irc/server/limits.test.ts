/** What a client may not: too long, too fast, too many, too silent, too slow to read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AWAYLEN,
  CHANNELLEN,
  HOSTLEN,
  KICKLEN,
  NICKLEN,
  TOPICLEN,
  USERLEN,
} from '../../../src/irc/server/limits.ts';
import { Message } from '../../../src/irc/server/message.ts';
import { ask, got, house, type House } from './house.ts';
import { Wire } from './wire.ts';

const limits = { clients: 1000, perAddress: 1000, channels: 50, sendQueue: 100_000 };

async function remote(it: House, nick: string, host = '198.51.100.7', stuck = false): Promise<Wire> {
  const wire = new Wire(host, stuck);
  it.server.accept(wire, false);
  wire.says(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
  await wire.reads();
  return wire;
}

test('a line of more than 512 octets is 417, tags of more than 4096 as well; the next ones count (message-tags, Size limit)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'message-tags');
  const long = ':irc.test 417 alice :Input line was too long';
  assert.deepEqual(await ask(alice, `PING ${'x'.repeat(506)}`), [long]);
  assert.deepEqual(await ask(alice, `@${'x'.repeat(4095)} PONG x`), [long]);
  assert.deepEqual(await ask(alice, 'x'.repeat(100_000)), [long]);
  assert.deepEqual(await ask(alice, `@${'x'.repeat(4094)} PONG ${'x'.repeat(505)}`), []);
});

test('what is no UTF-8 is refused with FAIL, labelled, and not passed on (utf8-only, standard-replies)', async (t) => {
  const it = await house(t);
  const bob = await it.client('bob');
  const wire = await remote(it, 'eve');
  wire.says('CAP REQ :labeled-response batch standard-replies');
  await wire.reads();
  wire.sends(
    Buffer.from('@label=7 PRIVMSG bob :caf\xe9\r\nPRIVMSG bob :caf\xc3\xa9\r\n\xff\xfe\r\n', 'latin1'),
  );
  assert.deepEqual(await wire.reads(), [
    '@label=7 :irc.test FAIL PRIVMSG INVALID_UTF8 :Message rejected, your IRC software MUST use UTF-8 encoding on this network',
    ':irc.test FAIL * INVALID_UTF8 :Message rejected, your IRC software MUST use UTF-8 encoding on this network',
  ]);
  assert.deepEqual(await got(bob), [':eve!eve@198.51.100.7 PRIVMSG bob :café']);
});

test('bare LF ends a line; NUL and CR inside of one are left out', async (t) => {
  const it = await house(t);
  const bob = await it.client('bob');
  const wire = await remote(it, 'eve');
  wire.sends(Buffer.from('PRIVMSG bob :a\0b\rQUIT\nPRIVMSG bob :c\n\n\r\n'));
  assert.deepEqual(await got(bob), [
    ':eve!eve@198.51.100.7 PRIVMSG bob :abQUIT',
    ':eve!eve@198.51.100.7 PRIVMSG bob :c',
  ]);
});

test('too fast: it is not read until its bucket fills, and loses nothing', async (t) => {
  const it = await house(t);
  const wire = await remote(it, 'eve');
  wire.says(...Array.from({ length: 60 }, (_, n) => `PING ${n}`));
  const first = await wire.reads();
  assert.ok(first.length >= 20 && first.length < 40, String(first.length));
  assert.equal(wire.paused, true);
  const rest: string[] = [];
  for (let n = 0; n < 40; n++) {
    it.clock.advance(200);
    rest.push(...(await wire.reads()));
  }
  assert.deepEqual(
    [...first, ...rest],
    Array.from({ length: 60 }, (_, n) => `:irc.test PONG irc.test :${n}`),
  );
  assert.equal(wire.paused, false);
});

test('too fast for a minute on end: Excess Flood; others go on', async (t) => {
  const it = await house(t);
  const bob = await it.client('bob');
  const wire = await remote(it, 'eve');
  for (let n = 0; n < 80 && wire.open; n++) {
    wire.says(...Array.from({ length: 20 }, () => 'PING x'));
    it.clock.advance(1000);
    bob.sends('PING :still here');
    await bob.expects(/still here/);
  }
  assert.match((await wire.reads()).at(-1) ?? '', /^ERROR :Closing Link: 198\.51\.100\.7 \(Excess Flood\)$/);
});

test('silent for too long: PING, and without an answer Ping timeout', async (t) => {
  const it = await house(t);
  const [quiet, polite] = [await remote(it, 'quiet'), await remote(it, 'polite')];
  it.clock.advance(90_000);
  assert.deepEqual(await quiet.reads(), ['PING :irc.test']);
  assert.deepEqual(await polite.reads(), ['PING :irc.test']);
  it.clock.advance(1000);
  polite.says('PONG irc.test');
  it.clock.advance(59_000);
  assert.deepEqual(await quiet.reads(), ['ERROR :Closing Link: 198.51.100.7 (Ping timeout: 150 seconds)']);
  assert.deepEqual(await polite.reads(), []);
  it.clock.advance(31_000);
  assert.deepEqual(await polite.reads(), ['PING :irc.test']);
});

test('who does not register in time is sent away', async (t) => {
  const it = await house(t);
  const wire = new Wire('198.51.100.7');
  it.server.accept(wire, false);
  wire.says('NICK slow');
  it.clock.advance(60_000);
  assert.deepEqual(await wire.reads(), ['ERROR :Closing Link: 198.51.100.7 (Registration timed out)']);
  assert.equal(it.server.clients, 0);
});

test('who does not read costs sendQueue and then its connection; others hear of it and go on', async (t) => {
  const it = await house(t, { limits });
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  const wire = await remote(it, 'deaf', '198.51.100.7', true);
  wire.says('JOIN #c');
  for (const client of [alice, bob]) await ask(client, 'JOIN #c');
  await got(alice);
  for (let n = 0; n < 400; n++) {
    alice.sends(`PRIVMSG #c :${n} ${'x'.repeat(400)}`);
    if (n % 40 === 39) await bob.expects(new RegExp(` PRIVMSG #c :${n} `));
  }
  await bob.expects(/^:deaf!deaf@198\.51\.100\.7 QUIT :SendQ exceeded$/);
  assert.ok(wire.pendingBytes < 110_000, String(wire.pendingBytes));
  assert.equal(bob.lines.filter(({ command }) => command === 'PRIVMSG').length, 400);
  assert.equal(wire.open, false);
});

test('a closed connection that does not take its last lines is dropped after a while', async (t) => {
  const it = await house(t);
  const wire = await remote(it, 'deaf', '198.51.100.7', true);
  let dropped = false;
  const destroy = wire.destroy.bind(wire);
  wire.destroy = () => {
    dropped = true;
    destroy();
  };
  wire.says('QUIT');
  await wire.reads();
  assert.equal(dropped, false);
  it.clock.advance(5000);
  assert.equal(dropped, true);
});

test('limits of clients, in all and per address; who leaves makes room', async (t) => {
  const it = await house(t, { limits: { ...limits, clients: 4, perAddress: 2 } });
  const wires = [await remote(it, 'a'), await remote(it, 'b'), await remote(it, 'c')];
  assert.equal(wires[2]?.open, false);
  const other = await remote(it, 'd', '198.51.100.8');
  assert.equal(other.open, true);
  wires[0]?.destroy();
  assert.equal((await remote(it, 'e')).open, true);
  assert.equal((await remote(it, 'f', '198.51.100.9')).open, true);
  const full = new Wire('198.51.100.10');
  it.server.accept(full, false);
  assert.deepEqual(await full.reads(), ['ERROR :Closing Link: 198.51.100.10 (The server is full)']);
  // Raised while it runs.
  it.server.configure({ limits: { ...limits, channels: 7 } });
  assert.equal((await remote(it, 'g', '198.51.100.11')).open, true);
  assert.ok((await other.reads()).includes(':irc.test 005 d CHANLIMIT=#:7 :are supported by this server'));
});

test('WEBIRC: the address that the gateway names is shown and counted (webirc)', async (t) => {
  const webirc = new Map([['secret', 'parley']]);
  const it = await house(t, { webirc, limits: { ...limits, perAddress: 2 } });
  const by = async (password: string, ip: string, nick: string): Promise<string[]> => {
    const client = await it.stranger(nick);
    client.sends(`WEBIRC ${password} parley host.test ${ip} :secure x=y`, `NICK ${nick}`, `USER u 0 * :x`);
    const seen = await client.expects(/^(?::\S+ 001|ERROR)/);
    return [seen.raw];
  };
  assert.match((await by('secret', '203.0.113.1', 'a'))[0] ?? '', /a!u@203\.0\.113\.1$/);
  assert.match((await by('secret', '203.0.113.1', 'b'))[0] ?? '', /b!u@203\.0\.113\.1$/);
  assert.match(
    (await by('secret', '203.0.113.1', 'c'))[0] ?? '',
    /^ERROR .*203\.0\.113\.1.*Too many connections/,
  );
  for (const n of [1, 2, 3]) assert.match((await by('secret', `203.0.113.2${n}`, `n${n}`))[0] ?? '', / 001 /);
  assert.match((await by('secret', '0::1', 'six'))[0] ?? '', /six!u@0::1$/);
  assert.match((await by('wrong', '203.0.113.3', 'd'))[0] ?? '', /^ERROR .*Invalid WebIRC password/);
  assert.match((await by('secret', 'nonsense', 'e'))[0] ?? '', /^ERROR .*Invalid WebIRC address/);
  // Plain clients of this host are counted by themselves.
  await it.client('p1');
  await it.client('p2');
  const third = await it.stranger('p3');
  third.sends('NICK p3');
  await third.expects(/^ERROR .*Too many connections/);
  // Not from elsewhere, and not after anything else.
  const wire = new Wire('198.51.100.7');
  it.server.accept(wire, false);
  wire.says('WEBIRC secret parley host.test 203.0.113.9');
  assert.match((await wire.reads())[0] ?? '', /^ERROR .*Invalid WebIRC password/);
  // This host's own address, where the server listens there and not on loopback.
  const own = new Wire('192.0.2.1');
  it.server.accept(own, false);
  own.says('WEBIRC secret parley host.test 203.0.113.9', 'NICK own', 'USER u 0 * :x');
  assert.match((await own.reads())[0] ?? '', / 001 own .*own!u@203\.0\.113\.9$/);
});

test('WEBIRC: who comes by a trusted gateway may talk faster', async (t) => {
  const it = await house(t, { webirc: new Map([['secret', 'parley']]) });
  const wire = new Wire('127.0.0.1');
  it.server.accept(wire, false);
  wire.says('WEBIRC secret parley h 203.0.113.1', 'NICK a', 'USER a 0 * :a');
  await wire.reads();
  wire.says(...Array.from({ length: 300 }, (_, n) => `PING ${n}`));
  assert.equal((await wire.reads()).length, 300);
});

test('SASL and "secure" need TLS all the way, or this host', async (t) => {
  const it = await house(t, { accounts: new Map([['acc', 'pw']]) });
  const wire = await remote(it, 'far');
  wire.says('CAP REQ :sasl');
  assert.deepEqual(await wire.reads(), [':irc.test CAP far NAK :sasl']);
  const safe = new Wire('198.51.100.7');
  it.server.accept(safe, true);
  safe.says('CAP REQ :sasl');
  assert.deepEqual(await safe.reads(), [':irc.test CAP * ACK :sasl']);
});

test('close says ERROR to everybody and takes nobody more', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  const closed = it.server.close('Going for an update');
  await alice.expects(/^ERROR :Closing Link: 127\.0\.0\.1 \(Going for an update\)$/);
  await closed;
  assert.equal(it.server.clients, 0);
  const late = new Wire('198.51.100.7');
  it.server.accept(late, false);
  assert.deepEqual(await late.reads(), ['ERROR :Closing Link: 198.51.100.7 (Going for an update)']);
});

test('what is as long as it may be fits into its lines, beside the longest names (TOPICLEN, KICKLEN, AWAYLEN)', () => {
  const origin = { prefix: `${'n'.repeat(NICKLEN)}!${'u'.repeat(USERLEN)}@${'h'.repeat(HOSTLEN)}` };
  const server = { prefix: 's'.repeat(HOSTLEN) };
  const [nick, channel] = ['n'.repeat(NICKLEN), `#${'c'.repeat(CHANNELLEN - 1)}`];
  const lines: [{ prefix: string }, string, string[], number][] = [
    [origin, 'TOPIC', [channel], TOPICLEN],
    [server, '332', [nick, channel], TOPICLEN],
    [server, '322', [nick, channel, '1000000'], TOPICLEN],
    [origin, 'KICK', [channel, nick], KICKLEN],
    [origin, 'AWAY', [], AWAYLEN],
    [server, '301', [nick, nick], AWAYLEN],
  ];
  for (const [from, command, words, most] of lines) {
    const text = 'x'.repeat(most);
    const line = new Message(from, command, words, text, { at: 0 }).line(0);
    assert.ok(line.endsWith(` :${text}\r\n`) && Buffer.byteLength(line) <= 512, line);
  }
});
