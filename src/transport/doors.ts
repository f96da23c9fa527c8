/** Listeners that look at their newcomers first: how many an address has, and whether TLS is spoken. */
import { createServer, type Socket } from 'node:net';
import type { Clock } from '../common/clock.ts';
import type { Address, Connection } from './connection.ts';
import type { Guests } from './guests.ts';
import { countedBy, listenWith, TcpConnection } from './tcp.ts';
import { type Certificate, type TlsListener, tlsServer } from './tls.ts';

export interface DoorOptions {
  readonly clock: Clock;
  readonly certificate: Certificate;
  /** TLS newcomers are asked for a certificate (RFC 8122 section 6.2); default: they are not. */
  readonly asksCertificate?: boolean;
  /** `both`: plain connections too, told by their first byte. */
  readonly speaks: 'tls' | 'both';
  readonly guests: Guests;
  /** Milliseconds for the first byte; default 10 s. With TLS alone it is the handshake that has its time. */
  readonly silenceMs?: number;
}

/** The first byte of a TLS record with a handshake message (RFC 8446 section 5.1). No protocol in text begins with it. */
const HANDSHAKE = 0x16;

/**
 * Listens. A connection is given when its first bytes have come or, by TLS, when its handshake is done; it must be handled
 * in the tick in which it is given. Rejects with Node's error when it cannot listen, or the certificate is none or does not
 * fit its key.
 */
export async function listenAtDoor(
  address: Address,
  { clock, certificate, asksCertificate = false, speaks, guests, silenceMs = 10_000 }: DoorOptions,
  accept: (connection: Connection) => void,
): Promise<TlsListener> {
  const { take, renew } = tlsServer(certificate, { asksCertificate }, accept);
  const comes =
    speaks === 'tls' ? take : (socket: Socket) => sniff(socket, { clock, silenceMs, take, accept });
  const enters = countedBy(guests);
  const server = createServer({ noDelay: true }, (socket) => {
    if (enters(socket)) comes(socket);
  });
  return { ...(await listenWith(server, address)), renew };
}

interface Sniffing {
  readonly clock: Clock;
  readonly silenceMs: number;
  readonly take: (socket: Socket) => void;
  readonly accept: (connection: Connection) => void;
}

function sniff(socket: Socket, { clock, silenceMs, take, accept }: Sniffing): void {
  const timer = clock.after(silenceMs, () => socket.destroy());
  const ended = (): void => timer.cancel();
  // Until somebody else listens.
  const fault = (): void => {};
  socket.on('error', fault);
  socket.once('close', ended);
  socket.once('data', (first: Buffer) => {
    timer.cancel();
    socket.off('close', ended);
    socket.off('error', fault);
    if (first[0] === HANDSHAKE) {
      socket.pause();
      socket.unshift(first);
      return take(socket);
    }
    accept(new TcpConnection(socket));
    // Whoever took the connection listens now, and has missed these.
    socket.emit('data', first);
  });
}
