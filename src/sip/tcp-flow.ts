/** One TCP connection that carries SIP, taken or dialled; or one by TLS, taken. */
import type { Timer } from '../common/clock.ts';
import { randomToken } from '../common/ids.ts';
import type { Connection } from '../transport/connection.ts';
import type { Source } from './api.ts';
import type { ConnectedFlow, FlowOwner, OwnAddress } from './flow.ts';
import { SipStream } from './frame.ts';

/** Milliseconds that a message, or the first one of a connection, may take to come whole. */
const MESSAGE_TIME = 30_000;
/** Bytes that may wait for a peer that does not read. */
const MOST_PENDING = 1024 * 1024;

export class TcpFlow implements ConnectedFlow {
  readonly token = `t${randomToken(12)}`;
  readonly transport: 'tcp' | 'tls';
  readonly source: Source;
  readonly ourselves: OwnAddress;
  readonly #connection: Connection;
  readonly #owner: FlowOwner;
  readonly #stream: SipStream;
  /** Runs while a message is awaited that has to come. */
  #deadline: Timer | undefined;
  #ending = false;
  #over = false;

  /** `dialled`: it may stay silent for as long as it likes. */
  constructor(
    transport: 'tcp' | 'tls',
    connection: Connection,
    ourselves: OwnAddress,
    owner: FlowOwner,
    dialled: boolean,
  ) {
    this.transport = transport;
    this.#connection = connection;
    this.#owner = owner;
    this.ourselves = ourselves;
    this.source = { transport, ...connection.remote };
    this.#stream = new SipStream({
      frame: (frame) => owner.received(frame, this),
      ping: () => this.write(PONG),
      broken: () => this.end(),
    });
    if (!dialled) this.#await();
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
    this.#stream.stop();
    this.#connection.end();
    // The peer has to close its side too.
    this.#relax();
    this.#await();
  }

  destroy(): void {
    this.#stream.stop();
    this.#connection.destroy();
  }

  #data(bytes: Buffer): void {
    this.#stream.push(bytes);
    if (this.#ending || this.#stream.inside === (this.#deadline !== undefined)) return;
    if (this.#stream.inside) this.#await();
    else this.#relax();
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

/** The answer to a keep-alive (RFC 5626 section 4.4.1). */
const PONG = Buffer.from('\r\n');
