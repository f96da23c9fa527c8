/** Who is who on a network, and the addresses that people keep while they stay (contract: Addresses). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldOf } from '../../src/irc/casemapping.ts';
import { People, type Seen } from '../../src/network/people.ts';

const MINUTE = 60_000;

function stage() {
  const people = new People('net', foldOf('rfc1459'));
  let now = 0;
  return {
    people,
    wait: (minutes: number) => (now += minutes * MINUTE),
    /** `nick user host account`; the id. */
    see: (text: string): string => {
      const [nick = '', user, host, account] = text.split(' ');
      const seen: Seen = { nick, user, host, account };
      return people.see(seen, now).id;
    },
    gone: (nick: string) => people.gone(nick, now),
    rename: (from: string, to: string) => people.rename(from, to, now)?.id,
    allGone: (mapping = 'rfc1459') => people.allGone(now, foldOf(mapping)),
  };
}

test('an id is the nick as first seen, and stays with the nick that comes later', () => {
  const { people, see, rename } = stage();
  assert.equal(see('Ann a h'), 'Ann+net');
  assert.equal(see('ANN a h'), 'Ann+net');
  assert.equal(rename('ann', 'Bea'), 'Ann+net');
  assert.equal(people.called('bea')?.id, 'Ann+net');
  assert.equal(people.called('ann'), undefined);
  assert.equal(people.withId('ann+NET')?.nick, 'Bea');
  assert.equal(people.nickOf('Ann+net'), 'Bea');
});

test('somebody else who takes a nick whose id is in use gets the next number', () => {
  const { see, rename } = stage();
  see('ann a h');
  rename('ann', 'bea');
  assert.equal(see('ann x y'), 'ann;2+net');
  rename('ann', 'cyd');
  assert.equal(see('ann z z'), 'ann;3+net');
});

test('so for ten minutes after it was left; then it is anybody’s', () => {
  const { see, gone, wait } = stage();
  see('ann a h');
  gone('ann');
  wait(9.99);
  assert.equal(see('ann x y'), 'ann;2+net');
  gone('ann');
  wait(0.01);
  assert.equal(see('ann z z'), 'ann+net');
});

test('the same person is the same account, or without one the same user@host', () => {
  const rows: [string, string, string][] = [
    ['ann a h', 'ann a h', 'ann+net'],
    ['ann a h', 'ann a other', 'ann;2+net'],
    ['ann a h', 'ann b h', 'ann;2+net'],
    ['ann a h acc', 'ann x y acc', 'ann+net'],
    ['ann a h acc', 'ann a h other', 'ann;2+net'],
    ['ann a h acc', 'ann a h', 'ann+net'],
    ['ann a h acc', 'ann x y', 'ann;2+net'],
    ['ann', 'ann', 'ann;2+net'],
    ['ann a h', 'ann', 'ann;2+net'],
  ];
  for (const [before, after, id] of rows) {
    const { see, gone, wait } = stage();
    see(before);
    gone('ann');
    wait(5);
    assert.equal(see(after), id, `${before} -> ${after}`);
  }
});

test('of several who had the nick each finds the own id again', () => {
  const { see, gone } = stage();
  see('ann a h');
  gone('ann');
  assert.equal(see('ann x y'), 'ann;2+net');
  gone('ann');
  assert.equal(see('ann a h'), 'ann+net');
  gone('ann');
  assert.equal(see('ann x y'), 'ann;2+net');
});

test('a nick in sight with another user@host is somebody else: two people are never taken for one', () => {
  const { people, see, wait } = stage();
  see('ann a h');
  assert.equal(see('ann a cloak'), 'ann;2+net');
  assert.equal(people.called('ann')?.id, 'ann;2+net');
  assert.equal(people.nickOf('ann+net'), undefined, 'what is for the first does not go to the second');
  assert.equal(people.nickOf('ann;2+net'), 'ann');
  wait(1);
  assert.equal(see('ann a h'), 'ann+net', 'and back');
});

test('unless the account says that it is the same, or the line does not tell who it is', () => {
  const { people, see } = stage();
  see('ann a h acc');
  assert.equal(see('ann x y acc'), 'ann+net');
  assert.equal(people.called('ann')?.host, 'y');
  assert.equal(see('ann'), 'ann+net');
  people.see({ nick: 'ann', user: '', host: '' }, 0);
  assert.deepEqual([people.called('ann')?.id, people.called('ann')?.host], ['ann+net', 'y']);
});

