/** One end of an MSRP session (RFC 4975): says things, answers what comes, keeps everything. It can misbehave when asked. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { makeCertificate } from '../support/certificate.ts';
import { Inbox } from '../support/inbox.ts';
import { transcriptOf, type Transcript } from '../support/transcript.ts';
import { Arrivals, type ArrivedMessage } from './msrp-arrivals.ts';
import { cut, type Cut } from './msrp-chunks.ts';
import { fingerprintOf, MsrpConnection, type FrameTaker, type Identity } from './msrp-connection.ts';
import { field, writeMsrp, type MsrpFrame } from './msrp-frame.ts';

export interface SendOptions extends Cut {
  /** The Content-Type; message/cpim without it. */
  readonly type?: string;
  readonly messageId?: string;
  readonly failureReport?: 'yes' | 'no' | 'partial';
  readonly successReport?: 'yes' | 'no';
  /** Headers between the reports' and the Content-Type. */
  readonly headers?: readonly (readonly [string, string])[];
}

export interface EndOptions {
  /** An end whose connection it will share: it has the same certificate. */
  readonly over?: MsrpEnd | undefined;
  /** True: it has a port of its own, which the other side dials. */
  readonly listen: boolean;
  readonly source?: string | undefined;
  readonly tls?: boolean | undefined;
  /** True: a client of WebSockets, which does not know where it is (RFC 7977 appendix A). */
  readonly web?: boolean | undefined;
}

/** An answer to a SEND or NICKNAME. */
export interface Answer {
  readonly status: number;
  readonly comment: string;
}

type Headers = readonly (readonly [string, string])[];

const OK: Answer = { status: 200, comment: 'OK' };

export class MsrpEnd implements FrameTaker {
  readonly uri: string;
  readonly name: string;
  readonly frames: Inbox<MsrpFrame>;
  readonly messages: Inbox<ArrivedMessage>;
  readonly reports: Inbox<MsrpFrame>;
  /** Messages that were given up by their sender. */
  readonly aborted: Inbox<ArrivedMessage>;
  /** The path of the other end, as its SDP names it. */
  peer = '';
  /** URIs of relays of our own, which come first in every To-Path (RFC 4976 section 5.1). */
  hops: readonly string[] = [];
  /** Set to answer SENDs with another status, or with none. */
  responds: (frame: MsrpFrame) => Answer | undefined = () => OK;
  /** What is reported where success reports are wanted: the whole at its end, or each chunk as it comes (section 7.1.3). */
  reportsOn: 'whole' | 'chunks' | 'nothing' = 'whole';
  /** Called with every whole message. */
  onMessage: (message: ArrivedMessage) => void = () => {};
  /** Ends when the connection does. */
  readonly closed: Promise<void>;
  readonly transcript: Transcript;
  readonly source: string;
  /** The certificate that it shows where it speaks TLS. */
  readonly identity: Identity | undefined;
  readonly #listener: Server | undefined;
  readonly #responses: Inbox<MsrpFrame>;
  readonly #arrivals: Arrivals;
  #connection: MsrpConnection | undefined;
  #peerFingerprint: string | undefined;
  #closed: () => void = () => {};

  /** An end that the other one dials, or that dials. */
  static async open(t: TestContext, name: string, options: EndOptions): Promise<MsrpEnd> {
    const { source = '127.0.0.1', tls = false, listen, web = false } = options;
    const identity = options.over?.identity ?? (tls && !web ? makeCertificate() : undefined);
    let listener: Server | undefined;
    if (listen) {
      const asked = { ...identity, requestCert: true, rejectUnauthorized: false };
      listener = (identity ? createTlsServer(asked) : createServer()).listen(0, source);
      await once(listener, 'listening');
    }
    const end = new MsrpEnd(t, name, source, listener, identity, { tls, web });
    t.after(() => end.vanish());
    return end;
  }

