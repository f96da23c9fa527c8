/** The program dies and is started again while IRC still believes in its old connections. */
import assert from 'node:assert/strict';
import { story } from './scene.ts';

story(
  'kill -9 and restart: everybody is back under other nicks, talks both ways, and each line comes once',
  async ({ joins, parley, relay, ann }) => {
    await joins('alice');
    await joins('bob');
    relay?.keepsGhosts();
    await parley.kill();
    await ann.settles();
    const ghosts = await ann.names('#lobby');
    assert.deepEqual([...ghosts.keys()].sort(), ['alice', 'ann', 'bob', 'parley']);

    ann.mark();
    await parley.start();
    await ann.sees({ command: 'JOIN', from: /^parley.+/ });
    const alice = await joins('alice');
    const bob = await joins('bob');
    const called = {
      alice: await ann.sees({ command: 'JOIN', from: /^alice.+/ }),
      bob: await ann.sees({ command: 'JOIN', from: /^bob.+/ }),
    };
    await bob.subscribes();
    await bob.seesRoster(
      'Alice under her new nick',
      ({ people }) => people.get(alice.address)?.nickname === called.alice.from,
    );

    await alice.says('I am not dead');
    await bob.hears('I am not dead', { from: alice.address });
    await ann.sees({ command: 'PRIVMSG', from: called.alice.from, text: 'I am not dead' });
    await ann.says('#lobby', 'so I see');
    await alice.hears('so I see');
    await bob.hears('so I see');

    relay?.freesGhosts();
    await ann.sees({ command: 'QUIT', from: 'alice' });
    await ann.sees({ command: 'QUIT', from: 'bob' });
    await ann.sees({ command: 'QUIT', from: 'parley' });
    await bob.seesRoster('no ghosts', ({ people }) => people.size === 3);
    await alice.says('the ghosts are gone');
    await bob.hears('the ghosts are gone', { from: alice.address });
    await ann.sees({ command: 'PRIVMSG', from: /^alice/, text: 'the ghosts are gone' });
    await ann.says('#lobby', 'good');
    await alice.hears('good');
    await bob.hears('good');

    const told = (who: typeof alice): string[] =>
      who.heard.all.filter(({ from }) => from !== who.roomUri).map(({ text }) => text);
    assert.deepEqual(told(alice), ['so I see', 'good']);
    assert.deepEqual(told(bob), ['I am not dead', 'so I see', 'the ghosts are gone', 'good']);
    const seen = ann.lines.filter(({ command, from }) => command === 'PRIVMSG' && from !== 'ann');
    assert.deepEqual(
      seen.map(({ text }) => text),
      ['I am not dead', 'the ghosts are gone'],
    );
  },
  { relayed: true, timeout: 120_000 },
);

story(
  'kill -9 and restart on a server that notices at once: everybody is back as before',
  async ({ joins, parley, ann }) => {
    await joins('alice');
    await parley.kill();
    await ann.sees({ command: 'QUIT', from: 'alice' });
    await ann.sees({ command: 'QUIT', from: 'parley' });
    await parley.start();
    await ann.sees({ command: 'JOIN', from: 'parley' });
    const alice = await joins('alice');
    await ann.sees({ command: 'JOIN', from: 'alice' });
    await alice.says('here again');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'here again' });
  },
  { timeout: 120_000 },
);
