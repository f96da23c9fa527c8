/** What people say (modern-irc, Sending Messages; message-tags, echo-message, message-ids, labeled-response, batch). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, ask, got, house } from './house.ts';

test('PRIVMSG and NOTICE reach channels and users, and not their sender (modern-irc PRIVMSG, NOTICE)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  for (const client of [alice, bob]) await ask(client, 'JOIN #c');
  await got(alice);
  assert.deepEqual(
    await all(alice, [bob], 'PRIVMSG #C :hi all', 'NOTICE #c,BOB hm', 'PRIVMSG bob,#c,Bob,#c ::-)'),
    [
      [],
      [
        ':alice!alice@127.0.0.1 PRIVMSG #c :hi all',
        ':alice!alice@127.0.0.1 NOTICE #c :hm',
        ':alice!alice@127.0.0.1 NOTICE bob :hm',
        ':alice!alice@127.0.0.1 PRIVMSG bob ::-)',
        ':alice!alice@127.0.0.1 PRIVMSG #c ::-)',
      ],
    ],
  );
});

test('what is refused: 401, 403, 407, 411, 412; NOTICE is never answered (modern-irc PRIVMSG, NOTICE)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice');
  assert.deepEqual(
    await ask(
      alice,
      'PRIVMSG',
      'PRIVMSG bob',
      'PRIVMSG bob :',
      'PRIVMSG bob :x',
      'PRIVMSG #x :x',
      'PRIVMSG a,b,c,d,e :x',
    ),
    [
      ':irc.test 411 alice :No recipient given (PRIVMSG)',
      ':irc.test 412 alice :No text to send',
      ':irc.test 412 alice :No text to send',
      ':irc.test 401 alice bob :No such nick/channel',
      ':irc.test 403 alice #x :No such channel',
      ...['a', 'b', 'c', 'd'].map((nick) => `:irc.test 401 alice ${nick} :No such nick/channel`),
      ':irc.test 407 alice e :Too many targets',
    ],
  );
  assert.deepEqual(
    await ask(alice, 'NOTICE', 'NOTICE bob', 'NOTICE bob :x', 'NOTICE #x :x', 'NOTICE a,b,c,d,e :x'),
    [],
  );
});

test('a message to somebody who is away is answered 301, a notice is not (modern-irc AWAY)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(bob, 'AWAY :out for lunch');
  assert.deepEqual(await ask(alice, 'PRIVMSG bob :x', 'NOTICE bob :x'), [
    ':irc.test 301 alice bob :out for lunch',
  ]);
});

test('STATUSMSG: @#c to operators, +#c to those with voice and above (modern-irc PRIVMSG, STATUSMSG)', async (t) => {
  const it = await house(t);
  const [op, voice, plain] = [await it.client('op'), await it.client('voice'), await it.client('plain')];
  for (const client of [op, voice, plain]) await ask(client, 'JOIN #c');
  await ask(op, 'MODE #c +v voice');
  await Promise.all([op, voice, plain].map(got));
  const from = ':plain!plain@127.0.0.1 PRIVMSG';
  assert.deepEqual(await all(plain, [op, voice], 'PRIVMSG @#c :a', 'PRIVMSG +#c :b', 'PRIVMSG @+#C :c'), [
    [],
    [`${from} @#c :a`, `${from} +#c :b`, `${from} +#c :c`],
    [`${from} +#c :b`, `${from} +#c :c`],
  ]);
});

test('a line that its source makes too long is cut between characters (utf8-only, Implementation considerations)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, `PRIVMSG bob :${'ü'.repeat(240)}`);
  const [line = ''] = await got(bob);
  assert.match(line, /^:alice!alice@127\.0\.0\.1 PRIVMSG bob :ü+$/);
  assert.ok([509, 510].includes(Buffer.byteLength(line)), String(Buffer.byteLength(line)));
});

test('echo-message: the sender gets what it sent, also to itself', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'echo-message');
  const bob = await it.client('bob');
  await ask(alice, 'JOIN #c');
  const from = ':alice!alice@127.0.0.1';
  assert.deepEqual(
    await all(alice, [bob], 'PRIVMSG #c :1', 'NOTICE @#c :2', 'PRIVMSG Bob :3', 'PRIVMSG alice :4'),
    [
      [
        `${from} PRIVMSG #c :1`,
        `${from} NOTICE @#c :2`,
        `${from} PRIVMSG bob :3`,
        `${from} PRIVMSG alice :4`,
        `${from} PRIVMSG alice :4`,
      ],
      [`${from} PRIVMSG bob :3`],
    ],
  );
  // What is refused is not echoed.
  assert.deepEqual(await ask(alice, 'PRIVMSG nobody :x'), [
    ':irc.test 401 alice nobody :No such nick/channel',
  ]);
});

test('server-time: every line says when', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'server-time');
  const bob = await it.client('bob');
  it.clock.advance(1234);
  await ask(bob, 'PRIVMSG alice :x');
  assert.deepEqual(await ask(alice, 'MODE alice'), [
    '@time=2026-01-01T00:00:01.234Z :bob!bob@127.0.0.1 PRIVMSG alice :x',
    '@time=2026-01-01T00:00:01.234Z :irc.test 221 alice +',
  ]);
});

test('message ids are one for all who get it, and never the same twice (message-ids)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'message-tags', 'echo-message');
  const bob = await it.client('bob', 'message-tags');
  const carol = await it.client('carol', 'server-time');
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob].map(got));
  const [own = [], bobs] = await all(alice, [bob], 'PRIVMSG #c :1', 'PRIVMSG #c :1');
  const ids = own.map((line) => /^@msgid=([^; ]+) /.exec(line)?.[1]);
  assert.equal(new Set(ids).size, 2);
  assert.ok(!ids.includes(undefined));
  assert.deepEqual(bobs, own);
  assert.ok((await got(carol)).every((line) => !line.includes('msgid')));
});

test('client-only tags are passed on between those who know tags, others are not (message-tags, Client-only tags)', async (t) => {
  const it = await house(t);
  const [alice, bob] = [await it.client('alice', 'message-tags'), await it.client('bob', 'message-tags')];
  const carol = await it.client('carol');
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob, carol].map(got));
  const tags = '+a=raw+:=,escaped\\:\\s\\\\;evil=1;account=root;+e=;+draft/x';
  const [, bobs = [], carols] = await all(alice, [bob, carol], `@${tags} PRIVMSG #c :hi`);
  assert.match(bobs[0] ?? '', /^@msgid=[^;]+;\+a=raw\+:=,escaped\\:\\s\\\\;\+e;\+draft\/x :alice!/);
  assert.deepEqual(carols, [':alice!alice@127.0.0.1 PRIVMSG #c :hi']);
  await ask(carol, '@+a=b PRIVMSG #c :old');
  assert.match((await got(bob))[0] ?? '', /^@msgid=[^;]+ :carol!/);
});

test('TAGMSG: only tags, only for those who know them (message-tags, The TAGMSG tag-only message)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'message-tags', 'echo-message');
  const bob = await it.client('bob', 'message-tags');
  const carol = await it.client('carol');
  for (const client of [alice, bob, carol]) await ask(client, 'JOIN #c');
  await Promise.all([alice, bob, carol].map(got));
  const [own = [], bobs = [], carols] = await all(
    alice,
    [bob, carol],
    '@+typing=active TAGMSG #c',
    'TAGMSG carol',
  );
  assert.match(own[0] ?? '', /^@msgid=[^;]+;\+typing=active :alice!alice@127\.0\.0\.1 TAGMSG #c$/);
  assert.equal(own.length, 2);
  assert.deepEqual(bobs, own.slice(0, 1));
  assert.deepEqual(carols, []);
  assert.deepEqual(await ask(carol, 'TAGMSG #c'), [':irc.test 421 carol TAGMSG :Unknown command']);
  assert.deepEqual(await ask(alice, 'TAGMSG', 'TAGMSG nobody'), [
    ':irc.test 411 alice :No recipient given (TAGMSG)',
    ':irc.test 401 alice nobody :No such nick/channel',
  ]);
});

const LABELS = ['labeled-response', 'batch'];

test('a labelled command: one line, a batch, or ACK (labeled-response)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', ...LABELS);
  const [one] = await ask(alice, '@label=x\\:y PRIVMSG nobody :x');
  assert.equal(one, '@label=x\\:y :irc.test 401 alice nobody :No such nick/channel');
  assert.deepEqual(await ask(alice, '@label=2 PONG x', '@label=3 AWAY'), [
    '@label=2 :irc.test ACK',
    '@label=3 :irc.test 305 alice :You are no longer marked as being away',
  ]);
  const [start = '', ...rest] = await ask(alice, '@label=4 WHO alice');
  const reference = /^@label=4 :irc\.test BATCH \+([a-z0-9-]+) labeled-response$/i.exec(start)?.[1];
  assert.deepEqual(rest, [
    `@batch=${reference} :irc.test 352 alice * alice 127.0.0.1 irc.test alice H :0 alice`,
    `@batch=${reference} :irc.test 315 alice alice :End of WHO list`,
    `:irc.test BATCH -${reference}`,
  ]);
});

test('labels: other recipients see none, what one says to oneself carries one once (labeled-response)', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', ...LABELS, 'echo-message');
  const bob = await it.client('bob', ...LABELS, 'message-tags');
  const from = ':alice!alice@127.0.0.1 PRIVMSG';
  const [own, bobs = []] = await all(alice, [bob], '@label=1 PRIVMSG bob :x', '@label=2 PRIVMSG alice :y');
  assert.deepEqual(own, [`@label=1 ${from} bob :x`, `@label=2 ${from} alice :y`, `${from} alice :y`]);
  assert.match(bobs[0] ?? '', /^@msgid=\S+ :alice!/);
  assert.doesNotMatch(bobs[0] ?? '', /label/);
  // Without echo there is nothing to answer with but ACK.
  assert.deepEqual(
    (await ask(bob, '@label=3 PRIVMSG bob :z')).map((line) => line.replace(/msgid=[^; ]+/, 'msgid=1')),
    ['@label=3 :irc.test ACK', '@msgid=1 :bob!bob@127.0.0.1 PRIVMSG bob :z'],
  );
});

test('labels: unknown commands, refused ones, and JOIN with all that belongs to it', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', ...LABELS);
  assert.deepEqual(await ask(alice, '@label=1 NOSUCH', '@label=2 JOIN'), [
    '@label=1 :irc.test 421 alice NOSUCH :Unknown command',
    '@label=2 :irc.test 461 alice JOIN :Not enough parameters',
  ]);
  const lines = await ask(alice, '@label=3 JOIN #c');
  assert.equal(lines.length, 5);
  assert.ok(lines.slice(1, -1).every((line) => line.startsWith('@batch=')));
  alice.sends('@label=4 QUIT');
  await alice.expects(/^@label=4 ERROR :/);
});

test('labels count only with both capabilities, and up to 64 octets', async (t) => {
  const it = await house(t);
  const alice = await it.client('alice', 'labeled-response');
  const bob = await it.client('bob', ...LABELS);
  assert.deepEqual(await ask(alice, '@label=1 MODE alice'), [':irc.test 221 alice +']);
  assert.deepEqual(await ask(bob, `@label=${'x'.repeat(65)} MODE bob`, '@label= MODE bob'), [
    ':irc.test 221 bob +',
    ':irc.test 221 bob +',
  ]);
});
