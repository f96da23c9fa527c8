/** How fast a participant may send (checklist 65). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../support/fake-clock.ts';
import { stage } from './stage.ts';

const RATE = { burst: 5, perSecond: 2 };

test('checklist 65: what is too fast is answered 413, from all devices of one together; others are not touched', async (t) => {
  const clock = new FakeClock();
  const { joins } = await stage(t, { clock, limits: { pace: RATE } });
  const [alice, tablet, bob] = [await joins('alice'), await joins('alice'), await joins('bob')];
  for (let i = 1; i <= 4; i += 1) await alice.says(`line ${i}`);
  await tablet.says('line 5');
  const [response] = await alice.msrp.send(alice.wraps('line 6'));
  assert.deepEqual([response?.status, response?.comment], [413, 'too many at once']);
  await tablet.says('line 6', { expect: 413 });
  assert.equal((await alice.nickname('Ann', 425)).comment, 'too many at once');
  await bob.says('mine');
  await bob.nickname('Robert');

  clock.advance(1000);
  await alice.says('line 7');
  await alice.nickname('Ann');
  await alice.says('line 8', { expect: 413 });
  await bob.hears('line 7');
  bob.heardNothing('line 6');
});

test('checklist 65: the chunks of a message count once', async (t) => {
  const { joins } = await stage(t, { clock: new FakeClock(), limits: { pace: RATE } });
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  for (let i = 1; i <= 5; i += 1) await alice.says(`in pieces ${i}`, { chunk: 20 });
  for (let i = 1; i <= 5; i += 1) await bob.hears(`in pieces ${i}`);
  // None of its chunks is taken, as the first is not.
  await alice.says('in pieces 6', { chunk: 20, expect: 413 });
});

test('without a rate everybody may send as fast as it can', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  for (let i = 1; i <= 300; i += 1) alice.msrp.postMessage(alice.wraps(`quick ${i}`));
  await bob.hears('quick 300');
});
