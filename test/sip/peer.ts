/** A SIP phone made of a socket: it sends the text that it is given and keeps the messages that come. Shares no code with src/sip. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';
import { freePorts } from '../support/free-ports.ts';

export interface Message {
  readonly startLine: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
  readonly raw: string;
}

export interface RequestParts {
  readonly to?: string;
  readonly from?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly contact?: string | null;
  readonly via?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly type?: string;
}

/** The real ones, also where a test stops the time. */
const later = globalThis.setTimeout;
const never = globalThis.clearTimeout;

let count = 0;
export const unique = (): string => `${++count}x${Math.random().toString(36).slice(2, 8)}`;

export const OFFER =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 2855 TCP/MSRP *\r\n';
export const ANSWER = OFFER.replace('o=- 1 1', 'o=- 2 2');

export function parse(raw: string): Message {
  const end = raw.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = raw.slice(0, end).split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { startLine, headers, body: raw.slice(end + 4), raw };
}

/** The value of the first header of that name; '' where there is none. */
export function value(message: Message, name: string): string {
  return message.headers.get(name)?.[0] ?? '';
}

export function status(message: Message): number {
  return Number(/^SIP\/2\.0 (\d+)/.exec(message.startLine)?.[1] ?? 0);
}

/** The URI in angle brackets of a header. */
export function uriIn(text: string): string {
  return /<([^>]*)>/.exec(text)?.[1] ?? '';
}

interface Waiting {
  readonly fits: (message: Message) => boolean;
  readonly found: (message: Message) => void;
}

type Transport = 'UDP' | 'TCP' | 'TLS' | 'WS';

export class Peer {
  readonly transport: Transport;
  readonly name: string;
  /** What came and was not asked for yet. */
  readonly inbox: Message[] = [];
  /** What came besides messages: keep-alive answers. */
  other = '';
  closed = false;
  port = 0;
  #waiting: Waiting[] = [];
  #write: (text: string | Buffer) => void = () => {};
  #close: () => void = () => {};
  #gathered = Buffer.alloc(0);
  #whenClosed: (() => void)[] = [];

  private constructor(transport: Transport, name: string) {
    this.transport = transport;
    this.name = name;
  }

  static async udp(t: TestContext, port: number, name = 'alice'): Promise<Peer> {
    const peer = new Peer('UDP', name);
    const socket: UdpSocket = createSocket('udp4');
    // It may have to listen by TCP there as well; a port that the system chooses may be one of a connection.
    const [own] = await freePorts(1);
    socket.bind(own, '127.0.0.1');
    await once(socket, 'listening');
    peer.port = socket.address().port;
    socket.on('message', (bytes) => peer.#came(parse(bytes.toString())));
    peer.#write = (text) => socket.send(text, port, '127.0.0.1');
    peer.#close = () => socket.close();
    t.after(() => peer.close());
    return peer;
  }

  static async tcp(t: TestContext, port: number, name = 'alice'): Promise<Peer> {
    const peer = new Peer('TCP', name);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    peer.port = socket.localPort ?? 0;
    peer.#use(socket);
    t.after(() => peer.close());
    return peer;
  }

  /** `ca`: the certificate that it believes, in PEM. */
  static async tls(t: TestContext, port: number, ca: string, name = 'alice'): Promise<Peer> {
    const peer = new Peer('TLS', name);
    const socket = connectTls({ port, host: '127.0.0.1', ca });
    socket.setNoDelay();
    await once(socket, 'secureConnect');
    peer.port = socket.localPort ?? 0;
    peer.#use(socket);
    t.after(() => peer.close());
    return peer;
  }

  /** A client of RFC 7118, which does not know where it is: the host that it names is nowhere. */
  static async ws(t: TestContext, port: number, name = 'alice'): Promise<Peer> {
    const peer = new Peer('WS', name);
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'sip');
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => peer.#message((data as Buffer).toString(), isBinary));
    socket.on('close', () => peer.#ended());
    await once(socket, 'open');
    peer.#write = (text) => socket.send(text);
    peer.#close = () => socket.terminate();
    t.after(() => peer.close());
    return peer;
  }

  /** Waits on a TCP port for somebody who connects. */
  static async listen(t: TestContext, port = 0): Promise<{ port: number; accepted: Promise<Peer> }> {
    const server: Server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const accepted = once(server, 'connection').then(([socket]: Socket[]) => {
      const peer = new Peer('TCP', 'callee');
      if (socket) peer.#use(socket);
      peer.port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      t.after(() => peer.close());
      return peer;
    });
    t.after(() => server.close());
    return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, accepted };
  }

