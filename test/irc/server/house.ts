/** A built-in server for one test, on a free port, and clients that come to it. Its clock stands still until it is moved. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { silentLog } from '../../../src/common/log.ts';
import { IrcServer, type IrcServerOptions } from '../../../src/irc/server/server.ts';
import { listenTcp } from '../../../src/transport/tcp.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { IrcClient } from '../../support/irc-client.ts';
import { transcriptOf } from '../../support/transcript.ts';

/** What a test may change; `secure` says that all connections came by TLS. */
export type HouseOptions = Partial<Omit<IrcServerOptions, 'clock'>> & { readonly secure?: boolean };

/** When the clock begins, as IRC tells it: 2026-01-01 00:00:00. */
export const START = 1767225600;

export async function house(t: TestContext, changes: HouseOptions = {}): Promise<House> {
  const { secure = false, ...options } = changes;
  const clock = new FakeClock();
  const server = new IrcServer({
    name: 'irc.test',
    network: 'Test Net',
    version: 'parley-test',
    motd: undefined,
    password: undefined,
    accounts: new Map(),
    operators: new Map(),
    webirc: new Map(),
    limits: { clients: 1000, perAddress: 1000, channels: 50, sendQueue: 1_048_576 },
    log: silentLog,
    state: undefined,
    ...options,
    clock,
  });
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (connection) =>
    server.accept(connection, secure),
  );
  t.after(async () => {
    const closed = server.close('The test is over');
    // Those who do not read are waited for no longer.
    await new Promise(setImmediate);
    clock.advance(10_000);
    await closed;
    await listener.close();
  });
  return new House(t, server, clock, listener.address.port);
}

export class House {
  readonly server: IrcServer;
  readonly clock: FakeClock;
  readonly port: number;
  readonly #t: TestContext;

  constructor(t: TestContext, server: IrcServer, clock: FakeClock, port: number) {
    this.#t = t;
    this.server = server;
    this.clock = clock;
    this.port = port;
  }

  /** A registered client; its user name and real name are its nick. */
  async client(nick: string, ...capabilities: string[]): Promise<IrcClient> {
    const client = await this.stranger(nick);
    if (capabilities.length > 0) client.sends(`CAP REQ :${capabilities.join(' ')}`);
    client.sends(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
    if (capabilities.length > 0) client.sends('CAP END');
    await client.sees({ command: '001' });
    await got(client);
    return client;
  }

  /** A connection that has said nothing yet. */
  async stranger(name = 'stranger'): Promise<IrcClient> {
    const socket = connect(this.port, '127.0.0.1');
    this.#t.after(() => socket.destroy());
    await once(socket, 'connect');
    return new IrcClient(socket, name, transcriptOf(this.#t));
  }
}

const read = new WeakMap<IrcClient, number>();

/** Sends lines, and gives all that came since the client was asked last, up to the PONG of a PING behind them. */
export async function ask(client: IrcClient, ...lines: string[]): Promise<string[]> {
  client.sends(...lines);
  await client.settles();
  const from = read.get(client) ?? 0;
  read.set(client, client.lines.length);
  return client.lines
    .slice(from)
    .filter(({ command }) => command !== 'PONG')
    .map(({ raw }) => raw);
}

/** What a client has got since it was asked last. Whoever caused it is asked before. */
export const got = (client: IrcClient): Promise<string[]> => ask(client);

/** Both: what the one gets for its lines, and what the others get of them. */
export async function all(
  client: IrcClient,
  others: readonly IrcClient[],
  ...lines: string[]
): Promise<string[][]> {
  const own = await ask(client, ...lines);
  return [own, ...(await Promise.all(others.map(got)))];
}
