/** TLS connections taken from a listener. */
import { createServer } from 'node:tls';
import type { Address, Connection } from './connection.ts';
import { listenWith, TcpConnection, type Listener } from './tcp.ts';

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface TlsListener extends Listener {
  /** Newcomers see another certificate. Throws Node's error where it is none, or does not fit its key. */
  renew(certificate: Certificate): void;
}

/** Milliseconds for a newcomer to finish its handshake. */
const HANDSHAKE_TIME = 10_000;

/**
 * Listens for TLS 1.2 and newer. A connection is given when its handshake is done. Rejects with Node's error when it cannot
 * listen, or the certificate is none or does not fit its key.
 */
export async function listenTls(
  address: Address,
  certificate: Certificate,
  accept: (connection: Connection) => void,
): Promise<TlsListener> {
  const server = createServer(
    { ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIME, noDelay: true },
    (socket) => accept(new TcpConnection(socket)),
  );
  // A handshake that fails is the newcomer's affair.
  server.on('tlsClientError', () => {});
  const listener = await listenWith(server, address);
  return { ...listener, renew: (renewed) => server.setSecureContext({ ...renewed, minVersion: 'TLSv1.2' }) };
}
