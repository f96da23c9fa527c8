/** Messages that are sent while they come in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrowingBody, type MsrpSession } from '../../src/msrp/index.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { outgoing, PEER, summary } from './outgoing.ts';
import { frame, settle } from './pipe.ts';

const SLICE = 65_536;

/** A body, and how often its source was told to go on. */
function growing(clock: FakeClock, total?: number): { body: GrowingBody; resumed: () => number } {
  let resumed = 0;
  return { body: new GrowingBody({ clock, total, resume: () => (resumed += 1) }), resumed: () => resumed };
}

const start = (session: MsrpSession, rest: GrowingBody) =>
  session.send({ contentType: 'message/cpim', body: Buffer.from('head\r\n\r\n'), rest, messageId: 'grows' });
const text = { contentType: 'text/plain', body: Buffer.from('hi') };
const bytes = (size: number) => Buffer.alloc(size, 'x');

test('checklist 32, 59: with nothing else to send it is one chunk, begun before the end has come', async () => {
  const { clock, open, frames, end } = outgoing();
  const { session } = await open('a');
  const { body } = growing(clock, 300_000);
  start(session, body);
  await settle();
  assert.equal(end.writes.length, 0, 'a chunk without bytes is not begun');
  for (let i = 0; i < 3; i += 1) {
    assert.ok(body.append(bytes(SLICE)));
    await settle();
    assert.equal(end.writes.length > 0, i > 0);
  }
  body.append(bytes(300_000 - 3 * SLICE));
  body.end();
  await settle();
  assert.deepEqual(summary(frames()), ['SEND 1-*/300008 300008$']);
  assert.equal(clock.pending, 0, 'no answer could change anything');
});

test('checklist 30: where the total is not known, the Byte-Range does not say it', async () => {
  const { clock, open, frames } = outgoing();
  const { session } = await open('a');
  const { body } = growing(clock);
  start(session, body);
  for (let i = 0; i < 50; i += 1) body.append(bytes(2000));
  await settle();
  body.end();
  await settle();
  assert.deepEqual(summary(frames()), ['SEND 1-*/* 100008$']);
});

test('checklist 31: what waits behind an open chunk waits 300 ms, then the chunk is interrupted', async () => {
  const { clock, open, frames } = outgoing();
  const [a, b] = [await open('a'), await open('b')];
  const { body } = growing(clock, 200_000);
  start(a.session, body);
  body.append(bytes(SLICE));
  body.append(bytes(SLICE));
  await settle();
  a.session.send(text);
  await settle();
  clock.advance(299);
  await settle();
  assert.deepEqual(frames(), []);
  clock.advance(1);
  await settle();
  assert.deepEqual(summary(frames()), [`SEND 1-*/200008 ${SLICE + 8}+`, 'SEND 1-2/2 2$']);
  // The next ones wait for no longer, and not at all where no chunk is open.
  b.session.send(text);
  await settle();
  assert.deepEqual(summary(frames()), ['SEND 1-2/2 2$']);
  body.append(bytes(200_000 - 2 * SLICE));
  body.end();
  await settle();
  assert.deepEqual(summary(frames()), [`SEND ${SLICE + 9}-*/200008 ${200_000 - SLICE}$`]);
});

test('checklist 31: of several that grow on one connection each gets its turn', async () => {
  const { clock, open, frames } = outgoing();
  const { session } = await open('a');
  const bodies = Array.from({ length: 4 }, () => growing(clock).body);
  for (const body of bodies) start(session, body);
  for (let i = 0; i < 60; i += 1) {
    for (const body of bodies) body.append(bytes(16_384));
    await settle(2);
    clock.advance(100);
    await settle(2);
  }
  for (const body of bodies) body.end();
  for (let i = 0; i < 20; i += 1) {
    await settle(2);
    clock.advance(100);
  }
  const flags = frames().map(({ flag }) => flag);
  assert.equal(flags.filter((flag) => flag === '$').length, 4, 'none was taken for too slow');
  assert.ok(!flags.includes('#'));
});

