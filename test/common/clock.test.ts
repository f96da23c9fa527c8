/** The clock of the system, and the one that stands still. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/common/clock.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('the clock of the system tells the time and runs what is due', async () => {
  const before = Date.now();
  const now = systemClock.now();
  assert.ok(now >= before && now <= Date.now());
  // Its timers do not keep the process alive, so something else does.
  const alive = setTimeout(() => {}, 10_000);
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    systemClock.after(-5, () => order.push('at once'));
    systemClock.after(1, () => order.push('cancelled')).cancel();
    systemClock.after(20, resolve);
  });
  clearTimeout(alive);
  assert.deepEqual(order, ['at once']);
});

test('a delay above what timers take waits as long as they can, and does not fire at once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let fired = 0;
  systemClock.after(2 ** 40, () => (fired += 1));
  t.mock.timers.tick(2 ** 31 - 2);
  assert.equal(fired, 0);
  t.mock.timers.tick(1);
  assert.equal(fired, 1);
});

test('a timer may be cancelled twice, and after it has run', () => {
  const clock = new FakeClock();
  let fired = 0;
  const timer = clock.after(10, () => (fired += 1));
  clock.advance(10);
  timer.cancel();
  timer.cancel();
  systemClock.after(1000, () => {}).cancel();
  assert.equal(fired, 1);
  assert.equal(clock.pending, 0);
});

test('the clock that stands still runs what is due in order of time, also what is set on the way', () => {
  const clock = new FakeClock(0);
  const order: string[] = [];
  clock.after(30, () => order.push(`late at ${clock.now()}`));
  clock.after(10, () => {
    order.push(`early at ${clock.now()}`);
    clock.after(10, () => order.push(`between at ${clock.now()}`));
    clock.after(100, () => order.push('too late'));
  });
  clock.advance(50);
  assert.deepEqual(order, ['early at 10', 'between at 20', 'late at 30']);
  assert.deepEqual([clock.now(), clock.pending], [50, 1]);
});
