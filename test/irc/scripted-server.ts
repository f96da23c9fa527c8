/**
 * A tiny IRC server in process. It does what a test needs of one: logs in, joins, passes on, answers PING and WHO; and a test can
 * answer any line itself, say any line to anybody, and break any connection.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { TestContext } from 'node:test';
import { parseLine, type IrcLine } from '../../src/irc/line.ts';
import type { LinkServer } from '../../src/irc/link.ts';

export interface ServerOptions {
  /** Capabilities that are offered, as in CAP LS; undefined: it knows no CAP. */
  readonly capabilities?: string;
  /** Tokens of RPL_ISUPPORT. */
  readonly tokens?: readonly string[];
  /** Nicks that somebody else has. */
  readonly taken?: Iterable<string>;
  /** Sees each line before the server does; true: it is dealt with. */
  answer?: (peer: Peer, line: IrcLine) => boolean | void;
  /** Called with each connection; true: it is dealt with and closed. */
  accept?: (peer: Peer) => boolean | void;
  readonly tls?: TlsOptions;
}

/** One connection to the server. */
export class Peer {
  readonly socket: Socket;
  nick = '';
  user = '';
  registered = false;
  negotiating = false;
  /** What it has sent. */
  readonly lines: string[] = [];
  #read = 0;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
  }

  get mask(): string {
    return `${this.nick}!${this.user}@host`;
  }

  send(...lines: string[]): void {
    if (this.socket.writable) this.socket.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** The next line of it that fits, behind the one that fitted last. */
  async gets(sign: RegExp): Promise<string> {
    for (;;) {
      const at = this.lines.findIndex((line, index) => index >= this.#read && sign.test(line));
      if (at >= 0) {
        this.#read = at + 1;
        return this.lines[at] ?? '';
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** How many lines of it fit. */
  count(sign: RegExp): number {
    return this.lines.filter((line) => sign.test(line)).length;
  }

  took(line: string): void {
    this.lines.push(line);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export class ScriptedServer {
  readonly options: ServerOptions;
  /** All connections since the start, in their order. */
  readonly peers: Peer[] = [];
  /** By channel: the nicks in it with their statuses, of people who are no connections too. */
  readonly channels = new Map<string, Map<string, string>>();
  readonly #server: Server;

  private constructor(options: ServerOptions) {
    this.options = options;
    this.#server = options.tls
      ? createTlsServer(options.tls, (socket) => this.#accept(socket))
      : createServer((socket) => this.#accept(socket));
  }

  static async start(t: TestContext, options: ServerOptions = {}): Promise<ScriptedServer> {
    const server = new ScriptedServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    t.after(() => server.stop());
    return server;
  }

  get address(): LinkServer {
    const { port } = this.#server.address() as AddressInfo;
    return { host: '127.0.0.1', port, tls: this.options.tls !== undefined };
  }

  async stop(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The connection of that number, from 0; waits for it. */
  async peer(at: number): Promise<Peer> {
    await until(() => this.peers.length > at);
    const peer = this.peers[at];
    if (!peer) throw new Error('no such connection');
    return peer;
  }

  /** The connection that has a nick now; waits for it. */
  async called(nick: string): Promise<Peer> {
    await until(() => this.#called(nick) !== undefined);
    const peer = this.#called(nick);
    if (!peer) throw new Error(`${nick} has gone`);
    return peer;
  }

  /** Says a line to all connections in a channel, but not to `except`. */
  tell(channel: string, line: string, except?: Peer): void {
    const members = this.channels.get(channel);
    for (const peer of this.peers) if (peer !== except && members?.has(peer.nick)) peer.send(line);
  }

  /** Somebody who is no connection comes into a channel. */
  joins(nick: string, channel: string, status = ''): void {
    this.#members(channel).set(nick, status);
    this.tell(channel, `:${nick}!${nick}@host JOIN ${channel}`);
  }

  /** A connection, or somebody who is none, quits. */
  quits(nick: string, reason: string): void {
    const peer = this.#called(nick);
    const seen = new Set<Peer>();
    for (const members of this.channels.values()) {
      if (!members.delete(nick)) continue;
      for (const other of this.peers) if (members.has(other.nick)) seen.add(other);
    }
    for (const other of seen) other.send(`:${nick}!${peer?.user ?? nick}@host QUIT :${reason}`);
  }

  #called(nick: string): Peer | undefined {
    return this.peers.find((peer) => peer.nick === nick && peer.registered && !peer.socket.destroyed);
  }

  #members(channel: string): Map<string, string> {
    const members = this.channels.get(channel) ?? new Map<string, string>();
    this.channels.set(channel, members);
    return members;
  }

  #accept(socket: Socket): void {
    const peer = new Peer(socket);
    this.peers.push(peer);
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        peer.took(line);
        const parsed = parseLine(line);
        if (parsed && this.options.answer?.(peer, parsed) !== true) this.#answer(peer, parsed);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => this.quits(peer.nick, 'connection closed'));
    if (this.options.accept?.(peer) === true) socket.end();
  }

  #answer(peer: Peer, { command, params }: IrcLine): void {
    const [first = '', second = ''] = params;
    switch (command) {
      case 'CAP':
        return this.#cap(peer, first, second);
      case 'USER':
        peer.user = first;
        return this.#welcome(peer);
      case 'NICK':
        return this.#nick(peer, first);
      case 'PING':
        return peer.send(`:irc.test PONG irc.test :${first}`);
      case 'JOIN': {
        const status = this.#members(first).size === 0 ? '@' : '';
        this.#members(first).set(peer.nick, status);
        this.tell(first, `:${peer.mask} JOIN ${first}`);
        const names = [...this.#members(first)].map(([nick, mark]) => mark + nick).join(' ');
        return peer.send(
          `:irc.test 353 ${peer.nick} = ${first} :${names}`,
          `:irc.test 366 ${peer.nick} ${first} :End`,
        );
      }
      case 'WHO':
        for (const nick of this.#members(first).keys()) {
          const user = this.#called(nick)?.user ?? nick;
          peer.send(`:irc.test 352 ${peer.nick} ${first} ${user} host irc.test ${nick} H :0 x`);
        }
        return peer.send(`:irc.test 315 ${peer.nick} ${first} :End`);
      case 'PART':
        this.tell(first, `:${peer.mask} PART ${first} :${second}`);
        this.#members(first).delete(peer.nick);
        return;
      case 'PRIVMSG':
      case 'NOTICE':
        if (first.startsWith('#'))
          return this.tell(first, `:${peer.mask} ${command} ${first} :${second}`, peer);
        return this.#called(first)?.send(`:${peer.mask} ${command} ${first} :${second}`);
      case 'QUIT':
        this.quits(peer.nick, first);
        peer.send('ERROR :Closing link');
        peer.socket.end();
        return;
      default:
    }
  }

  #cap(peer: Peer, what: string, value: string): void {
    const { capabilities } = this.options;
    if (capabilities === undefined) return;
    if (what === 'LS') {
      peer.negotiating = true;
      peer.send(`:irc.test CAP * LS :${capabilities}`);
    } else if (what === 'REQ') peer.send(`:irc.test CAP * ACK :${value}`);
    else if (what === 'END') {
      peer.negotiating = false;
      this.#welcome(peer);
    }
  }

  #nick(peer: Peer, nick: string): void {
    const taken = [...(this.options.taken ?? [])].includes(nick) || (this.#called(nick) ?? peer) !== peer;
    if (taken) return peer.send(`:irc.test 433 ${peer.nick || '*'} ${nick} :Nickname is already in use.`);
    if (!peer.registered) {
      peer.nick = nick;
      return this.#welcome(peer);
    }
    const seen = new Set([peer]);
    for (const members of this.channels.values()) {
      const status = members.get(peer.nick);
      if (status === undefined) continue;
      for (const other of this.peers) if (members.has(other.nick)) seen.add(other);
      members.delete(peer.nick);
      members.set(nick, status);
    }
    for (const other of seen) other.send(`:${peer.mask} NICK ${nick}`);
    peer.nick = nick;
  }

  #welcome(peer: Peer): void {
    if (peer.registered || peer.negotiating || peer.nick === '' || peer.user === '') return;
    peer.registered = true;
    const { tokens = [] } = this.options;
    peer.send(
      `:irc.test 001 ${peer.nick} :Welcome`,
      `:irc.test 005 ${peer.nick} ${['NICKLEN=20', ...tokens].join(' ')} :are supported`,
      `:irc.test 422 ${peer.nick} :no MOTD`,
    );
  }
}

/** Milliseconds in which something must become true. */
const PATIENCE = 8_000;

/** Resolves when something is true; asked again and again, with an error when it takes too long. */
export async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('what was waited for has not happened');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
