/** The transport layer under all rooms: takes frames in, refuses what is none of a room's business, hands on the rest. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Connection } from '../transport/connection.ts';
import { ClientReliability } from './client-reliability.ts';
import type { Flow } from './flow.ts';
import { Flows } from './flows.ts';
import type { Frame } from './frame.ts';
import { examineRequest, examineResponse, isResponse, methodOf, type RequestFacts } from './guard.ts';
import type { Head } from './head.ts';
import { SipRequest, SipResponse } from './message.ts';
import { methodRefusal, noDialog, notFound, type Refusal } from './refusal.ts';
import { replyText } from './reply.ts';
import { screen, type ScreenRules } from './screen.ts';
import { Sender } from './sender.ts';
import { ServerReliability } from './server-reliability.ts';
import { asksForSips, type ContactPlace, contactPlace, sipsRefusal } from './sips.ts';
import { canonicalUser } from './uri.ts';
import type { WireUri } from './wire-uri.ts';

/** What the layer needs of a room. */
export interface Endpoint {
  readonly user: string;
  /** Put behind the branches of its requests; cannot be guessed. */
  readonly key: string;
  readonly uri: WireUri;
  readonly rules: Omit<ScreenRules, 'allowEvents'>;
  hasDialog(facts: RequestFacts): boolean;
  /** The answer to OPTIONS, with that Contact. */
  options(contact: ContactPlace): Refusal;
  /** A request in a dialog came by another flow than the one before. */
  follow(request: SipRequest): void;
  receiveRequest(request: SipRequest): void;
  receiveResponse(response: SipResponse): void;
}

export interface LayerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly host: string | undefined;
  readonly userAgent: string;
  readonly allowEvents: readonly string[];
  /** Somebody who has connected has sent a message. */
  readonly settled: (connection: Connection) => void;
}

export class Layer {
  readonly flows: Flows;
  readonly sender: Sender;
  readonly #options: LayerOptions;
  readonly #clients: ClientReliability;
  readonly #servers: ServerReliability;
  readonly #rooms = new Map<string, Endpoint>();
  /** Removed rooms whose last dialogs still end. */
  readonly #leaving = new Set<Endpoint>();
  readonly #byKey = new Map<string, Endpoint>();
  readonly #tagSecret = randomBytes(16);

  constructor(options: LayerOptions) {
    this.#options = options;
    this.flows = new Flows({ ...options, received: (frame, flow) => this.receive(frame, flow) });
    this.#clients = new ClientReliability(options.clock);
    this.#servers = new ServerReliability(options.clock);
    this.sender = new Sender({
      flows: this.flows,
      clients: this.#clients,
      servers: this.#servers,
      log: options.log,
    });
  }

  /** UDP transactions that are remembered, ours and theirs. */
  get remembered(): number {
    return this.#clients.size + this.#servers.size;
  }

  attach(room: Endpoint): void {
    this.#rooms.set(room.user, room);
    this.#byKey.set(room.key, room);
  }

  /** Takes nothing new for the room; what it has begun goes on until `forget`. */
  detach(room: Endpoint): void {
    if (this.#rooms.get(room.user) === room) this.#rooms.delete(room.user);
    this.#leaving.add(room);
  }

  forget(room: Endpoint): void {
    this.detach(room);
    this.#leaving.delete(room);
    this.#byKey.delete(room.key);
  }

  close(): void {
    this.#clients.close();
    this.#servers.close();
    this.flows.close();
  }

  receive(frame: Frame, flow: Flow): void {
    if (isResponse(frame.head)) this.#response(frame, flow);
    else this.#request(frame, flow);
  }

  #request(frame: Frame, flow: Flow): void {
    const facts = examineRequest(frame);
    if ('status' in facts) return this.#reply(frame.head, facts, flow);
    const room = this.#roomFor(facts);
    const { allowEvents } = this.#options;
    const refusal = room
      ? (screen(facts, { ...room.rules, allowEvents }) ?? sipsRefusal(facts, flow.ourselves))
      : (methodRefusal(facts.method) ?? unknown(facts));
    if (refusal) return this.#reply(frame.head, refusal, flow);
    if (!room) return;
    if (facts.method === 'OPTIONS') return this.#reply(frame.head, this.#optionsOf(room, facts, flow), flow);
    if (flow.transport === 'udp' && this.#servers.requestReceived(facts.key, facts.method)) return;
    const request = new SipRequest(facts, flow, room.uri);
    if (facts.toTag !== undefined) room.follow(request);
    room.receiveRequest(request);
  }

  #response(frame: Frame, flow: Flow): void {
    const facts = examineResponse(frame);
    const branch = facts?.via.parameters.get('branch') ?? '';
    const dot = branch.lastIndexOf('.');
    const room = dot < 0 ? undefined : this.#byKey.get(branch.slice(dot + 1));
    // Nobody asked (RFC 3261 section 17.1.3): dropped.
    if (!facts || !room) return;
    if (flow.transport === 'udp' && !this.#clients.responseReceived(branch, facts.method, facts.status))
      return;
    room.receiveResponse(new SipResponse(facts, flow, branch.slice(0, dot)));
  }

  /** The host does not matter, the user part decides. */
  #roomFor(facts: RequestFacts): Endpoint | undefined {
    const user = canonicalUser(facts.uri.user ?? '');
    const room = this.#rooms.get(user);
    if (facts.toTag === undefined || room?.hasDialog(facts) === true) return room;
    return [...this.#leaving].find((other) => other.user === user && other.hasDialog(facts)) ?? room;
  }

  #optionsOf(room: Endpoint, facts: RequestFacts, flow: Flow): Refusal {
    if (facts.toTag !== undefined && !room.hasDialog(facts)) return noDialog;
    return room.options(contactPlace(flow.ourselves, asksForSips(facts)));
  }

  #reply(head: Head, answer: Refusal, flow: Flow): void {
    // An ACK is never answered (RFC 3261 section 17).
    if (methodOf(head) === 'ACK') return;
    const { userAgent } = this.#options;
    const text = replyText(head, answer, { source: flow.source, toTag: this.#tagFor(head), userAgent });
    this.#options.log.debug(
      { source: flow.source, status: answer.status, reason: answer.reason },
      'SIP answer',
    );
    if (text !== undefined) flow.write(Buffer.from(text));
  }

  /** The same for a request that comes again, so that nothing need be remembered (RFC 3261 section 8.2.7). */
  #tagFor(head: Head): string {
    const what = ['via', 'from', 'call-id', 'cseq'].map((name) => head.first(name) ?? '').join('\n');
    return createHmac('sha256', this.#tagSecret).update(what).digest('hex').slice(0, 20);
  }
}

/** There is no such room; of a dialog or transaction there is none either. */
function unknown(facts: RequestFacts): Refusal {
  return facts.toTag !== undefined || facts.method === 'CANCEL' ? noDialog : notFound;
}
