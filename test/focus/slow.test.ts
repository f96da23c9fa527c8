/** Participants that do not read what they are sent, over real sockets (checklist 64). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textContent } from '../../src/room/content.ts';
import type { Participant } from '../naive/participant.ts';
import { header } from '../naive/sip-message.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { moves } from './moving.ts';
import { type Stage, stage } from './stage.ts';

/** Small, so that not much more must be sent than the buffers of the system hold. */
const BUDGET = 262_144;

/** Has a lot said, 12 MB in so many messages, no faster than `listener` hears it. */
async function talks(speaker: Participant, listener: Participant, messages: number): Promise<void> {
  const long = 'x'.repeat(12_000_000 / messages);
  for (let i = 1; i <= messages; i += 1) {
    speaker.msrp.postMessage(speaker.wraps(`${i} ${long}`), { failureReport: 'no' });
    if (i % (messages / 50) === 0) await listener.hears(new RegExp(`^${i} `));
  }
}

/** The numbers of what was said, as somebody has heard them. */
function heardNumbers({ msrp }: Participant): number[] {
  return msrp.messages.all.flatMap(({ body }) => {
    const [, number] = /\r\n\r\n(\d+) x/.exec(body.toString('latin1')) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
}

async function congested(
  t: Parameters<typeof stage>[0],
  messages: number,
  options: Parameters<typeof stage>[1] = {},
): Promise<{ scene: Stage; alice: Participant; bob: Participant; slow: Participant }> {
  const scene = await stage(t, { ...options, msrp: { sendBudgetBytes: BUDGET } });
  const [alice, bob, slow] = [
    await scene.joins('alice'),
    await scene.joins('bob'),
    await scene.joins('slow'),
  ];
  slow.msrp.connection?.pause();
  await talks(alice, bob, messages);
  return { scene, alice, bob, slow };
}

test('checklist 64: who does not read holds up nobody, misses messages, and hears how many when it reads again', async (t) => {
  const { scene, alice, bob, slow } = await congested(t, 2000);
  const all = Array.from({ length: 2000 }, (_, index) => index + 1);
  assert.deepEqual(heardNumbers(bob), all);
  // No private message gets lost without a word.
  const status = await alice.saysInVain('are you there?', { to: slow.address });
  assert.equal(status, 408);
  const told: string[] = [];
  scene.lobby.answers = ({ type }) => told.push(type);
  const content = textContent({ action: false, lines: [[{ text: 'and I, from IRC?', style: {} }]] });
  const ann = { from: 'ann+local', nick: 'ann' };
  scene.lobby.loop.push({ type: 'whispered', ...ann, to: slow.address, content, at: 0 });
  assert.deepEqual(told, ['unheard']);

  slow.msrp.connection?.resume();
  const notice = await slow.hears(/messages were skipped/, { from: slow.roomUri });
  const skipped = Number(/^\d+/.exec(notice.text)?.[0]);
  const heard = heardNumbers(slow);
  assert.deepEqual(heard, all.slice(0, heard.length), 'what was sent is there, in order');
  // The private messages were missed as well.
  assert.equal(heard.length + skipped, 2002);
  await alice.says('welcome back');
  await slow.hears('welcome back');
  await alice.whispers(slow.address, 'and in private');
  await slow.hears('and in private');
  assert.equal(slow.heard.all.filter(({ text }) => text.includes('skipped')).length, 1);
});

test('checklist 64: who does not read for minutes is hung up on', async (t) => {
  const clock = new FakeClock();
  const { scene, alice, bob, slow } = await congested(t, 250, { clock });
  clock.advance(179_000);
  await alice.says('still here');
  await bob.hears('still here');
  assert.equal(scene.lobby.loop.roster.size, 3);
  clock.advance(1000);
  const bye = await slow.isSentAway();
  assert.equal(header(bye, 'reason'), 'SIP;cause=480;text="the MSRP connection takes messages too slowly"');
  assert.equal(scene.lobby.loop.roster.size, 2);
  await bob.says('and without it');
  await alice.hears('and without it');
});

test('who moves to a new path by a re-INVITE is not hung up on for what the old one did not take', async (t) => {
  const clock = new FakeClock();
  const { scene, alice, slow } = await congested(t, 250, { clock });
  const { end: moved, connects } = await moves(t, slow);
  await connects();
  await moved.messages.takes('how many were left out', ({ body }) => body.includes('messages were skipped'));
  clock.advance(181_000);
  await alice.says('on the new path');
  await moved.messages.takes('the message', ({ body }) => body.includes('on the new path'));
  assert.equal(scene.lobby.loop.roster.size, 3);
});

test('checklist 59, 64: who is too slow for a file loses it, holds up nobody for long, and is told', async (t) => {
  const clock = new FakeClock();
  const { joins } = await stage(t, { clock, maxMessageBytes: 32_000_000 });
  const [alice, bob, slow] = [await joins('alice'), await joins('bob'), await joins('slow')];
  slow.msrp.connection?.pause();
  const picture = alice.wraps(Buffer.alloc(12_000_000, 'picture '), { content: 'image/png' });
  const sent = alice.msrp.send(picture);
  let isThere = false;
  const there = bob.msrp.messages.takes('the picture', ({ body }) => body.equals(picture), 20_000);
  void there.finally(() => (isThere = true)).catch(() => {});
  // When nothing comes to Bob any more everybody waits for who is slow: until its two seconds are over.
  for (let still = 0, unread = -1; !isThere; still += 1) {
    const now = bob.msrp.connection?.unread ?? 0;
    if (now !== unread) still = 0;
    if (still === 500) {
      clock.advance(500);
      still = 0;
    }
    unread = now;
    await new Promise(setImmediate);
  }
  await there;
  assert.equal((await sent)[0]?.status, 200);
  slow.msrp.connection?.resume();
  await slow.msrp.aborted.takes('its end', () => true);
  await slow.hears(/^1 message was skipped/);
  bob.heardNothing(/skipped/);
});
