/** Clients that know no chat rooms are told that they are in one (RFC 7701 section 11). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { participantsText } from '../../src/focus/greeting.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { stage } from './stage.ts';

const unaware = { chatroom: null } as const;

test('checklist 24: the room and its channel are named, and who is in it', async (t) => {
  const clock = new FakeClock();
  const network = { name: 'local', channel: '#lobby' };
  const { joins } = await stage(t, { clock, settings: { network } });
  const old = await joins('old', unaware);
  const second = await joins('old', unaware);
  clock.advance(2000);
  for (const device of [old, second]) {
    await device.hears(
      'You are in the chat room lobby, which is #lobby on local. What you send goes to everybody in it.',
      { from: device.roomUri, to: device.roomUri, type: 'text/plain' },
    );
    await device.hears('In the room: old (1 person).');
  }
});

test('checklist 24: whoever shows meanwhile that it knows chat rooms is not told', async (t) => {
  const clock = new FakeClock();
  const { joins } = await stage(t, { clock });
  const named = await joins('named', unaware);
  const late = await joins('late', unaware);
  const old = await joins('old', unaware);
  await named.nickname('Name');
  const sdp = `${late.phone.sdp}a=chatroom\r\n`;
  assert.equal((await late.call.again(sdp)).status, 200);
  clock.advance(2000);
  await old.hears(/^In the room: /);
  await old.says('hello');
  for (const who of [named, late]) {
    await who.hears('hello');
    assert.equal(who.heard.all.length, 1);
  }
});

test('checklist 24: nor who has left, nor whoever is sent away as the room ends, but for the reason', async (t) => {
  const clock = new FakeClock();
  const { joins, lobby } = await stage(t, { clock });
  const gone = await joins('gone', unaware);
  await gone.leaves();
  const old = await joins('old', unaware);
  lobby.loop.push({ type: 'close', text: 'closing time' });
  await old.hears('closing time');
  clock.advance(2000);
  await old.isSentAway();
  assert.deepEqual(
    [...gone.heard.all, ...old.heard.all].map(({ text }) => text),
    ['closing time'],
  );
});

test('of a large room 50 people are named', () => {
  const nicks = Array.from({ length: 60 }, (_, at) => `n${at}`);
  assert.match(participantsText(nicks), /^In the room: n0, n1, .*n49 and 10 more \(60 people\)\.$/);
});
