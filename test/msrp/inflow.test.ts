/** Long messages that are handed on while they come in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MessageFlow, MessageOpening } from '../../src/msrp/index.ts';
import type { Listener } from './events.ts';
import { frame, type PipeEnd } from './pipe.ts';
import { opened, statuses, type Scene } from './scene.ts';

const LIMITS = { longMessageBytes: 100, maxMessageBytes: 1000 };

/** Keeps what comes, and how it ended. */
class Taken implements MessageFlow {
  readonly opening: MessageOpening;
  readonly told: string[] = [];
  bytes: Buffer;

  constructor(opening: MessageOpening) {
    this.opening = opening;
    this.bytes = Buffer.from(opening.body);
  }

  data(bytes: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    this.told.push(`${bytes.length}`);
  }

  end(size: number): void {
    this.told.push(`end ${size}`);
  }

  aborted(): void {
    this.told.push('aborted');
  }
}

/** Takes every long message. */
function takes(listener: Listener): Taken[] {
  const taken: Taken[] = [];
  listener.begin = (opening) => {
    const flow = new Taken(opening);
    taken.push(flow);
    return flow;
  };
  return taken;
}

interface Chunk {
  readonly id?: string;
  readonly range: string;
  readonly body: string | Buffer;
  readonly flag?: string;
  readonly headers?: readonly string[];
}

function chunk(
  { paths }: Pick<Scene, 'paths'>,
  { id = 'long', range, body, flag = '+', headers = [] }: Chunk,
): string {
  const lines = [
    ...paths,
    `Message-ID: ${id}`,
    `Byte-Range: ${range}`,
    ...headers,
    'Content-Type: message/cpim',
  ];
  return frame('chunk001', 'SEND', lines, typeof body === 'string' ? body : body.toString('latin1'), flag);
}

const x = (size: number) => 'x'.repeat(size);

test('checklist 59: a message announced as long is handed on before its first chunk has ended', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  const text = chunk(all, { range: '1-*/500', body: x(500), flag: '$' });
  assert.equal(await all.peer.says(text.slice(0, -480)), '');
  const [flow] = taken;
  assert.deepEqual([flow?.opening.total, flow?.opening.messageId], [500, 'long']);
  assert.ok((flow?.bytes.length ?? 0) > 0 && (flow?.bytes.length ?? 0) < 60);
  assert.equal(await all.peer.says(text.slice(-480, -100)), '');
  assert.deepEqual(statuses(await all.peer.says(text.slice(-100))), ['200']);
  assert.equal(flow?.bytes.toString(), x(500));
  assert.equal(flow.told.at(-1), 'end 500');
  assert.deepEqual(all.listener.messages, []);
});

test('checklist 35, 59: each chunk is answered by itself; one without a total flows when it is seen to be long', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  for (const [range, size] of [
    ['1-*/*', 60],
    ['61-*/*', 40],
  ] as const) {
    assert.deepEqual(statuses(await all.peer.says(chunk(all, { range, body: x(size) }))), ['200']);
    assert.equal(taken.length, 0);
  }
  assert.deepEqual(statuses(await all.peer.says(chunk(all, { range: '101-*/*', body: x(1) }))), ['200']);
  assert.equal(taken[0]?.bytes.length, 101);
  assert.deepEqual(
    statuses(await all.peer.says(chunk(all, { range: '102-150/150', body: x(49), flag: '$' }))),
    ['200'],
  );
  assert.deepEqual(taken[0]?.told, ['49', 'end 150']);
});

test('what is not long is never asked about', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  await all.peer.says(chunk(all, { range: '1-100/100', body: x(100), flag: '$' }));
  assert.deepEqual([taken.length, all.listener.messages.length], [0, 1]);
});

test('a receiver may see more before it decides, or have the message kept together', async () => {
  const all = await opened(LIMITS);
  const seen: number[] = [];
  all.listener.begin = ({ body }) => {
    seen.push(body.length);
    return body.length < 100 ? 'later' : 'keep';
  };
  const text = chunk(all, { range: '1-*/500', body: x(500), flag: '$' });
  for (let at = 0; at < text.length; at += 10) await all.peer.says(text.slice(at, at + 10));
  assert.ok(seen.length >= 3 && seen.length <= 8, `asked at ${seen.join(', ')}`);
  assert.equal(all.listener.messages[0]?.body.toString(), x(500));
});

