/** What the network's side tells a room: people, their changes, the topic, whether it can be reached. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrived, leave, person, reach, rename, roomOf, START, Stage } from './transcript.ts';

const changed = 'changed' as const;

test('people come and go', () => {
  const room = roomOf(['alice']);
  room.plays([arrived('ann', 'ann', ['operator']), 'roster'], [arrived('bea'), 'roster']);
  assert.deepEqual(room.people, ['alice = alice [phone]', 'ann = ann on IRC operator', 'bea = bea on IRC']);
  assert.equal(room.room.entry('ann')?.since, START);
  room.plays([{ type: 'departed', id: 'ann' }, 'roster'], [{ type: 'departed', id: 'ann' }]);
  assert.equal(room.room.size, 2);
});

test('people are changed, and what changes nothing is not told', () => {
  const room = roomOf([]);
  room.plays(
    [arrived('ann'), 'roster'],
    [{ type: changed, id: 'ann', nick: 'anna' }, 'roster'],
    [{ type: changed, id: 'ann', roles: ['operator', 'voice'] }, 'roster'],
    [{ type: changed, id: 'ann', away: true }, 'roster'],
    [{ type: changed, id: 'ann', nick: 'anna', roles: ['operator', 'voice'], away: true }],
    [{ type: changed, id: 'nobody', nick: 'x' }],
  );
  assert.deepEqual(room.people, ['ann = anna on IRC operator voice away']);
});

test('all people at once take the place of those before; participants stay', () => {
  const room = roomOf(['alice']);
  room.plays(
    [{ type: 'people', people: [person('ann'), person('bea')] }, 'roster'],
    [{ type: 'people', people: [person('bea', 'beatrix'), person('cleo')] }, 'roster'],
  );
  assert.deepEqual(room.people, ['alice = alice [phone]', 'bea = beatrix on IRC', 'cleo = cleo on IRC']);
  assert.equal(room.room.entry('cleo')?.since, undefined, 'who was there before us came nobody knows when');
});

test('what the network says of a participant changes it, but never takes it away or makes it one of its own', () => {
  const room = roomOf(['alice', 'bob']);
  room.plays(
    [{ type: 'people', people: [person('alice', 'queen', ['voice'])] }, 'roster'],
    [rename('n1', 'bob', 'alice'), 'answer n1 nickname-in-use'],
    [arrived('alice', 'queen', ['operator']), 'roster'],
    [{ type: 'departed', id: 'alice' }],
    [leave('alice'), 'release alice (left): bye', 'roster'],
  );
});

test('the topic is the subject unless the room has one', () => {
  const room = roomOf([]);
  room.plays([{ type: 'topic', text: 'tea' }, 'roster'], [{ type: 'topic', text: 'tea' }]);
  assert.equal(room.room.subject, 'tea');
  room.plays(
    [{ type: 'configure', settings: { ...room.settings, subject: 'cake' } }, 'roster'],
    [{ type: 'topic', text: 'coffee' }],
    [{ type: 'configure', settings: { ...room.settings, subject: 'cake', nicknames: false } }],
  );
  assert.equal(room.room.subject, 'cake');
  room.plays([{ type: 'configure', settings: room.settings }, 'roster']);
  assert.equal(room.room.subject, 'coffee');
});

test('new settings hold from then on, and nobody is sent away', () => {
  const room = roomOf(['alice']);
  room.plays(
    [{ type: 'configure', settings: { ...room.settings, nicknames: false } }],
    [rename('n1', 'alice', 'Queen'), 'answer n1 nicknames-off'],
  );
  assert.deepEqual(room.people, ['alice = alice [phone]']);
});

test('that the network goes away or comes back is told once to all', () => {
  const room = new Stage();
  assert.equal(room.room.active, false);
  room.plays(
    [reach(false)],
    [reach(true), 'tell all: IRC is there', 'roster'],
    [reach(true)],
    [reach(false), 'tell all: IRC is away', 'roster'],
  );
});

test('what is to be told is told, to one or to all', () => {
  roomOf(['alice']).plays(
    [{ type: 'told', to: 'alice', text: 'ann is away' }, 'tell alice: ann is away'],
    [{ type: 'told', to: undefined, text: 'maintenance' }, 'tell all: maintenance'],
  );
});
