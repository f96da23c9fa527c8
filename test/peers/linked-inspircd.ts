/** One IRC network of two inspircd, which can be split and joined again. */
import type { TestContext } from 'node:test';
import { ircClient, type IrcClient } from '../support/irc-client.ts';
import { freePorts } from '../support/free-ports.ts';
import { operator, startInspircd, type IrcServer } from './irc-server.ts';

export interface LinkedServers {
  readonly a: IrcServer;
  readonly b: IrcServer;
  /** Cuts the link; resolves when both sides know. */
  readonly split: () => Promise<void>;
  /** Links them again; resolves when both sides know each other's people. */
  readonly rejoin: () => Promise<void>;
}

/** They are linked when this resolves. */
export async function linkedInspircds(t: TestContext): Promise<LinkedServers> {
  const [portA = 0, portB = 0] = await freePorts(2);
  const names = { a: 'a.inspircd.test', b: 'b.inspircd.test' };
  const [a, b] = await Promise.all([
    startInspircd(t, {
      linked: { name: names.a, id: '0AA', port: portA, other: { name: names.b, port: portB } },
    }),
    startInspircd(t, {
      linked: { name: names.b, id: '0BB', port: portB, other: { name: names.a, port: portA } },
    }),
  ]);
  // Each has a watcher, who sees the other come and go.
  const watcher = async (server: IrcServer, nick: string): Promise<IrcClient> => {
    const client = await ircClient(t, { host: server.host, port: server.port, nick });
    client.sends(`OPER ${operator.name} ${operator.password}`);
    await client.sees({ command: '381' });
    await client.joins('#watch');
    return client;
  };
  const [here, there] = await Promise.all([watcher(a, 'here'), watcher(b, 'there')]);
  const bothSee = (command: string): Promise<unknown> =>
    Promise.all([here.sees({ command, from: 'there' }), there.sees({ command, from: 'here' })]);
  const servers: LinkedServers = {
    a,
    b,
    async split() {
      here.sends(`SQUIT ${names.b} :cut`);
      await bothSee('QUIT');
    },
    async rejoin() {
      here.sends(`CONNECT ${names.b}`);
      await bothSee('JOIN');
    },
  };
  await servers.rejoin();
  return servers;
}
