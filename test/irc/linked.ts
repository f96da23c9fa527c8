/** A link on a tiny IRC server that writes down what it tells, with a clock that stands still. */
import type { TestContext } from 'node:test';
import { silentLog, type Log } from '../../src/common/log.ts';
import type { IrcEvent } from '../../src/irc/events.ts';
import { Link, type LinkOptions } from '../../src/irc/link.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ScriptedServer, until, type ServerOptions } from './scripted-server.ts';

/** A link, and what it does. */
export interface Linked {
  readonly server: ScriptedServer;
  readonly link: Link;
  readonly clock: FakeClock;
  readonly events: IrcEvent[];
  /** What was told beside the events: `registered`, `lost kind: text`. */
  readonly told: string[];
  /** All records of the log, as JSON. */
  readonly records: string[];
  /** Waits for the link to have told so much. */
  readonly tells: (count: number) => Promise<string>;
  /** Waits for an event. */
  readonly event: (type: IrcEvent['type']) => Promise<void>;
}

/** A link to a server of its own, or to the one given; the nicks are `parley`, `parley_`, `parley2`. */
export async function linked(
  t: TestContext,
  options: Partial<LinkOptions> = {},
  serverOptions: ServerOptions | ScriptedServer = {},
): Promise<Linked> {
  const server =
    serverOptions instanceof ScriptedServer ? serverOptions : await ScriptedServer.start(t, serverOptions);
  const clock = new FakeClock();
  const events: IrcEvent[] = [];
  const told: string[] = [];
  const records: string[] = [];
  const write = (fields: object, message: string): void =>
    void records.push(JSON.stringify({ ...fields, message }));
  const log: Log = { ...silentLog, trace: write, debug: write, info: write, warn: write, error: write };
  const link = new Link(
    {
      server: server.address,
      ca: undefined,
      nicks: ['parley', 'parley_', 'parley2'][Symbol.iterator](),
      username: 'user',
      realname: 'Real Name',
      password: undefined,
      sasl: undefined,
      capabilities: [],
      lean: false,
      encoding: () => null,
      clock,
      log,
      ...options,
    },
    {
      registered: () => told.push('registered'),
      event: (event) => events.push(event),
      lost: ({ kind, text }) => told.push(`lost ${kind}: ${text}`),
    },
  );
  t.after(() => link.quit('the test is over'));
  return {
    ...{ server, link, clock, events, told, records },
    tells: async (count) => {
      await until(() => told.length >= count);
      return told[count - 1] ?? '';
    },
    event: (type) => until(() => events.some((event) => event.type === type)),
  };
}
