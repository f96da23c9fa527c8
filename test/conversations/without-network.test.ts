/** A room without IRC behind it is a whole chat room (RFC 7701). */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { join } from '../naive/join.ts';
import type { Participant } from '../naive/participant.ts';
import { startParley } from '../support/parley.ts';
import { howTo, type Manner } from './scene.ts';

const soon = { timeout: 60_000 };

type Joins = (user: string, manner?: Manner) => Promise<Participant>;

async function opens(t: TestContext, room: Record<string, unknown> = {}): Promise<Joins> {
  const config = { rooms: { lobby: { network: null, subject: 'tea', ...room } } };
  const parley = await startParley(t, { config });
  return (user, manner) => join(t, howTo(parley, user, manner));
}

test('people come, are on the roster with subject and nicknames, and go', soon, async (t) => {
  const joins = await opens(t);
  const alice = await joins('alice', { displayName: 'Alice Pleasance' });
  const roster = await alice.subscribes();
  assert.equal(roster.conference.subject, 'tea');
  const bob = await joins('bob', { udp: true });
  await alice.seesRoster('both of them', ({ people }) => {
    const names = [alice, bob].map(({ address }) => people.get(address)?.nickname);
    return names.join() === 'Alice Pleasance,bob';
  });
  await bob.leaves();
  await alice.seesRoster('Bob gone', ({ people }) => !people.has(bob.address));
});

test(
  'checklist 73 to 77, 79 to 83: nicknames of any script, once each, kept for their owners',
  soon,
  async (t) => {
    const joins = await opens(t);
    const alice = await joins('alice');
    const bob = await joins('bob');
    await bob.subscribes();
    const seesAliceAs = (nickname: string): Promise<void> =>
      bob.seesRoster(nickname, ({ people }) => people.get(alice.address)?.nickname === nickname);
    const answers = await Promise.all(
      [alice, bob].map((who) => who.msrp.request('NICKNAME', [['Use-Nickname', '"Crown"']])),
    );
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(
      statuses.toSorted((one, other) => one - other),
      [200, 425],
      'one of two who ask at once',
    );
    await bob.nickname('Robert');
    await alice.nickname('Ädа  Lövelace ♥');
    await seesAliceAs('Ädа Lövelace ♥');
    // In use in other letters, resting, looking alike, reserved, malformed.
    await bob.nickname('äDА lövelace ♥', 425);
    await alice.nickname('Countess');
    await bob.nickname('Ädа Lövelace ♥', 425);
    await bob.nickname('C0untess', 425);
    await bob.nickname('NickServ', 425);
    await bob.nickname('a\u200bb', 424);
    await bob.nicknameAsWritten('"no end', 424);
    await bob.nickname('x'.repeat(1024), 424);
    await bob.nickname('x'.repeat(1023));
    // A second device is the same person; who comes back has what rested.
    const tablet = await joins('alice');
    await tablet.nickname('Countess');
    await tablet.nickname('');
    await seesAliceAs('alice');
    await alice.leaves();
    await tablet.leaves();
    await bob.nickname('Countess', 425);
    const again = await joins('alice');
    await again.nickname('Countess');
    await seesAliceAs('Countess');
  },
);

test('checklist 66 to 71: private messages, to one and to some', soon, async (t) => {
  const joins = await opens(t);
  const alice = await joins('alice');
  const tablet = await joins('alice');
  const bob = await joins('bob');
  const carol = await joins('carol');
  const dave = await joins('dave');
  const old = await joins('old', { chatroom: null });
  await alice.whispers(bob.address, 'between us');
  await bob.hears('between us', { from: alice.address, to: bob.address });
  await tablet.hears('between us');
  await alice.whispers(bob.address, 'the three of us', { cc: [carol.address] });
  await bob.hears('the three of us');
  await carol.hears('the three of us');
  assert.equal(await alice.saysInVain('anybody?', { to: 'sip:nobody@users.test' }), 404);
  assert.equal(await alice.saysInVain('can you?', { to: old.address }), 428);
  await alice.says('aloud');
  for (const who of [bob, carol, dave, old]) await who.hears('aloud');
  for (const who of [dave, old]) who.heardNothing(/us|can you/);
});

test('who comes late is told what was said, pictures too', soon, async (t) => {
  const joins = await opens(t, { history: 3 });
  const alice = await joins('alice');
  const bob = await joins('bob', { privacy: 'id' });
  await alice.says('long ago');
  await bob.says('not so long ago');
  const { from } = await alice.hears('not so long ago');
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1]);
  await alice.says(picture, { content: 'image/png' });
  await alice.whispers(from, 'nobody else hears this');
  await bob.hears('nobody else hears this');
  await alice.says('just now');
  await bob.hears('just now');
  const carol = await joins('carol');
  await carol.hears('just now', { from: alice.address, to: carol.roomUri });
  assert.deepEqual(
    carol.heard.all.map((heard) => [heard.from, heard.type]),
    [
      [from, 'text/plain'],
      [alice.address, 'image/png'],
      [alice.address, 'text/plain'],
    ],
  );
  assert.ok(carol.heard.all[1]?.cpim.content.equals(picture));
});
