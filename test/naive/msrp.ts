/** One end of an MSRP session (RFC 4975): says things, answers what comes, keeps everything. It can misbehave when asked. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { Inbox } from '../support/inbox.ts';
import { transcriptOf, type Transcript } from '../support/transcript.ts';
import { field, readMsrp, writeMsrp, type MsrpFrame } from './msrp-frame.ts';

export interface ArrivedMessage {
  readonly messageId: string;
  readonly type: string;
  readonly body: Buffer;
  /** Its chunks in the order in which they came. */
  readonly frames: readonly MsrpFrame[];
}

export interface SendOptions {
  /** The Content-Type; message/cpim without it. */
  readonly type?: string;
  readonly messageId?: string;
  /** Bytes of a chunk; the whole message is one chunk without it. */
  readonly chunk?: number;
  readonly failureReport?: 'yes' | 'no' | 'partial';
  readonly successReport?: 'yes' | 'no';
  /** The Byte-Range of the only chunk, in place of the right one. */
  readonly byteRange?: string;
  /** Headers between the reports' and the Content-Type. */
  readonly headers?: readonly (readonly [string, string])[];
}

export class MsrpEnd {
  readonly uri: string;
  readonly frames: Inbox<MsrpFrame>;
  readonly messages: Inbox<ArrivedMessage>;
  readonly reports: Inbox<MsrpFrame>;
  /** The path of the other end, as its SDP names it. */
  peer = '';
  /** Set to answer SENDs with another status, or with none. */
  responds: (frame: MsrpFrame) => { readonly status: number; readonly comment: string } | undefined = () => ({
    status: 200,
    comment: 'OK',
  });
  /** Called with every whole message. */
  onMessage: (message: ArrivedMessage) => void = () => {};
  /** Ends when the connection does. */
  readonly closed: Promise<void>;
  readonly #name: string;
  readonly #transcript: Transcript;
  readonly #source: string;
  readonly #listener: Server | undefined;
  readonly #responses: Inbox<MsrpFrame>;
  readonly #chunks = new Map<string, MsrpFrame[]>();
  #socket: Socket | undefined;
  #unread = Buffer.alloc(0);
  #closed: () => void = () => {};

  /** An end that the other one dials, or that dials: with `listen` it has a port of its own. */
  static async open(
    t: TestContext,
    name: string,
    options: {
      readonly listen: boolean;
      readonly source?: string | undefined;
      readonly tls?: boolean | undefined;
    },
  ): Promise<MsrpEnd> {
    const { source = '127.0.0.1', tls = false } = options;
    let listener: Server | undefined;
    if (options.listen) {
      listener = createServer().listen(0, source);
      await once(listener, 'listening');
    }
    const end = new MsrpEnd(t, name, source, listener, tls);
    t.after(() => end.vanish());
    return end;
  }

