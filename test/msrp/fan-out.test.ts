/** One message to many sessions at once: everybody gets what it would have got one by one, and nobody waits for anybody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint, type MsrpSession, type OutgoingMessage } from '../../src/msrp/index.ts';
import { FanOut } from '../../src/msrp/fan-out.ts';
import { MsrpParser } from '../../src/msrp/parser.ts';
import { Tick } from '../../src/msrp/tick.ts';
import { SendForm } from '../../src/msrp/writer.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener, Transcript } from './events.ts';
import { frame, pipe, type PipeEnd, RawPeer, settle } from './pipe.ts';

const PEERS = [0, 1, 2, 3, 4, 5];
/** The last two share a connection; peer 3 comes by a WebSocket. */
const CONNECTION_OF = [0, 1, 2, 3, 4, 4];
const FRAMED = 3;
const peerPath = (at: number): string => `msrp://192.0.2.2:2855/peer${at};tcp`;
const text = (body: string): OutgoingMessage => ({
  contentType: 'text/plain',
  body: Buffer.from(body, 'latin1'),
});

class Hall {
  readonly clock = new FakeClock();
  readonly fanOut: FanOut<number>;
  readonly sessions: MsrpSession[] = [];
  readonly ends: PipeEnd[] = [];
  readonly listeners: Listener[] = [];
  /** What each should get. */
  readonly expected: string[][] = PEERS.map(() => []);
  readonly #peers: RawPeer[] = [];
  readonly #endpoint: MsrpEndpoint;

  constructor(sendBudgetBytes = 100_000) {
    const { clock } = this;
    this.#endpoint = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 9999, sendBudgetBytes });
    this.fanOut = this.#endpoint.fanOut();
    for (const at of new Set(CONNECTION_OF)) {
      const [end, other] = pipe();
      end.framed = at === FRAMED;
      this.#endpoint.accept(end);
      this.ends.push(end);
      this.#peers.push(new RawPeer(other));
    }
    for (const at of PEERS) {
      const handler = new Listener();
      const session = this.#endpoint.openSession({
        host: '192.0.2.1',
        port: 2855,
        handler,
        accepts: () => true,
      });
      session.setPeer({ path: [peerPath(at)] });
      this.sessions.push(session);
      this.listeners.push(handler);
    }
  }

  static async open(sendBudgetBytes?: number): Promise<Hall> {
    const hall = new Hall(sendBudgetBytes);
    for (const at of PEERS) await hall.binds(at);
    for (const end of hall.ends) end.writes.length = 0;
    for (const at of PEERS) hall.follows(at);
    return hall;
  }

  async binds(at: number): Promise<void> {
    this.asks(at, `bind${at}`);
    await settle();
  }

  /** The peer sends a bodiless SEND, whose answer goes out between the messages. */
  asks(at: number, transactionId: string): void {
    this.#peers[CONNECTION_OF[at] ?? 0]?.connection.write(Buffer.from(this.asking(at, transactionId)));
  }

  asking(at: number, transactionId: string): string {
    const paths = [`To-Path: ${this.sessions[at]?.path}`, `From-Path: ${peerPath(at)}`];
    return frame(transactionId, 'SEND', [...paths, 'Message-ID: one', 'Byte-Range: 1-0/0']);
  }

  follows(at: number): void {
    this.sessions[at]?.follow(this.fanOut.add(at));
  }

  unfollows(at: number): void {
    this.sessions[at]?.follow(undefined);
    this.fanOut.remove(at);
  }

  /** To all but one; whoever has to be sent it alone is. Gives those. */
  sends(body: string, except?: number): number[] {
    const message = text(body);
    const alone = this.fanOut.send(message, except);
    for (const at of alone) this.sessions[at]?.send(message);
    return alone;
  }

  /** The SENDs with a body that each peer got. */
  got(): Transcript['frames'][] {
    const frames = this.ends.flatMap((end) => {
      const transcript = new Transcript();
      const parser = new MsrpParser(transcript);
      for (const bytes of end.writes) parser.push(bytes);
      const sends = transcript.frames.filter(({ head }) => head.method === 'SEND');
      const ids = sends.map(({ head }) => head.transactionId);
      assert.equal(new Set(ids).size, ids.length, 'no transaction id twice on a connection');
      return sends;
    });
    return PEERS.map((at) => frames.filter(({ head }) => head.toPath === peerPath(at)));
  }
}

const bodies = (frames: Transcript['frames']): string[] => frames.map(({ body }) => body.toString('latin1'));

test('who keeps up gets a message without being asked; who shares a connection or comes by WebSocket is named', async () => {
  const hall = await Hall.open();
  assert.deepEqual(hall.sends('one', 0), [3, 4, 5]);
  assert.deepEqual(hall.sends('two'), [3, 4, 5]);
  await settle();
  const got = hall.got();
  assert.deepEqual(got.map(bodies), [['two'], ...Array.from({ length: 5 }, () => ['one', 'two'])]);
  // All of one turn leaves in one write, except over a WebSocket (RFC 7977 section 5.1).
  assert.deepEqual(
    hall.ends.map(({ writes }) => writes.length),
    [1, 1, 1, 2, 1],
  );
  const [, first, second] = got;
  assert.equal(first?.[0]?.head.messageId, second?.[0]?.head.messageId);
  assert.equal(first?.[0]?.head.fromPath, hall.sessions[1]?.path);
});

