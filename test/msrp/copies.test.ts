/** Messages that go to many: each gets its own frames, whatever else is sent, and no transaction id comes twice on one connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint, type MsrpSession, type OutgoingMessage } from '../../src/msrp/index.ts';
import { MsrpParser } from '../../src/msrp/parser.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener, Transcript } from './events.ts';
import { frame, pipe, type PipeEnd, RawPeer, settle } from './pipe.ts';

/** Sessions 0 and 1 share a connection, as those of peers behind a relay do. */
const CONNECTION_OF = [0, 0, 1, 2];
const peerPath = (at: number): string => `msrp://192.0.2.2:2855/peer${at};tcp`;

interface Hall {
  readonly sessions: readonly MsrpSession[];
  readonly ends: readonly PipeEnd[];
}

async function hall(): Promise<Hall> {
  const endpoint = new MsrpEndpoint({ clock: new FakeClock(), log: silentLog, maxMessageBytes: 100_000 });
  const pipes = [...new Set(CONNECTION_OF)].map(() => pipe());
  const peers = pipes.map(([end, other]) => {
    endpoint.accept(end);
    return new RawPeer(other);
  });
  const sessions: MsrpSession[] = [];
  for (const [at, connection] of CONNECTION_OF.entries()) {
    const options = { host: '192.0.2.1', port: 2855, handler: new Listener(), accepts: () => true };
    const session = endpoint.openSession(options);
    session.setPeer({ path: [peerPath(at)] });
    const paths = [`To-Path: ${session.path}`, `From-Path: ${peerPath(at)}`];
    await peers[connection]?.says(
      frame(`bind${at}`, 'SEND', [...paths, 'Message-ID: one', 'Byte-Range: 1-0/0']),
    );
    sessions.push(session);
  }
  const ends = pipes.map(([end]) => end);
  for (const end of ends) end.writes.length = 0;
  return { sessions, ends };
}

function read({ ends }: Hall): Transcript['frames'][] {
  return ends.map((end) => {
    const transcript = new Transcript();
    const parser = new MsrpParser(transcript);
    for (const bytes of end.writes) parser.push(bytes);
    return transcript.frames;
  });
}

function text(body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { contentType: 'text/plain', body: Buffer.from(body), ...more };
}

test('checklist 28: one message over many sessions: the paths of each, one Message-ID, one transaction id on a connection', async () => {
  const all = await hall();
  const message = text('hello');
  for (const session of all.sessions) session.send(message);
  await settle();
  const [shared = [], second = [], third = []] = read(all);
  const frames = [...shared, ...second, ...third];
  assert.deepEqual(
    frames.map(({ head, body, flag }) => [head.fromPath, head.toPath, head.byteRange, body.toString(), flag]),
    all.sessions.map(({ path }, at) => [path, peerPath(at), '1-5/5', 'hello', '$']),
  );
  assert.equal(second[0]?.head.messageId, third[0]?.head.messageId);
  assert.notEqual(shared[0]?.head.transactionId, shared[1]?.head.transactionId);
  // Nothing is looked out for, so the others need no transaction id of their own.
  assert.equal(second[0]?.head.transactionId, third[0]?.head.transactionId);
});

test('a message that is sent twice over a session is two messages', async () => {
  const all = await hall();
  const [session] = all.sessions;
  const message = text('again');
  session?.send(message);
  session?.send(message);
  await settle();
  const [frames = []] = read(all);
  assert.equal(frames.length, 2);
  assert.equal(new Set(frames.map(({ head }) => head.transactionId)).size, 2);
  assert.equal(new Set(frames.map(({ head }) => head.messageId)).size, 2);
});

test('a peer that changes its path gets what was sent before under the old one, in the same turn', async () => {
  const all = await hall();
  const session = all.sessions[2];
  session?.send(text('before'));
  session?.setPeer({ path: [peerPath(9)] });
  session?.send(text('after'));
  await settle();
  const [, second = []] = read(all);
  assert.deepEqual(
    second.map(({ head, body }) => [body.toString(), head.toPath]),
    [
      ['before', peerPath(2)],
      ['after', peerPath(9)],
    ],
  );
});

test('an error in answer to a copy is no answer to what other sessions have sent', async () => {
  const all = await hall();
  const settled: number[] = [];
  all.sessions[2]?.send(text('awaited', { failureReport: 'yes' }), (status) => settled.push(status));
  const message = text('to all');
  for (const session of all.sessions) session.send(message);
  await settle();
  const [, , third = []] = read(all);
  const answer = [`To-Path: ${all.sessions[3]?.path}`, `From-Path: ${peerPath(3)}`];
  const id = third[0]?.head.transactionId ?? '';
  all.ends[2]?.other?.write(frame(id, '413 Stop Sending', answer));
  await settle();
  assert.deepEqual(settled, []);
  assert.deepEqual(
    all.sessions.map(({ state }) => state),
    ['open', 'open', 'open', 'open'],
  );
});

test('law: whoever gets whichever messages, each connection carries each frame once, in order, with ids of its own', async () => {
  const piece = fc.constantFrom('a', '-------', '\r\n-------', '\0', '\xff', 'end$\r\n');
  const message = fc.record({
    body: fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1')),
    /** Who gets it. */
    to: fc.subarray([0, 1, 2, 3]),
    kind: fc.constantFrom('copy', 'copy', 'copy', 'awaited', 'twice', 'later'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 80 }), async (messages) => {
      const all = await hall();
      const expected: string[][] = CONNECTION_OF.map(() => []);
      for (const { body, to, kind } of messages) {
        const sent: OutgoingMessage = { contentType: 'text/plain', body };
        for (const at of to) {
          for (let time = 0; time < (kind === 'twice' ? 2 : 1); time += 1) {
            all.sessions[at]?.send(sent, kind === 'awaited' ? () => {} : undefined);
            expected[at]?.push(body.toString('latin1'));
          }
        }
        if (kind === 'later') await settle(2);
      }
      await settle();
      for (const [connection, frames] of read(all).entries()) {
        const ids = frames.map(({ head }) => head.transactionId);
        assert.equal(new Set(ids).size, ids.length, 'no transaction id twice');
        for (const [at, bodies] of expected.entries()) {
          if (CONNECTION_OF[at] !== connection) continue;
          const its = frames.filter(({ head }) => head.toPath === peerPath(at));
          assert.deepEqual(
            its.map(({ body }) => body.toString('latin1')),
            bodies,
          );
          assert.ok(its.every(({ head, flag }) => flag === '$' && head.fromPath === all.sessions[at]?.path));
        }
      }
    }),
    { numRuns: 60 },
  );
});
