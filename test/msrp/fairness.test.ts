/** Laws of what leaves one connection: whatever is sent over it at once, each message arrives whole and none starves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Assembler } from '../../src/msrp/assembler.ts';
import { parseByteRange } from '../../src/msrp/byte-range.ts';
import { GrowingBody } from '../../src/msrp/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import type { Transcript } from './events.ts';
import { outgoing } from './outgoing.ts';
import { settle } from './pipe.ts';

const SLICE = 65_536;

interface Act {
  /** `grow` begins a growing message, `more` adds to the oldest one, `end` and `abort` end it. */
  readonly what: 'short' | 'long' | 'grow' | 'more' | 'end' | 'abort' | 'drain' | 'wait';
  readonly session: number;
  readonly size: number;
}

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    what: fc.constantFrom('short', 'long', 'grow', 'more', 'more', 'end', 'abort', 'drain', 'drain', 'wait'),
    session: fc.nat(2),
    size: fc.integer({ min: 1, max: 100 }),
  }),
  { maxLength: 40 },
);

/** What each message was to be; those that grow get theirs later. */
class Sent {
  readonly bodies = new Map<string, Buffer[]>();
  readonly aborted = new Set<string>();
  #seed = 0;

  add(size: number): { readonly messageId: string; readonly body: Buffer } {
    const messageId = `m${this.bodies.size}mm`;
    const body = this.bytes(size);
    this.bodies.set(messageId, [body]);
    return { messageId, body };
  }

  /** Bytes of which no two pieces are alike, with the beginnings of end-lines in them. */
  bytes(size: number): Buffer {
    const body = Buffer.alloc(size, `${(this.#seed += 1)}\r\n-------`);
    return body;
  }
}

/** Puts the chunks together again as a receiver would. */
function arrived(frames: Transcript['frames']): { whole: Map<string, Buffer>; aborted: Set<string> } {
  const whole = new Map<string, Buffer>();
  const aborted = new Set<string>();
  const assembler = new Assembler({ clock: new FakeClock(), maxMessageBytes: 100_000_000 });
  for (const { head, body, flag } of frames) {
    const { messageId } = head;
    assert.ok(!whole.has(messageId) && !aborted.has(messageId), 'nothing comes behind the last chunk');
    const chunk = assembler.begin(messageId, parseByteRange(head.byteRange)) ?? assert.fail();
    assert.ok(assembler.add(chunk, body));
    const finished = assembler.finish(chunk, flag ?? '$');
    if (finished === 'aborted') aborted.add(messageId);
    else if (typeof finished === 'object') whole.set(messageId, Buffer.from(finished.body));
  }
  assert.equal(assembler.unfinished, 0);
  return { whole, aborted };
}

test('checklist 31, 33: any messages sent at once over one connection, however it takes them, arrive whole', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (plan) => {
      const { clock, end, open, frames } = outgoing();
      const sessions = [await open('a'), await open('b'), await open('c')];
      const sent = new Sent();
      const growing: { messageId: string; body: GrowingBody }[] = [];
      end.room = 1;
      for (const { what, session, size } of plan) {
        const over = sessions[session]?.session ?? assert.fail();
        const [oldest] = growing;
        if (what === 'short' || what === 'long')
          over.send({ contentType: 'a/b', ...sent.add(what === 'short' ? size : size * 3000) });
        if (what === 'grow') {
          const rest = new GrowingBody({ clock, resume: () => {} });
          const { messageId, body } = sent.add(size);
          growing.push({ messageId, body: rest });
          over.send({ contentType: 'a/b', messageId, body, rest });
        }
        if (what === 'more' && oldest) {
          const more = sent.bytes(size * 500);
          sent.bodies.get(oldest.messageId)?.push(more);
          oldest.body.append(more);
        }
        if (what === 'end') growing.shift()?.body.end();
        if (what === 'abort' && growing.length > 0) {
          const { messageId, body } = growing.shift() ?? assert.fail();
          sent.aborted.add(messageId);
          body.abort();
        }
        if (what === 'drain') end.drain(size * 1000);
        if (what === 'wait') clock.advance(size);
        await settle(1);
      }
      for (const { body } of growing) body.end();
      for (let i = 0; i < 60; i += 1) {
        end.drain();
        await settle(1);
        clock.advance(20);
      }
      const { whole, aborted } = arrived(frames());
      for (const [messageId, pieces] of sent.bodies) {
        if (!sent.aborted.has(messageId)) {
          assert.ok(
            whole.get(messageId)?.equals(Buffer.concat(pieces)),
            `${messageId} is not as it was sent`,
          );
        } else assert.ok(!whole.has(messageId), 'what was given up is not whole');
      }
      for (const messageId of aborted) assert.ok(sent.aborted.has(messageId));
    }),
    { numRuns: 60 },
  );
});

test('checklist 31: a short message waits for no more than a slice of each long one', async () => {
  const longs = fc.array(fc.record({ session: fc.nat(1), slices: fc.integer({ min: 2, max: 12 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(longs, fc.nat(12), async (messages, before) => {
      const { end, open, frames } = outgoing();
      const sessions = [await open('a'), await open('b')];
      end.room = 1;
      for (const { session, slices } of messages)
        sessions[session]?.session.send({ contentType: 'a/b', body: Buffer.alloc(slices * SLICE) });
      for (let i = 0; i < before; i += 1) {
        await settle(1);
        end.drain(1);
      }
      await settle(1);
      frames();
      const written = () => end.writes.reduce((sum, { length }) => sum + length, 0);
      const [at] = [written()];
      sessions[0]?.session.send({ contentType: 'a/b', body: Buffer.from('short'), messageId: 'short' });
      const isThere = () => end.writes.some((bytes) => bytes.includes('short'));
      while (!isThere()) {
        await settle(1);
        end.drain(1);
        const more = written() - at;
        assert.ok(more <= messages.length * (SLICE + 600) + 1000, `${more} bytes before it`);
      }
    }),
    { numRuns: 20 },
  );
});
