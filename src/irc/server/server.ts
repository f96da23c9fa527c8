/**
 * The built-in IRC server. It is given connections and does the rest: a small server of one host, for IRC users who have no
 * network, and for the bridge, whose links come to it as to any other.
 */
import type { Connection } from '../../transport/connection.ts';
import { Addresses } from './addresses.ts';
import { offersSasl } from './authentication.ts';
import { announceSasl } from './capabilities.ts';
import type { Client } from './client.ts';
import { commandTable } from './commands.ts';
import { ClientConnection, type Shared } from './client-connection.ts';
import { Departures } from './departures.ts';
import { sendIsupport, tokens } from './isupport.ts';
import { Newcomers } from './newcomers.ts';
import type { IrcServerChanges, IrcServerOptions } from './options.ts';
import { World } from './world.ts';

export type { IrcServerChanges, IrcServerOptions } from './options.ts';

export class IrcServer {
  readonly #world: World;
  readonly #shared: Shared;
  readonly #connections = new Map<Client, ClientConnection>();
  #closing: string | undefined;

  /** What is kept is loaded when the first connection comes. */
  constructor(options: IrcServerOptions) {
    this.#world = new World(options);
    const table = commandTable((client) => this.#connections.get(client)?.trusted());
    this.#shared = {
      world: this.#world,
      addresses: new Addresses(),
      departures: new Departures(),
      newcomers: new Newcomers(),
      table,
    };
  }

  /** Connections that are let in, registered or not. */
  get clients(): number {
    return this.#world.clients.size;
  }

  /** Takes a connection, in the tick in which it was given; `secure`: it came by TLS. */
  accept(connection: Connection, secure: boolean): void {
    if (this.#closing === undefined) this.#world.keeping.open();
    const taken = new ClientConnection(connection, secure, this.#shared);
    this.#connections.set(taken.client, taken);
    void taken.closed.then(() => this.#connections.delete(taken.client));
    if (this.#closing === undefined) taken.admit();
    else taken.refuse(this.#closing);
  }

  /** Takes over a changed configuration. Nobody is thrown out by it: limits hold for who comes. */
  configure(changes: IrcServerChanges): void {
    const world = this.#world;
    const before = tokens(world.options);
    const offered = new Map([...world.clients].map((client) => [client, offersSasl(client, world)]));
    world.options = { ...world.options, ...changes };
    const changed = tokens(world.options).filter((token) => !before.includes(token));
    for (const client of world.clients) {
      const offers = offersSasl(client, world);
      if (offers !== offered.get(client)) announceSasl(client, offers, world);
      // modern-irc RPL_ISUPPORT: what changes is told again.
      if (client.registered && changed.length > 0) sendIsupport(client, world, changed);
    }
  }

  /** Says ERROR to everybody, closes all connections and writes down what is kept. */
  async close(reason: string): Promise<void> {
    this.#closing = reason;
    const connections = [...this.#connections.values()];
    // Before they leave: what is kept is kept as it was.
    const saved = this.#world.keeping.close();
    for (const open of connections) open.refuse(reason);
    await saved;
    await Promise.all(connections.map(({ closed }) => closed));
  }
}
