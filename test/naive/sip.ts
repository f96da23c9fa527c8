/** A telephone of few words: starts transactions and dialogs, answers what comes (RFC 3261 sections 8, 12 and 17). */
import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { Inbox } from '../support/inbox.ts';
import { transcriptOf, type Transcript } from '../support/transcript.ts';
import { SipFlow, type Reply, type SipServer } from './sip-flow.ts';
import { header, listed, parameterOf, parseSip, uriOf, writeSip, type SipMessage } from './sip-message.ts';

export type Headers = readonly (readonly [name: string, value: string])[];

export interface PhoneOptions {
  readonly name: string;
  readonly server: SipServer;
  /** The address of record, e.g. `sip:alice@users.test`. */
  readonly address: string;
  readonly displayName?: string | undefined;
  /** The local address of its sockets; 127.0.0.1 without it. */
  readonly source?: string | undefined;
  /** For digest authentication (RFC 7616), with the user part of the address as the name. */
  readonly password?: string | undefined;
}

/** What a phone says to a request of the other side. */
export interface Verdict {
  readonly status: number;
  readonly headers?: Headers;
  readonly body?: string;
}

/** A request of ours and what was answered. */
export interface Transaction {
  readonly method: string;
  readonly branch: string;
  readonly text: string;
  readonly headers: Headers;
  readonly uri: string;
  readonly responses: Inbox<SipMessage>;
  final(timeout?: number): Promise<SipMessage>;
}

export interface Outgoing {
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  readonly routes?: readonly string[];
  readonly headers?: Headers;
  readonly body?: string;
  readonly branch?: string;
}

export function token(): string {
  return randomBytes(8).toString('hex');
}

export class Phone {
  readonly address: string;
  readonly displayName: string | undefined;
  readonly name: string;
  /** Every request of the other side, each once however often it was repeated. */
  readonly requests: Inbox<SipMessage>;
  readonly transcript: Transcript;
  /** Set to answer a request in another way; undefined leaves it to the phone, `silence` leaves it without answer. */
  answers: (request: SipMessage) => Verdict | 'silence' | undefined = () => undefined;
  /** The SDP with which a re-INVITE is answered. */
  sdp = '';
  readonly #options: PhoneOptions;
  readonly #transactions = new Map<string, Transaction>();
  readonly #answered = new Map<string, string>();
  readonly #acks = new Map<string, string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #madeUp = `${token()}.invalid`;
  #flow: SipFlow | undefined;