test('a refusal is the answer to the chunk, at once; what comes of it later is answered 413', async () => {
  const all = await opened(LIMITS);
  all.listener.begin = () => ({ status: 403, comment: 'not you' });
  const text = chunk(all, { range: '1-*/500', body: x(300) });
  assert.match(await all.peer.says(text.slice(0, -250)), /^MSRP chunk001 403 not you\r\n/);
  assert.equal(await all.peer.says(text.slice(-250)), '');
  assert.deepEqual(statuses(await all.peer.says(chunk(all, { range: '301-*/500', body: x(9) }))), ['413']);
  const mute = { id: 'mute', range: '1-*/500', body: x(300), headers: ['Failure-Report: no'] };
  assert.equal(await all.peer.says(chunk(all, mute)), '');
});

test('checklist 33: chunks in any order, overlapping, with any announcement, are handed on as they would be put together', async () => {
  const plans = fc.record({
    size: fc.integer({ min: 101, max: 400 }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: 399 }), { maxLength: 8 }),
    keys: fc.array(fc.nat(1000), { minLength: 10, maxLength: 10 }),
    before: fc.array(fc.nat(30), { minLength: 10, maxLength: 10 }),
    total: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(plans, async ({ size, cuts, keys, before, total }) => {
      const all = await opened(LIMITS);
      const taken = takes(all.listener);
      const body = Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
      const edges = [0, ...cuts.filter((cut) => cut < size).sort((a, b) => a - b), size];
      const chunks = edges
        .slice(1)
        .map((end, i) => ({ start: Math.max(0, (edges[i] ?? 0) - (before[i] ?? 0)), end, key: keys[i] ?? 0 }))
        .sort((a, b) => a.key - b.key);
      for (const { start, end } of chunks) {
        const range = `${start + 1}-*/${total ? size : '*'}`;
        const flag = end === size ? '$' : '+';
        const text = chunk(all, { range, body: body.subarray(start, end), flag });
        assert.deepEqual(statuses(await all.peer.says(text)), ['200']);
      }
      // What is whole before it is seen to be long comes as a whole.
      const got = taken[0]?.bytes ?? all.listener.messages[0]?.body;
      assert.ok(got?.equals(body));
      if (taken[0]) assert.equal(taken[0].told.at(-1), `end ${size}`);
      assert.equal(taken.length + all.listener.messages.length, 1);
      all.endpoint.close();
      await all.peer.hears();
      assert.equal(all.clock.pending, 0);
    }),
    { numRuns: 60 },
  );
});

test('what was handed on and comes again is not handed on again', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  await all.peer.says(chunk(all, { range: '1-*/300', body: 'a'.repeat(200) }));
  await all.peer.says(chunk(all, { range: '101-*/300', body: 'b'.repeat(200), flag: '$' }));
  assert.equal(taken[0]?.bytes.toString(), 'a'.repeat(200) + 'b'.repeat(100));
});

test('checklist 61: # gives the message up, and so do the end of the session and 540 s of silence', async () => {
  for (const [what, how] of [
    [
      '#',
      async (all: Scene) =>
        void (await all.peer.says(chunk(all, { range: '201-*/500', body: x(9), flag: '#' }))),
    ],
    ['the end of the session', async ({ session }: Scene) => session.close()],
    [
      'a lost connection',
      async ({ peer }: Scene) => {
        peer.connection.destroy();
        await peer.hears();
      },
    ],
    ['silence', async ({ clock }: Scene) => clock.advance(540_000)],
  ] as [string, (all: Scene) => Promise<void>][]) {
    const all = await opened(LIMITS);
    const taken = takes(all.listener);
    await all.peer.says(chunk(all, { range: '1-*/500', body: x(200) }));
    all.clock.advance(539_999);
    await all.peer.says(chunk(all, { range: '201-*/500', body: x(10) }));
    all.clock.advance(539_999);
    assert.deepEqual(taken[0]?.told, ['10']);
    await how(all);
    assert.equal(taken[0]?.told.at(-1), 'aborted', what);
    all.endpoint.close();
    await all.peer.hears();
    all.clock.advance(1000);
    await all.peer.hears();
    assert.equal(all.clock.pending, 0);
  }
});

