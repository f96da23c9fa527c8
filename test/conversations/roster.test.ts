/** The roster: who is in the room, as the conference event package tells it. */
import assert from 'node:assert/strict';
import { header } from '../naive/sip-message.ts';
import { ircUri, roomUri, story } from './scene.ts';

story('it has phones and IRC users, each once, and the topic as subject', async ({ joins, ann }) => {
  ann.sends('TOPIC #lobby :tea & <biscuits>');
  await ann.settles();
  const alice = await joins('alice');
  const bob = await joins('bob');
  await alice.subscribes();
  await alice.seesRoster('three people', ({ people }) => people.size === 3);
  const { entity, people, subject } = alice.roster;
  assert.equal(entity, roomUri('lobby'));
  assert.deepEqual([...people.keys()].sort(), [alice.address, bob.address, ircUri('ann')].sort());
  assert.equal(people.get(bob.address)?.nickname, 'bob');
  assert.deepEqual(
    [...(people.get(bob.address)?.devices.values() ?? [])].map(({ status }) => status),
    ['connected'],
  );
  assert.equal(people.get(ircUri('ann'))?.displayText, 'ann');
  assert.equal(subject, 'tea & <biscuits>');
  ann.sends('TOPIC #lobby :coffee');
  await alice.seesRoster('the new topic', (roster) => roster.subject === 'coffee');
});

story('checklist 92: who comes and goes on IRC is told: JOIN, PART, QUIT', async ({ joins, ircUser }) => {
  const alice = await joins('alice');
  await alice.subscribes();
  const cleo = await ircUser('cleo');
  await alice.seesRoster('Cleo', ({ people }) => people.has(ircUri('cleo')));
  cleo.sends('PART #lobby');
  await alice.seesRoster('no Cleo', ({ people }) => !people.has(ircUri('cleo')));
  await cleo.joins('#lobby');
  await alice.seesRoster('Cleo again', ({ people }) => people.has(ircUri('cleo')));
  cleo.quits();
  await alice.seesRoster('no Cleo any more', ({ people }) => !people.has(ircUri('cleo')));
});

story('modes are roles', async ({ joins, ann, ircUser }) => {
  const alice = await joins('alice');
  await ircUser('cleo');
  await alice.subscribes();
  const rolesOf = (nick: string): readonly string[] => alice.roster.people.get(ircUri(nick))?.roles ?? [];
  await alice.seesRoster('Cleo as participant', () => rolesOf('cleo').includes('participant'));
  await alice.seesRoster('Ann as operator', () => rolesOf('ann').includes('operator'));
  ann.sends('MODE #lobby +v cleo');
  await alice.seesRoster('Cleo with voice', () => rolesOf('cleo').includes('voice'));
  ann.sends('MODE #lobby +o cleo');
  await alice.seesRoster('Cleo as operator', () => rolesOf('cleo').includes('operator'));
  ann.sends('MODE #lobby -o cleo', 'MODE #lobby -v cleo');
  await alice.seesRoster('Cleo as before', () => rolesOf('cleo').join() === 'participant');
});

story('a subscription ends when its owner asks or leaves', async ({ joins }) => {
  const alice = await joins('alice');
  const first = await alice.subscribes();
  assert.equal((await first.refresh(0)).status, 200);
  await first.ends();
  const second = await alice.subscribes();
  await alice.leaves();
  assert.match(header(await second.ends(), 'subscription-state'), /^terminated/);
});

story('who is not in the room gets no roster', async ({ joins }) => {
  const alice = await joins('alice');
  await alice.leaves();
  await assert.rejects(alice.subscribes(), { actual: 403 });
});

story('checklist 18, 91, 95: who asked for privacy is anonymous to all', async ({ joins, ann }) => {
  const alice = await joins('alice');
  await alice.subscribes();
  const shy = await joins('shy', { privacy: 'id' });
  await alice.seesRoster('somebody anonymous', ({ people }) =>
    [...people.keys()].some((entity) => /^sip:anonymous\d+@anonymous\.invalid$/.test(entity)),
  );
  await shy.says('guess who');
  const heard = await alice.hears('guess who');
  assert.match(heard.from, /^sip:anonymous\d+@anonymous\.invalid$/);
  assert.doesNotMatch(heard.raw.toString(), /shy@users\.test/);
  await ann.sees({ command: 'PRIVMSG', text: 'guess who' });
  const people = await ann.who('#lobby');
  assert.ok([...people.values()].includes('anonymous'), `anonymous among ${[...people.values()].join(', ')}`);
  assert.ok([...people.values()].every((name) => !name.includes('shy@users.test')));
});
