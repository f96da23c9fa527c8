/** Who comes late is told what was said before. */
import assert from 'node:assert/strict';
import { ircUri, story } from './scene.ts';

story(
  'a latecomer gets the last messages of IRC and SIP authors, in order and once; IRC hears nothing of it',
  async ({ joins, ann, config, parley }) => {
    const alice = await joins('alice');
    await ann.says('#lobby', 'too long ago');
    await alice.hears('too long ago');
    await ann.says('#lobby', 'hello from IRC');
    await alice.hears('hello from IRC');
    await alice.says('hello from SIP');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'hello from SIP' });
    await ann.says('#lobby', '\x01ACTION waves\x01');
    await alice.hears('/me waves');
    await alice.says('/me waves back');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: '\x01ACTION waves back\x01' });
    await ann.renames('anna');
    const bob = await joins('bob');
    await bob.hears('hello from IRC', { from: ircUri('ann'), name: 'ann', to: bob.roomUri });
    await bob.hears('hello from SIP', { from: alice.address, to: bob.roomUri });
    await bob.hears('/me waves', { from: ircUri('ann') });
    await bob.hears('/me waves back', { from: alice.address });
    await ann.says('#lobby', 'and now');
    await bob.hears('and now', { name: 'anna' });
    await alice.hears('and now');
    await bob.says('thank you');
    await ann.sees({ command: 'PRIVMSG', from: 'bob', text: 'thank you' });
    assert.equal(bob.heard.all.length, 5, 'each once, and no more than four of before');
    assert.equal(alice.heard.all.filter(({ text }) => text === 'hello from IRC').length, 1);
    ann.sawNothing({ command: 'PRIVMSG', from: 'bob', text: /hello|waves/ });
    ann.sawNothing({ command: 'PRIVMSG', from: 'parley' });
    // SIGHUP takes it away.
    const rooms = config['rooms'] as Record<string, Record<string, unknown>>;
    await parley.reload({ ...config, rooms: { lobby: { ...rooms['lobby'], history: 0 } } });
    const carol = await joins('carol');
    await ann.says('#lobby', 'welcome');
    await carol.hears('welcome');
    assert.equal(carol.heard.all.length, 1);
  },
  { room: { history: 4 } },
);