test('checklist 61: bytes of a chunk are a sign of life too, however long it takes', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  const text = chunk(all, { range: '1-*/500', body: x(500), flag: '$' });
  for (let at = 0; at < text.length; at += 100) {
    await all.peer.says(text.slice(at, at + 100));
    all.clock.advance(500_000);
  }
  assert.equal(taken[0]?.told.at(-1), 'end 500');
});

test('a silent message is over: the rest of it is answered 413', async () => {
  const all = await opened(LIMITS);
  takes(all.listener);
  const text = chunk(all, { range: '1-*/500', body: x(500), flag: '$' });
  await all.peer.says(text.slice(0, -300));
  all.clock.advance(540_000);
  assert.deepEqual(statuses(await all.peer.says(text.slice(-300))), ['413']);
});

test('checklist 43: what grows above the largest message, announced or not, is answered 413 and given up', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  assert.deepEqual(statuses(await all.peer.says(chunk(all, { id: 'one1', range: '1-*/*', body: x(1001) }))), [
    '413',
  ]);
  assert.deepEqual(taken[0]?.told.at(-1) ?? 'aborted', 'aborted');
  await all.peer.says(chunk(all, { id: 'two2', range: '1-*/*', body: x(900) }));
  assert.deepEqual(
    statuses(await all.peer.says(chunk(all, { id: 'two2', range: '901-*/*', body: x(101) }))),
    ['413'],
  );
  assert.equal(taken.at(-1)?.told.at(-1), 'aborted');
});

test('checklist 36, 41: reports are for the whole of it, once; a duplicate is acknowledged and reported again', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  const headers = ['Success-Report: yes'];
  await all.peer.says(chunk(all, { range: '1-*/300', body: x(200), headers }));
  taken[0]?.opening.report(200);
  assert.equal(await all.peer.hears(), '', 'not before it is whole');
  await all.peer.says(chunk(all, { range: '201-300/300', body: x(100), flag: '$', headers }));
  taken[0]?.opening.report(200);
  taken[0]?.opening.report(200);
  assert.match(
    await all.peer.hears(),
    /^MSRP \S+ REPORT\r\n[^]*Byte-Range: 1-300\/300\r\nStatus: 000 200 OK\r\n-/,
  );
  const again = chunk(all, { range: '1-300/300', body: x(300), flag: '$', headers });
  assert.deepEqual(statuses(await all.peer.says(again)), ['200', 'REPORT']);
  assert.equal(taken.length, 1);
});

test('a receiver that has enough stops the connection, and it goes on at the latest when the message is over', async () => {
  const all = await opened(LIMITS);
  const taken = takes(all.listener);
  const end = (all.peer.connection as PipeEnd).other ?? assert.fail();
  await all.peer.says(chunk(all, { range: '1-*/500', body: x(200) }));
  await all.peer.says(chunk(all, { id: 'other', range: '1-*/500', body: x(200) }));
  const [one, two] = taken;
  one?.opening.pause();
  one?.opening.pause();
  two?.opening.pause();
  one?.opening.resume();
  assert.equal(end.paused, true);
  assert.equal(await all.peer.says(chunk(all, { range: '201-*/500', body: x(9), flag: '#' })), '');
  two?.opening.resume();
  two?.opening.resume();
  assert.equal(end.paused, false);
  assert.deepEqual(statuses(await all.peer.hears()), ['200']);
  two?.opening.pause();
  all.session.close();
  assert.equal(end.paused, false);
  assert.deepEqual(two?.told, ['aborted']);
});

test('a connection that ends while it is stopped is read on, or the peer’s end would not be seen', async () => {
  const all = await opened(LIMITS);
  const end = (all.peer.connection as PipeEnd).other ?? assert.fail();
  all.listener.begin = (opening) => {
    opening.pause();
    assert.equal(end.paused, true);
    return new Taken(opening);
  };
  // Both are in one piece: what follows the chunk can be followed no further.
  await all.peer.says(`${chunk(all, { range: '1-*/500', body: x(200) })}no MSRP at all\r\n`);
  assert.deepEqual(all.listener.told, ['opened', 'closed connection-lost']);
  assert.equal(end.paused, false);
});
