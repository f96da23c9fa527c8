/** Devices that are invited and have not connected yet, or are on their way elsewhere: what they miss, and whom they hold up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, enters } from '../naive/join.ts';
import type { Participant } from '../naive/participant.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { moves } from './moving.ts';
import { stage } from './stage.ts';

const PICTURE = Buffer.alloc(500_000, 'picture ');

/** Sends parts of one picture when the test wants it. */
function uploads(who: Participant): { body: Buffer; send: (from: number, to: number) => Promise<unknown> } {
  const body = who.wraps(PICTURE, { content: 'image/png' });
  const send = (from: number, to: number): Promise<unknown> =>
    who.msrp.request(
      'SEND',
      [
        ['Message-ID', `${who.name}-picture`],
        ['Byte-Range', `${from + 1}-*/${body.length}`],
        ['Content-Type', 'message/cpim'],
      ],
      body.subarray(from, to),
      to === body.length ? '$' : '+',
    );
  return { body, send };
}

const ONE = /^1 message was skipped/;

test('checklist 64: who was sent too much before it had connected is told at the opening how much it has missed', async (t) => {
  const { joins, how } = await stage(t, { msrp: { sendBudgetBytes: 65_536 } });
  const alice = await joins('alice');
  const late = await calls(t, how('late'));
  assert.equal((await late.call.answer()).status, 200);
  for (let i = 1; i <= 20; i += 1) await alice.says(`${i} ${'x'.repeat(8000)}`, { failureReport: 'yes' });
  const there = await enters(t, late, how('late'));
  const { text } = await there.hears(/messages were skipped/, { from: there.roomUri });
  const heard = there.heard.all.filter((one) => / xxx/.test(one.text)).map((one) => parseInt(one.text, 10));
  assert.deepEqual(
    heard,
    Array.from(heard, (_, index) => index + 1),
    'the first ones, in order',
  );
  assert.ok(heard.length >= 8);
  assert.equal(heard.length + parseInt(text, 10), 20);
  await alice.says('welcome');
  await there.hears('welcome');
  assert.equal(there.heard.all.filter((one) => one.text.includes('skipped')).length, 1);
});

test('checklist 59, 60: who has not connected holds up no file that is coming in, gets none of it, and is told so', async (t) => {
  // With time at a standstill whoever was waited for would be waited for for ever.
  const { joins, how } = await stage(t, { clock: new FakeClock() });
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const late = await calls(t, how('late'));
  assert.equal((await late.call.answer()).status, 200);
  const { body, send } = uploads(alice);
  await send(0, 300_000);
  await bob.msrp.frames.takes('the beginning', () => true);
  const there = await enters(t, late, how('late'));
  await there.hears(ONE);
  await send(300_000, body.length);
  await bob.msrp.messages.takes('the picture', (message) => message.body.equals(body));
  await alice.says('did you see it?');
  await there.hears('did you see it?');
  there.msrp.frames.none('picture', (frame) => frame.body?.includes('picture pic') === true);
});

test('a private file for who has not connected has failed: its sender is told', async (t) => {
  const { joins, how } = await stage(t, { clock: new FakeClock() });
  const alice = await joins('alice');
  const late = await calls(t, how('late'));
  await late.call.answer();
  const wanted = { to: 'sip:late@users.test', content: 'image/png', messageId: 'in-vain' };
  const [response] = await alice.msrp.send(alice.wraps(PICTURE, wanted), { messageId: 'in-vain' });
  const status = response?.status === 200 ? (await alice.getsReport('in-vain')).status : response?.status;
  assert.equal(status, 408);
});

test('checklist 16, 64: who moves to a new path in the middle of a file loses that, and is told; the next one comes whole', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob, carol] = [await joins('alice'), await joins('bob'), await joins('carol')];
  const { body, send } = uploads(alice);
  await send(0, 300_000);
  await carol.msrp.frames.takes('the beginning', () => true);
  const { end, connects } = await moves(t, carol);
  await connects();
  await carol.msrp.aborted.takes('its end', () => true);
  await end.messages.takes('how many', (message) => message.body.includes('1 message was skipped'));
  await send(300_000, body.length);
  await bob.msrp.messages.takes('the picture', (message) => message.body.equals(body));
  await bob.says(PICTURE, { content: 'image/png' });
  await end.messages.takes('a picture', (message) => message.body.includes('picture picture'));
  assert.equal(end.messages.all.filter((message) => message.body.includes('skipped')).length, 1);
});

test('a file that its sender gives up is nothing that a device has missed', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  await uploads(alice).send(0, 300_000);
  await bob.msrp.frames.takes('the beginning', () => true);
  await alice.leaves();
  await bob.msrp.aborted.takes('its end', () => true);
  const carol = await joins('carol');
  await carol.says('hello');
  await bob.hears('hello');
  bob.heardNothing(ONE);
});

test('checklist 16: who moves on before it has connected gets what was said meanwhile where it comes in the end', async (t) => {
  const { joins, how } = await stage(t);
  const alice = await joins('alice');
  const [late, bob] = [await calls(t, how('late')), await joins('bob')];
  assert.equal((await late.call.answer()).status, 200);
  await alice.says('before it came');
  const there = await enters(t, late, how('late'));
  await there.hears('before it came');
  await moves(t, there);
  await alice.says('on the way');
  await bob.whispers(there.address, 'and in private');
  const { end, connects } = await moves(t, there);
  await alice.says('nearly there');
  await connects();
  await alice.says('welcome');
  await end.messages.takes('the last', ({ body }) => body.toString().endsWith('welcome'));
  assert.deepEqual(
    end.messages.all.map(({ body }) => body.toString().split('\r\n\r\n').at(-1)),
    ['on the way', 'and in private', 'nearly there', 'welcome'],
  );
});
