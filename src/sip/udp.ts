/** UDP sockets. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import type { Address } from '../transport/connection.ts';

export interface UdpSocket {
  /** The port is the real one also where 0 was asked for. */
  readonly address: Address;
  /** What cannot be sent is lost, as it may be on the way. */
  send(bytes: Buffer, to: Address): void;
  close(): Promise<void>;
}

/** Bursts of retransmissions are short and large; the system's default is some 200 kB. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;
const IPV4_MAPPED = /^::ffff:(?=\d+\.)/i;

/** Binds a socket. Rejects with Node's error (EADDRINUSE, EACCES ...) when it cannot. */
export function bindUdp(
  address: Address,
  received: (bytes: Buffer, from: Address) => void,
): Promise<UdpSocket> {
  const v6 = isIPv6(address.host);
  const socket = createSocket(v6 ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: address.host, port: address.port }, () => {
      socket.removeAllListeners('error');
      // A datagram that was refused somewhere is no reason to stop.
      socket.on('error', () => {});
      socket.on('message', (bytes, from) =>
        received(bytes, { host: from.address.replace(IPV4_MAPPED, ''), port: from.port }),
      );
      widen(socket);
      const bound = socket.address();
      resolve({
        address: { host: bound.address, port: bound.port },
        send: (bytes, to) => {
          try {
            socket.send(bytes, to.port, v6 && isIPv4(to.host) ? `::ffff:${to.host}` : to.host, () => {});
          } catch {
            // Closed, or a port that is none: lost like any datagram.
          }
        },
        close: () => closed(socket),
      });
    });
  });
}

function widen(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The system allows less; that works as well.
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve();
    }
  });
}
