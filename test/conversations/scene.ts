/** Where the stories play: an IRC server with Ann in #lobby as its operator, and the program with its room `lobby` on that channel. */
import { test, type TestContext } from 'node:test';
import { calls, isRefused, join, type JoinOptions } from '../naive/join.ts';
import type { Caller, Participant } from '../naive/participant.ts';
import type { SipMessage } from '../naive/sip-message.ts';
import { withServers, type IrcServer, type IrcServerOptions } from '../peers/irc-server.ts';
import { tcpRelay, type TcpRelay } from '../peers/tcp-relay.ts';
import { ircClient, type IrcClient } from '../support/irc-client.ts';
import { DOMAIN, startParley, type Parley, type ParleyConfig } from '../support/parley.ts';

/** What a story needs to differ from the usual. */
export interface SceneOptions {
  /** Settings of the room `lobby`. */
  readonly room?: Record<string, unknown>;
  /** Settings of the network `local`. */
  readonly network?: Record<string, unknown>;
  /** More rooms beside `lobby`. */
  readonly rooms?: Record<string, Record<string, unknown>>;
  readonly irc?: IrcServerOptions;
  /** The one IRC server that can do what the story needs; both without it. */
  readonly only?: IrcServer['name'];
  /** True: the program reaches the IRC server through a relay. */
  readonly relayed?: boolean;
}

/** How a person joins; the room is `lobby` over TCP unless it says otherwise. */
export type Manner = Partial<Omit<JoinOptions, 'sip' | 'user' | 'domain'>> & { readonly udp?: boolean };

/** Tells a story once on each IRC server. */
export function story(
  name: string,
  tell: (scene: Scene, t: TestContext) => Promise<void>,
  options: SceneOptions & { readonly timeout?: number } = {},
): void {
  for (const server of withServers) {
    if (options.only !== undefined && options.only !== server.name) continue;
    test(`${server.name}: ${name}`, { timeout: options.timeout ?? 60_000 }, async (t) => {
      const irc = await server.start(t, options.irc);
      const ann = await ircClient(t, { host: irc.host, port: irc.port, nick: 'ann' });
      await ann.joins('#lobby');
      const relay = options.relayed ? await tcpRelay(t, () => irc) : undefined;
      const config = configFor(relay ?? irc, options);
      const parley = await startParley(t, { config });
      // The reader.
      await ann.sees({ command: 'JOIN', from: 'parley' });
      await tell(sceneOf(t, irc, ann, parley, config, relay), t);
    });
  }
}

export interface Scene {
  readonly server: IrcServer;
  /** An IRC user, operator of #lobby. */
  readonly ann: IrcClient;
  readonly parley: Parley;
  readonly config: ParleyConfig;
  /** The relay between the program and the IRC server, where the story asked for one. */
  readonly relay: TcpRelay | undefined;
  /** Somebody joins a room by SIP and MSRP. */
  readonly joins: (user: string, manner?: Manner) => Promise<Participant>;
  /** An INVITE of which the test sees to the rest. */
  readonly calls: (user: string, manner?: Manner) => Promise<Caller>;
  readonly isRefused: (user: string, status: number, manner?: Manner) => Promise<SipMessage>;
  /** Another IRC user, in #lobby unless another channel is named; null: in none. */
  readonly ircUser: (nick: string, channel?: string | null) => Promise<IrcClient>;
}

function sceneOf(
  t: TestContext,
  server: IrcServer,
  ann: IrcClient,
  parley: Parley,
  config: ParleyConfig,
  relay: TcpRelay | undefined,
): Scene {
  const how = (user: string, manner: Manner = {}): JoinOptions => howTo(parley, user, manner);
  return {
    server,
    ann,
    parley,
    config,
    relay,
    joins: (user, manner) => join(t, how(user, manner)),
    calls: (user, manner) => calls(t, how(user, manner)),
    isRefused: (user, status, manner) => isRefused(t, how(user, manner), status),
    async ircUser(nick, channel = '#lobby') {
      const client = await ircClient(t, { host: server.host, port: server.port, nick });
      if (channel !== null) await client.joins(channel);
      return client;
    },
  };
}

/** What a participant needs to join a room of that program. */
export function howTo(parley: Parley, user: string, { udp = false, ...manner }: Manner = {}): JoinOptions {
  const sip = { ...parley.sip, transport: udp ? ('udp' as const) : ('tcp' as const) };
  return { room: 'lobby', domain: DOMAIN, user, sip, ...manner };
}

/** The URI of an IRC user of the network `local`. */
export function ircUri(nick: string): string {
  return `sip:${nick}+local@${DOMAIN}`;
}

/** The URI of a room. */
export function roomUri(room: string): string {
  return `sip:${room}@${DOMAIN}`;
}

function configFor(irc: TcpRelay | IrcServer, { room, network, rooms }: SceneOptions): ParleyConfig {
  return {
    networks: { local: { servers: [`irc://${irc.host}:${irc.port}`], ...network } },
    rooms: { lobby: { network: 'local', channel: '#lobby', ...room }, ...rooms },
  };
}
