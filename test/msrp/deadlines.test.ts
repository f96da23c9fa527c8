import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/common/clock.ts';
import { Deadlines } from '../../src/msrp/deadlines.ts';
import { FakeClock } from '../support/fake-clock.ts';

function scene(): { clock: FakeClock; over: string[]; deadlines: Deadlines<string> } {
  const clock = new FakeClock();
  const over: string[] = [];
  return { clock, over, deadlines: new Deadlines<string>(clock, 100, (item) => over.push(item)) };
}

test('each has its time from when it came, and one timer serves all', () => {
  const { clock, over, deadlines } = scene();
  for (const item of ['a', 'b', 'c']) {
    deadlines.add(item);
    clock.advance(30);
  }
  assert.equal(clock.pending, 1);
  clock.advance(9);
  assert.deepEqual(over, []);
  clock.advance(1);
  assert.deepEqual(over, ['a']);
  clock.advance(30);
  assert.deepEqual(over, ['a', 'b']);
  clock.advance(30);
  assert.deepEqual(over, ['a', 'b', 'c']);
  assert.equal(clock.pending, 0);
});

test('who is taken out hears nothing, and where nobody waits no timer runs', () => {
  const { clock, over, deadlines } = scene();
  for (const item of ['a', 'b']) deadlines.add(item);
  deadlines.delete('a');
  assert.equal(deadlines.size, 1);
  assert.equal(deadlines.first, 'b');
  deadlines.delete('b');
  assert.equal(clock.pending, 0);
  deadlines.add('c');
  clock.advance(100);
  assert.deepEqual(over, ['c']);
});

test('the time of who is added again begins anew, and who comes while others are over waits its own', () => {
  const { clock, over, deadlines } = scene();
  for (const item of ['a', 'b']) deadlines.add(item);
  clock.advance(60);
  deadlines.add('a');
  clock.advance(40);
  assert.deepEqual(over, ['b']);
  clock.advance(60);
  assert.deepEqual(over, ['b', 'a']);

  const rounds: number[] = [];
  const again: Deadlines<string> = new Deadlines(clock, 100, (item) => {
    rounds.push(clock.now());
    if (rounds.length < 3) again.add(item);
  });
  const begin = clock.now();
  again.add('d');
  clock.advance(1000);
  assert.deepEqual(
    rounds.map((at) => at - begin),
    [100, 200, 300],
  );
});

test('who comes while others are over does not make the next one wait longer', () => {
  const clock = new FakeClock();
  const over: string[] = [];
  const deadlines: Deadlines<string> = new Deadlines(clock, 100, (item) => {
    over.push(`${item} ${clock.now() - begin}`);
    if (item === 'a') deadlines.add('c');
  });
  const begin = clock.now();
  deadlines.add('a');
  clock.advance(10);
  deadlines.add('b');
  clock.advance(500);
  assert.deepEqual(over, ['a 100', 'b 110', 'c 200']);
  assert.equal(clock.pending, 0);
});

test('where the clock is set back nobody waits until it shows the same time again', () => {
  const time = new FakeClock();
  let back = 0;
  const clock: Clock = { now: () => time.now() - back, after: (ms, action) => time.after(ms, action) };
  const over: string[] = [];
  const deadlines = new Deadlines<string>(clock, 100, (item) => over.push(item));
  deadlines.add('a');
  time.advance(50);
  deadlines.add('b');
  back = 3_600_000;
  time.advance(150);
  assert.deepEqual(over, ['a', 'b'], 'they have waited once more, and no longer');
  deadlines.add('c');
  time.advance(100);
  assert.deepEqual(over, ['a', 'b', 'c']);
  assert.equal(time.pending, 0);
});
