/** Nicks that SIP participants cannot have: those that rest, and those that would be taken for somebody else (checklist 76, 82, 83). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../irc/scripted-server.ts';
import { scene } from './scene.ts';

const soon = { timeout: 15_000 };

test(
  'checklist 82: a nick that was given up rests in all rooms of the network; its owner gets it back',
  soon,
  async (t) => {
    const { room, addRoom, clock } = await scene(t, {}, { tokens: ['CASEMAPPING=rfc1459'] });
    const other = addRoom('#b');
    await room.joins('alice', { displayName: '[a]' });
    await room.isSettled(room.renames('alice', 'Queen'), 'ok Queen');
    // For some seconds it may still be alice's, as the reader could hear of it late.
    clock.advance(20_000);
    assert.equal(await other.joins('bob', { displayName: '{A}' }), '{A}_', 'under the casemapping too');
    await other.isSettled(other.renames('bob', '{a}'), 'nickname-in-use: {a} is in use');
    await room.isSettled(room.renames('alice', '[a]'), 'ok [a]');
    clock.advance(20_000);
    await other.isSettled(other.renames('bob', 'Queen'), 'nickname-in-use: Queen is in use');
  },
);

test('checklist 82: so does the nick of who has left', soon, async (t) => {
  const { room, network } = await scene(t);
  await room.joins('alice', { displayName: 'Queen' });
  room.releases('alice');
  await until(() => network.state.puppets === 0);
  assert.equal(await room.joins('bob', { displayName: 'Queen' }), 'Queen_');
  assert.equal(await room.joins('alice', { displayName: 'Queen' }), 'Queen');
});

test('checklist 76: the nick of the reader is reserved, decorated or not', soon, async (t) => {
  const { room } = await scene(t, { puppetNick: '{nick}|s' });
  assert.equal(await room.joins('parley'), 'parley_');
  await room.isSettled(room.renames('parley', 'PARLEY'), 'nickname-in-use: PARLEY|s is in use');
});

test('checklist 83: nobody looks like an operator of one of the channels', soon, async (t) => {
  const { room, server, addRoom } = await scene(t);
  const other = addRoom('#b');
  server.channels.set('#b', new Map());
  await room.tells('up: IRC is back');
  server.joins('Ollie', '#b');
  server.joins('Bill', '#b');
  server.tell('#b', ':irc.test MODE #b +o Ollie');
  await other.tells(/^changed Ollie\+net: roles \[operator\]/);
  assert.equal(await room.joins('alice', { displayName: 'OIIie' }), 'OIIie_');
  await room.isSettled(room.renames('alice', 'OIIie'), 'nickname-in-use: OIIie is in use');
  assert.equal(await room.joins('bob', { displayName: 'BiII' }), 'BiII');
});