  private constructor(
    t: TestContext,
    name: string,
    source: string,
    listener: Server | undefined,
    tls: boolean,
  ) {
    const port = (listener?.address() as AddressInfo | undefined)?.port ?? 2855;
    this.uri = `${tls ? 'msrps' : 'msrp'}://${source}:${port}/${randomBytes(10).toString('hex')};tcp`;
    this.#name = `${name} (MSRP)`;
    this.#source = source;
    this.#listener = listener;
    this.#transcript = transcriptOf(t);
    this.frames = new Inbox(this.#name, this.#transcript);
    this.messages = new Inbox(this.#name, this.#transcript);
    this.reports = new Inbox(this.#name, this.#transcript);
    this.#responses = new Inbox(this.#name, this.#transcript);
    this.closed = new Promise((resolve) => (this.#closed = resolve));
    listener?.on('connection', (socket) => this.#take(socket));
  }

  get port(): number {
    return Number(/:(\d+)\//.exec(this.uri)?.[1]);
  }

  /** Dials the first URI of the peer's path (RFC 4975 section 5.4). */
  async dial(): Promise<void> {
    const [, scheme, host = '', port] = /^(msrps?):\/\/(?:[^@/]*@)?([^:/]+):(\d+)\//.exec(this.peer) ?? [];
    const place = { host, port: Number(port), localAddress: this.#source };
    const secure = scheme === 'msrps';
    const socket = secure ? connectTls({ ...place, rejectUnauthorized: false }) : connect(place);
    await once(socket, secure ? 'secureConnect' : 'connect');
    this.#take(socket);
  }

  /** Resolves when the other end has connected and said something. */
  async isDialled(): Promise<void> {
    await this.frames.takes('a first frame', () => true);
  }

  /** A request; its response. */
  async request(
    method: string,
    headers: readonly (readonly [string, string])[] = [],
    body?: Buffer,
    flag = '$',
  ): Promise<MsrpFrame> {
    return this.response(this.post(method, headers, body, flag));
  }

  /** A request whose response is not waited for; its transaction id. */
  post(
    method: string,
    headers: readonly (readonly [string, string])[] = [],
    body?: Buffer,
    flag = '$',
  ): string {
    const transaction = randomBytes(8).toString('hex');
    this.write(
      writeMsrp({ transaction, what: method, toPath: this.peer, fromPath: this.uri }, headers, body, flag),
    );
    return transaction;
  }

  response(transaction: string): Promise<MsrpFrame> {
    return this.#responses.takes(
      `a response to ${transaction}`,
      (frame) => frame.transaction === transaction,
    );
  }

  /** The SEND without a body that binds the session to the connection (RFC 4975 section 5.4). */
  greet(): Promise<MsrpFrame> {
    return this.request('SEND', [
      ['Message-ID', randomBytes(8).toString('hex')],
      ['Byte-Range', '1-0/0'],
    ]);
  }

  /** A message in one chunk or in several; the responses, in order. */
  async send(body: Buffer, options: SendOptions = {}): Promise<MsrpFrame[]> {
    const transactions = this.postMessage(body, options);
    return Promise.all(transactions.map((transaction) => this.response(transaction)));
  }

  /** A message whose responses are not waited for; the transaction of each chunk. */
  postMessage(body: Buffer, options: SendOptions = {}): string[] {
    const {
      type = 'message/cpim',
      messageId = randomBytes(8).toString('hex'),
      chunk = body.length || 1,
    } = options;
    const transactions: string[] = [];
    for (let at = 0; at < body.length || at === 0; at += chunk) {
      const end = Math.min(at + chunk, body.length);
      const headers: (readonly [string, string])[] = [
        ['Message-ID', messageId],
        ['Byte-Range', options.byteRange ?? `${at + 1}-${end}/${body.length}`],
      ];
      if (options.failureReport !== undefined) headers.push(['Failure-Report', options.failureReport]);
      if (options.successReport !== undefined) headers.push(['Success-Report', options.successReport]);
      headers.push(...(options.headers ?? []), ['Content-Type', type]);
      transactions.push(this.post('SEND', headers, body.subarray(at, end), end === body.length ? '$' : '+'));
    }
    return transactions;
  }

  /** Bytes as they are. */
  write(bytes: Buffer | string): void {
    this.#transcript.add(this.#name, '>', bytes.toString());
    this.#socket?.write(bytes);
  }

  /** Ends the connection without a word. */
  vanish(): void {
    this.#socket?.destroy();
    this.#listener?.close();
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      try {
        this.#read(data);
      } catch (error) {
        this.#end(String(error));
        socket.destroy();
      }
    });
    socket.on('close', () => {
      this.#end('the connection was closed');
      this.#closed();
    });
  }

  #end(reason: string): void {
    for (const inbox of [this.frames, this.messages, this.reports, this.#responses]) inbox.end(reason);
  }

  #read(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
    for (let read = readMsrp(this.#unread); read; read = readMsrp(this.#unread)) {
      this.#transcript.add(this.#name, '<', this.#unread.subarray(0, read.length).toString());
      this.#unread = this.#unread.subarray(read.length);
      this.#handle(read.frame);
    }
  }

  #handle(frame: MsrpFrame): void {
    this.frames.add(frame);
    if (frame.method === undefined) return this.#responses.add(frame);
    if (frame.method === 'REPORT') return this.reports.add(frame);
    const verdict = this.responds(frame);
    const wanted = field(frame, 'Failure-Report') ?? 'yes';
    const silent = wanted === 'no' || (wanted === 'partial' && verdict?.status === 200);
    if (verdict && !silent) this.#respond(frame, verdict.status, verdict.comment);
    if (frame.method === 'SEND' && frame.body !== undefined && verdict?.status === 200) this.#gather(frame);
  }

  /** RFC 4975 section 7.2: back to the first hop of the From-Path. */
  #respond(frame: MsrpFrame, status: number, comment: string): void {
    const toPath = field(frame, 'From-Path')?.split(' ')[0] ?? '';
    const head = { transaction: frame.transaction, what: `${status} ${comment}`, toPath, fromPath: this.uri };
    this.write(writeMsrp(head));
  }

  #gather(frame: MsrpFrame): void {
    const messageId = field(frame, 'Message-ID') ?? '';
    const frames = [...(this.#chunks.get(messageId) ?? []), frame];
    this.#chunks.set(messageId, frames);
    const start = (chunk: MsrpFrame): number =>
      Number(/^(\d+)-/.exec(field(chunk, 'Byte-Range') ?? '1-')?.[1]);
    const ordered = frames.toSorted((a, b) => start(a) - start(b));
    const body = Buffer.concat(ordered.map((chunk) => chunk.body ?? Buffer.alloc(0)));
    if (ordered.at(-1)?.flag !== '$' || start(ordered[0] ?? frame) !== 1) return;
    this.#chunks.delete(messageId);
    if (field(frame, 'Success-Report') === 'yes') {
      const range = `1-${body.length}/${body.length}`;
      this.post('REPORT', [
        ['Message-ID', messageId],
        ['Byte-Range', range],
        ['Status', '000 200 OK'],
      ]);
    }
    const message = { messageId, type: field(frame, 'Content-Type') ?? '', body, frames };
    this.messages.add(message);
    this.onMessage(message);
  }
}