test('checklist 61: what is given up by its source ends with #, in the open chunk or in one for that', async () => {
  const { clock, open, frames } = outgoing();
  const { session } = await open('a');
  const [one, two, three] = [growing(clock).body, growing(clock).body, growing(clock).body];
  start(session, one);
  one.append(bytes(SLICE));
  one.append(bytes(SLICE));
  await settle();
  one.abort();
  await settle();
  assert.deepEqual(summary(frames()), [`SEND 1-*/* ${SLICE + 8}#`]);
  start(session, two);
  two.append(bytes(SLICE));
  two.append(bytes(SLICE));
  await settle();
  session.send(text);
  await settle();
  clock.advance(300);
  await settle();
  assert.deepEqual(summary(frames()), [`SEND 1-*/* ${SLICE + 8}+`, 'SEND 1-2/2 2$']);
  two.abort();
  await settle();
  assert.deepEqual(summary(frames()), ['SEND 1-0/* 0#']);
  start(session, three);
  await settle();
  three.abort();
  await settle();
  assert.deepEqual(frames(), [], 'nothing had been sent');
});

test('checklist 60: a session that ends gives up what it is sending, and the others go on', async () => {
  const { clock, open, frames } = outgoing();
  const [a, b] = [await open('a'), await open('b')];
  const { body } = growing(clock);
  start(a.session, body);
  start(b.session, body);
  body.append(bytes(SLICE));
  body.append(bytes(SLICE));
  await settle();
  a.session.close();
  await settle();
  body.end();
  await settle();
  assert.deepEqual(summary(frames()), [`SEND 1-*/* ${SLICE + 8}#`, `SEND 1-*/* ${2 * SLICE + 8}$`]);
});

test('checklist 39: after 413 no more of it is sent', async () => {
  const { clock, open, frames, end, peer } = outgoing();
  const { session } = await open('a');
  const { body, resumed } = growing(clock);
  start(session, body);
  body.append(bytes(SLICE));
  body.append(bytes(SLICE));
  await settle();
  const id = /MSRP (\S+) SEND/.exec(end.writes[0]?.toString('latin1') ?? '')?.[1] ?? '';
  await peer.says(frame(id, '413 Enough', [`To-Path: ${session.path}`, `From-Path: ${PEER}a`]));
  for (let i = 0; i < 20; i += 1) assert.ok(body.append(bytes(SLICE)), 'nobody is waited for');
  await settle();
  assert.deepEqual(summary(frames()), [`SEND 1-*/* ${SLICE + 8}#`]);
  assert.equal(resumed(), 0);
});

test('checklist 15: what outgrows the peer’s max-size is given up, and not begun where that is known', async () => {
  const { clock, open, frames } = outgoing();
  const { session } = await open('a');
  session.setPeer({ path: [`${PEER}a`], maxMessageBytes: 100_000 });
  const results: number[] = [];
  const send = (rest: GrowingBody) => session.send({ ...text, rest }, (status) => results.push(status));
  send(growing(clock, 100_000).body);
  const { body } = growing(clock);
  send(body);
  for (let i = 0; i < 2; i += 1) {
    body.append(bytes(49_000));
    await settle();
  }
  body.append(bytes(2000));
  await settle();
  assert.deepEqual(summary(frames()), ['SEND 1-*/* 49002#']);
  assert.deepEqual(results, [413, 413]);
});

test('a recipient that takes nothing for 2 s while another waits loses the message; nobody holds more than four slices', async () => {
  const { clock, open, frames } = outgoing();
  const slow = outgoing();
  const [a, b] = [await open('a'), await slow.open('b')];
  const { body, resumed } = growing(clock);
  start(a.session, body);
  start(b.session, body);
  slow.end.room = 10;
  let sent = 0;
  while (body.append(bytes(SLICE))) {
    sent += SLICE;
    await settle();
  }
  sent += SLICE;
  assert.ok(sent <= 4 * SLICE);
  assert.ok(slow.end.pendingBytes <= SLICE + 1000);
  await settle();
  clock.advance(1999);
  assert.equal(resumed(), 0);
  clock.advance(501);
  assert.equal(resumed(), 1);
  body.end();
  await settle();
  slow.end.drain();
  await settle();
  assert.deepEqual(summary(frames()), [`SEND 1-*/* ${sent + 8}$`]);
  assert.deepEqual(summary(slow.frames()), ['SEND 1-*/* 8#']);
});

