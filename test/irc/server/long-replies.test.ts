/** Replies that are longer than what may wait for a client: they come in portions, whole and in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, house, type House } from './house.ts';
import { Wire } from './wire.ts';

const limits = { clients: 5000, perAddress: 5000, channels: 5000, sendQueue: 65_536 };

/** Somebody who reads only when told to. */
async function slow(it: House, nick: string): Promise<Wire> {
  const wire = new Wire('198.51.100.7', true);
  it.server.accept(wire, false);
  wire.says(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
  await wire.reads();
  wire.drains();
  return wire;
}

/** What it gets, while it reads now and then; never does more wait for it than half of the queue and a line. */
async function readsAll(wire: Wire): Promise<string[]> {
  const lines: string[] = [];
  for (let part = await wire.reads(); part.length > 0; part = await wire.reads()) {
    assert.ok(wire.pendingBytes < limits.sendQueue / 2 + 1024, String(wire.pendingBytes));
    lines.push(...part);
    wire.drains();
  }
  return lines;
}

async function crowd(it: House, channels: number): Promise<void> {
  const alice = new Wire('127.0.0.1');
  it.server.accept(alice, false);
  alice.says('NICK alice', 'USER alice 0 * :alice');
  for (let n = 0; n < channels; n += 10) {
    for (let one = n; one < n + 10; one++) alice.says(`JOIN #${one}`, `TOPIC #${one} :${'t'.repeat(300)}`);
    it.clock.advance(1000);
    await alice.reads();
  }
}

test('LIST of more than may wait comes in portions; what is asked behind it waits (322, 323)', async (t) => {
  const it = await house(t, { limits });
  await crowd(it, 1000);
  const wire = await slow(it, 'slow');
  wire.says('LIST', 'PING :behind');
  const lines = await readsAll(wire);
  assert.equal(lines.filter((line) => line.includes(' 322 ')).length, 1000);
  assert.equal(lines.at(-2), ':irc.test 323 slow :End of /LIST');
  assert.equal(lines.at(-1), ':irc.test PONG irc.test :behind');
  assert.equal(wire.open, true);
  assert.equal(wire.paused, false);
});

test('so does a labelled LIST, as one batch (labeled-response)', async (t) => {
  const it = await house(t, { limits });
  await crowd(it, 300);
  const wire = await slow(it, 'slow');
  wire.says('CAP REQ :labeled-response batch', '@label=1 LIST', '@label=2 PING x');
  const lines = await readsAll(wire);
  assert.match(lines[1] ?? '', /^@label=1 :irc\.test BATCH \+/);
  assert.match(lines.at(-2) ?? '', /^:irc\.test BATCH -/);
  assert.match(lines.at(-1) ?? '', /^@label=2 .*PONG/);
  assert.equal(lines.length, 306);
});

test('a reply goes on though the connection never tells that it takes more; who leaves gets no more of it', async (t) => {
  const it = await house(t, { limits });
  await crowd(it, 300);
  const wire = await slow(it, 'slow');
  wire.says('LIST');
  const first = await wire.reads();
  wire.pendingBytes = 0;
  it.clock.advance(1000);
  assert.ok((await wire.reads()).length > 50);
  assert.ok(first.length < 300);
  wire.destroy();
  it.clock.advance(10_000);
  assert.deepEqual(await wire.reads(), []);
});

test('WHO and NAMES of a crowd come whole, too (352, 315, 353, 366)', async (t) => {
  const it = await house(t, { limits });
  for (let n = 0; n < 600; n++) {
    const one = new Wire('127.0.0.1');
    it.server.accept(one, false);
    one.says(`NICK n${'x'.repeat(20)}${n}`, `USER u 0 * :${'r'.repeat(100)}`, 'MODE x', 'JOIN #big');
    await one.reads();
  }
  const wire = await slow(it, 'slow');
  wire.says('WHO #big');
  const who = await readsAll(wire);
  assert.equal(who.filter((line) => line.includes(' 352 ')).length, 600);
  assert.equal(who.at(-1), ':irc.test 315 slow #big :End of WHO list');
  wire.says('CAP REQ userhost-in-names', 'NAMES #big,#none,#big');
  const names = await readsAll(wire);
  const words = names.flatMap((line) => / 353 slow = #big :(.*)$/.exec(line)?.[1]?.split(' ') ?? []);
  assert.equal(words.length, 1200);
  assert.equal(new Set(words).size, 600);
  assert.ok(names.every((line) => Buffer.byteLength(line) <= 510));
  assert.deepEqual(
    names.filter((line) => line.includes(' 366 ')).map((line) => line.split(' ')[3]),
    ['#big', '#none', '#big'],
  );
  assert.equal(wire.open, true);
});

test('of a message of the day 500 lines are shown (372, 376)', async (t) => {
  const it = await house(t, { motd: Array.from({ length: 600 }, (_, n) => `line ${n}`) });
  const alice = await it.client('alice');
  const lines = await ask(alice, 'MOTD');
  assert.equal(lines.filter((line) => line.includes(' 372 ')).length, 500);
  assert.equal(lines.at(-1), ':irc.test 376 alice :End of /MOTD command');
});
