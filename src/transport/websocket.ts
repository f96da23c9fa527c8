/** A WebSocket (RFC 6455) as a connection on which each `write` is one message, and each message comes in one piece. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { RawData, WebSocket } from 'ws';
import type { Address, Connection, ConnectionHandler, Secured } from './connection.ts';
import { endsOf } from './tcp.ts';

/** Bytes that may wait before `write` says that it is too much. */
const ENOUGH = 65_536;

export interface WebSocketKind {
  /** True: what is sent goes as text, and must be UTF-8. False: as binary. Both are taken. */
  readonly text: boolean;
}

/** A WebSocket that is open. */
export class WebSocketConnection implements Connection {
  readonly framed = true;
  readonly secured: Secured | undefined;
  readonly local: Address;
  readonly remote: Address;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #binary: boolean;
  #error: Error | undefined;
  #corked = false;
  /** Something came since `probe` was called last. */
  #alive = true;

  /** `socket`: what carries it. */
  constructor(webSocket: WebSocket, socket: Socket, { text }: WebSocketKind) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#binary = !text;
    const { local, remote } = endsOf(socket);
    this.local = local;
    this.remote = remote;
    // Nobody is asked for a certificate: what a page can show is up to its browser (RFC 7977 section 9).
    if (socket instanceof TLSSocket) this.secured = { peerCertificate: undefined };
    webSocket.on('error', (error) => (this.#error = error));
    webSocket.on('pong', () => (this.#alive = true));
  }

  get pendingBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  get open(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  handle(handler: ConnectionHandler): void {
    this.#webSocket.on('message', (data: RawData) => {
      this.#alive = true;
      // One buffer, as `binaryType` is left alone.
      handler.data(data as Buffer);
    });
    this.#socket.on('drain', () => handler.drained());
    this.#webSocket.on('close', () => handler.closed(this.#error));
  }

  write(bytes: Buffer | string, encoding?: 'latin1'): boolean {
    if (!this.open) return true;
    this.#cork();
    this.#webSocket.send(typeof bytes === 'string' ? Buffer.from(bytes, encoding) : bytes, {
      binary: this.#binary,
    });
    return this.pendingBytes < ENOUGH;
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  end(): void {
    this.#webSocket.close(1000);
  }

  destroy(): void {
    this.#webSocket.terminate();
  }

  /** Asks whether the peer is there (RFC 6455 section 5.5.2). False: it has not answered the last time, nor said anything since. */
  probe(): boolean {
    if (!this.#alive) return false;
    this.#alive = false;
    if (this.open) this.#webSocket.ping();
    return true;
  }

  /** The messages of a turn leave in one system call. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }
}
