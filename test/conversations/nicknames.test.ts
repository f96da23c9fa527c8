/** Nicknames: a NICKNAME is a transaction with IRC. */
import assert from 'node:assert/strict';
import { ircUri, story } from './scene.ts';

story(
  'Alice takes another nickname and gives it up again, and IRC has it when she is answered',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await bob.subscribes();
    await alice.nickname('Queen');
    await ann.sees({ command: 'NICK', from: 'alice', text: 'Queen' }, 1000);
    await alice.says('I am the queen');
    await ann.sees({ command: 'PRIVMSG', from: 'Queen', text: 'I am the queen' });
    await bob.seesRoster(
      'Alice as Queen',
      (roster) => roster.people.get(alice.address)?.nickname === 'Queen',
    );
    await alice.nickname('');
    await ann.sees({ command: 'NICK', from: 'Queen', text: 'alice' }, 1000);
  },
);

story(
  'a nickname in use gets 425, one that cannot be gets 424, and the old one stays',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    await joins('bob');
    await alice.nickname('ann', 425);
    await alice.nickname('ANN', 425);
    await alice.nickname('bob', 425);
    await alice.nickname('two words', 424);
    await alice.nickname('#lobby', 424);
    await alice.nicknameAsWritten('"no end', 424);
    await alice.nicknameAsWritten(`"${'x'.repeat(1024)}"`, 424);
    await alice.says('the same as before');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'the same as before' });
  },
);

story('a nickname without quotes is taken as if it had them', async ({ joins, ann }) => {
  const alice = await joins('alice');
  await alice.nicknameAsWritten('Duchess');
  await ann.sees({ command: 'NICK', from: 'alice', text: 'Duchess' });
});

story('two who ask for the same nickname at once: one gets it', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  const answers = await Promise.all(
    [alice, bob].map((who) => who.msrp.request('NICKNAME', [['Use-Nickname', '"Crown"']])),
  );
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((one, other) => one - other),
    [200, 425],
  );
  await ann.sees({ command: 'NICK', text: 'Crown' });
});

story(
  'where the user name is taken on IRC the participant gets another nick and can talk',
  async ({ joins, ircUser, ann }) => {
    await ircUser('alice');
    const alice = await joins('alice');
    await alice.says('with an underscore');
    await ann.sees({ command: 'PRIVMSG', from: 'alice_', text: 'with an underscore' });
  },
);

story('the display name is the first nick where it is a legal one', async ({ joins, ann }) => {
  await joins('alice', { displayName: 'Wonder' });
  await ann.sees({ command: 'JOIN', from: 'Wonder' });
  await joins('bob', { displayName: 'Bob the Builder' });
  await ann.sees({ command: 'JOIN', from: 'bob' });
  await joins('4711');
  await ann.sees({ command: 'JOIN', from: /^guest\d+$/ });
});

story('after NICK on IRC the same person speaks, under the new name', async ({ joins, ann }) => {
  const alice = await joins('alice');
  await alice.subscribes();
  await alice.seesRoster('Ann', (roster) => roster.called('ann') !== undefined);
  await ann.renames('anna');
  await ann.says('#lobby', 'still me');
  await alice.hears('still me', { from: ircUri('ann'), name: 'anna' });
  await alice.seesRoster('Ann as anna', (roster) => {
    const person = roster.people.get(ircUri('ann'));
    return person?.nickname === 'anna' && person.displayText === 'anna';
  });
});

story(
  'checklist 80: a new nickname is seen in all rooms of the network, and is kept from others in each',
  async ({ joins, ircUser }) => {
    const alice = await joins('alice');
    await joins('alice', { room: 'tea' });
    const bob = await joins('bob', { room: 'tea' });
    const ted = await ircUser('ted', '#tea');
    await bob.subscribes();
    await alice.nickname('Queen');
    await ted.sees({ command: 'NICK', from: 'alice', text: 'Queen' });
    await bob.seesRoster('Alice as Queen', (roster) => {
      return roster.people.get(alice.address)?.nickname === 'Queen';
    });
    await bob.nickname('Queen', 425);
    // Given up, it rests (checklist 82).
    await bob.nickname('alice', 425);
    await alice.nickname('alice');
  },
  { only: 'embedded', rooms: { tea: { network: 'local', channel: '#tea' } } },
);
