/** The notifier under load: its pace, large rooms, and work that does not grow with the square of the room. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_LISTED } from '../../src/focus/roster-view.ts';
import { names, people, scene } from './notifier-scene.ts';

/** When changes happen, and when they are told, in milliseconds. */
const PACING: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['the first after a quiet time goes after a short gathering', [0], [200]],
  ['a burst is one document', [0, 50, 100, 199], [200]],
  ['three go in a row, then one in 5 s', [0, 400, 800, 1200, 1600, 6000], [200, 600, 1000, 6000, 11_000]],
  ['a stream makes three, and then one each 5 s', steps(0, 30_000, 100), [200, 400, 600, 5600, 10_600, 15_600, 20_600, 25_600, 30_600]], // prettier-ignore
  ['one in 5 s may go on without waiting', [0, 5000, 10_000, 15_000], [200, 5200, 10_200, 15_200]],
  ['after 15 s of quiet three may go again', [0, 400, 800, 16_000, 16_400, 16_800, 17_200], [200, 600, 1000, 16_200, 16_600, 17_000, 22_000]], // prettier-ignore
];

for (const [name, changes, told] of PACING) {
  test(`checklist 93: ${name}`, () => {
    const { subscribes, change, clock } = scene(names(20));
    const start = clock.now();
    const subscriber = subscribes();
    for (const [index, at] of changes.entries()) {
      clock.advance(at - (clock.now() - start));
      change((room) => room.put('user0', { nick: `n${index}` }));
    }
    clock.advance(60_000);
    assert.deepEqual(
      subscriber.times.slice(1).map((time) => time - start),
      told,
    );
  });
}

test('a room above 300 people lists those with a role and those from the other side, and counts all', () => {
  const { subscribes, roster, change, clock } = scene(names(MOST_LISTED));
  roster.put('user7', { roles: ['operator'] });
  roster.put('user8', { side: 'focus' });
  const subscriber = subscribes();
  assert.equal(subscriber.roster.users.size, MOST_LISTED);
  change((room) => room.put('another'));
  clock.advance(200);
  assert.deepEqual(
    [...subscriber.roster.users.keys()],
    ['sip:user7@chat.example.org', 'sip:user8@chat.example.org'],
  );
  assert.equal(subscriber.roster.userCount, MOST_LISTED + 1);
  change((room) => room.put('user9', { roles: ['voice'] }));
  clock.advance(200);
  assert.ok(subscriber.roster.users.has('sip:user9@chat.example.org'));
  change((room) => room.people.delete('user0'));
  clock.advance(200);
  assert.deepEqual(people(subscriber.roster), people(roster));
});

test('a document is never larger than a connection takes; who is left out is counted', () => {
  const { subscribes, roster } = scene();
  for (const id of names(3000)) roster.put(id, { side: 'focus' });
  const subscriber = subscribes();
  const [body = ''] = subscriber.bodies;
  assert.ok(Buffer.byteLength(body) <= 512 * 1024, `${Buffer.byteLength(body)} bytes`);
  assert.ok(subscriber.roster.users.size > 1000);
  assert.equal(subscriber.roster.userCount, 3000);
});

test('who could not be reached with a large document gets one that fits a datagram next time, operators first', () => {
  const { subscribes, roster, change, clock, notifier } = scene(names(MOST_LISTED));
  roster.put('user299', { roles: ['operator'] });
  const lost = subscribes({ answersAtOnce: false });
  lost.handler?.ended('failed');
  const next = subscribes();
  assert.ok(Buffer.byteLength(next.bodies[0] ?? '') <= 60_000);
  assert.ok(next.roster.users.has('sip:user299@chat.example.org'));
  assert.equal(next.roster.userCount, MOST_LISTED);
  change((room) => room.people.delete('user299'));
  clock.advance(200);
  assert.ok(!next.roster.users.has('sip:user299@chat.example.org'));
  assert.equal(subscribes({ as: 'bob' }).roster.users.size, MOST_LISTED - 1);
  notifier.left('alice');
  assert.equal(subscribes().roster.users.size, MOST_LISTED - 1);
});

test('two hundred who come one by one and all subscribe: each is described once, and told to all', () => {
  const { subscribes, change, clock, counts, roster } = scene();
  const all = names(200).map((id) => {
    change((room) => room.put(id, { side: 'focus' }));
    clock.advance(5);
    return subscribes({ as: id });
  });
  clock.advance(60_000);
  assert.equal(counts.users, 200);
  const told = people(roster);
  for (const subscriber of [all[0], all[100], all[199]]) {
    assert.equal(subscriber?.roster.userCount, 200);
    assert.deepEqual(subscriber && people(subscriber.roster), told);
  }
});

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}
