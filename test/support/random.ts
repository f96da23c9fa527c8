/** Chance that can be had again: the same numbers each time for the same seed. */

/** A whole number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** The seed of this run: SEED of the environment, or one of the time. Print it. */
export function seedOfRun(): number {
  return Number(process.env['SEED'] ?? Date.now() % 1_000_000);
}

/** mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of them; there must be some. */
export function oneOf<T>(random: Random, all: readonly T[]): T {
  if (all.length === 0) throw new RangeError('nothing to choose from');
  return all[random(all.length)] as T;
}