  static async open(t: TestContext, options: PhoneOptions): Promise<Phone> {
    const phone = new Phone(t, options);
    t.after(() => phone.close());
    phone.#flow = await SipFlow.open(options.server, options.source ?? '127.0.0.1', (text, reply) =>
      phone.#arrived(text, reply),
    );
    return phone;
  }

  private constructor(t: TestContext, options: PhoneOptions) {
    this.#options = options;
    this.name = options.name;
    this.address = options.address;
    this.displayName = options.displayName;
    this.transcript = transcriptOf(t);
    this.requests = new Inbox(this.name, this.transcript);
  }

  get contact(): string {
    const user = /^sips?:([^@]*)@/.exec(this.address)?.[1] ?? 'phone';
    const transport = this.#isWeb ? 'ws' : this.#flow?.transport;
    return `<sip:${user}@${this.#sentBy};transport=${transport}>`;
  }

  /** A page does not know where it is (RFC 7118 appendix B.1). */
  get #sentBy(): string {
    return this.#isWeb ? this.#madeUp : `${this.#options.source ?? '127.0.0.1'}:${this.#flow?.port}`;
  }

  get #isWeb(): boolean {
    const { transport } = this.#options.server;
    return transport === 'ws' || transport === 'wss';
  }

  /** Sends a request and, over UDP, repeats it until it is answered (RFC 3261 section 17.1). */
  async request(method: string, out: Outgoing): Promise<Transaction> {
    const branch = out.branch ?? `z9hG4bK${token()}`;
    const { server } = this.#options;
    const headers: [string, string][] = [
      [
        'Via',
        `SIP/2.0/${server.transport.toUpperCase()} ${this.#sentBy}${this.#isWeb ? '' : ';rport'};branch=${branch}`,
      ],
      ['Max-Forwards', '70'],
      ...(out.routes ?? []).map((route): [string, string] => ['Route', route]),
      ['From', out.from],
      ['To', out.to],
      ['Call-ID', out.callId],
      ['CSeq', `${out.cseq} ${method}`],
      ...(method === 'ACK' || method === 'CANCEL' ? [] : ([['Contact', this.contact]] as [string, string][])),
      ...(out.headers ?? []).map(([name, value]): [string, string] => [name, value]),
    ];
    const text = writeSip(`${method} ${out.uri} SIP/2.0`, headers, out.body);
    const responses = new Inbox<SipMessage>(`${this.name} (${method})`, this.transcript);
    const final = (timeout?: number): Promise<SipMessage> =>
      responses.takes(`a final answer to ${method}`, ({ status }) => status >= 200, timeout);
    const transaction = { method, branch, text, headers, uri: out.uri, responses, final };
    if (method !== 'ACK') this.#transactions.set(`${branch} ${method}`, transaction);
    else this.#acks.set(`${out.callId} ${out.cseq}`, text);
    await this.send(text);
    if (server.transport === 'udp' && method !== 'ACK') this.#repeat(transaction, 500);
    return transaction;
  }

  /** Sends bytes as they are. */
  async send(text: string): Promise<void> {
    this.transcript.add(this.name, '>', text);
    await this.#flow?.send(text);
  }

  /** The headers that answer a 401 or 407, or nothing where there is no password (RFC 7616). */
  credentials(response: SipMessage, method: string, uri: string): Headers | undefined {
    const { password } = this.#options;
    const challenge = header(response, response.status === 401 ? 'www-authenticate' : 'proxy-authenticate');
    if (password === undefined || challenge === '') return undefined;
    const part = (name: string): string =>
      new RegExp(`\\b${name}=(?:"([^"]*)"|([^,\\s]+))`)
        .exec(challenge)
        ?.slice(1)
        .find((v) => v !== undefined) ?? '';
    const algorithm = part('algorithm') || 'MD5';
    const hash = (text: string): string =>
      createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
    const user = /^sips?:([^@]*)@/.exec(this.address)?.[1] ?? '';
    const nonces = `${part('nonce')}:00000001:${token()}`;
    const [nonce = '', count = '', own = ''] = nonces.split(':');
    const key = hash(`${user}:${part('realm')}:${password}`);
    const answer = hash(`${key}:${nonce}:${count}:${own}:auth:${hash(`${method}:${uri}`)}`);
    const value = `Digest username="${user}", realm="${part('realm')}", nonce="${nonce}", uri="${uri}", response="${answer}", algorithm=${algorithm}, qop=auth, nc=${count}, cnonce="${own}"`;
    const opaque = part('opaque');
    const name = response.status === 401 ? 'Authorization' : 'Proxy-Authorization';
    return [[name, opaque === '' ? value : `${value}, opaque="${opaque}"`]];
  }

  /** Nobody is at home any more: nothing is answered. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.requests.end('the phone is switched off');
    this.#flow?.close();
    this.#flow = undefined;
  }

  #repeat(transaction: Transaction, wait: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const answers = transaction.responses.all;
      const quiet =
        transaction.method === 'INVITE' ? answers.length === 0 : answers.every((a) => a.status < 200);
      if (!quiet || wait > 16_000) return;
      void this.#flow?.send(transaction.text);
      this.#repeat(transaction, wait * 2);
    }, wait);
    this.#timers.add(timer);
  }

  #arrived(text: string, reply: Reply): void {
    this.transcript.add(this.name, '<', text);
    let message: SipMessage;
    try {
      message = parseSip(text);
    } catch (error) {
      return this.requests.end(String(error));
    }
    const branch = parameterOf(listed(message, 'via')[0] ?? '', 'branch') ?? '';
    const [number = '', method = ''] = header(message, 'cseq').split(' ');
    if (message.method === undefined) {
      const again = message.status >= 200 && this.#acks.get(`${header(message, 'call-id')} ${number}`);
      // A 2xx that is repeated asks for its ACK again (RFC 3261 section 13.2.2.4).
      if (again && method === 'INVITE') void this.#flow?.send(again);
      this.#transactions.get(`${branch} ${method}`)?.responses.add(message);
      return;
    }
    const key = `${branch} ${message.method}`;
    const before = this.#answered.get(key);
    if (before !== undefined) return void (before !== '' && reply(before));
    this.#answered.set(key, '');
    if (message.method !== 'ACK') this.#answer(message, key, reply);
    this.requests.add(message);
  }

  #answer(request: SipMessage, key: string, reply: Reply): void {
    const verdict = this.answers(request) ?? this.#usual(request);
    if (verdict === 'silence') return;
    const kept = ['via', 'from', 'call-id', 'cseq', 'record-route'];
    const to = header(request, 'to');
    const text = writeSip(
      `SIP/2.0 ${verdict.status} ${verdict.status === 200 ? 'OK' : 'Answer'}`,
      [
        ...request.headers.filter(([name]) => kept.includes(name)),
        ['To', parameterOf(to, 'tag') === undefined ? `${to};tag=${token()}` : to],
        ['Contact', this.contact],
        ...(verdict.headers ?? []),
      ],
      verdict.body,
    );
    this.#answered.set(key, text);
    this.transcript.add(this.name, '>', text);
    reply(text);
  }

  #usual(request: SipMessage): Verdict {
    const allow = [['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY']] as const;
    const inDialog = parameterOf(header(request, 'to'), 'tag') !== undefined;
    if (request.method === 'INVITE') {
      if (!inDialog || this.sdp === '') return { status: 486 };
      return { status: 200, headers: [...allow, ['Content-Type', 'application/sdp']], body: this.sdp };
    }
    if (request.method === 'BYE' || request.method === 'OPTIONS') return { status: 200, headers: allow };
    if (request.method === 'NOTIFY') return { status: inDialog ? 200 : 481 };
    return { status: 405, headers: allow };
  }
}

/** The other party as a dialog knows it (RFC 3261 section 12.1.2), from our request and its answer. */
export class Dialog {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly routes: readonly string[];
  target: string;
  readonly #phone: Phone;
  #cseq: number;

