/** What a link tells, how it follows its server, and each way in which it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked } from './linked.ts';
import { until } from './scripted-server.ts';

const soon = { timeout: 10_000 };

test('silence: PING, and half a minute later the link is dead', soon, async (t) => {
  let silent = false;
  const { server, clock, tells, told, event } = await linked(t, {}, { answer: () => silent });
  await tells(1);
  const peer = await server.peer(0);
  await peer.gets(/^USER/);
  await event('refused');
  clock.advance(59_999);
  peer.send(':s NOTICE parley :still here');
  await event('message');
  clock.advance(60_000);
  await peer.gets(/^PING are-you-there/);
  await event('pong');
  silent = true;
  clock.advance(60_000);
  await peer.gets(/^PING are-you-there/);
  clock.advance(29_999);
  assert.equal(told.length, 1);
  clock.advance(1);
  assert.equal(await tells(2), 'lost net: the server says nothing more');
  assert.equal(clock.pending, 0);
});

test('lines arrive whole however TCP cuts them', soon, async (t) => {
  const { server, tells, events } = await linked(t);
  await tells(1);
  const { socket } = await server.peer(0);
  socket.setNoDelay(true);
  const text =
    ':ann!a@h PRIVMSG #a :händ 👋\r\n\r\n:ann!a@h PRIVMSG #a :bare LF\n:ann!a@h PRIVMSG #a :a\rb\0c\r\n';
  for (const byte of Buffer.from(text)) {
    socket.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  const said = (): string[] => events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
  await until(() => said().length === 3);
  assert.deepEqual(said(), ['händ 👋', 'bare LF', 'abc']);
});

test(
  'what is no UTF-8 keeps its readable part; a line that is too long is passed over, the link stays',
  soon,
  async (t) => {
    const { server, tells, events } = await linked(t);
    await tells(1);
    const { socket } = await server.peer(0);
    socket.write(Buffer.from(':ann!a@h PRIVMSG #a :caf\xe9 ok\r\n', 'latin1'));
    socket.write(`:ann!a@h PRIVMSG #a :${'x'.repeat(40_000)}`);
    socket.write(`${'y'.repeat(40_000)}\r\n:ann!a@h PRIVMSG #a :${'z'.repeat(17_000)}\r\n`);
    socket.write(':ann!a@h PRIVMSG #a :after\r\n');
    const said = (): string[] => events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
    await until(() => said().includes('after'));
    assert.deepEqual(said(), ['caf\ufffd ok', 'after']);
  },
);

test('what is no UTF-8 is read in the encoding that holds when the line comes', soon, async (t) => {
  let encoding: string | null = 'windows-1252';
  const { server, tells, events } = await linked(t, { encoding: () => encoding });
  await tells(1);
  const { socket } = await server.peer(0);
  const said = (): string[] => events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
  const sends = async (text: string, coding: 'latin1' | 'utf8'): Promise<void> => {
    const before = said().length;
    socket.write(Buffer.from(`:ann!a@h PRIVMSG #a :${text}\r\n`, coding));
    await until(() => said().length > before);
  };
  await sends('caf\xe9 \x80', 'latin1');
  await sends('naïve café', 'utf8');
  encoding = 'koi8-r';
  await sends('\xc4\xc1', 'latin1');
  encoding = null;
  await sends('caf\xe9', 'latin1');
  assert.deepEqual(said(), ['café €', 'naïve café', 'да', 'caf\ufffd']);
});

test('lines on which irc-framework fails do no harm', soon, async (t) => {
  const { server, tells, records, event } = await linked(t);
  await tells(1);
  const peer = await server.peer(0);
  peer.send(
    ':s 005 parley CHANTYPES CHANMODES PREFIX STATUSMSG CLIENTTAGDENY :x',
    ':s CAP',
    ':s CAP * ACK :sasl',
    '',
  );
  peer.send(':s 900', ':s 904', 'AUTHENTICATE', ':s CAP * NEW :x', 'PING', ':s INVITE parley #b');
  await event('invite');
  assert.match(records.join(), /a fault at a line of IRC/);
});

test('PING is answered', soon, async (t) => {
  const { server, tells } = await linked(t);
  await tells(1);
  const peer = await server.peer(0);
  peer.send('PING :a token');
  await peer.gets(/^PONG :?a token$/);
});

test('our own nick, user and host are followed', soon, async (t) => {
  const { server, link, tells } = await linked(t);
  await tells(1);
  const peer = await server.peer(0);
  peer.send(':parley!u@h NICK Guest1', ':ann!a@h NICK parley', ':parley!a@h JOIN #a', ':Guest1!u@h JOIN #a');
  await until(() => link.mask.host === 'h');
  assert.deepEqual(link.mask, { nick: 'Guest1', user: 'u', host: 'h' });
  peer.send(':s 396 Guest1 cloak :is your host');
  await until(() => link.mask.host === 'cloak');
  peer.send(':guest1!u@cloak CHGHOST v vhost');
  await until(() => link.mask.user === 'v');
  assert.deepEqual(link.mask, { nick: 'Guest1', user: 'v', host: 'vhost' });
});

test('QUIT is said, and nothing more; what was not registered is just closed', soon, async (t) => {
  const polite = await linked(t);
  await polite.tells(1);
  polite.link.quit('bye bye');
  polite.link.send('PRIVMSG', '#a', 'too late');
  assert.equal(await polite.tells(2), 'lost own: bye bye');
  await (await polite.server.peer(0)).gets(/^QUIT :bye bye$/);
  polite.link.quit('again');
  polite.link.send('PRIVMSG', '#a', 'too late');

  const early = await linked(t, {}, { answer: () => true });
  early.link.quit('never mind');
  assert.equal(await early.tells(1), 'lost own: never mind');
});

test('KILL is told as such, with the reason', soon, async (t) => {
  const { server, tells } = await linked(t);
  await tells(1);
  const peer = await server.peer(0);
  peer.send(':ann!a@h KILL parley :enough', 'ERROR :Closing link: (too many)');
  peer.socket.end();
  assert.equal(await tells(2), 'lost killed: enough');
});

test('a lean link tells what concerns it alone', soon, async (t) => {
  const { server, tells, events, event } = await linked(t, { lean: true });
  await tells(1);
  const peer = await server.peer(0);
  peer.send(
    ':ann!a@h JOIN #a',
    ':ann!a@h PRIVMSG #a :x',
    ':ann!a@h QUIT :x',
    ':ann!a@h PRIVMSG parley :psst',
  );
  await event('message');
  assert.deepEqual(
    events.map(({ type }) => type),
    ['refused', 'message'],
    'the first is: no MOTD',
  );
});
