/** Clients that mean no good hurt nobody else. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { Log } from '../../../src/common/log.ts';
import { silentLog } from '../../../src/common/log.ts';
import { ask, got, house } from './house.ts';
import { Wire } from './wire.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

const LINES = [
  'NICK mallory',
  'NICK :',
  'USER m 0 * :Mallory',
  'JOIN #c,#d,#e k1,k2',
  'JOIN 0',
  'PART #c :bye',
  'TOPIC #c :new',
  'MODE #c +bbb a!b@c d *',
  'MODE #c +kl key 5',
  'MODE #c -o+v alice alice',
  'MODE mallory +iwB',
  'KICK #c alice,bob :x',
  'INVITE alice #d',
  'PRIVMSG #c,alice :hello',
  '@+a=b;label=1 PRIVMSG @#c :hello',
  'NOTICE #c :x',
  '@label=2 TAGMSG #c',
  'WHO #c %tcuihsnfdlaor,12',
  'WHO *',
  'WHOIS alice alice',
  'WHOWAS alice 2',
  'USERHOST a b c',
  'ISON a b c',
  'MONITOR + a,b,c',
  'MONITOR S',
  'AWAY :x',
  'SETNAME :Other',
  'CAP LS 302',
  'CAP REQ :batch labeled-response echo-message',
  'CAP REQ :-batch server-time message-tags',
  'CAP END',
  'AUTHENTICATE PLAIN',
  'AUTHENTICATE AAAA',
  'OPER a b',
  'KILL a :b',
  'LIST >1,C<5,*a*',
  'NAMES #c',
  'MOTD x',
  'LUSERS',
  'VERSION',
  'TIME',
  'INFO',
  'HELP JOIN',
  'PING x',
  'PONG',
  'WALLOPS :x',
  'CHGHOST a b c',
  'WEBIRC a b c d',
  'PASS x',
  'LINKS',
  'ERROR :x',
];

test(`2,000 mutated lines leave the server and everybody on it alone (SEED=${SEED})`, async (t) => {
  const faults: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (fields, message) => faults.push(`${message} ${JSON.stringify(fields)}`),
  };
  const it = await house(t, { log });
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  for (const client of [alice, bob]) await ask(client, 'JOIN #room');
  const random = generator(SEED);
  let wire = newcomer();
  for (let n = 0; n < 2000; n++) {
    if (!wire.open) wire = newcomer();
    wire.sends(Buffer.concat([mutated(LINES[random(LINES.length)] ?? '', random), Buffer.from('\r\n')]));
    if (n % 100 === 0) {
      await wire.reads();
      await ask(alice, `PRIVMSG #room :${n}`);
      await bob.expects(new RegExp(` PRIVMSG #room :${n}$`));
    }
  }
  assert.deepEqual(faults, []);
  wire.destroy();
  assert.equal(it.server.clients, 2);

  function newcomer(): Wire {
    const made = new Wire('127.0.0.1');
    it.server.accept(made, false);
    made.says('NICK mallory', 'USER m 0 * :M');
    return made;
  }
});

test('lines without an end, half-open and silent connections, and those that go at once', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  for (const client of [alice, bob]) await ask(client, 'JOIN #room');
  const sockets = [];
  for (let n = 0; n < 30; n++) {
    const socket = connect({ port: it.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    sockets.push(socket);
    if (n % 3 === 0) socket.write('x'.repeat(100_000));
    else if (n % 3 === 1) socket.end('NICK half');
    else socket.destroy();
  }
  await ask(alice, 'PRIVMSG #room :still here');
  assert.deepEqual((await got(bob)).slice(-1), [':alice!alice@127.0.0.1 PRIVMSG #room :still here']);
  // Who says nothing is sent away.
  it.clock.advance(60_000);
  while (it.server.clients > 2) await new Promise(setImmediate);
});

test('twenty who talk at once lose nothing, double nothing and hear one order', async (t) => {
  const it = await house(t);
  const nicks = Array.from({ length: 20 }, (_, n) => `talker${n}`);
  const clients = [];
  for (const nick of nicks) clients.push(await it.client(nick, 'echo-message'));
  for (const client of clients) await ask(client, 'JOIN #room');
  await Promise.all(clients.map(got));
  for (let n = 0; n < 25; n++)
    for (const client of clients) client.sends(`PRIVMSG #room :${client.nick} ${n}`);
  await Promise.all(clients.map(got));
  const heard = clients.map((client) =>
    client.lines.filter(({ command }) => command === 'PRIVMSG').map(({ text }) => text),
  );
  assert.equal(new Set(heard[0]).size, 500);
  for (const other of heard) assert.deepEqual(other, heard[0]);
});

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A line with a few of its octets changed, taken out, put in or repeated; never with an end in it. */
function mutated(line: string, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(line);
  for (let times = random(4); times > 0; times--) {
    const at = random(bytes.length + 1);
    const rest = [
      Buffer.from([random(256)]),
      bytes.subarray(at, at + random(9)),
      Buffer.from(' :,@*;=%+-'[random(10)] ?? ''),
    ];
    const added = rest[random(3)] ?? Buffer.alloc(0);
    bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + random(3))]);
  }
  return Buffer.from(bytes.filter((octet) => octet !== 0x0a));
}
