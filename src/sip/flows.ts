/** All ways to peers: found by their private name, by who is at the other end, or made. */
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Address, Connection } from '../transport/connection.ts';
import { dialTcp } from '../transport/tcp.ts';
import type { SipTransport, Source } from './api.ts';
import { ConnectedFlow, type FlowOwner } from './connected-flow.ts';
import { type Flow, FlowSeal, type OwnAddress, ownAddress } from './flow.ts';
import type { Frame } from './frame.ts';
import type { UdpSocket } from './udp.ts';
import { formatHostPort } from './uri.ts';

/**
 * Whom to dial, or to send a datagram. Who has come by a WebSocket is a client that takes no connections (RFC 7118 section
 * 5.2); by TLS we take connections and open none.
 */
export interface Target {
  readonly transport: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
}

export interface FlowsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Written instead of the addresses of the listeners. */
  readonly host: string | undefined;
  received(frame: Frame, flow: Flow): void;
  /** Somebody who has connected has sent a message. */
  settled(connection: Connection): void;
}

/** More connections than this are not taken. */
const MOST_CONNECTIONS = 10_000;
const DIAL_TIME = 4_000;
/** Peers that are remembered not to take TCP, and for how long. */
const MOST_REFUSING = 1_000;
const REFUSING_TIME = 5 * 60_000;

export class Flows {
  readonly #options: FlowsOptions;
  readonly #seal = new FlowSeal();
  readonly #sockets: { socket: UdpSocket; ourselves: OwnAddress }[] = [];
  #tcpOurselves: OwnAddress | undefined;
  /** The first TLS listener. */
  #tlsOurselves: OwnAddress | undefined;
  readonly #byToken = new Map<string, ConnectedFlow>();
  /** TCP connections by who is at the other end. */
  readonly #byPeer = new Map<string, ConnectedFlow>();
  readonly #dialling = new Map<string, Promise<Flow>>();
  readonly #refusing = new Map<string, number>();
  #closed = false;

  constructor(options: FlowsOptions) {
    this.#options = options;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#byToken.size;
  }

  /** Takes a socket into use; what is received on it comes over `udp(number, from)`. */
  addUdp(socket: UdpSocket): number {
    return this.#sockets.push({ socket, ourselves: this.#ownAddress('udp', socket.address) }) - 1;
  }

  /** The first TCP listener is the address that we name on connections that we dial. */
  addTcp(address: Address): OwnAddress {
    const ourselves = this.#ownAddress('tcp', address);
    this.#tcpOurselves ??= ourselves;
    return ourselves;
  }

  /** The first TLS listener is where a sips Contact leads on flows without TLS. */
  addTls(address: Address): OwnAddress {
    const ourselves = this.#ownAddress('tls', address);
    this.#tlsOurselves ??= ourselves;
    return ourselves;
  }

  udp(socket: number, to: Address): Flow | undefined {
    const own = this.#sockets[socket];
    if (!own) return undefined;
    return {
      token: this.#seal.name(socket, to),
      transport: 'udp',
      source: { transport: 'udp', ...to },
      open: !this.#closed,
      ourselves: own.ourselves,
      write: (bytes) => own.socket.send(bytes, to),
      end: () => {},
    };
  }

