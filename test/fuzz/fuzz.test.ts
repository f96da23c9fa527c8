/** A few rounds of everything that `npm run fuzz` does for longer. */
import { test } from 'node:test';
import { randomFrom, seedOfRun } from '../support/random.ts';
import { TARGETS } from './targets.ts';

for (const target of TARGETS) {
  test(`${target.name}: 20 rounds`, async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    for (let number = 0; number < 20; number++) await target.round(randomFrom(seed + number));
  });
}
