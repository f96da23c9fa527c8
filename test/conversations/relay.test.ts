/** Participants without a puppet: the reader speaks for them. */
import assert from 'node:assert/strict';
import { ircUri, story } from './scene.ts';

const relayed = { network: { puppets: false } };

story(
  'relayed participants talk with IRC through the reader',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await alice.says('hello from afar');
    await ann.sees({ command: 'PRIVMSG', from: 'parley', to: '#lobby', text: '<alice> hello from afar' });
    await bob.hears('hello from afar', { from: alice.address });
    await ann.says('#lobby', 'hello to you');
    await alice.hears('hello to you', { from: ircUri('ann'), name: 'ann' });
    await bob.hears('hello to you');
    alice.heardNothing(/hello from afar/);
    assert.deepEqual([...(await ann.names('#lobby')).keys()].sort(), ['ann', 'parley']);
  },
  relayed,
);

story(
  'the room alone answers a NICKNAME, and private messages stay among phones',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await alice.nickname('Queen');
    await bob.nickname('Queen', 425);
    await alice.says('by another name');
    await ann.sees({ command: 'PRIVMSG', from: 'parley', text: '<Queen> by another name' });
    await alice.whispers(bob.address, 'only Bob');
    await bob.hears('only Bob');
    assert.equal(await alice.saysInVain('only Ann', { to: ircUri('ann') }), 403);
    await bob.says('that was all');
    await ann.sees({ command: 'PRIVMSG', from: 'parley', text: '<bob> that was all' });
    ann.sawNothing({ command: 'PRIVMSG', text: /only/ });
  },
  relayed,
);

story(
  'above puppetLimit whoever comes is relayed',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await alice.says('with a puppet');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'with a puppet' });
    await bob.says('without one');
    await ann.sees({ command: 'PRIVMSG', from: 'parley', text: '<bob> without one' });
    await alice.hears('without one', { from: bob.address });
  },
  { network: { puppetLimit: 1 } },
);

story(
  'a server that says "too many connections" makes relayed participants of who comes after',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await bob.says('there was no room for me');
    await ann.sees({ command: 'PRIVMSG', from: 'parley', text: '<bob> there was no room for me' });
    await alice.hears('there was no room for me');
  },
  { irc: { maxPerAddress: 3 } },
);
