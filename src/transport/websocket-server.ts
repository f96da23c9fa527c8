/** Takes WebSockets of one subprotocol (RFC 6455), from a listener of its own or as upgrades of somebody else's HTTP server. */
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { type WebSocket, WebSocketServer as Handshaker } from 'ws';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Address, Connection } from './connection.ts';
import type { Guests } from './guests.ts';
import { mayConnect, type OriginRules } from './origin.ts';
import { endsOf, type Listener, listenWith } from './tcp.ts';
import type { Certificate, TlsListener } from './tls.ts';
import { WebSocketConnection } from './websocket.ts';

export interface WebSocketServerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The subprotocol that a client has to ask for. */
  readonly protocol: string;
  /** True: our messages go as text; else as binary. */
  readonly text: boolean;
  /** Bytes; a larger message ends the connection with 1009. */
  readonly maxMessageBytes: number;
  readonly origins: OriginRules;
  /** Counts them by address. Who is one too many is answered 503. Until `settled` is told there a newcomer may send little. */
  readonly guests: Guests;
  /** Given each connection when its handshake is done. */
  accept(connection: Connection): void;
}

/** Where a server of HTTP hands over a request to upgrade, with what came behind it. */
export type Upgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** Milliseconds for a newcomer to send its request, TLS handshake included. */
const HANDSHAKE_TIME = 10_000;
const HEADER_BYTES = 8_192;
/** Milliseconds between two pings. A peer that said nothing from one to the next is given up. Proxies wait for 60 s. */
const PING_INTERVAL = 30_000;
/**
 * Bytes that may come of a newcomer in all. A message is kept whole before anybody can look into it, so strangers could else
 * fill the memory with messages of which each is of the size that is allowed.
 */
const MOST_OF_NEWCOMER = 131_072;
/** Frames of one message: each is kept with the piece of the stream that it came in. */
const MOST_FRAGMENTS = 1024;

/** Makes handshakes, counts connections and pings them. What they carry is none of its business. */
export class WebSocketServer {
  readonly #options: WebSocketServerOptions;
  readonly #handshaker: Handshaker;
  readonly #connections = new Set<WebSocketConnection>();
  #pinging = false;
  #closed = false;

  constructor(options: WebSocketServerOptions) {
    this.#options = options;
    this.#handshaker = new Handshaker({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      maxFragments: MOST_FRAGMENTS,
      // RFC 7977 section 4.2: text is to be taken as bytes. What SIP makes of them is up to its guard.
      skipUTF8Validation: true,
      handleProtocols: () => options.protocol,
    });
    // RFC 7977 section 7: a page is told that it was let in.
    this.#handshaker.on('headers', (headers, { headers: { origin } }) => {
      if (origin !== undefined) headers.push(`Access-Control-Allow-Origin: ${origin}`);
    });
  }

  /** Answers a request to upgrade: 403 to a page of a foreign origin, 400 where the subprotocol is not asked for. */
  readonly upgrade: Upgrade = (request, socket, head) => {
    const refusal = this.#refusal(request, socket);
    if (refusal) {
      const { status, reason } = refusal;
      const { protocol, log } = this.#options;
      const { origin, host } = request.headers;
      log.info(
        { protocol, remote: socket.remoteAddress, origin, host, status },
        `WebSocket refused: ${reason}`,
      );
      return refuse(socket, status, reason);
    }
    const ends = endsOf(socket);
    socket.once('close', () => this.#options.guests.left(ends));
    this.#handshaker.handleUpgrade(request, socket, head, (webSocket) => this.#take(webSocket, socket));
  };

  /** Takes no more. Those that are there go on. */
  close(): void {
    this.#closed = true;
  }

  #refusal(request: IncomingMessage, socket: Socket): { status: string; reason: string } | undefined {
    const { protocol, origins, guests } = this.#options;
    const { origin, host } = request.headers;
    if (!mayConnect(origin, host, origins)) {
      return { status: '403 Forbidden', reason: 'this origin is not in http.origins' };
    }
    if (!asksFor(protocol, request)) {
      return { status: '400 Bad Request', reason: `the subprotocol must be ${protocol}` };
    }
    if (this.#closed || !guests.enter(endsOf(socket), () => socket.destroy())) {
      return { status: '503 Service Unavailable', reason: 'too many connections' };
    }
    return undefined;
  }

  #take(webSocket: WebSocket, socket: Socket): void {
    const connection = new WebSocketConnection(webSocket, socket, this.#options);
    this.#connections.add(connection);
    webSocket.on('close', () => this.#connections.delete(connection));
    if (!this.#pinging) this.#pingLater();
    this.#options.accept(connection);
    this.#watch(socket);
  }

  #watch(socket: Socket): void {
    const { guests } = this.#options;
    const ends = endsOf(socket);
    let size = 0;
    const count = (bytes: Buffer): void => {
      size += bytes.length;
      if (!guests.isNewcomer(ends)) socket.off('data', count);
      else if (size > MOST_OF_NEWCOMER) socket.destroy();
    };
    socket.on('data', count);
  }

  #pingLater(): void {
    this.#pinging = true;
    this.#options.clock.after(PING_INTERVAL, () => {
      for (const connection of this.#connections) if (!connection.probe()) connection.destroy();
      this.#pinging = false;
      if (this.#connections.size > 0) this.#pingLater();
    });
  }
}

/**
 * Listens for WebSockets; with a certificate for secure ones. The path of the URL does not matter: MSRP and SIP URIs have
 * none. A request that is no upgrade is answered 426. Rejects with Node's error when it cannot.
 */
export async function listenWebSocket(
  address: Address,
  server: WebSocketServer,
  certificate?: Certificate,
): Promise<TlsListener> {
  const limits = {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: HANDSHAKE_TIME,
    requestTimeout: HANDSHAKE_TIME,
    connectionsCheckingInterval: 1_000,
    noDelay: true,
  };
  const secure = certificate && createHttpsServer({ ...limits, ...tls(certificate) }, upgradeRequired);
  // A handshake that fails is the newcomer's affair.
  secure?.on('tlsClientError', () => {});
  const http = secure ?? createHttpServer(limits, upgradeRequired);
  http.on('upgrade', server.upgrade);
  const listener: Listener = await listenWith(http, address);
  return {
    address: listener.address,
    close: () => {
      server.close();
      http.closeAllConnections();
      return listener.close();
    },
    renew: (renewed) => secure?.setSecureContext(tls(renewed)),
  };
}

function tls({ cert, key }: Certificate): SecureContextOptions & { handshakeTimeout: number } {
  return { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIME };
}

/** Whether a request names the subprotocol (RFC 6455 section 11.3.4: with regard to case). */
export function asksFor(protocol: string, { headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === protocol);
}

/** Answers a request that will not become a WebSocket, and closes. */
function refuse(socket: Socket, status: string, reason: string): void {
  socket.on('error', () => {});
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // The peer may keep its half open for as long as it likes, and is not read any more.
  socket.once('finish', () => socket.destroy());
}

const upgradeRequired: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(426, { Upgrade: 'websocket', Connection: 'close', 'Content-Type': 'text/plain' });
  response.end('a WebSocket is wanted here\n');
};
