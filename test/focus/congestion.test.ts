/** What a device that does not keep up is not sent, and what becomes of it (checklist 64, RFC 7701 section 6.4). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../src/common/log.ts';
import { Congestion, type Worth } from '../../src/focus/congestion.ts';
import type { Fill } from '../../src/msrp/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

interface Scene {
  readonly congestion: Congestion;
  readonly clock: FakeClock;
  /** What was told and logged, in order. */
  readonly told: string[];
}

function scene(): Scene {
  const clock = new FakeClock();
  const told: string[] = [];
  const note = (facts: object): void => {
    told.push(`log ${JSON.stringify(facts)}`);
  };
  const log: Log = { trace: note, debug: note, info: note, warn: note, error: note, child: () => log };
  const congestion = new Congestion({
    clock,
    log,
    facts: { endpoint: 'e1' },
    mostMs: 180_000,
    events: {
      recovered: (skipped) => told.push(`recovered ${skipped}`),
      overdue: () => told.push('overdue'),
    },
  });
  return { congestion, clock, told };
}

/** What is left out, by how full the budget is. */
const LEFT_OUT: readonly [fill: Exclude<Fill, 'clear'>, worths: readonly Worth[]][] = [
  ['stuck', ['large']],
  ['congested', ['signal', 'status']],
  ['nearly-full', ['signal', 'status', 'large']],
  ['full', ['signal', 'status', 'large', 'text']],
];

for (const [fill, worths] of LEFT_OUT) {
  test(`checklist 64: ${fill}: left out are ${worths.join(', ')}`, () => {
    const { congestion } = scene();
    const all: readonly Worth[] = ['signal', 'status', 'large', 'text'];
    assert.deepEqual(
      all.filter((worth) => congestion.skips(worth, fill)),
      worths,
    );
  });
}

test('checklist 64: when it keeps up again it hears once how much it missed, and that is logged once', () => {
  const { congestion, told } = scene();
  congestion.changed(true);
  for (let i = 0; i < 3; i += 1) congestion.skips('text', 'full');
  congestion.skips('status', 'congested');
  congestion.skips('large', 'nearly-full');
  // Nobody has missed that somebody was typing.
  congestion.skips('signal', 'congested');
  assert.deepEqual(told, []);
  congestion.changed(false);
  const counts = 'log {"endpoint":"e1","skipped":{"signal":1,"status":1,"large":1,"text":3}}';
  assert.deepEqual(told, [counts, 'recovered 5']);
  congestion.changed(false);
  congestion.changed(true);
  congestion.changed(false);
  assert.deepEqual(told, [counts, 'recovered 5']);
});

test('checklist 64: who does not keep up for minutes without a pause is given up', () => {
  const { congestion, clock, told } = scene();
  congestion.changed(true);
  clock.advance(179_000);
  congestion.changed(false);
  congestion.changed(true);
  clock.advance(179_999);
  assert.deepEqual(told, []);
  clock.advance(1);
  assert.deepEqual(told, ['overdue']);
});

test('checklist 64: who goes meanwhile is not waited for, and what it missed is logged', () => {
  const { congestion, clock, told } = scene();
  congestion.changed(true);
  congestion.skips('text', 'full');
  congestion.end();
  congestion.end();
  assert.equal(clock.pending, 0);
  assert.deepEqual(told, ['log {"endpoint":"e1","skipped":{"signal":0,"status":0,"large":0,"text":1}}']);
});
