/** MSRP over WebSockets (RFC 7977), and what of the configuration says who may open one. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Certificate, Config } from '../config/config.ts';
import type { MsrpEndpoint } from '../msrp/index.ts';
import type { Address } from '../transport/connection.ts';
import type { Guests } from '../transport/guests.ts';
import type { OriginRules } from '../transport/origin.ts';
import type { TlsListener } from '../transport/tls.ts';
import { asksFor, listenWebSocket, type Upgrade, WebSocketServer } from '../transport/websocket-server.ts';

export interface MsrpWebSocketsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly endpoint: MsrpEndpoint;
  readonly guests: Guests;
}

/**
 * Bytes at most that a message of a WebSocket may have beyond the largest message of MSRP. It comes whole before anything
 * looks into it, so `msrp.limits.excess` cannot be had in full: it would be memory.
 */
const MOST_EXCESS = 1_048_576;

/** The WebSockets of MSRP: each is a connection of the endpoint. */
export class MsrpWebSockets {
  readonly #options: MsrpWebSocketsOptions;
  readonly #upgrades: WebSocketServer;

  constructor(options: MsrpWebSocketsOptions) {
    this.#options = options;
    this.#upgrades = this.#server();
  }

  /** For the HTTP server of this program: it hands over requests for the subprotocol `msrp`. */
  get upgrade(): Upgrade {
    return this.#upgrades.upgrade;
  }

  /** Listens; with a certificate for secure ones. Rejects with Node's error when it cannot. */
  listen(address: Address, certificate?: Certificate): Promise<TlsListener> {
    return listenWebSocket(address, this.#server(), certificate);
  }

  /** Takes no more upgrades. */
  close(): void {
    this.#upgrades.close();
  }

  #server(): WebSocketServer {
    const { config, clock, log, endpoint, guests } = this.#options;
    const { maxMessageSize, limits } = config.msrp;
    return new WebSocketServer({
      clock,
      log,
      protocol: 'msrp',
      // Bodies are bytes; both kinds are to be taken by everybody (RFC 7977 section 4.2).
      text: false,
      maxMessageBytes: maxMessageSize + limits.headerSize + Math.min(limits.excess, MOST_EXCESS),
      origins: originRules(config),
      guests,
      accept: (connection) => endpoint.accept(connection),
    });
  }
}

/** Whose pages may open a WebSocket: those of `http.origins`, and those of this host by any name of it that the configuration has. */
export function originRules({ sip, msrp, http }: Config): OriginRules {
  const named = [sip.domain, sip.host, msrp.host, http?.listen.host];
  const listeners = [...sip.listen, ...msrp.listen].map(({ host }) => host);
  return {
    hosts: [...named, ...listeners].filter((host) => typeof host === 'string'),
    origins: http?.origins ?? [],
  };
}

/**
 * The upgrades of the HTTP server by path. A URI of SIP or MSRP has none, so a client that knows no more than the URI asks
 * for `/`: there the subprotocol says what it wants.
 */
export function upgradesByPath(upgrades: {
  readonly sip: Upgrade;
  readonly msrp: Upgrade;
}): Readonly<Record<string, Upgrade>> {
  const { sip, msrp } = upgrades;
  return {
    '/sip': sip,
    '/msrp': msrp,
    '/': (request, ...rest) => (asksFor('sip', request) ? sip : msrp)(request, ...rest),
  };
}
