/**
 * Right traffic of several sessions on one connection, both ways at once, cut anywhere: every request is answered as
 * often and with what the RFCs say, and every message arrives as it was. The peer is the naive one.
 */
import assert from 'node:assert/strict';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint } from '../../src/msrp/index.ts';
import { pipe, RawPeer, settle, type PipeEnd } from '../msrp/pipe.ts';
import { cut, Gathering } from '../naive/msrp-chunks.ts';
import { field, readMsrp, writeMsrp, type MsrpFrame } from '../naive/msrp-frame.ts';
import { faultOf } from '../naive/msrp-rules.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { oneOf, type Random } from '../support/random.ts';
import { Member } from './member.ts';
import type { Target } from './target.ts';

const LARGEST = 100_000;
/** Pieces of bodies that are made of what looks like frames, too. */
const PIECES = ['-------', '\r\n', '\r\n-------', 'MSRP aaaa1111 SEND\r\n', '$', '+', '#', '\0', 'é', 'text'];

class Traffic {
  readonly random: Random;
  readonly clock = new FakeClock();
  readonly endpoint: MsrpEndpoint;
  readonly members: Member[] = [];
  readonly end: PipeEnd;
  readonly peer: RawPeer;
  /** The statuses with which the request of each transaction is to be answered; empty: with nothing. */
  readonly expected = new Map<string, readonly number[]>();
  /** The Byte-Range of each REPORT that is due, by Message-ID. */
  readonly reports = new Map<string, string>();
  #frames: Buffer[] = [];
  #count = 0;

  constructor(random: Random) {
    this.random = random;
    const log = { ...silentLog, error: (fields: object) => assert.fail(JSON.stringify(fields)) };
    this.endpoint = new MsrpEndpoint({ clock: this.clock, log, maxMessageBytes: LARGEST });
    const [end, other] = pipe();
    end.framed = random(4) === 0;
    this.end = end;
    this.endpoint.accept(end);
    this.peer = new RawPeer(other);
  }

  /** A session of its own on the one connection. */
  joins(): void {
    const member = new Member(this.endpoint, this.random, this.clock, this.members.length);
    this.members.push(member);
    this.asks(member, 'SEND', ['Message-ID: first', 'Byte-Range: 1-0/0'], [200]);
  }

  /** A request without a body. */
  asks(member: Member, what: string, lines: readonly string[], expected: readonly number[], toPath?: string) {
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    });
    const head = this.#head(member, what, expected, toPath);
    this.#frames.push(writeMsrp(head, headers));
  }

  /** A message of the peer, its chunks among the frames that already wait. */
  says(member: Member): void {
    const { random } = this;
    const body = this.body();
    const messageId = `m${(this.#count += 1)}`;
    const failureReport = oneOf(random, ['yes', 'no', 'partial', undefined]);
    const success = random(2) === 0;
    const welcome = random(8) > 0;
    const chunks = cut(body, {
      chunk: random(3) === 0 ? undefined : [1 + random(60), 1 + random(3000), 1 + random(30_000)],
      overlap: random(3) === 0 ? random(20) : 0,
      total: random(2) === 0,
      ...(random(10) === 0 && { abort: 1 }),
    });
    const silent = failureReport === 'no' || (welcome && failureReport === 'partial');
    for (const chunk of chunks) {
      const head = this.#head(member, 'SEND', silent ? [] : [welcome ? 200 : 415]);
      const headers: [string, string][] = [
        ['Message-ID', messageId],
        ['Byte-Range', chunk.range],
        ...(failureReport === undefined ? [] : [['Failure-Report', failureReport] as [string, string]]),
        ...(success ? [['Success-Report', 'yes'] as [string, string]] : []),
        ['Content-Type', welcome ? 'text/plain' : 'image/x-unknown'],
      ];
      this.#frames.push(writeMsrp(head, headers, chunk.body, chunk.flag));
    }
    if (!welcome || chunks.at(-1)?.flag === '#') return;
    member.sent.set(messageId, body);
    if (success) this.reports.set(messageId, `1-${body.length}/${body.length}`);
  }

  body(): Buffer {
    const { random } = this;
    const pieces = Array.from({ length: random(20) }, () => oneOf(random, PIECES));
    const filling = Buffer.alloc(random(4) === 0 ? random(40_000) : random(200), random(256));
    return Buffer.concat([Buffer.from(pieces.join('')), filling]);
  }

  /** Everything that waits goes out in pieces, now and then with the connection full. */
  async flows(): Promise<void> {
    const { random } = this;
    let bytes = Buffer.concat(this.#frames);
    this.#frames = [];
    while (bytes.length > 0) {
      const size = oneOf(random, [1 + random(5), 1 + random(200), 1 + random(20_000), bytes.length]);
      this.peer.connection.write(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
      if (random(6) === 0) this.end.room = random(3000);
      if (random(4) === 0) await settle(2);
      if (random(4) === 0) this.end.drain(random(50_000));
    }
  }

  #head(member: Member, what: string, expected: readonly number[], toPath = member.session.path) {
    const transaction = `t${(this.#count += 1)}x${this.random(1000)}`;
    this.expected.set(transaction, expected);
    return { transaction, what, toPath, fromPath: member.route };
  }
}

