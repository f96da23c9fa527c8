/** The health pages, /healthz and /readyz, and the paths where a WebSocket is wanted. */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '../common/log.ts';
import type { Upgrade } from '../transport/websocket-server.ts';

export interface Readiness {
  readonly ready: boolean;
  /** Shown as JSON to whoever asks: nothing secret. */
  readonly details: object;
}

export interface HealthOptions {
  /** Port 0: any free port. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly ready: () => Readiness;
  /** Who takes requests to upgrade, by path. */
  readonly upgrades?: Readonly<Record<string, Upgrade>>;
  readonly log: Log;
}

export interface Health {
  /** Where it listens, with the real port. */
  readonly address: { readonly host: string; readonly port: number };
  /** Stops listening and closes all connections. */
  close(): Promise<void>;
}

/** Milliseconds that a client has for a whole request, and that an idle connection may stay. */
const PATIENCE = 5_000;
/** Of those that ask for pages. */
const CONNECTIONS = 64;
const HEADER_BYTES = 8_192;

/**
 * Listens. GET and HEAD of /healthz: 200 `ok` while the process lives. Of /readyz: 200 or 503, with the details as JSON.
 * Another path is answered 404, another method 405. What was upgraded is none of its business any more. Rejects with Node's
 * error (EADDRINUSE ...) when it cannot listen.
 */
export function startHealth({ listen, ready, upgrades = {}, log }: HealthOptions): Promise<Health> {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: PATIENCE,
      requestTimeout: PATIENCE,
      keepAliveTimeout: PATIENCE,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => answer(request, response, ready, log),
  );
  limit(server);
  server.on('upgrade', (request, socket: Socket, head) => {
    const path = pathOf(request);
    const wantsWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
    const upgrade = wantsWebSocket && Object.hasOwn(upgrades, path) ? upgrades[path] : undefined;
    if (upgrade) upgrade(request, socket, head);
    else answer(request, responseOn(socket, request), ready, log);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, () => {
      server.off('error', reject);
      server.on('error', (error) => log.warn({ err: error }, 'health pages'));
      const { address, port } = server.address() as AddressInfo;
      resolve({ address: { host: address, port }, close: () => closed(server) });
    });
  });
}

/** So many connections at a time; one more is closed. `maxConnections` of Node counts those too that were upgraded. */
function limit(server: Server): void {
  const asking = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    if (asking.size >= CONNECTIONS) {
      socket.destroy();
      return;
    }
    asking.add(socket);
    socket.once('close', () => asking.delete(socket));
  });
  server.on('upgrade', ({ socket }) => asking.delete(socket));
}

/**
 * Who does not switch protocols answers as if nobody had asked to (RFC 9110 section 7.8): some clients ask for HTTP/2 (`h2c`)
 * each time. What follows on the connection is not read.
 */
function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  socket.on('error', () => {});
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.destroySoon());
  return response;
}

function answer(request: IncomingMessage, response: ServerResponse, ready: () => Readiness, log: Log): void {
  // No page takes a body: what comes of one is thrown away.
  request.resume();
  const path = pathOf(request);
  if (path !== '/healthz' && path !== '/readyz') {
    send(response, 404, 'text/plain; charset=utf-8', 'not found\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    send(response, 405, 'text/plain; charset=utf-8', 'method not allowed\n');
  } else if (path === '/healthz') {
    send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
  } else {
    const state = readiness(ready, log);
    send(response, state.ready ? 200 : 503, 'application/json', `${JSON.stringify(state)}\n`);
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

function readiness(ready: () => Readiness, log: Log): { ready: boolean; [detail: string]: unknown } {
  try {
    const state = ready();
    return { ...state.details, ready: state.ready };
  } catch (error) {
    log.error({ err: error }, 'readiness cannot be told');
    return { ready: false };
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
