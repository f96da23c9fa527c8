/** TCP connections: taken from a listener or dialled. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Address, Connection, ConnectionHandler } from './connection.ts';
import type { Ends, Guests } from './guests.ts';

/** The length of the kernel's queue of connections not yet taken (Node's own default is 511). */
const BACKLOG = 4096;
/** Milliseconds of silence after which the kernel asks whether the peer is there: one that fell off the network is noticed. */
const KEEP_ALIVE = 60_000;
const IPV4_MAPPED = /^::ffff:(?=\d+\.)/i;

export interface Listener {
  /** Where it listens; the port is the real one also where 0 was asked for. */
  readonly address: Address;
  /** Takes no more connections. Those that are there go on. */
  close(): Promise<void>;
}

/**
 * Listens on an address; with `guests` an address has no more connections than it may. Rejects with Node's error (EADDRINUSE,
 * EACCES ...) when it cannot.
 */
export function listenTcp(
  address: Address,
  accept: (connection: Connection) => void,
  guests?: Guests,
): Promise<Listener> {
  const enters = guests ? countedBy(guests) : () => true;
  const server = createServer({ noDelay: true }, (socket) => {
    if (enters(socket)) accept(new TcpConnection(socket));
  });
  return listenWith(server, address);
}

/**
 * Gives what counts connections that have come, each for as long as it is there. It says false where an address has too
 * many, and then the connection is closed.
 */
export function countedBy(guests: Guests): (socket: Socket) => boolean {
  function left(this: Socket): void {
    guests.left(endsOf(this));
  }
  return (socket) => {
    const isIn = guests.enter(endsOf(socket), () => socket.destroy());
    if (isIn) socket.on('close', left);
    else socket.destroy();
    return isIn;
  };
}

/** Has a server of any kind listen. Rejects with Node's error when it cannot. */
export function listenWith(server: Server, address: Address): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address.host, port: address.port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      // An accept that fails (EMFILE) hits one newcomer; the listener goes on.
      server.on('error', () => {});
      resolve({ address: boundTo(server), close: () => closed(server) });
    });
  });
}

/** Dials an address. Rejects with Node's error, or when `timeoutMs` (default 10 s) is over. */
export function dialTcp(to: Address, options: { timeoutMs?: number } = {}): Promise<Connection> {
  const socket = connect({ host: to.host, port: to.port, noDelay: true });
  return standing(socket, { event: 'connect', to, ...options }, () => new TcpConnection(socket));
}

/** Resolves with what is made of a dialled socket when the event has come that says that it stands. */
export function standing<T>(
  socket: Socket,
  { event, to, timeoutMs = 10_000 }: { event: string; to: Address; timeoutMs?: number },
  make: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer from ${to.host}:${to.port}`)),
      timeoutMs,
    );
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', reject);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', reject);
      resolve(make());
    });
  });
}

const CONNECTION = Symbol('connection');

const ENDS = Symbol('ends');

interface OwnedSocket extends Socket {
  [CONNECTION]: TcpConnection;
}

interface KnownSocket extends Socket {
  [ENDS]?: Ends;
}

/**
 * A connection on a socket that stands, TCP or TLS. The socket leads to it, and all sockets have the same listeners: functions
 * of their own would be a quarter of what an idle MSRP session takes.
 */
export class TcpConnection implements Connection {
  readonly #socket: OwnedSocket;
  /** These two are for the listeners of the socket. */
  handler: ConnectionHandler | undefined;
  error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = Object.assign(socket, { [CONNECTION]: this });
    socket.on('error', failed);
    socket.setKeepAlive(true, KEEP_ALIVE);
  }

  get local(): Address {
    return endsOf(this.#socket).local;
  }

  get remote(): Address {
    return endsOf(this.#socket).remote;
  }

  get pendingBytes(): number {
    return this.#socket.writableLength;
  }

  get open(): boolean {
    return this.#socket.writable;
  }

  handle(handler: ConnectionHandler): void {
    this.handler = handler;
    this.#socket.on('data', data);
    this.#socket.on('drain', drained);
    this.#socket.on('close', gone);
  }

  write(bytes: Buffer | string, encoding?: 'latin1'): boolean {
    return this.#socket.writable ? this.#socket.write(bytes, encoding) : true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(how?: 'reset'): void {
    const socket = this.#socket;
    const ending = socket.writableEnded && !socket.writableFinished;
    // Node resets TCP alone, and makes a fault of it while the end is being sent, and when all is over.
    if (how !== 'reset' || socket instanceof TLSSocket || ending || socket.destroyed) socket.destroy();
    else socket.resetAndDestroy();
  }
}

function failed(this: OwnedSocket, error: Error): void {
  this[CONNECTION].error = error;
}

function data(this: OwnedSocket, bytes: Buffer): void {
  this[CONNECTION].handler?.data(bytes);
}

function drained(this: OwnedSocket): void {
  this[CONNECTION].handler?.drained();
}

function gone(this: OwnedSocket): void {
  const { handler, error } = this[CONNECTION];
  handler?.closed(error);
}

/**
 * Both ends of a socket that stands. They are looked up when somebody wants to know, and kept: a socket that has gone does
 * not know them.
 */
export function endsOf(socket: KnownSocket): Ends {
  socket[ENDS] ??= {
    local: { host: plainHost(socket.localAddress), port: socket.localPort ?? 0 },
    remote: { host: plainHost(socket.remoteAddress), port: socket.remotePort ?? 0 },
  };
  return socket[ENDS];
}

function plainHost(host = ''): string {
  return host.replace(IPV4_MAPPED, '');
}

function boundTo(server: Server): Address {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP listener');
  return { host: address.address, port: address.port };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
