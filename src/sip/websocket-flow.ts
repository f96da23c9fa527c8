/** One WebSocket that carries SIP (RFC 7118). Each message of it is one message of SIP; only clients open them. */
import type { Timer } from '../common/clock.ts';
import { randomToken } from '../common/ids.ts';
import type { Connection } from '../transport/connection.ts';
import type { Source } from './api.ts';
import type { ConnectedFlow, FlowOwner, OwnAddress } from './flow.ts';
import { datagramFrame } from './frame.ts';

/** Milliseconds that the first message may take to come. */
const MESSAGE_TIME = 30_000;
/** Bytes that may wait for a peer that does not read. */
const MOST_PENDING = 1024 * 1024;
/** The answer to a keep-alive (RFC 5626 section 4.4.1, RFC 7118 section 6). */
const PONG = Buffer.from('\r\n');

export class WebSocketFlow implements ConnectedFlow {
  readonly token = `w${randomToken(12)}`;
  readonly transport: 'ws' | 'wss';
  readonly source: Source;
  readonly ourselves: OwnAddress;
  readonly #connection: Connection;
  readonly #owner: FlowOwner;
  readonly #deadline: Timer;
  #ending = false;
  #over = false;

  constructor(transport: 'ws' | 'wss', connection: Connection, ourselves: OwnAddress, owner: FlowOwner) {
    this.transport = transport;
    this.#connection = connection;
    this.#owner = owner;
    this.ourselves = ourselves;
    this.source = { transport, ...connection.remote };
    this.#deadline = owner.clock.after(MESSAGE_TIME, () => this.destroy());
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
    this.#connection.end();
  }

  destroy(): void {
    this.#ending = true;
    this.#connection.destroy();
  }

  #data(bytes: Buffer): void {
    if (this.#ending) return;
    // The end of the message is that of the body (RFC 7118 section 5), as it is with a datagram.
    const frame = datagramFrame(bytes);
    if (frame && /SIP\//i.test(frame.head.startLine)) {
      this.#deadline.cancel();
      this.#owner.received(frame, this);
    } else if (!/^[\r\n]*$/.test(bytes.toString('latin1'))) {
      // Nothing but SIP may come (RFC 7118 section 4.1).
      this.end();
    } else if (bytes.length > PONG.length) {
      this.write(PONG);
    }
  }

  #closed(): void {
    this.#over = true;
    this.#deadline.cancel();
    this.#owner.gone(this);
  }
}