test('what the server says has changed does not make somebody else', () => {
  const { people, see } = stage();
  see('ann a h');
  people.learn({ nick: 'ann', user: 'a', host: 'cloak' });
  assert.equal(see('ann a cloak'), 'ann+net');
  people.learn({ nick: 'ann', account: 'acc' });
  people.learn({ nick: 'ann', account: '' });
  assert.equal(people.called('ann')?.account, '');
  people.learn({ nick: 'nobody', account: 'acc' });
});

test('who leaves can be found for an hour, and be written to unless somebody else has the nick', () => {
  const { people, see, gone, wait } = stage();
  see('ann a h');
  gone('ann');
  wait(9);
  assert.equal(people.nickOf('ann+net'), 'ann');
  see('ann x y');
  assert.equal(people.nickOf('ann+net'), undefined);
  gone('ann');
  wait(50);
  see('bea b h');
  assert.equal(people.nickOf('ann+net'), 'ann');
  wait(1);
  see('cyd c h');
  assert.equal(people.withId('ann+net'), undefined);
  assert.equal(people.withId('ann;2+net')?.nick, 'ann');
});

test('a nick that is taken over from somebody who has gone unseen', () => {
  const { people, see, rename } = stage();
  see('ann a h');
  see('bea b h');
  assert.equal(rename('bea', 'ann'), 'bea+net');
  assert.equal(people.called('ann')?.id, 'bea+net');
  assert.equal(people.nickOf('ann+net'), undefined);
  assert.equal(rename('ann', 'ANN'), 'bea+net', 'another case of the own nick');
  assert.equal(people.called('ann')?.id, 'bea+net');
  assert.equal(rename('nobody', 'x'), undefined);
});

test('absence is told once, and does not outlast a visit', () => {
  const { people, see, gone } = stage();
  see('ann a h');
  assert.deepEqual(
    [people.setAway('ann', true), people.setAway('ann', true), people.setAway('bob', true)],
    [true, false, false],
  );
  gone('ann');
  see('ann a h');
  assert.equal(people.called('ann')?.away, false);
});

test('when all are out of sight the next server may have another casemapping', () => {
  const { people, see, allGone } = stage();
  see('a[b a h');
  see('ann a h');
  allGone('ascii');
  assert.equal(people.called('ann'), undefined);
  assert.equal(see('a{b x y'), 'a{b+net');
  assert.equal(see('a[b a h'), 'a[b+net');
  assert.equal(see('ann a h'), 'ann+net');
});

test('law: never do two people who are here have one id, and nobody’s id changes while here', () => {
  const nick = fc.constantFrom('ann', 'Ann', 'bea', 'cyd');
  const host = fc.constantFrom('h1', 'h2', 'h3');
  const step = fc.oneof(
    fc.record({ do: fc.constant('see' as const), nick, host }),
    fc.record({ do: fc.constant('gone' as const), nick }),
    fc.record({ do: fc.constant('rename' as const), nick, to: nick }),
    fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 30 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { people, see, gone, rename, wait } = stage();
      /** Who is called what, by folded nick: the id and the host. */
      const here = new Map<string, { id: string; host: string }>();
      for (const one of steps) {
        if (one.do === 'see') {
          const id = see(`${one.nick} u ${one.host}`);
          const before = here.get(one.nick.toLowerCase());
          if (before?.host === one.host) assert.equal(id, before.id);
          else if (before) assert.notEqual(id, before.id);
          here.set(one.nick.toLowerCase(), { id, host: one.host });
        } else if (one.do === 'gone') {
          gone(one.nick);
          here.delete(one.nick.toLowerCase());
        } else if (one.do === 'rename') {
          rename(one.nick, one.to);
          const person = here.get(one.nick.toLowerCase());
          here.delete(one.nick.toLowerCase());
          if (person) here.set(one.to.toLowerCase(), person);
        } else wait(one.minutes);
        for (const [name, { id }] of here) {
          assert.equal(people.called(name)?.id, id);
          assert.equal(people.nickOf(id)?.toLowerCase(), name);
        }
        assert.equal(new Set([...here.values()].map(({ id }) => id.toLowerCase())).size, here.size);
      }
    }),
  );
});