test('while nobody else waits it may take 10 s, and each slice is progress', async () => {
  const { clock, open, frames, end } = outgoing();
  const { session } = await open('a');
  const { body, resumed } = growing(clock);
  start(session, body);
  end.room = 10;
  let sent = 0;
  for (let i = 0; i < 10; i += 1) {
    while (body.append(bytes(SLICE))) {
      sent += SLICE;
      await settle();
    }
    sent += SLICE;
    clock.advance(9000);
    end.drain(10);
    await settle();
    assert.equal(resumed(), i + 1);
  }
  assert.deepEqual(frames(), []);
  while (body.append(bytes(SLICE))) await settle();
  clock.advance(10_500);
  end.drain();
  await settle();
  assert.equal(frames()[0]?.flag, '#');
});

test('checklist 28: where the end-line comes in the body its chunk ends before it, wherever it is cut', async () => {
  for (let cut = 0; cut <= 25; cut += 1) {
    const { clock, open, frames, end } = outgoing();
    const { session } = await open('a');
    const { body } = growing(clock);
    start(session, body);
    body.append(bytes(SLICE));
    body.append(bytes(20_000));
    await settle();
    const id = /MSRP (\S+) SEND/.exec(end.writes[0]?.toString('latin1') ?? '')?.[1] ?? '';
    const poison = `\r\n-------${id}$\r\nMSRP evil SEND\r\n`;
    const all = Buffer.concat([bytes(20_000), Buffer.from(poison), bytes(20_000)]);
    body.append(all.subarray(0, 20_000 + cut));
    body.append(all.subarray(20_000 + cut));
    body.end();
    await settle();
    const written = frames();
    assert.deepEqual(
      written.map(({ flag }) => flag),
      ['+', '$'],
      `cut at ${cut}`,
    );
    const whole = Buffer.concat(written.map((chunk) => chunk.body));
    assert.ok(whole.equals(Buffer.concat([Buffer.from('head\r\n\r\n'), bytes(SLICE + 20_000), all])));
    assert.match(written[1]?.head.byteRange ?? '', new RegExp(`^${(written[0]?.body.length ?? 0) + 1}-`));
  }
});

test('a connection that has taken nothing for 2 s gets no further long message, and makes nobody wait for it', async () => {
  const { clock, open, frames, end } = outgoing();
  const { session } = await open('a');
  end.room = 1;
  session.send(text);
  await settle();
  clock.advance(2000);
  const { body } = growing(clock, 300_000);
  const results: number[] = [];
  session.send({ ...text, rest: body }, (status) => results.push(status));
  for (let i = 0; i < 4; i += 1) assert.ok(body.append(bytes(SLICE)));
  end.drain();
  await settle();
  assert.deepEqual(results, [408]);
  assert.deepEqual(summary(frames()), ['SEND 1-2/2 2$']);
  const { body: next } = growing(clock);
  start(session, next);
  next.append(bytes(20_000));
  next.end();
  await settle();
  assert.equal(frames().length, 1);
});

test('where each chunk is a message of its own (WebSocket) nothing stands open, and text goes between at once', async () => {
  const { clock, open, frames, end } = outgoing({ framed: true });
  const { session } = await open('a');
  const { body } = growing(clock, 3 * SLICE);
  start(session, body);
  for (let i = 0; i < 3; i += 1) {
    body.append(bytes(SLICE));
    await settle();
    session.send(text);
    await settle();
  }
  body.end();
  await settle();
  const written = frames();
  assert.equal(end.writes.length, written.length);
  const chunks = written.filter(({ body: part }) => part.toString() !== 'hi');
  assert.equal(written.length - chunks.length, 3);
  assert.equal(chunks.map(({ flag }) => flag).join(''), `${'+'.repeat(chunks.length - 1)}$`);
  let at = 1;
  for (const { head, body: part } of chunks) {
    assert.ok(head.byteRange.startsWith(`${at}-`), head.byteRange);
    at += part.length;
  }
  assert.equal(at, 3 * SLICE + 9);
});