test('what is sent to one alone stands between the messages that were sent before and after it, in one write', async () => {
  const hall = await Hall.open();
  hall.sends('one');
  hall.sessions[0]?.send(text('for you alone'));
  hall.sends('two');
  await settle();
  assert.equal(hall.ends[0]?.writes.length, 1);
  assert.deepEqual(bodies(hall.got()[0] ?? []), ['one', 'for you alone', 'two']);
});

test('checklist 64: who does not read falls behind, hurts nobody, and is in step again when it has caught up', async () => {
  const hall = await Hall.open();
  const [slow] = hall.ends;
  assert.ok(slow);
  slow.room = 10;
  assert.deepEqual(hall.sends('one'), [3, 4, 5]);
  await settle();
  assert.deepEqual(hall.sends('two'), [3, 4, 5, 0]);
  await settle();
  assert.deepEqual(bodies(hall.got()[1] ?? []), ['one', 'two']);
  assert.deepEqual(hall.sends('three'), [3, 4, 5, 0]);
  slow.drain();
  await settle();
  assert.deepEqual(hall.sends('four'), [3, 4, 5]);
  await settle();
  assert.deepEqual(bodies(hall.got()[0] ?? []), ['one', 'two', 'three', 'four']);
});

test('checklist 64: more than half a budget is not kept for the end of the turn', async () => {
  const hall = await Hall.open(10_000);
  for (let at = 0; at < 10; at += 1) hall.sends('x'.repeat(1000));
  const written = hall.ends[0]?.writes.length ?? 0;
  assert.ok(written >= 2);
  await settle();
  assert.equal(hall.got()[0]?.length, 10);
});

test('checklist 15: a message that is larger than the peer takes does not reach it with the others', async () => {
  const hall = await Hall.open();
  hall.sessions[0]?.setPeer({ path: [peerPath(0)], maxMessageBytes: 5 });
  hall.sends('short');
  hall.sends('too long');
  await settle();
  assert.deepEqual(bodies(hall.got()[0] ?? []), ['short']);
  assert.deepEqual(bodies(hall.got()[1] ?? []), ['short', 'too long']);
});

test('a session that is not there yet gets what was said when it is, in order', async () => {
  const hall = new Hall();
  await hall.binds(1);
  for (const at of [0, 1]) hall.follows(at);
  assert.deepEqual(hall.sends('one'), [0]);
  await hall.binds(0);
  assert.deepEqual(hall.sends('two'), []);
  await settle();
  assert.deepEqual(bodies(hall.got()[0] ?? []), ['one', 'two']);
});

test('what a connection has not passed on yet is not overwritten by what the others get', async () => {
  const hall = await Hall.open();
  const kept: { bytes: Buffer | string; then: string }[] = [];
  for (const end of hall.ends.slice(0, 3)) {
    end.write = (bytes) => {
      kept.push({ bytes, then: bytes.toString('latin1') });
      end.pendingBytes += bytes.length;
      return false;
    };
  }
  hall.sends('one');
  await settle();
  assert.deepEqual(
    kept.map(({ bytes }) => bytes.toString('latin1')),
    kept.map(({ then }) => then),
  );
  assert.equal(new Set(kept.map(({ then }) => then)).size, 3);
});

test('a message that goes to one of the audience again is another one', async () => {
  const hall = await Hall.open();
  const message = text('again');
  hall.fanOut.send(message, undefined);
  await settle();
  hall.sessions[0]?.send(message);
  await settle();
  const [frames = []] = hall.got();
  assert.deepEqual(bodies(frames), ['again', 'again']);
  assert.equal(new Set(frames.map(({ head }) => head.messageId)).size, 2);
});

test('a second session on the connection: what was due for the first still comes, and then each is named', async () => {
  const hall = new Hall();
  for (const at of [4, 5]) hall.follows(at);
  await hall.binds(4);
  assert.deepEqual(hall.sends('one'), [5]);
  // Before the turn is over.
  hall.ends[4]?.receives(Buffer.from(hall.asking(5, 'bind5')));
  assert.deepEqual(new Set(hall.sends('two')), new Set([4, 5]));
  await settle();
  assert.deepEqual(hall.got().slice(4).map(bodies), [
    ['one', 'two'],
    ['one', 'two'],
  ]);
});

test('a session that its peer has given up gets nothing more', async () => {
  const hall = await Hall.open();
  const paths = [`To-Path: ${hall.sessions[0]?.path}`, `From-Path: ${peerPath(0)}`];
  hall.sends('one');
  // Before the turn is over.
  hall.ends[0]?.receives(Buffer.from(frame('gone0001', '481 No Such Session', paths)));
  hall.sends('two');
  await settle();
  assert.deepEqual(hall.listeners[0]?.told.at(-1), 'closed refused');
  assert.deepEqual(bodies(hall.got()[0] ?? []), []);
  assert.deepEqual(bodies(hall.got()[1] ?? []), ['one', 'two']);
});

