/**
 * Bent and right frames at an endpoint: nothing throws, no request is answered twice, somebody on another connection is
 * always answered, and nothing stays.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint, type Beginning, type MsrpSession } from '../../src/msrp/index.ts';
import { Listener } from '../msrp/events.ts';
import { frame, pipe, RawPeer, settle } from '../msrp/pipe.ts';
import { bent } from '../support/bending.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { oneOf, type Random } from '../support/random.ts';
import type { Target } from './target.ts';

const FOLDER = new URL('../torture/msrp/', import.meta.url);
const samples = readdirSync(FOLDER).map((name) =>
  readFileSync(new URL(name, FOLDER), 'latin1').slice(0, 3000),
);
/** Bytes that may wait for a peer that does not read. */
const MOST_QUEUED = 8 * 1_048_576;

/** Where long messages are handed on to. */
const NOWHERE: Beginning = { data: () => {}, end: () => {}, aborted: () => {} };

interface Member {
  readonly session: MsrpSession;
  readonly listener: Listener;
  readonly paths: readonly string[];
}

/** Sessions on one connection that is ill-treated. */
class Victims {
  readonly peer: RawPeer;
  readonly members: Member[] = [];
  readonly #random: Random;
  #count = 0;

  /** `calm`: one session that answers all, on a connection that takes all. */
  constructor(endpoint: MsrpEndpoint, random: Random, calm = false) {
    this.#random = random;
    const [end, other] = pipe();
    if (!calm && random(4) === 0) end.room = random(5000);
    endpoint.accept(end);
    this.peer = new RawPeer(other);
    for (let count = calm ? 1 : 1 + random(3); count > 0; count--) {
      const listener = new Listener();
      const manner = random(4);
      if (!calm)
        listener.answer = (message) => {
          if (manner > 0) message.respond(oneOf(random, [200, 200, 403, 413]));
          if (manner > 1) message.report(oneOf(random, [200, 403]));
        };
      if (!calm) listener.begin = () => oneOf<Beginning>(random, ['keep', 'later', { status: 413 }, NOWHERE]);
      const session = endpoint.openSession({
        host: '192.0.2.1',
        port: 1,
        handler: listener,
        accepts: () => true,
        ...(random(2) === 0 && { longMessageBytes: random(500) }),
      });
      const uri = `msrp://192.0.2.2:2855/peer${count};tcp`;
      session.setPeer({ path: [uri], ...(!calm && random(3) === 0 && { maxMessageBytes: random(3000) }) });
      this.members.push({ session, listener, paths: [`To-Path: ${session.path}`, `From-Path: ${uri}`] });
    }
  }

  /** One thing that a peer, or our side, does. */
  acts(): void {
    const random = this.#random;
    const { session, paths } = oneOf(random, this.members);
    const say = (bytes: Buffer): void => {
      // In pieces, too.
      const at = random(3) === 0 ? random(bytes.length + 1) : bytes.length;
      for (const part of [bytes.subarray(0, at), bytes.subarray(at)]) this.peer.connection.write(part);
    };
    const sample = (): Buffer => {
      const text = random(2) === 0 ? oneOf(random, samples) : this.#right(paths);
      const own = text
        .replace(/^To-Path: .*$/m, `${paths[0]}\r`)
        .replace(/^From-Path: .*$/m, `${paths[1]}\r`);
      return Buffer.from(own.replace(/\r\r/g, '\r'), 'latin1');
    };
    oneOf(random, [
      () => say(bent(sample(), random)),
      () => say(bent(sample(), random)),
      () => say(sample()),
      () => say(Buffer.from(this.#right(paths), 'latin1')),
      () => session.send({ contentType: 'text/plain', body: Buffer.alloc(random(9000), '-') }),
      () => session.sendNickname('"Alice"', () => {}),
      () => random(10) === 0 && session.close(),
    ])();
  }

  /** A frame with nothing wrong. */
  #right(paths: readonly string[]): string {
    const random = this.#random;
    const id = `good${(this.#count += 1)}`;
    const size = random(300);
    const range = `${1 + random(4)}-${oneOf(random, ['*', String(size)])}/${oneOf(random, ['*', String(size + random(9))])}`;
    const message = [`Message-ID: m${random(5)}`, `Byte-Range: ${range}`];
    const report = oneOf(random, [
      [],
      ['Failure-Report: no'],
      ['Failure-Report: partial'],
      ['Success-Report: yes'],
    ]);
    const type = 'Content-Type: text/plain';
    return oneOf(random, [
      () =>
        frame(
          id,
          'SEND',
          [...paths, ...message, ...report, type],
          'x'.repeat(size),
          oneOf(random, ['$', '+', '#']),
        ),
      () => frame(id, 'SEND', [...paths, 'Message-ID: e', 'Byte-Range: 1-0/0']),
      () => frame(id, 'NICKNAME', [...paths, 'Use-Nickname: "Al"']),
      () => frame(id, 'REPORT', [...paths, ...message, 'Status: 000 413 No']),
      () => frame(id, `${oneOf(random, [200, 400, 408, 413, 481, 506])} Word`, [...paths]),
    ])();
  }
}

export const msrpBent: Target = {
  name: 'msrp-bent',
  async round(random) {
    const clock = new FakeClock();
    const log = {
      ...silentLog,
      error: (fields: object) => assert.fail(String((fields as { error?: unknown }).error)),
    };
    const limits = random(3) === 0 ? { maxHeadBytes: 300 + random(2000), maxExcessBytes: random(5000) } : {};
    const endpoint = new MsrpEndpoint({ clock, log, maxMessageBytes: 5000, ...limits });
    const friend = new Victims(endpoint, random, true);
    const victims = [new Victims(endpoint, random), new Victims(endpoint, random)];
    const [{ paths, listener } = assert.fail()] = friend.members;
    await friend.peer.says(frame('friend00', 'SEND', [...paths, 'Message-ID: first', 'Byte-Range: 1-0/0']));
    for (let steps = 5 + random(40); steps > 0; steps--) {
      const victim = oneOf(random, victims);
      victim.acts();
      if (random(3) === 0) await settle(2);
      if (random(8) === 0) clock.advance(random(40_000));
      for (const { session } of victim.members)
        assert.ok(session.queuedBytes < MOST_QUEUED, 'a queue without end');
    }
    await settle();
    for (const { peer } of victims) {
      const ids = [...peer.received.matchAll(/^MSRP (good\d+) \d{3}/gm)].map((match) => match[1]);
      assert.equal(new Set(ids).size, ids.length, 'a request that was answered twice');
    }
    friend.peer.received = '';
    const hello = frame(
      'friend01',
      'SEND',
      [...paths, 'Message-ID: hi', 'Content-Type: text/plain'],
      'hello',
    );
    // A friend that said nothing for so long has lost its connection by the rules.
    if (!friend.peer.closed) {
      assert.match(await friend.peer.says(hello), /^MSRP friend01 200 /);
      assert.equal(listener.messages.length, 1);
    }
    endpoint.close();
    clock.advance(600_000);
    await settle();
    clock.advance(600_000);
    await settle();
    assert.equal(clock.pending, 0, 'no timer is left');
  },
};
