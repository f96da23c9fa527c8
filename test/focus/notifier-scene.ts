/** A notifier with a roster to play with, and subscribers that keep what they are told. */
import { silentLog } from '../../src/common/log.ts';
import { Notifier } from '../../src/focus/notifier.ts';
import type { ConferenceUser } from '../../src/formats/conference-info.ts';
import type { Entry, RosterView } from '../../src/room/roster.ts';
import type { NotifyBody, SubscribeRequest, Subscription, SubscriptionHandler } from '../../src/sip/index.ts';
import {
  type ConferenceDocument,
  ConferenceRoster,
  parseConferenceInfo,
} from '../support/conference-info-reader.ts';
import { FakeClock } from '../support/fake-clock.ts';

export const ROOM = 'sip:lobby@chat.example.org';

/** A roster that a test changes as it likes. */
export class LooseRoster implements RosterView {
  subject = '';
  active = true;
  readonly people = new Map<string, Entry>();

  get size(): number {
    return this.people.size;
  }

  entries(): Iterable<Entry> {
    return this.people.values();
  }

  entry(id: string): Entry | undefined {
    return this.people.get(id);
  }

  put(id: string, fields: Partial<Entry> = {}): void {
    const before = this.people.get(id) ?? {
      id,
      side: 'network',
      nick: id,
      roles: [],
      away: false,
      since: undefined,
      endpoints: [],
    };
    this.people.set(id, { ...before, ...fields });
  }
}

export function userOf(entry: Entry): ConferenceUser {
  const entity = `sip:${entry.id}@chat.example.org`;
  return {
    entity,
    nickname: entry.nick,
    roles: entry.roles.length === 0 ? ['participant'] : entry.roles,
    endpoints: [
      { entity: `${entity};ep=irc`, status: entry.away ? 'on-hold' : 'connected', media: 'sendrecv' },
    ],
  };
}

/** Entity and nickname of all, sorted: of a roster, or as somebody was told. */
export function people(of: LooseRoster | ConferenceRoster): string[] {
  const users = of instanceof LooseRoster ? [...of.people.values()].map(userOf) : [...of.users.values()];
  return users
    .map((user) => [user.entity, user.nickname, user.roles.join('+'), statusOf(user)].join(' '))
    .sort();
}

function statusOf(user: {
  endpoints: readonly { status: string }[] | ReadonlyMap<string, { status?: unknown }>;
}): string {
  return [...user.endpoints.values()].map(({ status }) => String(status)).join();
}

/** A SUBSCRIBE and what comes of it. Answers NOTIFYs when told to, or at once. */
export class Subscriber implements SubscribeRequest, Subscription {
  readonly from = { uri: 'sip:alice@example.org', displayName: '' };
  readonly source = { transport: 'tcp', host: '192.0.2.1', port: 5060 } as const;
  readonly anonymous = false;
  readonly requestUri = ROOM;
  readonly accept = [];
  readonly expires: number;
  readonly answersAtOnce: boolean;
  /** What it was told, raw and read, and when. */
  readonly bodies: string[] = [];
  readonly documents: ConferenceDocument[] = [];
  readonly times: number[] = [];
  readonly roster = new ConferenceRoster();
  awaiting = false;
  rejected: number | undefined;
  terminated: string | undefined;
  handler: SubscriptionHandler | undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, options: { expires?: number; answersAtOnce?: boolean } = {}) {
    this.#clock = clock;
    this.expires = options.expires ?? 3600;
    this.answersAtOnce = options.answersAtOnce ?? true;
  }

  header(): undefined {
    return undefined;
  }

  open({ handler }: { handler: SubscriptionHandler }): Subscription {
    this.handler = handler;
    return this;
  }

  reject(status: number): void {
    this.rejected = status;
  }

  notify(contentType: string, body: string): void {
    if (this.awaiting) throw new Error('a second NOTIFY before the first was answered');
    this.awaiting = true;
    this.#told({ contentType, body });
    if (this.answersAtOnce) this.answers();
  }

  terminate(reason: string, body?: NotifyBody): void {
    this.terminated = reason;
    if (body) this.#told(body);
    this.handler?.ended('terminated');
  }

  /** Its 200 to the NOTIFY. */
  answers(): void {
    this.awaiting = false;
    this.handler?.acknowledged();
  }

  /** It ends as the stack ends it: with the body that the notifier has for that. */
  unsubscribes(): void {
    const body = this.handler?.finalBody();
    if (body) this.#told(body);
    this.handler?.ended('unsubscribed');
  }

  get versions(): (number | undefined)[] {
    return this.documents.map(({ version }) => version);
  }

  get states(): string[] {
    return this.documents.map(({ state }) => state);
  }

  #told({ contentType, body }: NotifyBody): void {
    if (contentType !== 'application/conference-info+xml') throw new Error(contentType);
    const document = parseConferenceInfo(body);
    this.bodies.push(body);
    this.documents.push(document);
    this.times.push(this.#clock.now());
    const repeated = document.state === 'full' && document.version === this.roster.version;
    const applied = this.roster.apply(document);
    if (applied === 'gap' || (applied === 'stale' && !repeated)) throw new Error(`${applied}: ${body}`);
  }
}

export interface Scene {
  readonly clock: FakeClock;
  readonly roster: LooseRoster;
  readonly notifier: Notifier;
  readonly counts: { users: number };
  readonly subscribes: (options?: { expires?: number; answersAtOnce?: boolean; as?: string }) => Subscriber;
  /** Changes the roster and says so. */
  readonly change: (action: (roster: LooseRoster) => void) => void;
}

export function scene(ids: readonly string[] = []): Scene {
  const clock = new FakeClock();
  const roster = new LooseRoster();
  const counts = { users: 0 };
  for (const id of ids) roster.put(id);
  const notifier = new Notifier({
    roster,
    clock,
    log: silentLog,
    entity: ROOM,
    describe: () => ({ displayText: 'lobby', uris: [{ uri: ROOM, purpose: 'participation' }] }),
    user: (entry) => {
      counts.users++;
      return userOf(entry);
    },
  });
  return {
    clock,
    roster,
    notifier,
    counts,
    subscribes({ as = 'alice', ...options } = {}) {
      const subscriber = new Subscriber(clock, options);
      notifier.subscribe(subscriber, as);
      return subscriber;
    },
    change(action) {
      action(roster);
      notifier.changed();
    },
  };
}

/** `count` names, all different. */
export function names(count: number, prefix = 'user'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
