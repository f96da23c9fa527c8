/** SIP on our addresses: listeners, rooms, and what lies between them. */
import type { LoggerFactory } from 'sip.js/lib/core/index.js';
import type { Connection } from '../transport/connection.ts';
import { explainListenError } from '../transport/listen-error.ts';
import { Guests } from '../transport/guests.ts';
import { type Listener, listenTcp } from '../transport/tcp.ts';
import type { Certificate } from '../transport/tls.ts';
import type { Upgrade } from '../transport/websocket-server.ts';
import type { SipListen, SipRoom, SipRoomOptions, SipStackOptions } from './api.ts';
import { datagramFrame } from './frame.ts';
import { Layer } from './layer.ts';
import { loggerFactory } from './library.ts';
import { oneLine } from './parameters.ts';
import { Room } from './room.ts';
import { SecureListeners } from './secure-listeners.ts';
import { bindUdp, type UdpSocket } from './udp.ts';
import { formatHostPort } from './uri.ts';
import { WebSockets } from './websockets.ts';

/** Connections of one address; behind a proxy all of them are. */
const MOST_OF_ADDRESS = 2000;

export class SipStack {
  readonly #options: SipStackOptions;
  readonly #guests: Guests;
  readonly #allowEvents: readonly string[];
  readonly #loggerFactory: LoggerFactory;
  readonly #layer: Layer;
  readonly #webSockets: WebSockets;
  readonly #secure: SecureListeners;
  readonly #rooms = new Set<Room>();
  readonly #sockets: UdpSocket[] = [];
  readonly #listeners: Listener[] = [];
  readonly #addresses: string[] = [];

  constructor(options: SipStackOptions) {
    this.#options = options;
    this.#allowEvents = options.allowEvents ?? ['conference'];
    this.#loggerFactory = loggerFactory(options.log);
    const guests = new Guests(options.connectionsPerAddress ?? MOST_OF_ADDRESS);
    this.#guests = guests;
    this.#layer = new Layer({
      clock: options.clock,
      log: options.log,
      host: options.host,
      userAgent: oneLine(options.userAgent),
      allowEvents: this.#allowEvents,
      settled: (connection) => guests.settled(connection),
    });
    const { clock, log, certificate } = options;
    const { flows } = this.#layer;
    const origins = options.origins ?? { hosts: [], origins: [] };
    this.#webSockets = new WebSockets({ clock, log, flows, origins, certificate, guests });
    this.#secure = new SecureListeners({ clock, flows, certificate, guests });
  }

  /** For the HTTP server of this program: it hands over requests for the subprotocol `sip` (RFC 7118 section 4.1). */
  get upgrade(): Upgrade {
    return this.#webSockets.upgrade;
  }

  /** Newcomers of tls and wss listeners see this certificate. Throws Node's error where it does not fit its key. */
  renew(certificate: Certificate): void {
    this.#secure.renew(certificate);
    this.#webSockets.renew(certificate);
  }

  /** The addresses listened on after start, as `udp://127.0.0.1:5060`, with the real ports. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** What is kept for peers at this moment: connections, and UDP transactions that may still be repeated. */
  get load(): { readonly connections: number; readonly transactions: number } {
    return { connections: this.#layer.flows.connections, transactions: this.#layer.remembered };
  }

  /** Listens everywhere. Rejects with Node's error when it cannot somewhere, and then listens nowhere. */
  async start(): Promise<void> {
    try {
      for (const listen of this.#options.listen) await this.#listen(listen);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** `user` in canonical form, without escapes. Throws when there is a room of that name. */
  addRoom(user: string, options: SipRoomOptions): SipRoom {
    if ([...this.#rooms].some((room) => room.user === user && !room.removed)) {
      throw new Error(`there is a SIP room ${user} already`);
    }
    const room = new Room(user, options, {
      layer: this.#layer,
      clock: this.#options.clock,
      log: this.#options.log,
      loggerFactory: this.#loggerFactory,
      userAgent: oneLine(this.#options.userAgent),
      allowEvents: this.#allowEvents,
      removed: (gone) => this.#rooms.delete(gone),
    });
    this.#rooms.add(room);
    return room;
  }

  /** Closes all sockets. No BYE is sent: rooms are to be removed before, and given the time for it. */
  async stop(): Promise<void> {
    const closing = [...this.#listeners.splice(0), ...this.#sockets.splice(0)].map((each) => each.close());
    for (const room of [...this.#rooms]) room.dispose();
    this.#webSockets.close();
    this.#layer.close();
    await Promise.all(closing);
  }

  async #listen({ transport, host, port }: SipListen): Promise<void> {
    try {
      if (transport === 'udp') await this.#listenUdp(host, port);
      else if (transport === 'tcp') await this.#listenTcp(host, port);
      else if (transport === 'tls') this.#keep('tls', await this.#secure.listen({ host, port }));
      else this.#keep(transport, await this.#webSockets.listen(transport, { host, port }));
    } catch (error) {
      throw explainListenError(error, `${transport}://${formatHostPort(host, port)}`);
    }
  }

  async #listenUdp(host: string, port: number): Promise<void> {
    const { flows } = this.#layer;
    let number: number | undefined;
    const socket = await bindUdp({ host, port }, (bytes, from) => {
      const frame = datagramFrame(bytes);
      const flow = number === undefined ? undefined : flows.udp(number, from);
      if (frame && flow) this.#layer.receive(frame, flow);
    });
    number = flows.addUdp(socket);
    this.#sockets.push(socket);
    this.#addresses.push(`udp://${formatHostPort(socket.address.host, socket.address.port)}`);
  }

  async #listenTcp(host: string, port: number): Promise<void> {
    const { flows } = this.#layer;
    const adopt = (connection: Connection): void => void flows.adopt(connection, ourselves, false);
    const listener = await listenTcp({ host, port }, adopt, this.#guests);
    const ourselves = flows.addTcp(listener.address);
    this.#keep('tcp', listener);
  }

  #keep(scheme: string, listener: Listener): void {
    this.#listeners.push(listener);
    this.#addresses.push(`${scheme}://${formatHostPort(listener.address.host, listener.address.port)}`);
  }
}
