/** Connections counted by address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Ends, Guests } from '../../src/transport/guests.ts';

const local = { host: '192.0.2.1', port: 2855 };

function from(host: string, port: number): Ends {
  return { local, remote: { host, port } };
}

test('checklist 65: the oldest newcomer of an address gives way; who has settled stays, and then the last one is refused', () => {
  const guests = new Guests(2);
  const shut: string[] = [];
  const enter = (host: string, port: number): boolean =>
    guests.enter(from(host, port), () => shut.push(`${host} ${port}`));
  assert.deepEqual([enter('a', 1), enter('a', 2), enter('b', 1)], [true, true, true]);
  guests.settled(from('a', 1));
  assert.equal(enter('a', 3), true);
  assert.deepEqual(shut, ['a 2']);
  guests.left(from('a', 2));
  guests.settled(from('a', 3));
  assert.equal(enter('a', 4), false);
  assert.equal(enter('b', 2), true);
  guests.left(from('a', 1));
  assert.equal(enter('a', 5), true);
  assert.deepEqual(shut, ['a 2']);
});

test('whatever comes and goes, an address has no more than its number, and no other is touched', () => {
  const step = fc.record({
    host: fc.constantFrom('a', 'b'),
    port: fc.nat(9),
    what: fc.constantFrom('enter', 'settled', 'left'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
      const guests = new Guests(most);
      const there = new Map([
        ['a', new Set<number>()],
        ['b', new Set<number>()],
      ]);
      for (const { host, port, what } of steps) {
        const party = there.get(host);
        assert.ok(party);
        if (what === 'settled') guests.settled(from(host, port));
        else if (what === 'left') {
          guests.left(from(host, port));
          party.delete(port);
        } else if (!party.has(port) && guests.enter(from(host, port), () => party.delete(port))) {
          party.add(port);
        }
        assert.ok(party.size <= most);
      }
      for (const [host, party] of there) {
        for (const port of party) guests.left(from(host, port));
        for (let port = 0; port < most; port += 1) {
          assert.ok(guests.enter(from(host, 100 + port), () => assert.fail('somebody was forgotten')));
        }
      }
    }),
  );
});
