/** Large pictures in a room without a network: on their way before they have come in whole, and no slow reader is in the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from '../naive/join.ts';
import { field } from '../naive/msrp-frame.ts';
import type { Participant } from '../naive/participant.ts';
import { startParley } from '../support/parley.ts';
import { howTo } from './scene.ts';

const CONFIG = { msrp: { maxMessageSize: 16_777_216 }, rooms: { lobby: { network: null } } };
const IMAGE = { content: 'image/png' } as const;

/** The picture, whole. */
async function gets(who: Participant, body: Buffer): Promise<void> {
  const message = await who.msrp.messages.takes('the picture', (message) => message.body.length > 100_000);
  assert.ok(
    message.body.equals(body),
    `${who.name} has got ${message.body.length} bytes that are not the picture`,
  );
}

test('checklist 59, 60: a picture of 5 MiB comes whole to who reads, nothing of it to who comes late, and who does not read delays nobody', async (t) => {
  const parley = await startParley(t, { config: CONFIG });
  const joins = (user: string) => join(t, howTo(parley, user));
  const [alice, bob, carol] = [await joins('alice'), await joins('bob'), await joins('carol')];
  const [erin, dave] = [await joins('erin'), await joins('dave')];
  const body = alice.wraps(Buffer.alloc(5 * 1_048_576, 'picture '), IMAGE);
  dave.msrp.connection?.pause();
  const half = body.length >> 1;
  const send = (from: number, to: number, flag: string) =>
    alice.msrp.request(
      'SEND',
      [
        ['Message-ID', 'picture'],
        ['Byte-Range', `${from + 1}-*/${body.length}`],
        ['Success-Report', 'yes'],
        ['Content-Type', 'message/cpim'],
      ],
      body.subarray(from, to),
      flag,
    );
  assert.equal((await send(0, half, '+')).status, 200);
  await erin.leaves();
  const frank = await joins('frank');
  const sent = send(half, body.length, '$');
  // Whatever becomes of the picture, words come through.
  await bob.says('meanwhile');
  await frank.hears('meanwhile');
  assert.equal((await sent).status, 200);
  for (const who of [bob, carol]) await gets(who, body);
  assert.equal((await alice.getsReport('picture')).status, 200);
  frank.msrp.frames.none(
    'picture',
    (frame) => field(frame, 'Message-ID') === 'picture' || (frame.body?.length ?? 0) > 2000,
  );
  // Who did not read has lost the picture, and nothing else.
  dave.msrp.connection?.resume();
  await dave.msrp.aborted.takes('the end of the picture', () => true);
  await dave.hears('meanwhile');
  await dave.says('I am still here');
  await bob.hears('I am still here');
});

test('checklist 33, 60, 61: the size not said, chunks out of order, and one that its sender gives up', async (t) => {
  const parley = await startParley(t, { config: CONFIG });
  const joins = (user: string) => join(t, howTo(parley, user));
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const picture = Buffer.alloc(600_000, 'another ');
  const body = alice.wraps(picture, IMAGE);
  const pairs = (count: number) => Array.from({ length: count }, (_, i) => Math.min(i ^ 1, count - 1));
  for (const how of [{ total: false, chunk: 50_000 }, { chunk: [70_000, 3000], order: pairs }, {}]) {
    for (const { status } of await alice.msrp.send(body, how)) assert.equal(status, 200);
    await gets(bob, body);
  }
  for (const { status } of await alice.msrp.send(body, { chunk: 150_000, abort: 3 }))
    assert.equal(status, 200);
  const { frames } = await bob.msrp.aborted.takes('the end of the picture', () => true);
  assert.ok((frames[0]?.body?.length ?? 0) > 200_000);
  await alice.says('never mind');
  await bob.hears('never mind');
});
