/** One connection that carries SIP: by TCP, taken or dialled; by TLS, or a WebSocket, taken. */
import type { Clock, Timer } from '../common/clock.ts';
import { randomToken } from '../common/ids.ts';
import type { Connection } from '../transport/connection.ts';
import type { SipTransport, Source } from './api.ts';
import type { Flow, OwnAddress } from './flow.ts';
import { type Frame, SipStream } from './frame.ts';
import { WebSocketMessages } from './websocket-messages.ts';

/** What a connection that carries SIP needs of those who keep it. */
export interface FlowOwner {
  readonly clock: Clock;
  received(frame: Frame, flow: ConnectedFlow): void;
  /** The first whole message has come over a connection. */
  settled(connection: Connection): void;
  /** The connection is over. */
  gone(flow: ConnectedFlow): void;
}

/** Milliseconds that a message, or the first one of a connection, may take to come whole. */
const MESSAGE_TIME = 30_000;
/** Bytes that may wait for a peer that does not read. */
const MOST_PENDING = 1024 * 1024;
/** The answer to a keep-alive (RFC 5626 section 4.4.1, RFC 7118 section 6). */
const PONG = Buffer.from('\r\n');

/** A flow that is a connection, and ends with it. */
export class ConnectedFlow implements Flow {
  readonly token = `c${randomToken(12)}`;
  readonly transport: Exclude<SipTransport, 'udp'>;
  readonly source: Source;
  readonly ourselves: OwnAddress;
  readonly #connection: Connection;
  readonly #owner: FlowOwner;
  readonly #frames: SipStream | WebSocketMessages;
  /** Nothing has come yet but keep-alives and what is no message, and something has to. */
  #isNew: boolean;
  /** Runs while a message is awaited that has to come. */
  #deadline: Timer | undefined;
  #ending = false;
  #over = false;

  /** `dialled`: it may stay silent for as long as it likes. */
  constructor(
    transport: Exclude<SipTransport, 'udp'>,
    connection: Connection,
    ourselves: OwnAddress,
    owner: FlowOwner,
    dialled = false,
  ) {
    this.transport = transport;
    this.#connection = connection;
    this.#owner = owner;
    this.ourselves = ourselves;
    this.source = { transport, ...connection.remote };
    const sink = {
      frame: (frame: Frame) => {
        if (!frame.fault) this.#heard();
        owner.received(frame, this);
      },
      ping: () => this.write(PONG),
      broken: () => this.end(),
    };
    const framed = transport === 'ws' || transport === 'wss';
    this.#frames = framed ? new WebSocketMessages(sink) : new SipStream(sink);
    this.#isNew = !dialled;
    if (this.#isNew) this.#await();
    connection.handle({
      data: (bytes) => this.#data(bytes),
      drained: () => {},
      closed: () => this.#closed(),
    });
  }

  get open(): boolean {
    return !this.#over && this.#connection.open;
  }

  write(bytes: Buffer): void {
    this.#connection.write(bytes);
    if (this.#connection.pendingBytes > MOST_PENDING) this.destroy();
  }

  end(): void {
    this.#ending = true;
    this.#frames.stop();
    this.#connection.end();
    // The peer has to close its side too.
    this.#relax();
    this.#await();
  }

  /** Closes at once. */
  destroy(): void {
    this.#frames.stop();
    this.#connection.destroy();
  }

  #data(bytes: Buffer): void {
    this.#frames.push(bytes);
    const awaits = this.#isNew || this.#frames.inside;
    if (this.#ending || awaits === (this.#deadline !== undefined)) return;
    if (awaits) this.#await();
    else this.#relax();
  }

  /** A whole message has come. What has begun behind it has its own time. */
  #heard(): void {
    if (this.#isNew) this.#owner.settled(this.#connection);
    this.#isNew = false;
    if (!this.#ending) this.#relax();
  }

  #await(): void {
    this.#deadline = this.#owner.clock.after(MESSAGE_TIME, () => this.destroy());
  }

  #relax(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  #closed(): void {
    this.#over = true;
    this.#relax();
    this.#owner.gone(this);
  }
}
