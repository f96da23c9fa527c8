import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanOut } from '../../src/msrp/fan-out.ts';
import { type Flushable, Tick } from '../../src/msrp/tick.ts';
import { SendForm } from '../../src/msrp/writer.ts';
import { settle } from './pipe.ts';

test('checklist 64: a large room in which something is said in each turn does not keep all others from writing', async () => {
  const tick = new Tick();
  const room = new FanOut<number>({
    tick,
    limits: { sendBudgetBytes: 1_048_576 },
    formOf: (message) => new SendForm(message),
  });
  let written = 0;
  const sink = {
    keepsUp: true,
    pathBytes: 100,
    queueCopies: () => {},
    writeCopies: () => {
      written += 1;
      return true;
    },
  };
  for (let at = 0; at < 2000; at += 1) room.add(at).sink = sink;
  const turns: number[] = [];
  const others = [1, 2, 3].map((): Flushable => ({
    flush: () => {
      turns.push(turn);
      return 1;
    },
  }));
  let turn = 0;
  for (; turn < 20; turn += 1) {
    room.send({ contentType: 'text/plain', body: Buffer.from(`turn ${turn}`) }, undefined);
    if (turn === 3) for (const other of others) tick.add(other);
    await settle(1);
  }
  assert.equal(turns.length, 3);
  assert.ok(
    turns.every((each) => each <= 5),
    turns.join(),
  );
  assert.ok(written > 10_000, 'the room goes on');
});
