/** An IRC client of lines: what it sends is what the test says, what it gets is there to be looked at. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { Inbox } from './inbox.ts';
import { transcriptOf, type Transcript } from './transcript.ts';

export interface IrcLine {
  readonly raw: string;
  /** The nick, or the server's name; empty where the line has no prefix. */
  readonly from: string;
  /** The whole prefix. */
  readonly prefix: string;
  readonly command: string;
  readonly params: readonly string[];
  /** The last parameter. */
  readonly text: string;
}

/** What a line must have to be the one that is waited for; `text` is its last parameter. */
export interface IrcWanted {
  readonly command?: string;
  readonly from?: string | RegExp;
  readonly to?: string;
  readonly text?: string | RegExp;
}

export interface IrcClientOptions {
  readonly host: string;
  readonly port: number;
  readonly nick: string;
  readonly password?: string;
  /** Capabilities to ask for, e.g. `echo-message`. */
  readonly capabilities?: readonly string[];
}

/** Connects and registers. The connection is gone when the test ends. */
export async function ircClient(t: TestContext, options: IrcClientOptions): Promise<IrcClient> {
  const socket = connect(options.port, options.host);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  const client = new IrcClient(socket, options.nick, transcriptOf(t));
  if (options.password !== undefined) client.sends(`PASS ${options.password}`);
  if (options.capabilities) client.sends(`CAP REQ :${options.capabilities.join(' ')}`);
  client.sends(`NICK ${options.nick}`, `USER ${options.nick} 0 * :${options.nick}`);
  if (options.capabilities) {
    await client.sees({ command: 'CAP', text: new RegExp(options.capabilities.join(' ')) });
    client.sends('CAP END');
  }
  await client.sees({ command: '001' });
  await client.expects(/^:\S+ (?:376|422) /);
  return client;
}

export class IrcClient {
  nick: string;
  readonly #socket: Socket;
  readonly #inbox: Inbox<IrcLine>;
  readonly #transcript: Transcript;
  #unread = '';
  #fences = 0;