  close(): void {
    if (!this.closed) this.#close();
    this.closed = true;
  }

  send(text: string | Buffer): void {
    this.#write(text);
  }

  get address(): string {
    return this.transport === 'WS' ? `${this.name}.nowhere.test` : `127.0.0.1:${this.port}`;
  }

  get contact(): string {
    return `<sip:${this.name}@${this.address}${this.transport === 'UDP' ? '' : `;transport=${this.transport.toLowerCase()}`}>`;
  }

  /** The text of a request as an ordinary phone writes it. */
  request(method: string, uri: string, parts: RequestParts = {}): string {
    const body = parts.body ?? '';
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${this.transport} ${parts.via ?? this.address};branch=${parts.branch ?? `z9hG4bK${unique()}`};rport`,
      'Max-Forwards: 70',
      `From: ${parts.from ?? `<sip:${this.name}@example.org>;tag=${this.name}`}`,
      `To: ${parts.to ?? `<${uri}>`}`,
      `Call-ID: ${parts.callId ?? unique()}`,
      `CSeq: ${parts.cseq ?? 1} ${method}`,
    ];
    if (parts.contact !== null) lines.push(`Contact: ${parts.contact ?? this.contact}`);
    lines.push(...(parts.headers ?? []));
    if (body !== '') lines.push(`Content-Type: ${parts.type ?? 'application/sdp'}`);
    lines.push(`Content-Length: ${Buffer.byteLength(body)}`, '', body);
    return lines.join('\r\n');
  }

  answer(request: Message, line: string, parts: { headers?: readonly string[]; body?: string } = {}): void {
    const to = value(request, 'to');
    const body = parts.body ?? '';
    this.send(
      [
        `SIP/2.0 ${line}`,
        ...(request.headers.get('via') ?? []).map((via) => `Via: ${via}`),
        `From: ${value(request, 'from')}`,
        `To: ${/;tag=/.test(to) ? to : `${to};tag=${this.name}`}`,
        `Call-ID: ${value(request, 'call-id')}`,
        `CSeq: ${value(request, 'cseq')}`,
        ...(parts.headers ?? []),
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  /** The next message that fits, which may have come already. */
  next(what: RegExp | ((message: Message) => boolean), ms = 4000): Promise<Message> {
    const fits = typeof what === 'function' ? what : (message: Message) => what.test(message.startLine);
    const index = this.inbox.findIndex(fits);
    const [there] = index < 0 ? [] : this.inbox.splice(index, 1);
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const timer = later(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        const came = this.inbox.map((message) => message.startLine).join(' | ');
        reject(new Error(`${this.name} waited for ${String(what)}; there was: ${came}`));
      }, ms);
      const waiting: Waiting = {
        fits,
        found: (message) => {
          never(timer);
          resolve(message);
        },
      };
      this.#waiting.push(waiting);
    });
  }

  /** The final answer to a request that is sent now. */
  async ask(text: string): Promise<Message> {
    const sent = parse(text);
    this.send(text);
    return this.next(
      (message) =>
        status(message) >= 200 &&
        value(message, 'call-id') === value(sent, 'call-id') &&
        value(message, 'cseq') === value(sent, 'cseq'),
    );
  }

  /** Resolves when the other end has closed the connection. */
  hungUp(): Promise<void> {
    return this.closed ? Promise.resolve() : new Promise((resolve) => this.#whenClosed.push(resolve));
  }

  #use(socket: Socket): void {
    socket.on('error', () => {});
    socket.on('close', () => this.#ended());
    socket.on('data', (bytes) => this.#data(bytes));
    this.#write = (text) => socket.write(text);
    this.#close = () => socket.destroy();
  }

  #ended(): void {
    this.closed = true;
    for (const told of this.#whenClosed.splice(0)) told();
  }

  /** RFC 7118 section 5: one message of SIP, and nothing behind it. */
  #message(text: string, isBinary: boolean): void {
    if (text === '\r\n') {
      this.other += text;
      return;
    }
    const message = parse(text);
    if (isBinary || Number(value(message, 'content-length')) !== Buffer.byteLength(message.body)) {
      throw new Error(`not one message of SIP, as text: ${text}`);
    }
    this.#came(message);
  }

  #data(bytes: Buffer): void {
    this.#gathered = Buffer.concat([this.#gathered, bytes]);
    for (;;) {
      while (this.#gathered.subarray(0, 2).toString() === '\r\n') {
        this.other += '\r\n';
        this.#gathered = this.#gathered.subarray(2);
      }
      const end = this.#gathered.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#gathered.toString('latin1', 0, end);
      const size = end + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (this.#gathered.length < size) return;
      this.#came(parse(this.#gathered.toString('utf8', 0, size)));
      this.#gathered = this.#gathered.subarray(size);
    }
  }

  #came(message: Message): void {
    // Ends the test that runs, whichever it is.
    if (message.raw.includes('x-flow') || message.raw.includes('.invalid')) {
      throw new Error(`a private mark on the wire: ${message.raw}`);
    }
    const index = this.#waiting.findIndex(({ fits }) => fits(message));
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting) waiting.found(message);
    else this.inbox.push(message);
  }
}

/** A dialog of a peer that called: what it needs to send requests in it. */
export class PeerCall {
  readonly peer: Peer;
  readonly uri: string;
  readonly callId = unique();
  readonly from: string;
  readonly branch = `z9hG4bK${unique()}`;
  cseq = 1;
  /** Of the 200. */
  to = '';
  target = '';

  constructor(peer: Peer, uri: string, from = `<sip:${peer.name}@example.org>;tag=${unique()}`) {
    this.peer = peer;
    this.uri = uri;
    this.from = from;
  }

  /** An INVITE, 200, ACK. */
  static async made(
    peer: Peer,
    uri: string,
    parts: RequestParts & { ackBody?: string } = {},
  ): Promise<PeerCall> {
    const call = new PeerCall(peer, uri);
    call.invite(parts);
    call.learn(await call.answered());
    call.ack(parts.ackBody);
    return call;
  }

  invite(parts: RequestParts = {}): string {
    const { from, callId, cseq, branch } = this;
    const text = this.peer.request('INVITE', this.uri, { from, callId, cseq, branch, body: OFFER, ...parts });
    this.peer.send(text);
    return text;
  }

  answered(): Promise<Message> {
    return this.peer.next((message) => status(message) >= 200 && value(message, 'call-id') === this.callId);
  }

  learn(response: Message): void {
    this.to = value(response, 'to');
    this.target = uriIn(value(response, 'contact'));
  }

  ack(body = '', peer = this.peer): void {
    const { from, callId, cseq, to } = this;
    peer.send(peer.request('ACK', this.target, { from, callId, cseq, to, body }));
  }

  /** The text of a request in the dialog. */
  inside(method: string, parts: RequestParts = {}, peer = this.peer): string {
    const { from, callId, to } = this;
    return peer.request(method, this.target, { from, callId, to, cseq: ++this.cseq, ...parts });
  }
}