test('a session that ends while it is written to costs nobody a message', async () => {
  const hall = await Hall.open();
  const [end] = hall.ends;
  assert.ok(end);
  end.write = () => {
    hall.sessions[0]?.close();
    return true;
  };
  hall.sends('one');
  await settle();
  assert.deepEqual(
    hall.got().slice(1).map(bodies),
    Array.from({ length: 5 }, () => ['one']),
  );
});

test('whose paths are long makes the others get no more writes', async () => {
  const tick = new Tick();
  const formOf = (message: OutgoingMessage): SendForm => new SendForm(message);
  const room = new FanOut<number>({ tick, limits: { sendBudgetBytes: 1_048_576 }, formOf });
  const writes = [4000, 100].map((pathBytes, at) => {
    const of: number[] = [];
    room.add(at).sink = {
      keepsUp: true,
      pathBytes,
      queueCopies: () => {},
      writeCopies: (batches) => of.push(...batches.map(({ copies }) => copies.length)) > 0,
    };
    return of;
  });
  for (let at = 0; at < 10; at += 1) room.send(text('x'.repeat(200)), undefined);
  await settle(1);
  assert.deepEqual(writes, [[10], [10]]);
});

test('a large audience is served over several turns, and what comes meanwhile is not lost', async () => {
  const clock = new FakeClock();
  const endpoint = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 9999 });
  const fanOut = endpoint.fanOut<number>();
  const count = 1500;
  const ends: PipeEnd[] = [];
  const sessions: MsrpSession[] = [];
  for (let at = 0; at < count; at += 1) {
    const [end, other] = pipe();
    endpoint.accept(end);
    ends.push(end);
    const peer = new RawPeer(other);
    const handler = new Listener();
    const session = endpoint.openSession({ host: '192.0.2.1', port: 2855, handler, accepts: () => true });
    session.setPeer({ path: [peerPath(at)] });
    const paths = [`To-Path: ${session.path}`, `From-Path: ${peerPath(at)}`];
    peer.connection.write(
      Buffer.from(frame(`bind${at}`, 'SEND', [...paths, 'Message-ID: one', 'Byte-Range: 1-0/0'])),
    );
    session.follow(fanOut.add(at));
    sessions.push(session);
  }
  await settle(12);
  for (const end of ends) end.writes.length = 0;
  fanOut.send(text('one'), undefined);
  await settle(1);
  const served = ends.filter(({ writes }) => writes.length > 0).length;
  assert.ok(served > 0 && served < count);
  fanOut.send(text('two'), undefined);
  // Somebody of those who were served leaves: whoever takes its place is not passed over.
  sessions[0]?.close();
  fanOut.remove(0);
  await settle(12);
  for (const [at, { writes }] of ends.entries()) {
    const transcript = new Transcript();
    const parser = new MsrpParser(transcript);
    for (const bytes of writes) parser.push(bytes);
    assert.deepEqual(bodies(transcript.frames), ['one', 'two'], `peer ${at}`);
  }
});

/** To whom something happens: one that can be in step, one by WebSocket, two on one connection. */
const whom = fc.constantFrom(0, 0, 0, 1, FRAMED, 4, 5);
const happening = fc.constantFrom(
  'alone',
  'alone',
  'awaited',
  'asks',
  'stuck',
  'stuck',
  'drain',
  'leave',
  'come',
  'close',
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('all' as const), except: fc.option(whom) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: happening, at: whom }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
);

test('law: whatever happens to whom, everybody gets each message once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const hall = await Hall.open();
      const here = new Set(PEERS);
      let said = 0;
      const expect = (at: number, body: string): void => {
        if (hall.sessions[at]?.state === 'open') hall.expected[at]?.push(body);
      };
      for (const each of steps) {
        said += 1;
        const body = `${said} -------`;
        if (each.kind === 'turns') await settle('count' in each ? each.count : 1);
        else if ('except' in each) {
          const except = each.except ?? undefined;
          for (const at of here) if (at !== except) expect(at, body);
          hall.sends(body, except);
        } else if ('at' in each) {
          const { at } = each;
          const end = hall.ends[CONNECTION_OF[at] ?? 0];
          if (each.kind === 'stuck' && end) end.room = 10;
          else if (each.kind === 'drain') end?.drain();
          else if (each.kind === 'asks') hall.asks(at, `ask${said}`);
          else if (each.kind === 'close') hall.sessions[at]?.close();
          else if (each.kind === 'leave' && here.delete(at)) hall.unfollows(at);
          else if (each.kind === 'come' && !here.has(at)) {
            here.add(at);
            hall.follows(at);
          } else if (each.kind === 'alone' || each.kind === 'awaited') {
            expect(at, body);
            hall.sessions[at]?.send(text(body), each.kind === 'awaited' ? () => {} : undefined);
          }
        }
      }
      for (const end of hall.ends) end.drain();
      await settle();
      assert.deepEqual(hall.got().map(bodies), hall.expected);
    }),
    { numRuns: 150 },
  );
});
