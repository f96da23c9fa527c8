/** Nicknames that look like others (RFC 7701 sections 7.1 and 11). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { looksLike } from '../../src/room/confusables.ts';
import { arrived, join, rename, roomOf } from './transcript.ts';

const rows: readonly [one: string, other: string, alike: boolean][] = [
  ['BOY', 'B0Y', true],
  ['boy', 'b0y', true],
  ['Ian', 'lan', true],
  ['bill', 'bi11', true],
  ['bill', 'bi||', true],
  ['modem', 'modern', true],
  ['аnn', 'ann', true],
  ['Αnn', 'Ann', true],
  ['РОРЕ', 'POPE', true],
  ['zoё', 'zoë', true],
  ['ann', 'ann_', false],
  ['ann', 'Ann', false],
  ['ann', 'anna', false],
  ['ian', 'lan', false],
  ['Анна', 'Anna', false],
];

for (const [one, other, alike] of rows) {
  test(`checklist 83: ${one} ${alike ? 'looks' : 'does not look'} like another ${other}`, () => {
    assert.equal(looksLike(one, other), alike);
    assert.equal(looksLike(other, one), alike);
  });
}

test('law: nothing looks like itself in other letters, and what looks alike does both ways', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('a0Oo1lI|mrn Жаеο')), maxLength: 6 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      assert.ok(!looksLike(one, one.toUpperCase()));
      assert.equal(looksLike(one, other), looksLike(other, one));
    }),
  );
});

test('checklist 83: nobody takes a nickname that looks like that of a moderator', () => {
  const room = roomOf(['alice', 'bob']);
  room.plays(
    [arrived('ann-id', 'Ollie', ['operator']), 'roster'],
    [arrived('bea-id', 'Bill', ['voice']), 'roster'],
    [rename('n1', 'alice', '0llie'), 'answer n1 nickname-in-use'],
    [rename('n2', 'alice', 'OIlie'), 'answer n2 nickname-in-use'],
    [rename('n3', 'alice', 'BiII'), 'rename n3 alice to BiII'],
    // A moderator may look like itself.
    [{ type: 'changed', id: 'bob', roles: ['operator'] }, 'roster'],
    [rename('n4', 'alice', 'b0b'), 'answer n4 nickname-in-use'],
    [rename('n5', 'bob', 'b0b'), 'rename n5 bob to b0b'],
  );
});

test('checklist 83: in a room without a network, like anybody’s, when coming in too', () => {
  const room = roomOf(['boy'], { networked: false });
  room.plays(
    [join('j1', 'alice', { displayName: 'B0Y' }), 'answer j1 ok B0Y_', 'roster'],
    [rename('n1', 'alice', 'B0Y'), 'answer n1 nickname-in-use'],
    [rename('n2', 'alice', 'ВОУ'), 'answer n2 nickname-in-use'],
    [rename('n3', 'alice', 'girl'), 'answer n3 ok girl', 'roster'],
  );
});
