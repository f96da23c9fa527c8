/** The token bucket. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TokenBucket } from '../../src/common/bucket.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('so many at once, then so many a second', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, clock);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => bucket.take()),
    [true, true, true, false],
  );
  assert.equal(bucket.wait(), 500);
  clock.advance(499);
  assert.equal(bucket.take(), false);
  assert.equal(bucket.wait(), 1);
  clock.advance(1);
  assert.equal(bucket.wait(), 0);
  assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
});

test('no more than the burst is saved up', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ burst: 2, perSecond: 10 }, clock);
  clock.advance(3_600_000);
  assert.deepEqual(
    [1, 2, 3].map(() => bucket.take()),
    [true, true, false],
  );
});

test('a rate below one a second adds up, also when it is asked often', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ burst: 1, perSecond: 0.1 }, clock);
  assert.equal(bucket.take(), true);
  assert.equal(bucket.wait(), 10_000);
  for (let i = 0; i < 100; i++) {
    clock.advance(99);
    assert.equal(bucket.take(), false);
  }
  clock.advance(100);
  assert.equal(bucket.take(), true);
});

test('a clock that is set back gives and takes nothing', () => {
  let now = 10_000;
  const bucket = new TokenBucket(
    { burst: 1, perSecond: 1 },
    { now: () => now, after: () => ({ cancel() {} }) },
  );
  assert.equal(bucket.take(), true);
  now = 0;
  assert.equal(bucket.take(), false);
  now = 1000;
  assert.equal(bucket.take(), true);
});

test('never more than the burst and the rate allow, and a token is there when `wait` says', () => {
  const rates = fc.record({
    burst: fc.integer({ min: 1, max: 10 }),
    perSecond: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(rates, fc.array(fc.nat(2000), { maxLength: 50 }), (rate, pauses) => {
      const clock = new FakeClock();
      const bucket = new TokenBucket(rate, clock);
      const begin = clock.now();
      let given = 0;
      for (const pause of pauses) {
        clock.advance(pause);
        while (bucket.take()) given += 1;
        assert.ok(given <= rate.burst + ((clock.now() - begin) / 1000) * rate.perSecond + 1e-6);
      }
      clock.advance(bucket.wait());
      assert.equal(bucket.take(), true);
    }),
  );
});
