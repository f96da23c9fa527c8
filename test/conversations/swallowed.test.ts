/**
 * A line that the IRC server drops in silence: no numeric, no NOTICE, and nobody hears it. (That of a relayed participant
 * cannot be missed here: inspircd echoes to a spammer what it has dropped.)
 */
import assert from 'node:assert/strict';
import type { Participant } from '../naive/participant.ts';
import { story } from './scene.ts';

const swallowing = { only: 'inspircd', irc: { swallow: 'kraken' } } as const;

/** Longer than the 10 s after which a line that nobody heard is taken for lost. */
const LOST = 25_000;

/** The REPORT that says a message is lost. */
async function isLost(who: Participant, messageId: string): Promise<void> {
  const { status, comment } = await who.getsReport(messageId, LOST);
  assert.ok(status >= 400, `a failure, not ${status}`);
  assert.notEqual(comment, '', 'a word on what has happened');
}

story(
  'its sender is told by a REPORT, nobody hears it, and the lines around it arrive once',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    const lost = await alice.says('release the kraken');
    await alice.says('and another thing');
    await bob.hears('and another thing');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'and another thing' });
    await isLost(alice, lost);
    await alice.says('as I said');
    await bob.hears('as I said');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'as I said' });
    bob.heardNothing(/kraken/);
    ann.sawNothing({ command: 'PRIVMSG', text: /kraken/ });
    assert.deepEqual(
      bob.heard.all.filter(({ from }) => from === alice.address).map(({ text }) => text),
      ['and another thing', 'as I said'],
    );
    assert.equal(alice.msrp.reports.all.length, 1, 'of the others there is nothing to report');
  },
  swallowing,
);

story(
  'of a text of three lines the one in the middle is dropped: it is a failure',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const messageId = await alice.says('one\nthe kraken\nthree');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'one' });
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'three' });
    await isLost(alice, messageId);
    ann.sawNothing({ command: 'PRIVMSG', text: /kraken/ });
  },
  swallowing,
);