  constructor(phone: Phone, started: Transaction, answer: SipMessage) {
    this.#phone = phone;
    this.callId = header(answer, 'call-id');
    this.local = header(answer, 'from');
    this.remote = header(answer, 'to');
    this.routes = listed(answer, 'record-route').reverse();
    this.target = uriOf(header(answer, 'contact')) || started.uri;
    this.#cseq = Number(header(answer, 'cseq').split(' ')[0]);
  }

  /** A request within the dialog. */
  request(method: string, headers: Headers = [], body = ''): Promise<Transaction> {
    this.#cseq += 1;
    return this.#send(method, this.#cseq, headers, body);
  }

  /** The ACK of a 2xx, which has the INVITE's number. */
  ack(body = ''): Promise<Transaction> {
    const headers: Headers = body === '' ? [] : [['Content-Type', 'application/sdp']];
    return this.#send('ACK', this.#cseq, headers, body);
  }

  /** A request of the other side that belongs here. */
  has(request: SipMessage): boolean {
    return header(request, 'call-id') === this.callId;
  }

  /** The next request of the other side in this dialog with the method. */
  gets(method: string, timeout?: number): Promise<SipMessage> {
    return this.#phone.requests.takes(
      method,
      (request) => request.method === method && this.has(request),
      timeout,
    );
  }

  #send(method: string, cseq: number, headers: Headers, body: string): Promise<Transaction> {
    const { local: from, remote: to, callId, routes, target: uri } = this;
    return this.#phone.request(method, { uri, from, to, callId, cseq, routes, headers, body });
  }
}
