/** One connection and the person behind it: who it is, what it negotiated, and how it is sent something. */
import type { Connection } from '../../transport/connection.ts';
import { isLoopback } from './addresses.ts';
import type { Capability } from './capability-names.ts';
import { Labelled } from './labels.ts';
import type { Departures } from './departures.ts';
import { ACCOUNT, TAGS, TIME, type Message, type Origin } from './message.ts';
import { Outbox } from './outbox.ts';
import { Portions } from './portions.ts';

/** User modes: invisible, operator of the server, takes WALLOPS, is a bot. */
export type UserMode = 'i' | 'o' | 'w' | 'B';

export interface ClientOptions {
  readonly secure: boolean;
  readonly now: number;
  readonly departures: Departures;
  /** Octets that may wait for it. */
  readonly sendQueue: () => number;
  /** More waits for it than may. */
  readonly overflowed: () => void;
  /** All of a long reply is on its way. */
  readonly replied: () => void;
  /** It is gone, by whatever cause. */
  readonly left: () => void;
  /** After that: the last line for it was written. */
  readonly ended: () => void;
}

/** One client, registered or not. */
export class Client {
  readonly connection: Connection;
  /** Whether the connection came from this host itself. */
  readonly local: boolean;
  /** The address that limits count: the connection's, or what a trusted gateway named. */
  address: string;
  /** As it is shown. */
  host: string;
  /** It came by a gateway that is trusted. */
  trusted = false;
  /** By TLS, all the way. */
  secure: boolean;
  /** Empty until NICK. */
  nick = '';
  /** Empty until USER. */
  user = '';
  realname = '';
  password: string | undefined;
  account: string | undefined;
  away: string | undefined;
  /** It has been welcomed. */
  registered = false;
  /** CAP LS or CAP REQ came and CAP END did not (capability-negotiation). */
  negotiating = false;
  /** The highest version that came with CAP LS. */
  capVersion = 0;
  /** It is on no list any more; nothing that it sends counts. */
  gone = false;
  /** Called when it is gone. */
  readonly left: () => void;
  readonly modes = new Set<UserMode>();
  /** Folded names of the channels that it was invited to, and whether by an operator. */
  readonly invitations = new Map<string, boolean>();
  /** Nicks that it watches, by their folded form (monitor). */
  readonly watched = new Map<string, string>();
  /** Milliseconds since 1970. */
  signedOn: number;
  activeAt: number;
  readonly #capabilities = new Set<Capability>();
  readonly #outbox: Outbox;
  readonly #portions: Portions;
  readonly #replied: () => void;
  #kind = 0;
  #labelled: Labelled | undefined;

  constructor(connection: Connection, options: ClientOptions) {
    this.connection = connection;
    const { local, remote } = connection;
    // A server that listens on another address than loopback is reached from that very address.
    this.local = isLoopback(remote.host) || remote.host === local.host;
    this.address = remote.host;
    this.host = shownHost(this.address);
    this.secure = options.secure;
    this.left = options.left;
    this.signedOn = this.activeAt = options.now;
    this.#replied = options.replied;
    const { departures, sendQueue, overflowed, ended } = options;
    this.#outbox = new Outbox(connection, departures, sendQueue, overflowed, () => this.continue(), ended);
    this.#portions = new Portions(this.#outbox);
  }

  /** How replies name it (capability-negotiation: an asterisk while it has no nick). */
  get name(): string {
    return this.nick === '' ? '*' : this.nick;
  }

  get mask(): string {
    return `${this.name}!${this.user === '' ? '*' : this.user}@${this.host}`;
  }

  get origin(): Origin {
    return { prefix: this.mask, account: this.account, bot: this.modes.has('B') };
  }

  get operator(): boolean {
    return this.modes.has('o');
  }

  get capabilities(): ReadonlySet<Capability> {
    return this.#capabilities;
  }

  has(capability: Capability): boolean {
    return this.#capabilities.has(capability);
  }

  setCapability(capability: Capability, on: boolean): void {
    if (on) this.#capabilities.add(capability);
    else this.#capabilities.delete(capability);
    this.#kind =
      (this.has('server-time') ? TIME : 0) |
      (this.has('account-tag') ? ACCOUNT : 0) |
      (this.has('message-tags') ? TAGS : 0);
  }

  /** Sends a message; while a labelled command of the client is dealt with, as a part of its response. */
  send(message: Message): void {
    if (this.#labelled) this.#labelled.add(message);
    else this.#outbox.push(message.line(this.#kind));
  }

  /** Sends a reply that may be long; what does not fit is made and sent as the client takes it. */
  sendLong(messages: Iterable<Message>): void {
    if (this.#labelled) for (const message of messages) this.#labelled.add(message);
    else this.#portions.add(linesOf(messages, this.#kind));
  }

  /** A long reply is not sent to its end: nothing more that it asks for is dealt with until it is. */
  get busy(): boolean {
    return this.#portions.busy;
  }

  /** Goes on with long replies. */
  continue(): void {
    if (!this.#portions.busy) return;
    this.#portions.continue();
    if (!this.#portions.busy) this.#replied();
  }

  /** Sends what is no response to a labelled command of the client: what it said to itself. */
  sendApart(message: Message): void {
    if (this.#labelled) this.#labelled.addAfter(message);
    else this.send(message);
  }

  /** Runs the handling of a labelled command, whose response it is told as one. */
  respond(labelled: Labelled, action: () => void): void {
    this.#labelled = labelled;
    try {
      action();
    } finally {
      this.#labelled = undefined;
      const lines = labelled.lines(this.#kind);
      // Who is leaving gets its last lines at once.
      if (this.gone) for (const line of lines) this.#outbox.push(line);
      else this.#portions.add(lines);
    }
  }

  /** Sends what waits and nothing more. */
  end(): void {
    this.#portions.discard();
    this.#outbox.end();
  }

  /** Closes the connection at once. */
  drop(): void {
    this.#portions.discard();
    this.#outbox.discard();
    this.connection.destroy('reset');
  }
}

/** A host as it can stand in a line (webirc: an IPv6 address that begins with a colon gets a zero before it). */
export function shownHost(address: string): string {
  return address.startsWith(':') ? `0${address}` : address;
}

function* linesOf(messages: Iterable<Message>, kind: number): Generator<string> {
  for (const message of messages) yield message.line(kind);
}
