/** A network on a tiny IRC server, with rooms whose side of the focus is played by the test. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { plainLines } from '../../src/common/spans.ts';
import { silentLog, type Log } from '../../src/common/log.ts';
import {
  Network,
  type ChannelSettings,
  type NetworkRoom,
  type NetworkSettings,
} from '../../src/network/network.ts';
import { textContent } from '../../src/room/content.ts';
import type { NetworkEffect } from '../../src/room/effects.ts';
import type { Newcomer } from '../../src/room/inputs.ts';
import { ScriptedServer, until, type Peer, type ServerOptions } from '../irc/scripted-server.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { inputText, newcomer } from './rooms.ts';

export function idOf(user: string): string {
  return `sip:${user}@users.test`;
}

/** A room as its network tells it. */
export class SceneRoom {
  readonly side: NetworkRoom;
  /** All that was told, as short lines. */
  readonly told: string[] = [];
  #read = 0;
  #requests = 0;

  constructor(network: Network, settings: Partial<ChannelSettings> & { readonly channel: string }) {
    this.side = network.addRoom({ key: null, maxLines: 8, ...settings }, (input) =>
      this.told.push(inputText(input)),
    );
  }

  /** The next line told that fits, behind the one that fitted last. */
  async tells(sign: string | RegExp): Promise<string> {
    const fits = (line: string): boolean => (typeof sign === 'string' ? line === sign : sign.test(line));
    const find = (): number => this.told.findIndex((line, at) => at >= this.#read && fits(line));
    try {
      await until(() => find() >= 0);
    } catch {
      assert.fail(`not told: ${sign}\nbut: ${this.told.slice(this.#read).join('\n     ')}`);
    }
    this.#read = find() + 1;
    return this.told[this.#read - 1] ?? '';
  }

  count(sign: RegExp): number {
    return this.told.filter((line) => sign.test(line)).length;
  }

  /** Asks for something; its request. */
  asks(effect: (request: string) => NetworkEffect): string {
    this.#requests += 1;
    const request = `${effect('').type}${this.#requests}`;
    this.side.effect(effect(request));
    return request;
  }

  /** Somebody wants to come in; the request. */
  admits(user: string, more: Partial<Newcomer> = {}): string {
    return this.asks((request) => ({ type: 'admit', request, newcomer: newcomer(user, more) }));
  }

  /** Somebody comes in; the nick. */
  async joins(user: string, more: Partial<Newcomer> = {}): Promise<string> {
    const request = this.admits(user, more);
    const line = await this.tells(new RegExp(`^settled ${request} `));
    assert.match(line, / ok/);
    return line.split(' ')[3] ?? '';
  }

  says(user: string, text: string): string {
    const content = textContent({ action: false, lines: plainLines(text) });
    return this.asks((request) => ({
      type: 'relay',
      request,
      from: { id: idOf(user), nick: user },
      content,
    }));
  }

  whispers(user: string, to: readonly string[], text: string): string {
    const content = textContent({ action: false, lines: plainLines(text) });
    const from = { id: idOf(user), nick: user };
    return this.asks((request) => ({ type: 'relay-private', request, from, to, content }));
  }

  renames(user: string, nick?: string): string {
    return this.asks((request) => ({ type: 'rename', request, participant: idOf(user), nick }));
  }

  releases(user: string, cause: 'left' | 'lost' = 'left', reason = 'bye'): void {
    this.side.effect({ type: 'release', participant: idOf(user), cause, reason });
  }

  async isSettled(request: string, outcome: string): Promise<void> {
    await this.tells(`settled ${request} ${outcome}`);
  }
}

export interface Scene {
  readonly server: ScriptedServer;
  readonly clock: FakeClock;
  readonly network: Network;
  readonly room: SceneRoom;
  /** What was logged. */
  readonly records: string[];
  /** The reader's connection, the last one that it has. */
  readonly reader: () => Promise<Peer>;
  readonly settings: (more: Partial<NetworkSettings>) => NetworkSettings;
  readonly addRoom: (channel: string, more?: Partial<ChannelSettings>) => SceneRoom;
  /** Moves the time on in small steps until something is true. */
  readonly passes: (isTrue: () => boolean) => Promise<void>;
}

/** A network `net` with the room of #a; the reader is `parley`. Without a pace, unless told otherwise. */
export async function scene(
  t: TestContext,
  more: Partial<NetworkSettings> = {},
  serverOptions: ServerOptions | ScriptedServer = {},
): Promise<Scene> {
  const server =
    serverOptions instanceof ScriptedServer ? serverOptions : await ScriptedServer.start(t, serverOptions);
  const clock = new FakeClock();
  const records: string[] = [];
  const write = (_fields: object, message: string): void => void records.push(message);
  const log: Log = { ...silentLog, info: write, warn: write, error: write, child: () => log };
  const usual: NetworkSettings = {
    name: 'net',
    servers: [server.address],
    nick: 'parley',
    username: 'reader',
    realname: 'Parley',
    password: null,
    sasl: null,
    webirc: null,
    puppets: true,
    puppetNick: '{nick}',
    puppetRealname: '{address}',
    puppetLimit: 100,
    pace: null,
    grace: 30,
    ignore: [],
    encoding: null,
  };
  const network = new Network({
    settings: { ...usual, ...more },
    ca: undefined,
    clock,
    log,
    version: 'Parley 1',
  });
  const room = new SceneRoom(network, { channel: '#a' });
  network.start();
  t.after(async () => {
    const stopped = network.stop('the test is over');
    await server.stop();
    await stopped;
  });
  return {
    server,
    clock,
    network,
    room,
    records,
    reader: () => server.called('parley'),
    settings: (changed) => ({ ...usual, ...more, ...changed }),
    addRoom: (channel, settings = {}) => new SceneRoom(network, { channel, ...settings }),
    passes: async (isTrue) => {
      await until(() => {
        if (!isTrue()) clock.advance(100);
        return isTrue();
      });
    },
  };
}
