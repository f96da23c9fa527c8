/** The IRC server goes away and comes back; the phones stay. */
import assert from 'node:assert/strict';
import { story } from './scene.ts';

story(
  'while the IRC server is away the phones hear each other; when it is back, so does IRC',
  async ({ joins, server, ircUser, parley }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await server.kill();
    // The room tells its people once.
    await alice.hears(/IRC/i, { from: alice.roomUri });
    await alice.says('is anybody there?');
    await bob.hears('is anybody there?', { from: alice.address });
    await server.start();
    const watcher = await ircUser('watcher');
    await watcher.sees({ command: 'JOIN', from: 'parley' }, 60_000);
    await watcher.sees({ command: 'JOIN', from: 'alice' }, 60_000);
    await alice.says('good to have you back');
    await watcher.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'good to have you back' });
    await watcher.says('#lobby', 'good to be back');
    await bob.hears('good to be back');
    assert.equal(parley.exitCode, null);
  },
  { timeout: 150_000 },
);

story(
  'a line that waited in vain for IRC is told to its sender by a REPORT',
  async ({ joins, server }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await server.kill();
    await alice.hears(/IRC/i, { from: alice.roomUri });
    const messageId = await alice.says('into the void');
    await bob.hears('into the void');
    const { status } = await alice.getsReport(messageId, 45_000);
    assert.ok(status >= 300, `a failure, not ${status}`);
    await alice.says('I am still here');
    await bob.hears('I am still here');
  },
  // Half a minute of real time, and no server in it: once is enough. test/network/speaker tells the rest by its own clock.
  { timeout: 90_000, only: 'ngircd' },
);

story(
  'a puppet that is killed ends the session of its person, and nobody else is hurt',
  async ({ joins, ann, server }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    ann.sends('OPER overseer watchful');
    await ann.sees({ command: '381' });
    ann.sends('KILL alice :by order');
    await alice.isSentAway();
    await bob.says('I am spared');
    await ann.sees({ command: 'PRIVMSG', from: 'bob', text: 'I am spared' });
    assert.ok(server.port > 0);
  },
);
