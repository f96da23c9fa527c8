/** Whose lines are not bridged (contract: networks.*.ignore). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { foldOf } from '../../src/irc/casemapping.ts';
import { parseSource } from '../../src/irc/source.ts';
import { ignoring } from '../../src/network/ignored.ts';
import { scene } from './scene.ts';

const soon = { timeout: 15_000 };

const TABLE: readonly [masks: string[], source: string, ignored: boolean][] = [
  [[], 'ann!a@h', false],
  [['bot'], 'bot!x@y', true],
  [['bot'], 'BOT!x@y', true],
  [['bot'], 'bots!x@y', false],
  [['pest*!*@*'], 'pest1!x@y', true],
  [['b?t'], 'bit!x@y', true],
  [['*!*@*.bridge.test'], 'ann!a@one.bridge.test', true],
  [['*!*@*.bridge.test'], 'ann!a@bridge.test', false],
  [['~relay@*'], 'ann!~relay@h', true],
  [['@h'], 'ann!a@h', true],
  [['bot[1]'], 'bot{1}!x@y', true],
  [['nobody', 'bot'], 'bot!x@y', true],
  // What the line does not say fits `*` only.
  [['bot'], 'bot', true],
  [['bot!*@h'], 'bot', false],
  [['*!?*@*'], 'bot', false],
];

for (const [masks, source, ignored] of TABLE) {
  test(`${source} is ${ignored ? '' : 'not '}ignored by [${masks.join(' ')}]`, () => {
    const records: object[] = [];
    const isIgnored = ignoring({
      masks: () => masks,
      fold: foldOf('rfc1459'),
      isOurs: () => false,
      log: { ...silentLog, debug: (fields) => void records.push(fields) },
    });
    assert.equal(isIgnored(parseSource(source)), ignored);
    const { nick } = parseSource(source);
    assert.deepEqual(records, ignored ? [{ from: nick, ignore: masks.at(-1) }] : []);
  });
}

test(
  'who is ignored is in the roster, is not heard, is not answered, and may be written to',
  soon,
  async (t) => {
    const { server, room, reader } = await scene(t, { ignore: ['pest*!*@*'] });
    await room.joins('alice');
    const alice = await server.called('alice');
    const link = await reader();
    link.send(':pest1!p@h JOIN #a', ':pest1!p@h PRIVMSG #a :one', ':pest1!p@h NOTICE #a :two');
    link.send(':pest1!p@h PRIVMSG #a :\x01ACTION three\x01', ':ann!a@h JOIN #a', ':ann!a@h PRIVMSG #a :four');
    await room.tells('arrived pest1+net=pest1');
    await room.tells('heard ann+net=ann: four');
    alice.send(
      ':pest1!p@h PRIVMSG alice :five',
      ':pest1!p@h NOTICE alice :six',
      ':pest1!p@h PRIVMSG @#a :seven',
      ':pest1!p@h PRIVMSG alice :\x01VERSION\x01',
      ':pest2!p@h PRIVMSG alice :a stranger',
      ':pest2!p@h INVITE alice #elsewhere',
      ':ann!a@h PRIVMSG alice :eight',
      ':ann!a@h INVITE alice #elsewhere',
    );
    await room.tells('whispered ann+net=ann to sip:alice@users.test: eight');
    await room.tells('told sip:alice@users.test: ann invites you to #elsewhere on IRC');
    const said = room.told.filter((line) => /^(?:heard|whispered|told)/.test(line));
    assert.equal(said.length, 3, said.join('\n'));
    assert.equal(room.count(/^departed/), 0);
    await room.isSettled(room.whispers('alice', ['pest1+net'], 'stop it'), 'ok');
    await alice.gets(/^PRIVMSG pest1 :stop it$/);
    assert.equal(alice.count(/^NOTICE/), 0);
  },
);

test('our own puppets are heard, whatever the masks say', soon, async (t) => {
  const { room } = await scene(t, { ignore: ['*'] });
  await room.joins('alice');
  await room.isSettled(room.says('alice', 'a word'), 'ok');
});

test('another list holds at once, without a new connection', soon, async (t) => {
  const { server, network, room, reader, settings } = await scene(t);
  await room.joins('alice');
  const link = await reader();
  const says = (text: string): void => link.send(`:bot!b@h PRIVMSG #a :${text}`);
  link.send(':ann!a@h JOIN #a', ':bot!b@h JOIN #a');
  says('one');
  await room.tells('heard bot+net=bot: one');
  network.configure(settings({ ignore: ['bot'] }));
  says('two');
  link.send(':ann!a@h PRIVMSG #a :between');
  await room.tells('heard ann+net=ann: between');
  network.configure(settings({ ignore: [] }));
  says('three');
  await room.tells('heard bot+net=bot: three');
  assert.equal(room.count(/^heard bot/), 2);
  assert.equal(server.peers.length, 2);
});

test('another encoding holds from the next line on, for puppets too', soon, async (t) => {
  const { server, network, room, reader, settings } = await scene(t);
  await room.joins('alice');
  const alice = await server.called('alice');
  const link = await reader();
  link.send(':ann!a@h JOIN #a');
  const line = (target: string): Buffer => Buffer.from(`:ann!a@h PRIVMSG ${target} :caf\xe9\r\n`, 'latin1');
  link.socket.write(line('#a'));
  await room.tells('heard ann+net=ann: caf\ufffd');
  network.configure(settings({ encoding: 'windows-1252' }));
  link.socket.write(line('#a'));
  await room.tells('heard ann+net=ann: café');
  alice.socket.write(line('alice'));
  await room.tells('whispered ann+net=ann to sip:alice@users.test: café');
  assert.equal(server.peers.length, 2);
});
