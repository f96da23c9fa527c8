/** The governor: how fast links of one network may be opened. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Governor, type LinkClass, type Settled } from '../../src/irc/governor.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** A governor whose links are counted, and settled when the test says so. */
function stage() {
  const clock = new FakeClock();
  const governor = new Governor(clock);
  const opened: string[] = [];
  const open: Settled[] = [];
  const asks = (kind: LinkClass, count = 1) =>
    Array.from({ length: count }, (_, at) =>
      governor.request(kind, (settled) => {
        opened.push(`${kind}${at}`);
        open.push(settled);
      }),
    );
  /** All that are being opened end in one way; how many have been opened until now. */
  const settle = (how: Parameters<Settled>[0] = 'registered'): number => {
    for (const settled of open.splice(0)) settled(how);
    return opened.length;
  };
  return { clock, governor, opened, open, asks, settle };
}

test('ten are being opened at the same time, the next when one is registered or lost', () => {
  const { asks, open, opened } = stage();
  asks('new', 15);
  assert.equal(opened.length, 10);
  open[0]?.('registered');
  open[0]?.('registered');
  assert.equal(opened.length, 11, 'told twice counts once');
  open[1]?.('net');
  assert.equal(opened.length, 12);
});

test('the reader goes first, then newcomers, then those who come back', () => {
  const { asks, opened, open } = stage();
  asks('new', 10);
  asks('again');
  asks('new');
  asks('reader');
  for (const settled of open.slice(0, 3)) settled('registered');
  assert.deepEqual(opened.slice(10), ['reader0', 'new0', 'again0']);
});

test('after the first ten those who come back go four a second, newcomers are not kept waiting by them', () => {
  const { clock, asks, opened, settle } = stage();
  asks('again', 20);
  settle();
  assert.equal(opened.length, 10);
  asks('new', 3);
  assert.equal(settle(), 13);
  clock.advance(250);
  assert.equal(settle(), 14);
  clock.advance(249);
  assert.equal(settle(), 14);
  for (let round = 0; round < 20; round++) {
    clock.advance(250);
    settle();
  }
  assert.equal(opened.length, 23);
  assert.equal(clock.pending, 0, 'nothing waits any more');
});

test('newcomers: fifty at once, then ten a second', () => {
  const { clock, asks, opened, settle } = stage();
  asks('new', 60);
  for (let round = 0; round < 10; round++) settle();
  assert.equal(opened.length, 50);
  clock.advance(100);
  assert.equal(settle(), 51);
});

test('who no longer wants to is passed over', () => {
  const { asks, opened, settle } = stage();
  const waiting = asks('new', 12);
  waiting[10]?.cancel();
  settle();
  assert.deepEqual(opened.slice(10), ['new11']);
});

test('too fast: nobody goes for a while, longer each time; then one goes ahead to see', () => {
  const { clock, asks, opened, open, settle } = stage();
  asks('new', 30);
  assert.equal(settle('throttled'), 10, 'ten at once are one strike');
  clock.advance(19_999);
  assert.equal(opened.length, 10);
  clock.advance(1);
  assert.equal(opened.length, 11, 'one alone');
  settle('throttled');
  clock.advance(39_999);
  assert.equal(opened.length, 11);
  clock.advance(1);
  assert.equal(opened.length, 12);
  open.at(-1)?.('registered');
  assert.equal(opened.length, 22, 'the way is free again');
});

test('the pause ends at five minutes, and holds for the reader too', () => {
  const { clock, asks, opened, settle } = stage();
  asks('reader', 18);
  settle('throttled');
  for (let strike = 0; strike < 8; strike++) {
    clock.advance(300_000);
    settle('throttled');
  }
  const before = opened.length;
  asks('reader');
  clock.advance(299_999);
  assert.equal(opened.length, before);
  clock.advance(1);
  assert.equal(opened.length, before + 1);
});

test('other losses slow nobody down', () => {
  const { asks, opened, settle } = stage();
  asks('new', 25);
  settle('limit');
  settle('banned');
  settle('net');
  assert.equal(opened.length, 25);
});
