/** SIGHUP changes what a room allows, and nobody in it is sent away. */
import assert from 'node:assert/strict';
import { ircUri, story, type Scene } from './scene.ts';

/** The configuration with other settings for the room `lobby`. */
function withLobby({ config }: Scene, settings: Record<string, unknown>): Record<string, unknown> {
  const rooms = config['rooms'] as Record<string, Record<string, unknown>>;
  return { ...config, rooms: { ...rooms, lobby: { ...rooms['lobby'], ...settings } } };
}

story(
  'a changed maxLines and subject hold from then on, for those who are there',
  async (scene) => {
    const { joins, ann, parley } = scene;
    const alice = await joins('alice');
    const bob = await joins('bob');
    await bob.subscribes();
    assert.equal(await alice.saysInVain('one\ntwo\nthree'), 413);
    const record = await parley.reload(withLobby(scene, { maxLines: 3, subject: 'tea & cake' }));
    assert.ok(Number(record['level']) < 40, JSON.stringify(record));
    await bob.seesRoster('the new subject', ({ subject }) => subject === 'tea & cake');
    await alice.says('one\ntwo\nthree');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'three' });
    await bob.hears('one\ntwo\nthree', { from: alice.address });
    await ann.says('#lobby', 'well said');
    await alice.hears('well said', { from: ircUri('ann') });
    ann.sawNothing({ command: 'QUIT' });
    ann.sawNothing({ command: 'PART' });
  },
  { room: { maxLines: 2 } },
);

story('nicknames and private messages are switched off and on again', async (scene) => {
  const { joins, parley } = scene;
  const alice = await joins('alice');
  const bob = await joins('bob');
  await parley.reload(withLobby(scene, { nicknames: false, privateMessages: false }));
  await alice.nickname('Queen', 403);
  assert.equal(await alice.saysInVain('psst', { to: bob.address }), 403);
  await parley.reload(withLobby(scene, {}));
  await alice.nickname('Queen');
  await alice.whispers(bob.address, 'psst');
  await bob.hears('psst', { from: alice.address, to: bob.address });
});

story('who may no longer come in stays when it is there', async (scene) => {
  const { joins, isRefused, ann, parley } = scene;
  const alice = await joins('alice');
  await parley.reload(withLobby(scene, { deny: ['sip:alice@*', 'sip:bob@*'] }));
  await isRefused('bob', 403);
  await alice.says('I was here before');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'I was here before' });
});
