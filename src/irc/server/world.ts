/** Everybody and everything on the server, and what happens to them in more than one place. */
import { randomHex } from '../../common/ids.ts';
import { Channel } from './channel.ts';
import type { Client } from './client.ts';
import { Keeping } from './keeping.ts';
import { fold } from './limits.ts';
import { Memberships } from './memberships.ts';
import { Message, type MessageOptions, type Origin } from './message.ts';
import type { IrcServerOptions } from './options.ts';
import { replyOf, type Numeric } from './replies.ts';
import { Watchers } from './watchers.ts';
import { Whowas } from './whowas.ts';

export class World {
  options: IrcServerOptions;
  readonly started: number;
  /** All connections, also those that are not registered. */
  readonly clients = new Set<Client>();
  readonly channels = new Map<string, Channel>();
  readonly memberships = new Memberships();
  readonly whowas = new Whowas();
  readonly watchers = new Watchers();
  readonly keeping: Keeping;
  /** How many are registered. */
  registered = 0;
  /** The most that were registered at one time. */
  mostUsers = 0;
  /** Those who have a nick, registered or not, by its folded form. */
  readonly #nicks = new Map<string, Client>();
  /** No message id of any run of the server is that of another (message-ids). */
  readonly #run = randomHex(8);
  #count = 0;

  constructor(options: IrcServerOptions) {
    this.options = options;
    this.started = options.clock.now();
    this.keeping = new Keeping(options.state, this, options.clock);
  }

  get origin(): Origin {
    return { prefix: this.options.name };
  }

  get now(): number {
    return this.options.clock.now();
  }

  /** Those who are registered. */
  get users(): Client[] {
    return [...this.clients].filter((client) => client.registered);
  }

  /** A name that was never given before, for messages and batches. */
  reference(): string {
    return `${this.#run}-${(this.#count++).toString(36)}`;
  }

  message(
    origin: Origin,
    command: string,
    words: readonly string[] = [],
    text?: string,
    options: Partial<MessageOptions> = {},
  ): Message {
    return new Message(origin, command, words, text, { at: this.now, ...options });
  }

  /** Answers a client with a numeric; its name is put before the parameters. */
  reply(client: Client, numeric: Numeric, ...params: string[]): void {
    client.send(this.numeric(client, numeric, ...params));
  }

  /** Such an answer, for a reply of many. */
  numeric(client: Client, numeric: Numeric, ...params: string[]): Message {
    const { code, words, text } = replyOf(numeric, client.name, params);
    return this.message(this.origin, code, words, text);
  }

  /** standard-replies: something went wrong, and no numeric says it. */
  fail(client: Client, command: string, code: string, text: string): void {
    client.send(this.message(this.origin, 'FAIL', [command, code], text));
  }

  /** The user who has a nick. */
  user(nick: string): Client | undefined {
    const client = this.#nicks.get(fold(nick));
    return client?.registered === true ? client : undefined;
  }

  /** Whether somebody, registered or not, has a nick. */
  holder(nick: string): Client | undefined {
    return this.#nicks.get(fold(nick));
  }

  channel(name: string): Channel | undefined {
    return this.channels.get(fold(name));
  }

  /** Those who share a channel with a client, without itself. */
  peers(client: Client): Set<Client> {
    const peers = new Set<Client>();
    for (const channel of this.memberships.of(client)) {
      for (const member of channel.members.keys()) peers.add(member);
    }
    peers.delete(client);
    return peers;
  }

  createChannel(name: string): Channel {
    const channel = new Channel(name, this.now);
    this.channels.set(fold(name), channel);
    return channel;
  }

  /** Takes a client out of a channel; one that is left empty is gone, where it is not kept. */
  remove(client: Client, channel: Channel): void {
    channel.members.delete(client);
    channel.rememberedAs.delete(client);
    this.memberships.remove(client, channel);
    channel.usedAt = this.now;
    if (channel.members.size === 0 && !this.keeping.keeps(channel)) this.channels.delete(fold(channel.name));
    this.keeping.changed();
  }

  setNick(client: Client, nick: string): void {
    if (client.nick !== '') this.#nicks.delete(fold(client.nick));
    client.nick = nick;
    this.#nicks.set(fold(nick), client);
    this.keeping.renamed(client);
  }

  /** Takes the nick from a client that is not registered. */
  releaseNick(client: Client): void {
    this.#nicks.delete(fold(client.nick));
    client.nick = '';
  }

  /** Whether nobody more may register; who comes by a trusted gateway finds a tenth more room than others. */
  isFull(trusted: boolean): boolean {
    const { clients } = this.options.limits;
    return this.registered >= clients + (trusted ? Math.ceil(clients / 10) : 0);
  }

  /** A nick is there, or is there no more: those who watch it are told (monitor). */
  announce(client: Client, online: boolean): void {
    for (const watcher of this.watchers.of(client.nick)) {
      this.reply(watcher, online ? 'RPL_MONONLINE' : 'RPL_MONOFFLINE', online ? client.mask : client.nick);
    }
  }

  /** A client is gone; all who saw it are told, and its connection is closed. `reason` is what QUIT and ERROR say. */
  quit(client: Client, reason: string): void {
    if (client.gone) return;
    client.gone = true;
    if (client.registered) {
      this.registered -= 1;
      const message = this.message(client.origin, 'QUIT', [], reason);
      for (const peer of this.peers(client)) peer.send(message);
      this.whowas.add(client, this.now);
      this.announce(client, false);
    }
    for (const channel of this.memberships.of(client)) this.remove(client, channel);
    this.watchers.clear(client);
    if (this.#nicks.get(fold(client.nick)) === client) this.#nicks.delete(fold(client.nick));
    this.clients.delete(client);
    client.send(this.message({ prefix: '' }, 'ERROR', [], `Closing Link: ${client.host} (${reason})`));
    client.end();
    client.left();
  }
}
