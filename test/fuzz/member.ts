/** One session of the traffic that is fuzzed: what it is to get, what it got, and what its peer is to get. */
import {
  GrowingBody,
  type Beginning,
  type FailureReport,
  type MessageOpening,
} from '../../src/msrp/index.ts';
import type {
  IncomingMessage,
  MsrpEndpoint,
  MsrpSession,
  NicknameRequest,
  SessionHandler,
} from '../../src/msrp/index.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { oneOf, type Random } from '../support/random.ts';

export class Member implements SessionHandler {
  /** Of the peer: its URI, and the path to it, which may have a relay in front. */
  readonly uri: string;
  readonly route: string;
  readonly session: MsrpSession;
  /** Bodies that we are to get, by Message-ID, and those that we have got. */
  readonly sent = new Map<string, Buffer>();
  readonly got = new Map<string, Buffer>();
  /** Bodies that the peer is to get, by Message-ID; `aborted` of those that are given up. */
  readonly owed = new Map<string, Buffer | 'aborted'>();
  readonly #random: Random;
  readonly #clock: FakeClock;
  /** Growing messages that want more bytes, or their end. */
  #growing: (() => boolean)[] = [];

  constructor(endpoint: MsrpEndpoint, random: Random, clock: FakeClock, number: number) {
    this.#random = random;
    this.#clock = clock;
    this.uri = `msrp://192.0.2.2:2855/peer${number};tcp`;
    this.route = random(3) === 0 ? `msrp://192.0.2.9:2855/relay${number};tcp ${this.uri}` : this.uri;
    this.session = endpoint.openSession({
      host: '192.0.2.1',
      port: 2855,
      handler: this,
      accepts: (type) => type === 'text/plain',
      ...(random(2) === 0 && { longMessageBytes: random(20_000) }),
    });
    this.session.setPeer({ path: this.route.split(' ') });
  }

  opened(): void {}
  closed(): void {}

  message(message: IncomingMessage): void {
    this.got.set(message.messageId, Buffer.from(message.body));
    message.respond(200);
    message.report(200);
  }

  nickname(request: NicknameRequest): void {
    request.respond(200);
  }

  begins(opening: MessageOpening): Beginning {
    const choice = this.#random(4);
    if (choice < 2) return choice === 0 ? 'keep' : 'later';
    const parts = [Buffer.from(opening.body)];
    return {
      data: (bytes) => {
        parts.push(Buffer.from(bytes));
        if (this.#random(8) > 0) return;
        opening.pause();
        setImmediate(() => opening.resume());
      },
      end: () => {
        this.got.set(opening.messageId, Buffer.concat(parts));
        opening.report(200);
      },
      aborted: () => {},
    };
  }

  /** Sends a message to the peer: whole, or one that grows. */
  sends(body: Buffer): void {
    const random = this.#random;
    const messageId = `ours${this.owed.size}`;
    const failureReport = oneOf<FailureReport>(random, ['yes', 'no', 'partial']);
    const message = { contentType: 'text/plain', messageId, failureReport };
    this.owed.set(messageId, body);
    // What grows has something to begin with.
    if (random(3) > 0 || body.length === 0) return this.session.send({ ...message, body });
    const total = random(2) === 0 ? body.length : undefined;
    const first = random(body.length + 1);
    const rest = new GrowingBody({
      clock: this.#clock,
      total: total === undefined ? undefined : total - first,
      resume: () => {},
    });
    this.session.send({ ...message, body: body.subarray(0, first), rest });
    const abort = random(5) === 0;
    if (abort) this.owed.set(messageId, 'aborted');
    let at = first;
    this.#growing.push(() => {
      const next = Math.min(body.length, at + 1 + random(20_000));
      if (next > at) rest.append(body.subarray(at, next));
      at = next;
      if (at < body.length) return false;
      if (abort) rest.abort();
      else rest.end();
      return true;
    });
  }

  /** Some of what grows does so, or all of it to its end. */
  grows(all = false): void {
    do this.#growing = this.#growing.filter((grow) => !grow());
    while (all && this.#growing.length > 0);
  }
}