  private constructor(
    t: TestContext,
    name: string,
    source: string,
    listener: Server | undefined,
    identity: Identity | undefined,
    { tls, web }: { readonly tls: boolean; readonly web: boolean },
  ) {
    const port = (listener?.address() as AddressInfo | undefined)?.port ?? 2855;
    const [host, transport] = web ? [`${randomBytes(6).toString('hex')}.invalid`, 'ws'] : [source, 'tcp'];
    this.uri = `${tls ? 'msrps' : 'msrp'}://${host}:${port}/${randomBytes(10).toString('hex')};${transport}`;
    this.name = `${name} (MSRP)`;
    this.source = source;
    this.identity = identity;
    this.#listener = listener;
    this.transcript = transcriptOf(t);
    const inbox = <T>(): Inbox<T> => new Inbox<T>(this.name, this.transcript);
    this.frames = inbox();
    this.messages = inbox();
    this.aborted = inbox();
    this.reports = inbox();
    this.#responses = inbox();
    this.#arrivals = new Arrivals(this);
    this.closed = new Promise((resolve) => (this.#closed = resolve));
    listener?.on(identity ? 'secureConnection' : 'connection', (socket: Socket) =>
      this.use(new MsrpConnection(socket, this.transcript)),
    );
  }

  get port(): number {
    return Number(/:(\d+)\//.exec(this.uri)?.[1]);
  }

  /** What stands in a=path: our relays, the outermost first, and ourselves (RFC 4976 section 5.1). */
  get path(): string {
    return [...this.hops.toReversed(), this.uri].join(' ');
  }

  /** What stands in a=fingerprint; undefined without TLS. */
  get fingerprint(): string | undefined {
    return this.identity && fingerprintOf(this.identity.cert);
  }

  /** The connection that it speaks over. */
  get connection(): MsrpConnection | undefined {
    return this.#connection;
  }

  /** What the other side's SDP says of its certificate: who shows another one is hung up on (RFC 4975 section 14.4). */
  set peerFingerprint(value: string | undefined) {
    this.#peerFingerprint = value;
    this.#checkFingerprint();
  }

  /** Dials the first URI of the peer's path (RFC 4975 section 5.4), or speaks over the connection of an end that has done so. */
  async dial(over?: MsrpEnd): Promise<void> {
    if (over?.connection) return this.use(over.connection);
    // To its relay it is connected already.
    if (!this.#connection) this.use(await this.reach(this.peer));
  }

  /** A connection to an MSRP URI, or to the first of several. */
  reach(uri: string): Promise<MsrpConnection> {
    const [, scheme, host = '', port, transport] =
      /^(msrps?):\/\/(?:[^@/]*@)?([^:/]+):(\d+)(?:\/[^;]*)?;(\w+)/.exec(uri) ?? [];
    const tls = scheme === 'msrps' ? { identity: this.identity } : undefined;
    const place = { host, port: Number(port), source: this.source, tls };
    if (transport === 'ws') return MsrpConnection.dialWebSocket(this.transcript, place);
    return MsrpConnection.dial(this.transcript, place);
  }

  /** Speaks over that connection from now on. */
  use(connection: MsrpConnection): void {
    this.#connection = connection;
    connection.attach(this);
    this.#checkFingerprint();
    void connection.closed.then(() => this.#closed());
  }

  /** Resolves when the other end has connected and said something. */
  async isDialled(): Promise<void> {
    await this.frames.takes('a first request', ({ method }) => method !== undefined);
  }

  /** A request; its response. */
  async request(method: string, headers: Headers = [], body?: Buffer, flag = '$'): Promise<MsrpFrame> {
    return this.response(this.post(method, headers, body, flag));
  }

  /** A request whose response is not waited for; its transaction id. */
  post(method: string, headers: Headers = [], body?: Buffer, flag = '$'): string {
    const transaction = randomBytes(8).toString('hex');
    const toPath = [...this.hops, this.peer].join(' ');
    this.write(writeMsrp({ transaction, what: method, toPath, fromPath: this.uri }, headers, body, flag));
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
    const { type = 'message/cpim', messageId = randomBytes(8).toString('hex') } = options;
    return cut(body, options).map((chunk) => {
      const headers: (readonly [string, string])[] = [
        ['Message-ID', messageId],
        ['Byte-Range', chunk.range],
      ];
      if (options.failureReport !== undefined) headers.push(['Failure-Report', options.failureReport]);
      if (options.successReport !== undefined) headers.push(['Success-Report', options.successReport]);
      headers.push(...(options.headers ?? []), ['Content-Type', type]);
      return this.post('SEND', headers, chunk.body, chunk.flag);
    });
  }

  /** A REPORT on a message of the other side (RFC 4975 section 7.1.2). */
  report(messageId: string, range: string, status: string): void {
    this.post('REPORT', [
      ['Message-ID', messageId],
      ['Byte-Range', range],
      ['Status', `000 ${status}`],
    ]);
  }

  /** Bytes as they are. */
  write(bytes: Buffer | string): void {
    this.#connection?.write(this.name, bytes);
  }

  /** Takes no part any more in a connection that others may still use; ends it where nobody does. */
  leave(): void {
    this.#connection?.detach(this);
    if (this.#connection?.attached === 0) this.#connection.destroy();
    this.#listener?.close();
  }

  /** The session is over: closes the connection where nobody else uses it; what is on its way is still heard. */
  hangUp(): void {
    if (this.#connection?.attached === 1) this.#connection.end();
  }

  /** Ends the connection without a word. */
  vanish(): void {
    this.#connection?.destroy();
    this.#listener?.close();
  }

  ended(reason: string): void {
    for (const inbox of [this.frames, this.messages, this.aborted, this.reports, this.#responses])
      inbox.end(reason);
  }

  took(frame: MsrpFrame): void {
    this.frames.add(frame);
    if (frame.method === undefined) return this.#responses.add(frame);
    if (frame.method === 'REPORT') return this.reports.add(frame);
    const verdict = this.responds(frame);
    const wanted = field(frame, 'Failure-Report') ?? 'yes';
    const silent = wanted === 'no' || (wanted === 'partial' && verdict?.status === 200);
    if (verdict && !silent) this.#respond(frame, verdict);
    if (frame.method === 'SEND' && frame.body !== undefined && verdict?.status === 200)
      this.#arrivals.add(frame);
  }

  /** RFC 4975 section 7.2: to a SEND by the first hop of its From-Path alone, to others by the whole way back. */
  #respond(frame: MsrpFrame, { status, comment }: Answer): void {
    const from = field(frame, 'From-Path') ?? '';
    const toPath = frame.method === 'SEND' ? (from.split(' ')[0] ?? '') : from;
    const { transaction } = frame;
    this.write(writeMsrp({ transaction, what: `${status} ${comment}`, toPath, fromPath: this.uri }));
  }

  #checkFingerprint(): void {
    const wanted = this.#peerFingerprint;
    // With a relay between them nobody meets the other's certificate.
    if (wanted === undefined || !this.#connection || this.hops.length > 0) return;
    const [hash = ''] = wanted.split(' ');
    const shown = this.#connection.fingerprint(hash);
    if (shown?.toUpperCase() === wanted.toUpperCase()) return;
    this.ended(`a certificate of ${shown}, not ${wanted}`);
    this.#connection.destroy();
  }
}
