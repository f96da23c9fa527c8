/** New nicknames (RFC 7701 section 7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../src/room/history.ts';
import { Renames } from '../../src/room/renames.ts';
import { Roster } from '../../src/room/roster.ts';
import { arrived, join, leave, refusedBy, rename, roomOf, settled } from './transcript.ts';

test('checklist 78: the old nickname stays until the network has given the new one', () => {
  const room = roomOf(['alice']);
  room.plays([rename('n1', 'alice', 'Queen'), 'rename n1 alice to Queen']);
  assert.deepEqual(room.people, ['alice = alice [phone]']);
  room.plays([settled('n1', 'Queen'), 'answer n1 ok Queen', 'roster'], [settled('n1', 'Queen')]);
  assert.deepEqual(room.people, ['alice = Queen [phone]']);
});

test('the network refuses: the answer says why, and the old nickname stays', () => {
  const room = roomOf(['alice']);
  room.plays(
    [rename('n1', 'alice', 'ann'), 'rename n1 alice to ann'],
    [refusedBy('n1', 'nickname-in-use'), 'answer n1 nickname-in-use'],
  );
  assert.deepEqual(room.people, ['alice = alice [phone]']);
});

test('the nick that the network says is the one, whatever was asked for', () => {
  const room = roomOf(['alice']);
  room.plays(
    [rename('n1', 'alice', 'Queen'), 'rename n1 alice to Queen'],
    [settled('n1', 'Queen_'), 'answer n1 ok Queen_', 'roster'],
  );
});

test('the network has no nick of its own: the one that was asked for, or the first', () => {
  const room = roomOf(['alice']);
  room.plays(
    [rename('n1', 'alice', ' Queen  of Hearts '), 'rename n1 alice to Queen of Hearts'],
    [settled('n1', undefined), 'answer n1 ok Queen of Hearts', 'roster'],
    [rename('n2', 'alice'), 'rename n2 alice to the default'],
    [settled('n2', undefined), 'answer n2 ok alice', 'roster'],
    [rename('n3', 'alice'), 'rename n3 alice to the default'],
    [settled('n3', undefined), 'answer n3 ok alice'],
  );
});

test('checklist 80: two who ask at once, of whom the network has no nick: one gets it', () => {
  const room = roomOf(['alice', 'bob']);
  room.plays(
    [rename('n1', 'alice', 'Crown'), 'rename n1 alice to Crown'],
    [rename('n2', 'bob', 'CROWN'), 'rename n2 bob to CROWN'],
    [settled('n2', undefined), 'answer n2 ok CROWN', 'roster'],
    [settled('n1', undefined), 'answer n1 nickname-in-use'],
  );
  assert.deepEqual(room.people, ['alice = alice [phone]', 'bob = CROWN [phone]']);
});

test('the last of several requests decides', () => {
  const room = roomOf(['alice']);
  room.plays(
    [rename('n1', 'alice', 'Queen'), 'rename n1 alice to Queen'],
    [rename('n2', 'alice', 'alice'), 'rename n2 alice to alice'],
    [settled('n1', 'Queen'), 'answer n1 ok Queen', 'roster'],
    [settled('n2', 'alice'), 'answer n2 ok alice', 'roster'],
    [rename('n3', 'alice', 'alice'), 'answer n3 ok alice'],
  );
});

test('checklist 76: in use by anybody in the room, in any spelling', () => {
  const room = roomOf(['alice', 'bob']);
  room.plays(
    [arrived('ann-id', 'Ann'), 'roster'],
    [rename('n1', 'alice', 'bob'), 'answer n1 nickname-in-use'],
    [rename('n2', 'alice', ' BOB'), 'answer n2 nickname-in-use'],
    [rename('n3', 'alice', 'ａｎｎ'), 'answer n3 nickname-in-use'],
    [rename('n4', 'alice', 'ALICE'), 'rename n4 alice to ALICE'],
  );
});

test('checklist 73: what cannot be a nickname is malformed', () => {
  const room = roomOf(['alice'], { networked: false });
  for (const nick of [
    '',
    '   ',
    '\r\nQUIT',
    'a\tb',
    'a\0',
    '\u202eecila',
    '\u3164',
    'x'.repeat(1024),
    '\ud800',
  ]) {
    room.plays([rename('n1', 'alice', nick), 'answer n1 nickname-malformed']);
  }
  const longest = 'é'.repeat(511);
  room.plays([rename('n2', 'alice', longest), `answer n2 ok ${longest}`, 'roster']);
});

test('checklist 82: a nickname that was given up rests for ten minutes, but not for who had it', () => {
  const room = roomOf(['alice', 'bob'], { networked: false });
  room.plays(
    [rename('n1', 'alice', 'Queen'), 'answer n1 ok Queen', 'roster'],
    [rename('n2', 'bob', 'Alice'), 'answer n2 nickname-in-use'],
    [rename('n3', 'alice', 'alice'), 'answer n3 ok alice', 'roster'],
    [rename('n4', 'alice', 'Queen'), 'answer n4 ok Queen', 'roster'],
  );
  room.now += 10 * 60_000 - 1;
  room.plays([rename('n5', 'bob', 'alice'), 'answer n5 nickname-in-use']);
  room.now += 1;
  room.plays([rename('n6', 'bob', 'alice'), 'answer n6 ok alice', 'roster']);
});

test('a change of letters alone leaves nothing to rest', () => {
  const room = roomOf(['alice', 'bob'], { networked: false });
  room.plays(
    [rename('n1', 'alice', 'ALICE'), 'answer n1 ok ALICE', 'roster'],
    [rename('n2', 'alice', 'Queen'), 'answer n2 ok Queen', 'roster'],
    [rename('n3', 'bob', 'ALICE'), 'answer n3 nickname-in-use'],
  );
});

test('what the network renames rests too', () => {
  roomOf(['alice', 'bob']).plays(
    [{ type: 'changed', id: 'alice', nick: 'Queen' }, 'roster'],
    [rename('n1', 'bob', 'alice'), 'answer n1 nickname-in-use'],
  );
});

test('checklist 74: giving it up brings back the first nickname', () => {
  const room = roomOf([], { networked: false });
  room.plays(
    [join('j1', 'alice', { displayName: 'Wonder' }), 'answer j1 ok Wonder', 'roster'],
    [rename('n1', 'alice', 'Queen'), 'answer n1 ok Queen', 'roster'],
    [rename('n2', 'alice'), 'answer n2 ok Wonder', 'roster'],
    [rename('n3', 'alice'), 'answer n3 ok Wonder'],
  );
});

test('checklist 72: where the room has none, they are off', () => {
  roomOf(['alice'], { nicknames: false }).plays([rename('n1', 'alice', 'Queen'), 'answer n1 nicknames-off']);
});

test('whoever is not here, or leaves meanwhile, still gets its answer', () => {
  const room = roomOf(['alice']);
  room.plays(
    [rename('n1', 'bob', 'Queen'), 'answer n1 forbidden'],
    [rename('n2', 'alice', 'Queen'), 'rename n2 alice to Queen'],
    [leave('alice'), 'release alice (left): bye', 'roster'],
    [settled('n2', 'Queen'), 'answer n2 ok Queen'],
    [join('j1', 'alice'), 'admit j1 alice'],
    [settled('j1', 'alice'), 'answer j1 ok alice', 'roster'],
    [rename('n3', 'alice', 'Queen'), 'rename n3 alice to Queen'],
    [
      { type: 'close', text: 'closed' },
      'answer n3 no-room',
      'expel alice (closed): closed',
      'release alice (left): closed',
    ],
  );
});

test('checklist 76: what services and the gateway are called is reserved, for first nicknames too', () => {
  const room = roomOf(['alice'], { networked: false, reservedNicknames: ['Parley'] });
  for (const nick of ['NickServ', 'chanserv', 'Services', 'GLOBAL', 'parley', 'ＰＡＲＬＥＹ']) {
    room.plays([rename('n1', 'alice', nick), 'answer n1 nickname-in-use']);
  }
  room.plays(
    [rename('n2', 'alice', 'Server'), 'answer n2 ok Server', 'roster'],
    [join('j1', 'parley'), 'answer j1 ok parley_', 'roster'],
    [join('j2', 'bob', { displayName: 'NickServ' }), 'answer j2 ok NickServ_', 'roster'],
  );
});

test('checklist 77: a nickname in use, or one that rests, is for the same user again, and for nobody else', () => {
  const room = roomOf(['alice', 'bob'], { networked: false });
  room.plays(
    [rename('n1', 'alice', 'Queen'), 'answer n1 ok Queen', 'roster'],
    [rename('n2', 'alice', 'Queen'), 'answer n2 ok Queen'],
    [rename('n3', 'bob', 'Queen'), 'answer n3 nickname-in-use'],
    [leave('alice'), 'roster'],
    [rename('n4', 'bob', 'Queen'), 'answer n4 nickname-in-use'],
    [join('j1', 'alice'), 'answer j1 ok alice', 'roster'],
    [rename('n5', 'alice', 'Queen'), 'answer n5 ok Queen', 'roster'],
  );
});

test('checklist 79: a second device is given no nickname; the one that either asks for is the participant’s', () => {
  const room = roomOf(['alice'], { networked: false });
  room.plays(
    [rename('n1', 'alice', 'Queen'), 'answer n1 ok Queen', 'roster'],
    [join('j1', 'alice', { device: 'tablet' }), 'answer j1 ok Queen', 'roster'],
  );
  // A nickname stands beside the participant, and in no device.
  const devices = room.room.entry('alice')?.endpoints ?? [];
  assert.deepEqual(
    devices.map((device) => Object.keys(device).toSorted().join(' ')),
    ['address id takesPrivate', 'address id takesPrivate'],
  );
  room.plays(
    [rename('n2', 'alice', 'Queen'), 'answer n2 ok Queen'],
    [rename('n3', 'alice', 'Duchess'), 'answer n3 ok Duchess', 'roster'],
    [leave('alice'), 'roster'],
  );
  assert.deepEqual(room.people, ['alice = Duchess [tablet]']);
});

test('for whom hundreds have the name already, the room is looked through once', () => {
  const roster = new Roster();
  let looks = 0;
  const counted = Object.assign(Object.create(roster) as Roster, {
    entries: () => {
      looks += 1;
      return roster.entries();
    },
    entry: (id: string) => roster.entry(id),
  });
  const settings = { name: 'lobby', subject: undefined, nicknames: true, privateMessages: true, distribute: 'immediately', history: 0, reservedNicknames: [], operators: undefined } as const; // prettier-ignore
  const renames = new Renames({
    settings,
    roster: counted,
    history: new History(0),
    networked: false,
    up: true,
  });
  const given = new Set<string>();
  for (let i = 0; i < 50; i++) {
    const id = `sip:a${i}@example.org`;
    const nick = renames.firstNick({ id, displayName: 'Alice', userName: 'a', address: id, anonymous: false, host: '' }, 0); // prettier-ignore
    roster.put({ id, side: 'focus', nick, roles: [], away: false, since: 0, endpoints: [] });
    given.add(nick);
  }
  assert.equal(given.size, 50);
  assert.equal(looks, 50);
});
