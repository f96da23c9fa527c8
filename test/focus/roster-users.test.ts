import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Addresses } from '../../src/focus/addresses.ts';
import { participantsText } from '../../src/focus/greeting.ts';
import { conferenceUser } from '../../src/focus/roster-users.ts';
import type { Entry } from '../../src/room/roster.ts';

const addresses = new Addresses({
  domain: 'chat.example.com',
  networks: () => ['local'],
  isRoomName: () => false,
});

const base: Entry = {
  id: 'ann+local',
  side: 'network',
  nick: 'ann',
  roles: [],
  away: false,
  since: undefined,
  endpoints: [],
};

test('a participant is shown with its devices, and not with their addresses', () => {
  const since = Date.UTC(2026, 0, 1);
  const endpoints = [
    { id: 'a', address: 'sip:alice@users.test;gr=a', takesPrivate: true },
    { id: 'b', address: 'sip:alice@users.test;gr=b', takesPrivate: false },
  ];
  const user = conferenceUser(
    { ...base, id: 'sip:alice@users.test', side: 'focus', nick: 'Al', since, endpoints },
    addresses,
  );
  const device = {
    status: 'connected',
    joiningMethod: 'dialed-in',
    joined: new Date(since),
    media: 'sendrecv',
  };
  assert.deepEqual(user, {
    entity: 'sip:alice@users.test',
    nickname: 'Al',
    roles: ['participant'],
    endpoints: endpoints.map(({ address }) => ({ entity: address, ...device })),
  });
});

test('somebody on a network has the URI of its messages; away is on hold', () => {
  assert.deepEqual(conferenceUser({ ...base, away: true }, addresses), {
    entity: 'sip:ann+local@chat.example.com',
    nickname: 'ann',
    roles: ['participant'],
    endpoints: [{ entity: 'sip:ann+local@chat.example.com;ep=irc', status: 'on-hold', media: 'sendrecv' }],
  });
});

test('roles are told from most to least, and moderators as such', () => {
  const roles = (given: Entry['roles']) => conferenceUser({ ...base, roles: given }, addresses).roles;
  assert.deepEqual(roles(['voice']), ['voice']);
  assert.deepEqual(roles(['operator', 'voice']), ['moderator', 'operator', 'voice']);
  for (const role of ['owner', 'administrator', 'half-operator'] as const)
    assert.deepEqual(roles([role]), ['moderator', role]);
});

test('the list of participants is cut at fifty', () => {
  assert.equal(participantsText(['ann']), 'In the room: ann (1 person).');
  const many = Array.from({ length: 53 }, (_, n) => `n${n}`);
  assert.match(participantsText(many), /^In the room: n0, .*, n49 and 3 more \(53 people\)\.$/);
});
