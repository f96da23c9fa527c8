/** How SIP gets to the other side and back: a UDP socket, TCP or TLS connections, or a WebSocket; always also a TCP listener (RFC 3261 section 18). */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';

export interface SipServer {
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
  /** Of TLS: the authority that it believes, in PEM. Without one it believes anybody. */
  readonly ca?: string;
}

/** Sends an answer the way its request came. */
export type Reply = (text: string) => void;

export class SipFlow {
  readonly transport: SipServer['transport'];
  /** Where the other side can reach this one, by UDP (if that is its transport) and by TCP. */
  readonly port: number;
  readonly #server: SipServer;
  readonly #source: string;
  readonly #udp: UdpSocket | undefined;
  readonly #listener: Server;
  readonly #arrived: (text: string, reply: Reply) => void;
  readonly #sockets = new Set<Socket>();
  #outgoing: Socket | undefined;
  #webSocket: WebSocket | undefined;

  /** On a port of the source address, which is the same for UDP and TCP. */
  static async open(
    server: SipServer,
    source: string,
    arrived: (text: string, reply: Reply) => void,
  ): Promise<SipFlow> {
    for (let attempt = 0; ; attempt += 1) {
      const listener = createServer().listen(0, source);
      await once(listener, 'listening');
      const { port } = listener.address() as AddressInfo;
      if (server.transport !== 'udp') return new SipFlow(server, source, port, listener, undefined, arrived);
      const udp = createSocket('udp4');
      udp.bind(port, source);
      try {
        await once(udp, 'listening');
        return new SipFlow(server, source, port, listener, udp, arrived);
      } catch (error) {
        listener.close();
        if (attempt === 20) throw error;
      }
    }
  }

  private constructor(
    server: SipServer,
    source: string,
    port: number,
    listener: Server,
    udp: UdpSocket | undefined,
    arrived: (text: string, reply: Reply) => void,
  ) {
    this.transport = server.transport;
    this.port = port;
    this.#server = server;
    this.#source = source;
    this.#listener = listener;
    this.#udp = udp;
    this.#arrived = arrived;
    listener.on('connection', (socket) => this.#read(socket));
    udp?.on('error', () => {});
    udp?.on('message', (data, { address, port: from }) => {
      const text = data.toString();
      if (text.trim() !== '') arrived(text, (answer) => udp.send(answer, from, address));
    });
  }

  async send(text: string): Promise<void> {
    if (this.#udp) {
      this.#udp.send(text, this.#server.port, this.#server.host);
      return;
    }
    if (this.transport === 'ws' || this.transport === 'wss') {
      this.#webSocket ??= await this.#open();
      this.#webSocket.send(text);
      return;
    }
    if (this.#outgoing === undefined || this.#outgoing.destroyed) {
      const { host, port, ca } = this.#server;
      const tcp = connect({ host, port, localAddress: this.#source });
      const secure = this.transport === 'tls';
      const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
      this.#outgoing = secure ? connectTls({ socket: tcp, host, ...trust }) : tcp;
      this.#read(this.#outgoing);
      await once(this.#outgoing, secure ? 'secureConnect' : 'connect');
    }
    this.#outgoing.write(text);
  }

  close(): void {
    this.#udp?.close();
    this.#webSocket?.terminate();
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A WebSocket for the subprotocol of RFC 7118, as a page of the host itself opens it. Each message of it is one of SIP (section 5). */
  async #open(): Promise<WebSocket> {
    const { host, port, transport } = this.#server;
    const socket = new WebSocket(`${transport}://${host}:${port}/sip`, 'sip', {
      origin: `${transport === 'wss' ? 'https' : 'http'}://${host}:${port}`,
      rejectUnauthorized: false,
    });
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.#arrived(data.toString(), (answer) => socket.send(answer)));
    await once(socket, 'open');
    return socket;
  }

  /** Cuts the stream into messages by their Content-Length (RFC 3261 section 18.3). */
  #read(socket: Socket): void {
    this.#sockets.add(socket);
    let unread = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (data: Buffer) => {
      unread = Buffer.concat([unread, data]);
      for (;;) {
        while (unread[0] === 13 || unread[0] === 10) unread = unread.subarray(1);
        const end = unread.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = unread.subarray(0, end).toString();
        const length = Number(/^(?:content-length|l)[ \t]*:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
        if (unread.length < end + 4 + length) return;
        const text = unread.subarray(0, end + 4 + length).toString();
        unread = unread.subarray(end + 4 + length);
        this.#arrived(text, (answer) => void socket.write(answer));
      }
    });
  }
}