  constructor(socket: Socket, nick: string, transcript: Transcript) {
    this.nick = nick;
    this.#socket = socket;
    this.#transcript = transcript;
    this.#inbox = new Inbox(nick, transcript);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#takeIn(text));
    socket.on('error', () => {});
    socket.on('close', () => this.#inbox.end('the IRC server closed the connection'));
  }

  /** Every line since the connection, in order. */
  get lines(): readonly IrcLine[] {
    return this.#inbox.all;
  }

  sends(...lines: string[]): void {
    for (const line of lines) {
      this.#transcript.add(this.nick, '>', line);
      this.#socket.write(`${line}\r\n`);
    }
  }

  /** Sends a line of which each character is one byte. */
  sendsBytes(line: string): void {
    this.#transcript.add(this.nick, '>', line);
    this.#socket.write(Buffer.from(`${line}\r\n`, 'latin1'));
  }

  /** A line that fits and was not waited for before: a pattern is matched against the whole line. */
  expects(wanted: RegExp | ((line: IrcLine) => boolean), timeout?: number): Promise<IrcLine> {
    const fits = wanted instanceof RegExp ? (line: IrcLine) => wanted.test(line.raw) : wanted;
    return this.#inbox.takes(wanted instanceof RegExp ? String(wanted) : 'a line', fits, timeout);
  }

  sees(wanted: IrcWanted, timeout?: number): Promise<IrcLine> {
    return this.#inbox.takes(describe(wanted), (line) => fitsWanted(line, wanted), timeout);
  }

  /** Fails when such a line has come. Follow what shows that it would be here by now. */
  sawNothing(wanted: IrcWanted): void {
    this.#inbox.none(describe(wanted), (line) => fitsWanted(line, wanted));
  }

  /** Only lines from now on are waited for. */
  mark(): void {
    this.#inbox.mark();
  }

  /** Resolves when the server has dealt with everything that was sent. */
  async settles(): Promise<void> {
    const token = `fence${++this.#fences}`;
    this.sends(`PING ${token}`);
    await this.sees({ command: 'PONG', text: token });
  }

  async joins(channel: string, key?: string): Promise<void> {
    this.sends(`JOIN ${channel}${key === undefined ? '' : ` ${key}`}`);
    await this.expects(({ command, params }) => command === '366' && same(params[1], channel));
  }

  async says(target: string, text: string): Promise<void> {
    this.sends(`PRIVMSG ${target} :${text}`);
    await this.settles();
  }

  async renames(nick: string): Promise<void> {
    const old = this.nick;
    this.sends(`NICK ${nick}`);
    await this.sees({ command: 'NICK', from: old, text: nick });
    this.nick = nick;
  }

  /** Nicks in the channel with the signs of their rank, e.g. `@` or nothing. */
  async names(channel: string): Promise<Map<string, string>> {
    const from = this.lines.length;
    this.sends(`NAMES ${channel}`);
    await this.expects(({ command, params }) => command === '366' && same(params[1], channel));
    const lines = this.lines.slice(from).filter(({ command }) => command === '353');
    const names = lines.flatMap(({ text }) => text.split(' ')).filter((name) => name !== '');
    return new Map(
      names.map((name) => {
        const nick = name.replace(/^[~&@%+]+/, '');
        return [nick, name.slice(0, name.length - nick.length)];
      }),
    );
  }

  /** Nicks in the channel and their real names. */
  async who(channel: string): Promise<Map<string, string>> {
    const from = this.lines.length;
    this.sends(`WHO ${channel}`);
    await this.expects(({ command, params }) => command === '315' && same(params[1], channel));
    const lines = this.lines.slice(from).filter(({ command }) => command === '352');
    return new Map(lines.map(({ params, text }) => [params[5] ?? '', text.replace(/^\d+ /, '')]));
  }

  /** The nick of the one person in the channel whose real name has this in it. */
  async nickOf(channel: string, realname: string): Promise<string> {
    const people = await this.who(channel);
    const nicks = [...people].filter(([, name]) => name.includes(realname)).map(([nick]) => nick);
    const [nick, ...more] = nicks;
    if (nick === undefined || more.length > 0) {
      const found = `${channel} has [${nicks.join(', ')}] with ${realname} in the real name`;
      throw new Error(`${found}\n${this.#transcript.tail()}`);
    }
    return nick;
  }

  quits(): void {
    this.sends('QUIT :bye');
    this.#socket.end();
  }

  #takeIn(text: string): void {
    this.#unread += text;
    const lines = this.#unread.split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines.map((raw) => parseIrcLine(raw.replace(/\r$/, '')))) {
      if (line.command === 'PING') {
        this.#socket.write(`PONG :${line.text}\r\n`);
        continue;
      }
      this.#transcript.add(this.nick, '<', line.raw);
      this.#inbox.add(line);
      // Nothing comes after it: we close first, so that the server need not.
      if (line.command === 'ERROR') this.#socket.end();
    }
  }
}

export function parseIrcLine(raw: string): IrcLine {
  const [, prefix = '', rest = ''] = /^(?:@\S+ +)?(?::(\S+) +)?(.*)$/.exec(raw) ?? [];
  const [front = '', ...trailing] = rest.split(/ :(.*)/s);
  const [command = '', ...params] = front.split(/ +/).filter((word) => word !== '');
  if (trailing.length > 0) params.push(trailing[0] ?? '');
  return { raw, prefix, from: prefix.split('!')[0] ?? '', command, params, text: params.at(-1) ?? '' };
}

function fitsWanted(line: IrcLine, { command, from, to, text }: IrcWanted): boolean {
  if (command !== undefined && line.command !== command) return false;
  if (from !== undefined && !matches(line.from, from)) return false;
  if (to !== undefined && !same(line.params[0], to)) return false;
  return text === undefined || matches(line.text, text);
}

function matches(value: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? value === wanted : wanted.test(value);
}

function same(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

function describe(wanted: IrcWanted): string {
  return Object.entries(wanted)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}
