/** The channels of one puppet: joining, being in, the grace, and being taken out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memberships } from '../../src/network/memberships.ts';
import { refused } from '../../src/room/refusals.ts';
import { Rooms } from './rooms.ts';

const id = 'sip:alice@users.test';

function stage() {
  const rooms = new Rooms();
  const done: string[] = [];
  const memberships = new Memberships({
    clock: rooms.clock,
    participant: id,
    nickname: () => 'alice',
    part: (room, reason) => done.push(`part ${room.settings.channel} ${reason}`),
    empty: (reason) => done.push(`empty ${reason}`),
  });
  /** What the puppet had to do since the last time. */
  const did = (...lines: string[]): void => assert.deepEqual(done.splice(0), lines);
  const refuse = (room: ReturnType<Rooms['add']> | undefined, numeric: string): boolean =>
    memberships.refused(room, { type: 'refused', numeric, subject: '#a', text: 'no' });
  return { rooms, memberships, did, refuse };
}

test('let in when the server says so, once', () => {
  const { rooms, memberships, did } = stage();
  const room = rooms.add('#a');
  assert.equal(memberships.joined(room), false, 'nobody asked for it');
  assert.equal(memberships.admit(room, 'r1'), true);
  assert.equal(memberships.stateOf(room), 'joining');
  rooms.told();
  assert.equal(memberships.joined(room), true);
  assert.equal(memberships.joined(room), true);
  rooms.told('settled r1 ok alice');
  rooms.clock.advance(60_000);
  rooms.told();
  did();
});

test('refused by the server, or not answered in time: the last one out ends the puppet', () => {
  const { rooms, memberships, did, refuse } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  assert.equal(refuse(undefined, '474'), false);
  assert.equal(refuse(room, '404'), false);
  assert.equal(refuse(room, '474'), true);
  rooms.told('settled r1 banned: IRC says: no');
  did('empty not let in');
  memberships.admit(room, 'r2');
  rooms.clock.advance(24_999);
  rooms.told();
  rooms.clock.advance(1);
  rooms.told('settled r2 unavailable: IRC does not answer');
  did('empty not let in');
});

test('the call is over before the channel is joined: the JOIN that comes late is for nobody', () => {
  const { rooms, memberships, did } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  memberships.release(room, 30_000, 'cancelled');
  did('empty cancelled');
  assert.equal(memberships.joined(room), false);
  rooms.told();
});

test('gone without BYE: the puppet stays for the grace, and who comes back in it is in at once', () => {
  const { rooms, memberships, did } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  memberships.joined(room);
  memberships.release(room, 30_000, 'lost');
  assert.equal(memberships.stateOf(room), 'grace');
  rooms.clock.advance(29_999);
  assert.equal(memberships.admit(room, 'r2'), false);
  rooms.told('settled r1 ok alice', 'settled r2 ok alice');
  rooms.clock.advance(60_000);
  assert.equal(memberships.stateOf(room), 'in');
  memberships.release(room, 30_000, 'lost again');
  rooms.clock.advance(30_000);
  did('empty lost again');
});

test('a BYE in one of two rooms is a PART, in the last one the end', () => {
  const { rooms, memberships, did } = stage();
  const [one, other] = [rooms.add('#a'), rooms.add('#b')];
  for (const room of [one, other]) {
    memberships.admit(room, 'r');
    memberships.joined(room);
  }
  memberships.release(one, 0, 'bye');
  did('part #a bye');
  memberships.release(one, 0, 'bye');
  memberships.release(other, 0, 'bye bye');
  did('empty bye bye');
});

test('back before the server has answered the PART: that is not being taken out', () => {
  const { rooms, memberships, did } = stage();
  const room = rooms.add('#a');
  const other = rooms.add('#b');
  for (const each of [room, other]) {
    memberships.admit(each, 'r1');
    memberships.joined(each);
  }
  memberships.release(room, 0, 'bye');
  memberships.parting(room);
  assert.equal(memberships.admit(room, 'r2'), true);
  memberships.parted(room, 'taken out');
  assert.equal(memberships.stateOf(room), 'joining');
  memberships.joined(room);
  memberships.parted(room, 'taken out');
  rooms.told(
    '#a settled r1 ok alice',
    '#b settled r1 ok alice',
    '#a settled r2 ok alice',
    `#a expelled ${id}: taken out`,
  );
  did('part #a bye');
});

test('kicked: in the room it is expelled, in the grace nobody is told, while joining it is refused', () => {
  const { rooms, memberships, did } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  memberships.joined(room);
  memberships.expelled(room, 'kicked by ann: out');
  memberships.expelled(room, 'kicked by ann: out');
  rooms.told('settled r1 ok alice', `expelled ${id}: kicked by ann: out`);
  did('empty kicked by ann: out');
  memberships.admit(room, 'r2');
  memberships.joined(room);
  memberships.release(room, 30_000, 'lost');
  memberships.expelled(room, 'kicked');
  rooms.told('settled r2 ok alice');
  memberships.admit(room, 'r3');
  memberships.expelled(room, 'kicked');
  rooms.told('settled r3 forbidden: kicked');
});

test('in the channel the numerics of JOIN are about other things', () => {
  const { rooms, memberships, refuse } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  memberships.joined(room);
  rooms.told('settled r1 ok alice');
  for (const numeric of ['403', '437', '474', '477']) assert.equal(refuse(room, numeric), false, numeric);
  rooms.told();
});

test('the link broke and the new one is not let in again: expelled', () => {
  const { rooms, memberships, did, refuse } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  memberships.joined(room);
  memberships.linkLost();
  assert.equal(refuse(room, '473'), true);
  rooms.told('settled r1 ok alice', `expelled ${id}: IRC says: no`);
  did('empty IRC says: no');
});

test('the link broke and the new one is in again: the room does not notice', () => {
  const { rooms, memberships, refuse } = stage();
  const room = rooms.add('#a');
  memberships.admit(room, 'r1');
  memberships.joined(room);
  memberships.linkLost();
  memberships.joined(room);
  assert.equal(refuse(room, '473'), false);
  rooms.told('settled r1 ok alice');
});

test('the end of all, and handing over', () => {
  const { rooms, memberships, did } = stage();
  const [one, two, three] = [rooms.add('#a'), rooms.add('#b'), rooms.add('#c')];
  const begin = (): void => {
    for (const room of [one, two, three]) memberships.admit(room, 'r1');
    memberships.joined(one);
    memberships.joined(two);
    memberships.release(two, 30_000, 'lost');
    rooms.told('#a settled r1 ok alice', '#b settled r1 ok alice');
  };
  begin();
  memberships.end(refused('banned', 'K-lined'), 'removed');
  rooms.told(`#a expelled ${id}: removed`, '#c settled r1 banned: K-lined');
  did('empty not let in');
  begin();
  memberships.refuseJoining(refused('unavailable', 'no link'));
  rooms.told('#c settled r1 unavailable: no link');
  assert.deepEqual(
    memberships.handOver().map(({ room, request, here }) => [room.settings.channel, request, here]),
    [
      ['#a', undefined, true],
      ['#b', undefined, false],
    ],
  );
  rooms.clock.advance(60_000);
  rooms.told();
  did();
});
