/** First nicks of puppets (contract: Addresses), and the shape that a network asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NickShape } from '../../src/network/nicks.ts';
import type { Newcomer } from '../../src/room/inputs.ts';
import { newcomer } from './rooms.ts';

function first(count: number, shape: NickShape, who: Newcomer, taken: readonly string[] = []): string[] {
  const nicks: string[] = [];
  for (const nick of shape.candidates(who, (name) => taken.includes(name)))
    if (nicks.push(nick) === count) break;
  return nicks;
}

const plain = new NickShape('{nick}', 9);
const named = (displayName: string, user = 'alice'): Newcomer => newcomer(user, { displayName });

test('the display name where it is a legal nick, else the user part, else guest and a number', () => {
  assert.deepEqual(first(1, plain, named('Queen')), ['Queen']);
  assert.deepEqual(first(1, plain, named('Queen Alice')), ['alice']);
  assert.deepEqual(first(1, plain, named('')), ['alice']);
  assert.deepEqual(first(1, plain, named('Älice')), ['alice']);
  assert.deepEqual(first(1, plain, named('', '+4930123')), ['guest1']);
  assert.deepEqual(first(1, plain, named('9lives', '4711')), ['guest1']);
  assert.deepEqual(first(1, plain, named('a\r\nQUIT')), ['alice']);
  assert.deepEqual(first(1, plain, named('NickServ')), ['NickServ_'], 'checklist 76: reserved');
  assert.deepEqual(first(2, plain, newcomer('alice', { displayName: 'Alice', anonymous: true })), [
    'guest1',
    'guest2',
  ]);
});

test('cut to what the network allows; where it is taken `_` is added, then digits', () => {
  assert.deepEqual(first(4, plain, named('')), ['alice', 'alice_', 'alice2', 'alice3']);
  assert.deepEqual(first(4, plain, named('Alexandrina')), [
    'Alexandri',
    'Alexandr_',
    'Alexandr2',
    'Alexandr3',
  ]);
  assert.deepEqual(first(2, plain, named(''), ['alice', 'alice_']), ['alice2', 'alice3']);
  const taken = ['alice_', ...Array.from({ length: 98 }, (_, at) => `alice${at + 2}`)];
  assert.deepEqual(first(2, plain, named(''), taken), ['alice', 'alice100']);
});

test('a shape is put around nicknames and taken off again', () => {
  const shape = new NickShape('x-{nick}|sip', 16);
  assert.equal(shape.shape('alice'), 'x-alice|sip');
  assert.equal(shape.bare('x-alice|sip'), 'alice');
  assert.equal(shape.bare('Guest12'), 'Guest12', 'what services chose');
  assert.equal(shape.bare('x-|sip'), 'x-|sip');
  assert.deepEqual(first(3, shape, named('Alexandrina')), [
    'x-Alexandrin|sip',
    'x-Alexandri_|sip',
    'x-Alexandri2|sip',
  ]);
});

test('what a server would not take is no nick', () => {
  for (const nickname of ['', '1a', '-a', 'a b', 'a!b', 'a@b', '#a', 'é', 'a\0', 'toolongname']) {
    assert.equal(plain.shape(nickname), undefined, nickname);
  }
  for (const nickname of ['a', '[a]', '`^_{|}', 'a-1']) assert.equal(plain.shape(nickname), nickname);
  assert.equal(
    new NickShape('{nick}2', 9).shape('1'),
    undefined,
    'nor what is one only by what stands around it',
  );
  assert.equal(new NickShape('x{nick}', 9).shape('1'), undefined);
});

test('a shape that leaves no room for a name is not followed', () => {
  const shape = new NickShape('{nick}|from-sip', 9);
  assert.equal(shape.shape('alice'), 'alice');
  assert.equal(shape.bare('alice'), 'alice');
});

test('there is always another nick to try', () => {
  const tight = new NickShape('{nick}|ab-cd', 9);
  const taken = new Set<string>();
  for (const nick of tight.candidates(named('Al'), (name) => taken.has(name))) {
    assert.ok(nick.length <= 9 && !taken.has(nick));
    if (taken.add(nick).size === 500) break;
  }
  assert.equal(taken.size, 500);
});

test('law: whatever somebody is called, the nicks are legal, short enough, shaped, and not twice the same', () => {
  const shape = fc.constantFrom('{nick}', '{nick}|sip', 'm-{nick}');
  const limit = fc.integer({ min: 9, max: 30 });
  const name = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', 'B', '[', '1', ' ') }));
  fc.assert(
    fc.property(shape, limit, name, name, (template, most, displayName, user) => {
      const shaped = new NickShape(template, most);
      const nicks = first(20, shaped, named(displayName, user));
      assert.equal(new Set(nicks).size, 20);
      for (const nick of nicks) {
        assert.match(nick, /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]*$/);
        assert.ok(nick.length <= most);
        assert.equal(shaped.shape(shaped.bare(nick)), nick);
      }
    }),
  );
});