function framesOf(text: string): MsrpFrame[] {
  const frames: MsrpFrame[] = [];
  let bytes = Buffer.from(text, 'latin1');
  for (let read = readMsrp(bytes); read; read = readMsrp(bytes)) {
    frames.push(read.frame);
    bytes = bytes.subarray(read.length);
  }
  assert.equal(bytes.length, 0, 'nothing behind the last frame');
  return frames;
}

/** Holds what came out against what was to come out. */
function judge(traffic: Traffic, frames: readonly MsrpFrame[]): void {
  const answers = new Map<string, number[]>();
  const reports = new Map<string, string>();
  const gatherings = new Map<string, Gathering>();
  for (const frame of frames) {
    assert.equal(faultOf(frame), undefined);
    const { method, transaction, status } = frame;
    const member = memberOf(traffic, frame);
    const messageId = field(frame, 'Message-ID') ?? '';
    if (method === undefined) answers.set(transaction, [...(answers.get(transaction) ?? []), status]);
    if (method === 'REPORT') {
      assert.ok(!reports.has(messageId), 'a second REPORT');
      reports.set(messageId, field(frame, 'Byte-Range') ?? '');
    }
    if (method !== 'SEND') continue;
    // A relay takes no more.
    if (member.route !== member.uri) assert.ok((frame.body?.length ?? 0) <= 8192);
    const gathering = gatherings.get(`${member.uri} ${messageId}`) ?? new Gathering();
    gatherings.set(`${member.uri} ${messageId}`, gathering);
    const body = gathering.add(frame);
    if (body === undefined) continue;
    assert.deepEqual(body, member.owed.get(messageId), 'a message of ours, as it was');
    member.owed.delete(messageId);
  }
  for (const [transaction, statuses] of traffic.expected)
    assert.deepEqual(answers.get(transaction) ?? [], statuses, `the answers to ${transaction}`);
  assert.deepEqual(
    [...answers.keys()].filter((id) => !traffic.expected.has(id)),
    [],
  );
  assert.deepEqual(sorted(reports), sorted(traffic.reports));
  for (const { owed, sent, got } of traffic.members) {
    // Of what was given up before any of it went out the peer never hears.
    assert.deepEqual(
      [...owed.values()].filter((body) => body !== 'aborted'),
      [],
    );
    assert.deepEqual(sorted(got), sorted(sent));
  }
}

/** Whose peer a frame goes to, by the way that its kind takes (RFC 4975 sections 7.1 and 7.2). */
function memberOf({ members, expected }: Traffic, frame: MsrpFrame): Member {
  const to = field(frame, 'To-Path') ?? '';
  const found = members.find(({ uri, route }) => {
    if (frame.method !== undefined) return to === route;
    // Which it was cannot be told from the response: to a SEND it goes one hop, to others the whole way.
    return expected.has(frame.transaction) && (to === route || to === route.split(' ')[0]) && uri !== '';
  });
  return found ?? assert.fail(`a frame to ${to}`);
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

export const msrpTraffic: Target = {
  name: 'msrp-traffic',
  async round(random) {
    const traffic = new Traffic(random);
    const { clock, end, endpoint, peer } = traffic;
    for (let count = 1 + random(4); count > 0; count--) traffic.joins();
    await traffic.flows();
    for (let steps = 1 + random(12); steps > 0; steps--) {
      const member = oneOf(random, traffic.members);
      const nobody = 'msrp://192.0.2.1:2855/nobody;tcp';
      oneOf(random, [
        () => traffic.says(member),
        () => traffic.says(member),
        () => member.sends(traffic.body()),
        () => member.grows(),
        () => traffic.asks(member, 'NICKNAME', ['Use-Nickname: "Alice"'], [200]),
        () =>
          traffic.asks(member, 'REPORT', ['Message-ID: x', 'Byte-Range: 1-1/1', 'Status: 000 200 OK'], []),
        () => traffic.asks(member, 'WHAT', [], [501]),
        () => traffic.asks(member, 'SEND', ['Message-ID: x', 'Failure-Report: partial'], [481], nobody),
        () => traffic.asks(member, 'REPORT', ['Message-ID: x'], [], nobody),
      ])();
      if (random(3) === 0) await traffic.flows();
      // Long enough for a chunk that stands open to be interrupted, too short for anything to be given up.
      if (random(3) === 0) clock.advance(random(400));
    }
    for (const member of traffic.members) member.grows(true);
    await traffic.flows();
    for (let turns = 0; turns < 20; turns++) {
      end.drain();
      await settle(2);
    }
    if (end.framed) for (const bytes of end.writes) assert.equal(readMsrp(bytes)?.length, bytes.length);
    judge(traffic, framesOf(await peer.hears()));
    endpoint.close();
    clock.advance(60_000);
    await settle();
    assert.equal(clock.pending, 0, 'no timer is left');
  },
};
