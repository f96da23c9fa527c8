/** The loop: effects in order, never one input within another, and no side that hurts the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { RoomLoop, type Sides } from '../../src/room/loop.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { join, reach, say, settled, Stage, written } from './transcript.ts';

/** A loop whose sides write down what they are asked for, before and after `does` it. */
function loopWith(does: (line: string, loop: RoomLoop) => void = () => {}) {
  const errors: string[] = [];
  const log = { ...silentLog, error: (fields: object) => errors.push(JSON.stringify(fields)) };
  const { settings } = new Stage();
  const clock = new FakeClock();
  const loop = new RoomLoop({ settings, networked: true }, { clock, log });
  const lines: string[] = [];
  const side =
    (name: string) =>
    (effect: Parameters<typeof written>[0]): void => {
      const line = `${name}: ${written(effect)}`;
      lines.push(line);
      does(line, loop);
      lines.push('.');
    };
  const sides: Sides = { focus: side('focus'), network: side('network') };
  return { loop, sides, lines, errors, clock };
}

test('inputs wait until there are sides', () => {
  const { loop, sides, lines } = loopWith();
  loop.push(reach(true));
  loop.push(join('j1', 'alice'));
  assert.deepEqual(lines, []);
  loop.connect(sides);
  assert.deepEqual(lines, [
    'focus: tell all: IRC is there',
    '.',
    'focus: roster',
    '.',
    'network: admit j1 alice',
    '.',
  ]);
});

test('what a side pushes while it carries out an effect waits until that input is done', () => {
  const { loop, sides, lines } = loopWith((line, self) => {
    if (line === 'network: admit j1 alice') self.push(settled('j1', 'alice'));
    if (line === 'focus: answer j1 ok alice') self.push(say('m1', 'alice', 'hello'));
  });
  loop.connect(sides);
  loop.push(join('j1', 'alice'));
  assert.deepEqual(
    lines.filter((line) => line !== '.'),
    [
      'network: admit j1 alice',
      'focus: answer j1 ok alice',
      'focus: roster',
      'focus: taken m1',
      'focus: deliver alice: hello to all but alice/phone',
      'network: relay m1 alice: hello',
    ],
  );
  for (let at = 0; at < lines.length; at += 2) assert.equal(lines[at + 1], '.', 'one within another');
});

test('a side that fails is logged, and the next effects are carried out', () => {
  const { loop, sides, lines, errors } = loopWith((line) => {
    if (line.includes('tell all')) throw new Error('no');
  });
  loop.connect(sides);
  loop.push(reach(true));
  loop.push(join('j1', 'alice'));
  assert.deepEqual(lines, [
    'focus: tell all: IRC is there',
    'focus: roster',
    '.',
    'network: admit j1 alice',
    '.',
  ]);
  assert.equal(errors.length, 1);
  assert.match(errors[0] ?? '', /"effect":"tell"/);
});

test('the roster is read through the loop, with the times of its clock', () => {
  const { loop, sides, clock } = loopWith();
  loop.connect(sides);
  clock.advance(5000);
  loop.push(join('j1', 'alice'));
  loop.push(settled('j1', 'alice'));
  assert.equal(loop.roster.size, 1);
  assert.equal(loop.roster.entry('alice')?.since, clock.now());
});
