/** The notifier: what subscribers are told, in which documents, and how it ends. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { names, people, scene, type Subscriber } from './notifier-scene.ts';

const schema = readFileSync(new URL('../formats/schema/conference-info.xsd', import.meta.url), 'utf8');

test('checklist 86, 97: who subscribes is told all at once, with version 1', () => {
  const { subscribes, roster } = scene(['ann', 'bob']);
  roster.subject = 'tea';
  const subscriber = subscribes();
  assert.deepEqual([subscriber.states, subscriber.versions], [['full'], [1]]);
  assert.deepEqual(people(subscriber.roster), people(roster));
  assert.deepEqual([subscriber.roster.subject, subscriber.roster.userCount], ['tea', 2]);
});

test('checklist 86: a fetch gets one document and is over', () => {
  const { subscribes, notifier, change, clock, roster } = scene(['ann']);
  const subscriber = subscribes({ expires: 0 });
  assert.equal(subscriber.terminated, 'timeout');
  assert.deepEqual(people(subscriber.roster), people(roster));
  change((room) => room.put('bob'));
  clock.advance(60_000);
  notifier.close();
  assert.equal(subscriber.bodies.length, 1);
});

test('checklist 88, 89, 92: a change is told by a partial document with what changed, and no more', () => {
  const { subscribes, change, clock } = scene(names(10));
  const subscriber = subscribes();
  change((room) => {
    room.put('ann');
    room.put('user3', { nick: 'three' });
    room.people.delete('user5');
  });
  clock.advance(200);
  const [, partial] = subscriber.documents;
  assert.deepEqual([partial?.state, partial?.version, partial?.usersState], ['partial', 2, 'partial']);
  assert.deepEqual(
    [...(partial?.users.values() ?? [])].map(({ entity, nickname, state }) => [entity, nickname, state]),
    [
      ['sip:user3@chat.example.org', 'three', 'full'],
      ['sip:ann@chat.example.org', 'ann', 'full'],
      ['sip:user5@chat.example.org', undefined, 'deleted'],
    ],
  );
  assert.equal(partial?.subject, undefined);
});

test('the subject and the state of the room are told without the people', () => {
  const { subscribes, change, clock } = scene(names(10));
  const subscriber = subscribes();
  change((room) => (room.subject = 'coffee'));
  clock.advance(200);
  change((room) => (room.active = false));
  clock.advance(200);
  assert.deepEqual(subscriber.states, ['full', 'partial', 'partial']);
  assert.equal(subscriber.documents[1]?.subject, 'coffee');
  assert.equal(subscriber.documents[1]?.users.size, 0);
  assert.equal(subscriber.documents[2]?.subject, undefined);
  assert.match(subscriber.bodies[2] ?? '', /<active>false<\/active>/);
  assert.equal(subscriber.roster.subject, 'coffee');
});

test('where most has changed the full document is sent', () => {
  const { subscribes, change, clock, roster } = scene(names(10));
  const subscriber = subscribes();
  change((room) => names(8).forEach((id) => room.put(id, { away: true })));
  clock.advance(200);
  assert.deepEqual(
    [subscriber.states, subscriber.versions],
    [
      ['full', 'full'],
      [1, 2],
    ],
  );
  assert.deepEqual(people(subscriber.roster), people(roster));
});

test('changes that undo each other, and entries that only look new, send nothing', () => {
  const { subscribes, change, clock } = scene(names(3));
  const subscriber = subscribes();
  change((room) => room.put('ann'));
  change((room) => room.people.delete('ann'));
  change((room) => room.put('user1', { nick: 'one' }));
  change((room) => room.put('user1', { nick: 'user1' }));
  clock.advance(20_000);
  assert.equal(subscriber.bodies.length, 1);
  change((room) => room.put('ann'));
  clock.advance(200);
  assert.deepEqual(subscriber.versions, [1, 2]);
});

test('checklist 94: a refresh is answered by a full document, with the old version where nothing is new', () => {
  const { subscribes, change, clock, roster } = scene(names(3));
  const subscriber = subscribes();
  subscriber.handler?.refreshed();
  change((room) => room.put('ann'));
  subscriber.handler?.refreshed();
  clock.advance(10_000);
  assert.deepEqual(
    [subscriber.states, subscriber.versions],
    [
      ['full', 'full', 'full'],
      [1, 1, 2],
    ],
  );
  assert.deepEqual(people(subscriber.roster), people(roster));
});

test('while a NOTIFY is unanswered all that happens is kept for one document', () => {
  const { subscribes, change, clock, roster } = scene(names(10));
  const subscriber = subscribes({ answersAtOnce: false });
  change((room) => room.put('ann'));
  clock.advance(10_000);
  change((room) => room.put('bob'));
  clock.advance(10_000);
  assert.equal(subscriber.bodies.length, 1);
  subscriber.answers();
  clock.advance(200);
  assert.deepEqual(
    [subscriber.states, subscriber.versions],
    [
      ['full', 'partial'],
      [1, 2],
    ],
  );
  assert.deepEqual(people(subscriber.roster), people(roster));
});

test('refreshes while a NOTIFY is unanswered are answered by one full document', () => {
  const { subscribes, change, clock, roster } = scene(names(10));
  const subscriber = subscribes({ answersAtOnce: false });
  for (let i = 0; i < 100; i++) subscriber.handler?.refreshed();
  change((room) => room.put('ann'));
  subscriber.answers();
  assert.deepEqual(
    [subscriber.states, subscriber.versions],
    [
      ['full', 'full'],
      [1, 2],
    ],
  );
  assert.deepEqual(people(subscriber.roster), people(roster));
  subscriber.answers();
  clock.advance(10_000);
  assert.equal(subscriber.bodies.length, 2);
});

test('who unsubscribes gets a last full document', () => {
  const { subscribes, change, clock, roster } = scene(names(3));
  const subscriber = subscribes();
  change((room) => room.put('ann'));
  subscriber.unsubscribes();
  assert.deepEqual(
    [subscriber.states, subscriber.versions],
    [
      ['full', 'full'],
      [1, 2],
    ],
  );
  assert.deepEqual(people(subscriber.roster), people(roster));
  change((room) => room.put('bob'));
  clock.advance(10_000);
  assert.equal(subscriber.bodies.length, 2);
  assert.equal(clock.pending, 0);
});

test('who leaves the room is told a last time, and not to come back; others stay', () => {
  const { subscribes, notifier, roster, change, clock } = scene(['alice', 'bob']);
  const [one, two, other] = [subscribes(), subscribes(), subscribes({ as: 'bob' })];
  change((room) => room.people.delete('alice'));
  notifier.left('alice');
  notifier.left('nobody');
  for (const subscriber of [one, two]) {
    assert.equal(subscriber.terminated, 'rejected');
    assert.deepEqual(
      [subscriber.states, subscriber.versions],
      [
        ['full', 'full'],
        [1, 2],
      ],
    );
    assert.deepEqual(people(subscriber.roster), people(roster));
  }
  clock.advance(200);
  assert.equal(other.terminated, undefined);
  assert.deepEqual(people(other.roster), people(roster));
  assert.equal(one.bodies.length, 2);
});

test('checklist 20, 96: the end of the room is told as such, and nobody is taken after it', () => {
  const { subscribes, notifier, change, clock } = scene(names(3));
  const [one, slow] = [subscribes(), subscribes({ as: 'bob', answersAtOnce: false })];
  change((room) => room.put('ann'));
  notifier.close();
  for (const subscriber of [one, slow]) {
    assert.equal(subscriber.terminated, 'noresource');
    assert.deepEqual(
      [subscriber.states, subscriber.versions],
      [
        ['full', 'deleted'],
        [1, 2],
      ],
    );
  }
  notifier.changed();
  clock.advance(10_000);
  assert.equal(one.bodies.length, 2);
  assert.equal(subscribes().rejected, 404);
});

test('one participant has a bounded number of subscriptions', () => {
  const { subscribes } = scene(['alice']);
  const taken = Array.from({ length: 16 }, () => subscribes());
  assert.ok(taken.every(({ rejected }) => rejected === undefined));
  assert.equal(subscribes().rejected, 480);
  taken[3]?.unsubscribes();
  assert.equal(subscribes().rejected, undefined);
  assert.equal(subscribes({ as: 'bob' }).rejected, undefined);
});

test('checklist 81, 88, 89: whatever happens, who merges all that it is told has the roster, by valid documents', async () => {
  const documents: string[] = [];
  const id = fc.constantFrom(...names(12));
  const action = fc.oneof(
    fc.record({ put: id, nick: fc.constantFrom('x', '<y>', 'ü&"'), away: fc.boolean() }),
    fc.record({ gone: id }),
    fc.record({ subject: fc.constantFrom('', 'tea', 'tea & <biscuits>') }),
    fc.record({ active: fc.boolean() }),
    fc.record({ wait: fc.integer({ min: 0, max: 7000 }) }),
    fc.record({ answers: fc.constant(true) }),
    fc.record({ refreshes: fc.constant(true) }),
    fc.record({ another: fc.constant(true) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { subscribes, change, clock, roster } = scene(names(6));
      const slow = subscribes({ answersAtOnce: false });
      const all: Subscriber[] = [subscribes(), slow];
      for (const each of actions) {
        if ('put' in each) change((room) => room.put(each.put, { nick: each.nick, away: each.away }));
        else if ('gone' in each) change((room) => room.people.delete(each.gone));
        else if ('subject' in each) change((room) => (room.subject = each.subject));
        else if ('active' in each) change((room) => (room.active = each.active));
        else if ('wait' in each) clock.advance(each.wait);
        else if ('refreshes' in each) slow.handler?.refreshed();
        else if ('another' in each && all.length < 10) all.push(subscribes());
        else if (slow.awaiting) slow.answers();
      }
      for (let i = 0; i < 3; i++) {
        if (slow.awaiting) slow.answers();
        clock.advance(6000);
      }
      for (const subscriber of all) {
        assert.deepEqual(people(subscriber.roster), people(roster));
        assert.deepEqual(
          [subscriber.roster.subject, subscriber.roster.userCount],
          [roster.subject, roster.size],
        );
        assert.match(
          subscriber.bodies.findLast((body) => body.includes('<active>')) ?? '',
          new RegExp(`<active>${roster.active}<`),
        );
        for (const [index, version = 0] of subscriber.versions.entries()) {
          const before = subscriber.versions[index - 1] ?? 0;
          const repeated = subscriber.states[index] === 'full' && version === before;
          assert.ok(version === before + 1 || repeated, `versions ${subscriber.versions.join()}`);
        }
        if (documents.length < 300) documents.push(...subscriber.bodies);
      }
    }),
    { numRuns: 150 },
  );
  const xml = documents.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  const result = await validateXML({ xml, schema: [{ fileName: 'conference-info.xsd', contents: schema }] });
  assert.ok(result.valid, result.rawOutput);
});
