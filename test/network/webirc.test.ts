/** What a server is told of whose connections ours are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from './scene.ts';

const secret = { password: 'sesame', gateway: 'parley' };

test('a puppet has the address of its user; the reader, and who asks for privacy, have none', async (t) => {
  const { server, room } = await scene(t, { webirc: secret });
  await room.joins('alice', { host: '192.0.2.7' });
  await room.joins('bob', { host: '2001:db8::7' });
  await room.joins('shy', { host: '192.0.2.8', anonymous: true });
  const first = async (nick: string) => (await server.called(nick)).lines[0];
  assert.match((await first('alice')) ?? '', /^WEBIRC sesame parley 192\.0\.2\.7 192\.0\.2\.7 ?$/);
  assert.match((await first('bob')) ?? '', /^WEBIRC sesame parley 2001:db8::7 2001:db8::7 ?$/);
  assert.equal(await first('parley'), 'CAP LS 302');
  assert.equal(await first('guest1'), 'CAP LS 302');
});

test('where we have an address of our own there, they come in with that', async (t) => {
  const { server, room } = await scene(t, { webirc: { ...secret, own: '127.0.0.1' } });
  await room.joins('shy', { host: '192.0.2.8', anonymous: true });
  for (const nick of ['parley', 'guest1']) {
    assert.match(
      (await server.called(nick)).lines[0] ?? '',
      /^WEBIRC sesame parley 127\.0\.0\.1 127\.0\.0\.1/,
    );
  }
});

test('IRCv3 bot-mode: the reader says that it is no person, before it joins anything', async (t) => {
  const { reader, room } = await scene(t, {}, { tokens: ['BOT=B'] });
  await room.joins('alice');
  const { lines } = await reader();
  const at = (sign: string): number => lines.findIndex((line) => line.startsWith(sign));
  assert.ok(at('MODE parley +B') >= 0);
  assert.ok(at('MODE parley +B') < at('JOIN #a'));
});