  /** Takes a TCP connection into use. Too many, and it is closed. */
  adopt(connection: Connection, ourselves: OwnAddress, dialled: boolean): Flow {
    const flow = new ConnectedFlow('tcp', connection, ourselves, this.#owner(), dialled);
    this.#keep(flow);
    this.#byPeer.set(peerKey(flow.source), flow);
    return flow;
  }

  /** Takes a TLS connection that has come into use. Too many, and it is closed. */
  adoptTls(connection: Connection, ourselves: OwnAddress): void {
    this.#keep(new ConnectedFlow('tls', connection, ourselves, this.#owner()));
  }

  /** Takes a WebSocket into use. Too many, and it is closed. */
  adoptWebSocket(connection: Connection, transport: 'ws' | 'wss'): void {
    const ourselves = this.#ownAddress(transport, connection.local);
    this.#keep(new ConnectedFlow(transport, connection, ourselves, this.#owner()));
  }

  /** The flow of that name while it is open. */
  find(token: string): Flow | undefined {
    const tcp = this.#byToken.get(token);
    if (tcp) return tcp.open ? tcp : undefined;
    const udp = this.#seal.read(token);
    return udp && this.udp(udp.socket, udp.to);
  }

  /** A flow to there: one that is open, or a new one. Rejects with Node's error where there is no way. */
  async reach(target: Target): Promise<Flow> {
    if (target.transport === 'tcp') return this.#reachTcp(target);
    const host = await this.#resolve(target.host);
    const v6 = isIPv6(host);
    // A socket of IPv6 reaches IPv4 as well only where it is bound to no address.
    const fits = this.#sockets.findIndex(({ socket }) => isIPv6(socket.address.host) === v6);
    const flow = this.udp(fits < 0 ? 0 : fits, { host, port: target.port });
    if (!flow) throw new Error(`no UDP socket to reach ${formatHostPort(host, target.port)}`);
    return flow;
  }

  /** False where TCP was refused not long ago. */
  takesTcp(target: Target): boolean {
    const until = this.#refusing.get(peerKey(target));
    return until === undefined || until < this.#options.clock.now();
  }

  refusesTcp(target: Target): void {
    const [oldest] = this.#refusing.keys();
    if (this.#refusing.size >= MOST_REFUSING && oldest !== undefined) this.#refusing.delete(oldest);
    this.#refusing.set(peerKey(target), this.#options.clock.now() + REFUSING_TIME);
  }

  close(): void {
    this.#closed = true;
    for (const flow of this.#byToken.values()) flow.destroy();
  }

  async #reachTcp(target: Target): Promise<Flow> {
    const host = await this.#resolve(target.host);
    const key = peerKey({ host, port: target.port });
    const known = this.#byPeer.get(key);
    if (known?.open) return known;
    const dialling = this.#dialling.get(key) ?? this.#dial({ host, port: target.port });
    this.#dialling.set(key, dialling);
    try {
      return await dialling;
    } finally {
      this.#dialling.delete(key);
    }
  }

  async #dial(to: Address): Promise<Flow> {
    if (this.#byToken.size >= MOST_CONNECTIONS) throw new Error('too many connections');
    const connection = await dialTcp(to, { timeoutMs: DIAL_TIME });
    this.#options.log.debug({ to }, 'SIP connection dialled');
    const ourselves =
      this.#tcpOurselves ?? this.#sockets[0]?.ourselves ?? ownAddress('tcp', connection.local);
    return this.adopt(connection, ourselves, true);
  }

  // Addresses of peers are IP addresses nearly always; SRV and NAPTR are not asked for (RFC 3263).
  async #resolve(host: string): Promise<string> {
    return isIP(host) ? host : (await lookup(host)).address;
  }

  #ownAddress(transport: SipTransport, address: Address): OwnAddress {
    const named = { host: this.#options.host ?? address.host, port: address.port };
    return ownAddress(transport, named, () => this.#tlsOurselves?.sips());
  }

  #owner(): FlowOwner {
    return {
      clock: this.#options.clock,
      received: (frame, from) => this.#options.received(frame, from),
      settled: (connection) => this.#options.settled(connection),
      gone: (gone) => this.#forget(gone),
    };
  }

  #keep(flow: ConnectedFlow): void {
    if (this.#closed || this.#byToken.size >= MOST_CONNECTIONS) flow.destroy();
    this.#byToken.set(flow.token, flow);
  }

  #forget(flow: ConnectedFlow): void {
    this.#byToken.delete(flow.token);
    const key = peerKey(flow.source);
    if (this.#byPeer.get(key) === flow) this.#byPeer.delete(key);
  }
}

function peerKey(peer: Address | Source): string {
  return formatHostPort(peer.host, peer.port);
}
