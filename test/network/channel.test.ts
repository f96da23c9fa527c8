/** Channels and rooms as the network's side keeps them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BridgedRooms } from '../../src/network/bridged-rooms.ts';
import { People } from '../../src/network/people.ts';
import { done, refused } from '../../src/room/refusals.ts';
import { Rooms } from './rooms.ts';
import { outcomeText } from './talk.ts';

const voice = {
  participant: 'sip:alice@users.test',
  nickname: 'alice',
  heard: () => true,
  notHeard: () => {},
};

test('members are found under the casemapping, and keep their statuses through a new nick', () => {
  const { channel } = new Rooms().add('#a');
  channel.add('Ann[1]', '@', undefined);
  channel.add('ann{1}', '+', undefined);
  assert.equal(channel.size, 1);
  const member = channel.member('ANN[1]');
  assert.ok(member);
  assert.deepEqual(channel.rolesOf(member), ['operator', 'voice']);
  channel.rename('ann[1]', 'Bea');
  assert.deepEqual(channel.member('bea'), member);
  assert.equal(member.nick, 'Bea');
  assert.equal(channel.member('ann[1]'), undefined);
  assert.equal(channel.rename('nobody', 'x'), undefined);
  assert.equal(channel.remove('BEA'), member);
  assert.equal(channel.size, 0);
});

test('roles are told from the highest to the lowest; an unknown status is none', () => {
  const { channel } = new Rooms(undefined, 'PREFIX=(Yqaohv)!~&@%+').add('#a');
  const member = channel.add('ann', '+@!~%&', undefined);
  assert.deepEqual(channel.rolesOf(member), ['owner', 'administrator', 'operator', 'half-operator', 'voice']);
});

test('the people of a room are its members who are in sight and none of us', () => {
  const rooms = new Rooms();
  const room = rooms.add('#a');
  const people = new People('net', (name) => name.toLowerCase());
  people.see({ nick: 'ann', user: 'a', host: 'h' }, 0);
  people.setAway('ann', true);
  room.channel.add('ann', '@', undefined);
  room.channel.add('alice', '', voice);
  room.channel.add('unseen', '', undefined);
  assert.deepEqual(room.people(people), [{ id: 'ann+net', nick: 'ann', roles: ['operator'], away: true }]);
});

test('who joins waits for the reader: for its list, for its refusal, or for ten seconds', () => {
  const rooms = new Rooms();
  const room = rooms.add('#a');
  const told: string[] = [];
  const wait = (name: string): void =>
    room.whenRead((outcome) => told.push(`${name} ${outcomeText(outcome)}`));
  wait('1');
  room.entering({ timeout: 15_000, late: () => told.push('late') });
  room.entered({ timeout: 10_000, done: () => told.push('no list') });
  assert.deepEqual([told, room.isHeard], [[], true]);
  room.listed([], 'IRC is back');
  wait('2');
  assert.deepEqual(told.splice(0), ['1 ok', '2 ok']);
  rooms.told('people', 'up: IRC is back');

  room.left('gone');
  rooms.told('down: gone');
  wait('3');
  rooms.clock.advance(9_999);
  wait('4');
  assert.deepEqual(told, []);
  rooms.clock.advance(1);
  assert.deepEqual(told.splice(0), ['3 unavailable: IRC cannot be reached now']);
  room.notEntered(refused('banned', 'no'));
  assert.deepEqual(told.splice(0), ['4 banned: no']);
  rooms.clock.advance(60_000);
  assert.deepEqual(told, [], 'no timer of what is over is left');
});

test('a list that does not come is given up; an answer to JOIN that does not come too', () => {
  const rooms = new Rooms();
  const room = rooms.add('#a');
  const told: string[] = [];
  room.entering({ timeout: 15_000, late: () => told.push('late') });
  rooms.clock.advance(15_000);
  room.entered({ timeout: 10_000, done: () => told.push('no list') });
  rooms.clock.advance(10_000);
  assert.deepEqual(told, ['late', 'no list']);
});

test('rooms are found by their channels, under the casemapping in force', () => {
  let fold = (name: string): string => name.toLowerCase();
  const rooms = new BridgedRooms(() => fold);
  const stage = new Rooms();
  const [one, other] = [stage.add('#A[1]'), stage.add('#b')];
  rooms.add(one);
  rooms.add(other);
  assert.equal(rooms.find('#a[1]'), one);
  assert.equal(rooms.find('#a{1}'), undefined);
  fold = (name) => stage.support.fold(name);
  rooms.index();
  assert.equal(rooms.find('#a{1}'), one);
  rooms.delete(one);
  assert.equal(rooms.find('#a[1]'), undefined);
  assert.deepEqual([...rooms], [other]);
  other.settle('r1', done);
  stage.told('#b settled r1 ok');
});
