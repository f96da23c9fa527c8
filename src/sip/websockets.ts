/** SIP over WebSockets (RFC 7118): listeners of our own, and the upgrades of an HTTP server. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Address } from '../transport/connection.ts';
import type { Guests } from '../transport/guests.ts';
import type { OriginRules } from '../transport/origin.ts';
import type { Certificate, TlsListener } from '../transport/tls.ts';
import { listenWebSocket, type Upgrade, WebSocketServer } from '../transport/websocket-server.ts';
import type { Flows } from './flows.ts';
import { LIMITS } from './head.ts';

export interface WebSocketsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: Flows;
  readonly origins: OriginRules;
  /** Of wss listeners. */
  readonly certificate: Certificate | undefined;
  readonly guests: Guests;
}

/** Bytes. What is somewhat too large is still answered 513; beyond this the connection is closed. */
const LARGEST_MESSAGE = 2 * (LIMITS.head + LIMITS.body);

export class WebSockets {
  readonly #options: WebSocketsOptions;
  readonly #secure: TlsListener[] = [];
  readonly #upgrades: WebSocketServer;

  constructor(options: WebSocketsOptions) {
    this.#options = options;
    this.#upgrades = this.#server('ws');
  }

  /** Where an HTTP server of this program hands over requests for SIP. */
  get upgrade(): Upgrade {
    return this.#upgrades.upgrade;
  }

  /** Rejects with Node's error when it cannot, and with another where `wss` has no certificate. */
  async listen(transport: 'ws' | 'wss', address: Address): Promise<TlsListener> {
    const { certificate } = this.#options;
    if (transport === 'wss' && !certificate) throw new Error('wss:// needs a certificate');
    const server = this.#server(transport);
    const listener = await listenWebSocket(address, server, transport === 'wss' ? certificate : undefined);
    if (transport === 'wss') this.#secure.push(listener);
    return listener;
  }

  /** Newcomers see this certificate. Throws Node's error where it does not fit its key. */
  renew(certificate: Certificate): void {
    for (const listener of this.#secure) listener.renew(certificate);
  }

  /** Takes no more upgrades. */
  close(): void {
    this.#upgrades.close();
  }

  #server(transport: 'ws' | 'wss'): WebSocketServer {
    const { clock, log, flows, origins, guests } = this.#options;
    return new WebSocketServer({
      clock,
      log,
      protocol: 'sip',
      // What we write is UTF-8 always, and text is what scripts in pages like best (RFC 7118 section 4.2).
      text: true,
      maxMessageBytes: LARGEST_MESSAGE,
      origins,
      guests,
      accept: (connection) => flows.adoptWebSocket(connection, transport),
    });
  }
}
