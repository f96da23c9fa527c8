/** Coming in and leaving (RFC 7701 section 5). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  arrived,
  cancel,
  join,
  leave,
  reach,
  refusedBy,
  roomOf,
  settled,
  Stage,
  START,
} from './transcript.ts';

test('somebody is let in when the network has let it in, under the nick that it has there', () => {
  const room = roomOf([]);
  room.plays([join('j1', 'alice'), 'admit j1 alice']);
  assert.deepEqual(room.people, []);
  room.plays([settled('j1', 'alice_'), 'answer j1 ok alice_', 'roster']);
  assert.deepEqual(room.people, ['alice = alice_ [phone]']);
  assert.equal(room.room.entry('alice')?.since, START);
  room.plays([settled('j1', 'alice_')]);
});

test('where the network has no nick for it, the room chooses one', () => {
  roomOf(['alice']).plays(
    [join('j1', 'bob', { displayName: 'Alice' }), 'admit j1 bob'],
    [settled('j1', undefined), 'answer j1 ok Alice_', 'roster'],
  );
});

test('whoever the network refuses is told why, and is not there', () => {
  const room = roomOf([]);
  room.plays(
    [join('j1', 'alice'), 'admit j1 alice'],
    [join('j2', 'alice', { device: 'tablet' })],
    [refusedBy('j1', 'banned'), 'answer j1 banned', 'answer j2 banned'],
    [settled('j1', 'alice')],
    [join('j3', 'alice'), 'admit j3 alice'],
  );
  assert.deepEqual(room.people, []);
});

test('a room without a network lets everybody in at once', () => {
  const room = new Stage({ networked: false });
  room.plays(
    [
      join('j1', 'alice', { displayName: 'Alice  in\u00a0Wonderland' }),
      'answer j1 ok Alice in Wonderland',
      'roster',
    ],
    [join('j2', 'bob'), 'answer j2 ok bob', 'roster'],
    [join('j3', 'x', { userName: '' }), 'answer j3 ok guest1', 'roster'],
    [join('j4', 'y', { userName: '\u3164' }), 'answer j4 ok guest2', 'roster'],
    [join('j5', 'shy', { displayName: 'Shy', anonymous: true }), 'answer j5 ok guest3', 'roster'],
    [join('j6', 'rob', { displayName: 'BOB' }), 'answer j6 ok BOB_', 'roster'],
    [leave('alice'), 'roster'],
  );
  assert.equal(room.people.length, 5);
  assert.equal(room.room.active, true);
});

test('a second device waits with the first, or joins it at once (checklist 79: under the same nick)', () => {
  const room = roomOf([]);
  room.plays(
    [join('j1', 'alice'), 'admit j1 alice'],
    [join('j2', 'alice', { device: 'tablet', displayName: 'Queen' })],
    [settled('j1', 'alice'), 'answer j1 ok alice', 'answer j2 ok alice', 'roster'],
    [join('j3', 'alice', { device: 'desk' }), 'answer j3 ok alice', 'roster'],
  );
  assert.deepEqual(room.people, ['alice = alice [phone tablet desk]']);
  room.plays(
    [leave('alice', 'tablet'), 'roster'],
    [leave('alice', 'tablet')],
    [leave('alice', 'desk'), 'roster'],
    [leave('alice', 'phone', 'lost'), 'release alice (lost): bye', 'roster'],
    [leave('alice', 'phone')],
  );
  assert.deepEqual(room.people, []);
});

test('a join that is cancelled is taken back from the network when nobody waits any more', () => {
  const room = roomOf([]);
  room.plays(
    [join('j1', 'alice'), 'admit j1 alice'],
    [join('j2', 'alice', { device: 'tablet' })],
    [cancel('j1')],
    [cancel('j1')],
    [settled('j1', 'alice'), 'answer j2 ok alice', 'roster'],
    [cancel('j2')],
    [join('j3', 'bob'), 'admit j3 bob'],
    [cancel('j3'), 'release bob (left): cancelled'],
    [settled('j3', 'bob')],
  );
  assert.deepEqual(room.people, ['alice = alice [tablet]']);
});

test('whoever cancels and comes again waits for the second answer, not the first', () => {
  const room = roomOf([]);
  room.plays(
    [join('j1', 'alice'), 'admit j1 alice'],
    [cancel('j1'), 'release alice (left): cancelled'],
    [join('j2', 'alice'), 'admit j2 alice'],
    [refusedBy('j1', 'unavailable')],
    [settled('j2', 'alice'), 'answer j2 ok alice', 'roster'],
  );
});

test('nobody joins under the address of somebody on the other side', () => {
  const room = roomOf([]);
  room.plays([arrived('ann'), 'roster'], [join('j1', 'ann'), 'answer j1 forbidden']);
  assert.deepEqual(room.people, ['ann = ann on IRC']);
});

test('somebody on the other side who removes a participant gets its devices hung up', () => {
  const room = roomOf(['alice', 'bob']);
  const expelled = { type: 'expelled', participant: 'alice', text: 'ann: enough' } as const;
  room.plays([expelled, 'expel alice (expelled): ann: enough', 'roster'], [expelled], [leave('alice')]);
  assert.deepEqual(room.people, ['bob = bob [phone]']);
});

test('checklist 82: who comes back within ten minutes has its nickname, which nobody else gets', () => {
  const room = roomOf(['alice'], { networked: false });
  room.plays(
    [leave('alice'), 'roster'],
    [join('j1', 'bob', { displayName: 'Alice' }), 'answer j1 ok Alice_', 'roster'],
    [join('j2', 'alice'), 'answer j2 ok alice', 'roster'],
    [leave('alice'), 'roster'],
  );
  room.now += 10 * 60_000;
  room.plays([join('j3', 'cyd', { displayName: 'alice' }), 'answer j3 ok alice', 'roster']);
});

test('a room that closes sends everybody away and answers whoever waits, then refuses', () => {
  const room = roomOf(['alice']);
  room.plays(
    [join('j1', 'bob'), 'admit j1 bob'],
    [join('j2', 'bob', { device: 'tablet' })],
    [arrived('ann'), 'roster'],
    [
      { type: 'close', text: 'closed' },
      'answer j1 no-room',
      'answer j2 no-room',
      'release bob (left): closed',
      'expel alice (closed): closed',
      'release alice (left): closed',
    ],
    [{ type: 'close', text: 'closed' }],
    [join('j3', 'cyd'), 'answer j3 no-room'],
    [settled('j1', 'bob')],
    [reach(false)],
  );
});

test('a room without a network that closes has nobody to release', () => {
  roomOf(['alice'], { networked: false }).plays([
    { type: 'close', text: 'closed' },
    'expel alice (closed): closed',
  ]);
});
