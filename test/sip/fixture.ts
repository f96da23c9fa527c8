/** A stack with a room, and what the room was told. */
import type { TestContext } from 'node:test';
import { systemClock, type Clock } from '../../src/common/clock.ts';
import { type Log, silentLog } from '../../src/common/log.ts';
import {
  type CallHandler,
  type Invitation,
  type SipRoom,
  type SipRoomHandler,
  SipStack,
  type SipStackOptions,
  type SubscribeRequest,
  type Subscription,
  type SubscriptionHandler,
} from '../../src/sip/index.ts';
import { ANSWER } from './peer.ts';

/** The real ones, also where a test stops the time. */
const later = globalThis.setTimeout;
const never = globalThis.clearTimeout;

/** Something that comes one after the other and is waited for. */
export class Queue<T> {
  readonly #there: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(item);
    else this.#there.push(item);
  }

  next(): Promise<T> {
    const item = this.#there.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve, reject) => {
      const timer = later(() => reject(new Error('nothing came')), 4000);
      this.#waiting.push((came) => {
        never(timer);
        resolve(came);
      });
    });
  }

  get waiting(): number {
    return this.#there.length;
  }
}

export interface Fixture {
  readonly stack: SipStack;
  readonly room: SipRoom;
  readonly udp: number;
  readonly tcp: number;
  readonly tls: number;
  readonly ws: number;
  readonly invitations: Queue<Invitation>;
  readonly subscribes: Queue<SubscribeRequest>;
}

export interface FixtureOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly user?: string;
  readonly focus?: boolean;
  readonly host?: string;
  readonly listen?: SipStackOptions['listen'];
  readonly certificate?: SipStackOptions['certificate'];
  readonly connectionsPerAddress?: number;
  readonly handler?: SipRoomHandler;
}

export const BOTH = [
  { transport: 'udp', host: '127.0.0.1', port: 0 },
  { transport: 'tcp', host: '127.0.0.1', port: 0 },
] as const;

export async function start(t: TestContext, options: FixtureOptions = {}): Promise<Fixture> {
  const stack = new SipStack({
    clock: options.clock ?? systemClock,
    log: options.log ?? silentLog,
    listen: options.listen ?? BOTH,
    userAgent: 'parley/test',
    certificate: options.certificate,
    connectionsPerAddress: options.connectionsPerAddress,
    ...(options.host === undefined ? {} : { host: options.host }),
  });
  await stack.start();
  t.after(() => stack.stop());
  const invitations = new Queue<Invitation>();
  const subscribes = new Queue<SubscribeRequest>();
  const room = stack.addRoom(options.user ?? 'lobby', {
    domain: 'chat.example.org',
    focus: options.focus ?? true,
    handler: options.handler ?? {
      invited: (invitation) => invitations.put(invitation),
      subscribed: (request) => subscribes.put(request),
    },
  });
  const portOf = (scheme: string): number =>
    Number(stack.addresses.find((address) => address.startsWith(scheme))?.replace(/^.*:/, '') ?? 0);
  const [udp, tcp, tls, ws] = ['udp', 'tcp', 'tls', 'ws:'].map(portOf) as [number, number, number, number];
  return { stack, room, udp, tcp, tls, ws, invitations, subscribes };
}

/** What a call was told, in words. */
export class CallRecord implements CallHandler {
  readonly told = new Queue<string>();
  reinvite: CallHandler['reinvited'] = (request) => request.accept(ANSWER);

  acked(answer: string | undefined): void {
    this.told.put(`acked ${answer === undefined ? 'without' : 'with'} answer`);
  }

  reinvited(request: Parameters<CallHandler['reinvited']>[0]): void {
    this.told.put(`reinvited ${request.offer === undefined ? 'without' : 'with'} offer`);
    this.reinvite(request);
  }

  ended(cause: Parameters<CallHandler['ended']>[0]): void {
    this.told.put(`ended by ${cause.by}${cause.reason === undefined ? '' : ` ${cause.reason}`}`);
  }
}

/** What a subscription was told, in words. */
export class SubscriptionRecord implements SubscriptionHandler {
  readonly told = new Queue<string>();

  refreshed(): void {
    this.told.put('refreshed');
  }

  acknowledged(): void {
    this.told.put('acknowledged');
  }

  finalBody(): { contentType: string; body: string } {
    return { contentType: INFO, body: '<last/>' };
  }

  ended(why: string): void {
    this.told.put(`ended ${why}`);
  }
}

export const INFO = 'application/conference-info+xml';

/** Opens a subscription and sends the first document. */
export function serve(request: SubscribeRequest, record: SubscriptionRecord, body = '<all/>'): Subscription {
  const subscription = request.open({ handler: record });
  subscription.notify(INFO, body);
  return subscription;
}
