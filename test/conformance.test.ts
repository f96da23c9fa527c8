/** ARCHITECTURE.md is under test: its table of conformance, and the files that it names. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

// The sources, also when this is compiled.
const root = process.cwd();
const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

interface Row {
  readonly number: number;
  readonly verdict: string;
  /** Files of test/ without their ending. */
  readonly tests: readonly { readonly file: string; readonly numbered: boolean }[];
}

const rows: readonly Row[] = [...text.matchAll(/^\| (\d+) +\|[^|]*\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, number, verdict = '', cell = '']) => ({
    number: Number(number),
    verdict: verdict.trim(),
    tests: [...cell.matchAll(/([a-z]+(?:\/[a-z-]+)+)(†?)/g)].map(([, file = '', mark]) => ({
      file,
      numbered: mark === '',
    })),
  }),
);

test('the table has the points 1 to 104, each once and in order', () => {
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: 104 }, (_, i) => i + 1),
  );
});

test('every test that it names exists, and says the number of the point unless it is marked', () => {
  const wrong = rows.flatMap(({ number, tests }) =>
    tests.flatMap(({ file, numbered }) => {
      const path = join(root, 'test', `${file}.test.ts`);
      if (!existsSync(path)) return `${number}: there is no ${file}`;
      const says = pointsIn(readFileSync(path, 'utf8')).has(number);
      if (says === numbered) return [];
      return `${number}: ${file} ${says ? 'says the number and is marked' : 'does not say the number'}`;
    }),
  );
  assert.deepEqual(wrong, []);
});

test('what holds has a test, and the sums above the table are its sums', () => {
  const of = (verdict: string): Row[] => rows.filter((row) => row.verdict.startsWith(verdict));
  const [hold, part, wait, not] = ['holds', 'in part', 'waits', 'does not hold'].map((word) => of(word));
  assert.deepEqual(
    hold?.filter(({ tests }) => tests.length === 0).map(({ number }) => number),
    [],
  );
  const sums = `${hold?.length} hold, ${part?.length} in part, ${wait?.length} wait for later work`;
  const prose = text.replaceAll(/\s+/g, ' ');
  assert.ok(prose.includes(sums), sums);
  assert.ok(prose.includes(`${not?.length} does not hold`), `${not?.length} does not hold`);
});

test('every file of src that the text names is there', () => {
  const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const names = rooms.map(({ name }) => name).join('|');
  const named = [...text.matchAll(new RegExp(`\`((?:${names})/[a-z/-]*)\``, 'g'))].map(
    ([, name = '']) => name,
  );
  assert.ok(named.length > 30, `${named.length} names`);
  const absent = named.filter(
    (name) => !existsSync(join(root, 'src', name.endsWith('/') ? name : `${name}.ts`)),
  );
  assert.deepEqual(absent, []);
});

/** The numbers that titles say: `checklist 2, 4`, `checklist 66 to 71`. */
function pointsIn(source: string): Set<number> {
  const points = new Set<number>();
  for (const [, list = ''] of source.matchAll(/checklist (\d+(?:(?:, | to )\d+)*)/g)) {
    for (const part of list.split(', ')) {
      const [first = 0, last = first] = part.split(' to ').map(Number);
      for (let point = first; point <= last; point += 1) points.add(point);
    }
  }
  return points;
}
