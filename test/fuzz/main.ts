/**
 * `npm run fuzz -- [seconds] [seed] [target] [round]`: round after round of every target, for 60 seconds without more words.
 * What is found is printed with the words that bring it back. Exit status 1 where something was.
 */
import { argv, exit, memoryUsage } from 'node:process';
import { randomFrom } from '../support/random.ts';
import { TARGETS } from './targets.ts';
import type { Target } from './target.ts';

/** Milliseconds of one round above which something takes more than linear time, on any machine. */
const SLOWEST = 3000;
/** Bytes of memory that may be kept after a collection, beyond those after the first rounds. */
const MOST_KEPT = 48 * 1_048_576;
/** Milliseconds for which one target has its turn. */
const TURN = 500;

const [, , seconds = '60', seedText = String(Date.now() % 1_000_000_000), only, round] = argv;
const seed = Number(seedText);
const targets = TARGETS.filter(({ name }) => only === undefined || name === only);
if (targets.length === 0 || !Number.isInteger(seed) || !(Number(seconds) > 0)) {
  console.error(
    `fuzz [seconds] [seed] [target] [round]; targets: ${TARGETS.map(({ name }) => name).join(' ')}`,
  );
  exit(1);
}

/** One round; its error, or undefined. */
async function run(target: Target, number: number): Promise<Error | undefined> {
  const begin = process.cpuUsage().user;
  try {
    await target.round(randomFrom(Math.imul(seed, 0x9e37_79b1) + number));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const took = (process.cpuUsage().user - begin) / 1000;
  return took > SLOWEST ? new Error(`a round that takes ${Math.round(took)} ms`) : undefined;
}

function found(target: Target, number: number, error: Error): void {
  console.error(`\n${target.name}, round ${number}: ${error.stack}`);
  console.error(`seed ${seed}; again: npm run fuzz -- 60 ${seed} ${target.name} ${number}`);
}

let current: readonly [Target, number] | undefined;
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: Error) => {
    if (current) found(...current, error);
    exit(1);
  });
}

console.log(`seed ${seed}`);
const rounds = new Map(targets.map((target) => [target, 0]));
const faulty = new Set<Target>();
/** Bytes in use, when what can be collected is; it takes more than one turn. */
const kept = async (): Promise<number> => {
  for (let times = 0; times < 4; times++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return memoryUsage().heapUsed + memoryUsage().external;
};
let before = 0;
const end = Date.now() + Number(seconds) * 1000;
const single = round === undefined ? undefined : Number(round);
for (let turn = 0; Date.now() < end && faulty.size < targets.length; turn++) {
  for (const target of targets) {
    const until = Math.min(end, Date.now() + TURN);
    while (Date.now() < until && !faulty.has(target)) {
      const number = single ?? rounds.get(target) ?? 0;
      current = [target, number];
      const error = await run(target, number);
      rounds.set(target, (rounds.get(target) ?? 0) + 1);
      if (error) faulty.add(target);
      if (error) found(target, number, error);
      if (single !== undefined) exit(error ? 1 : 0);
    }
  }
  if (turn === 1) before = await kept();
}
console.log([...rounds].map(([{ name }, count]) => `${name} ${count}`).join(', '));
const more = before === 0 ? 0 : (await kept()) - before;
console.log(`memory kept: ${(more / 1_048_576).toFixed(1)} MiB more than after the first rounds`);
exit(faulty.size > 0 || more > MOST_KEPT ? 1 : 0);
