/** TLS connections: taken from a listener or dialled. TLS 1.2 and newer. */
import { createServer as createTcpServer, isIP, type Server, type Socket } from 'node:net';
import { connect, createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Address, Connection, Secured } from './connection.ts';
import { listenWith, standing, TcpConnection, type Listener } from './tcp.ts';

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface TlsListener extends Listener {
  /** Newcomers see another certificate. Throws Node's error where it is none, or does not fit its key. */
  renew(certificate: Certificate): void;
}

export interface TlsServerOptions {
  /** Asks newcomers for a certificate. Whoever has none comes in too, and nobody looks who has signed it: see `secured`. */
  readonly asksCertificate?: boolean;
}

/** What has TLS done over sockets that it is given. */
export interface TlsServer {
  readonly take: (socket: Socket) => void;
  readonly renew: (certificate: Certificate) => void;
}

/** Milliseconds for a newcomer to finish its handshake. */
const HANDSHAKE_TIME = 10_000;
const minVersion = 'TLSv1.2';

/** Makes connections of sockets by TLS. Throws Node's error where the certificate is none or does not fit its key. */
export function tlsServer(
  certificate: Certificate,
  { asksCertificate = false }: TlsServerOptions,
  accept: (connection: Connection) => void,
): TlsServer {
  const asking: TlsOptions = asksCertificate ? { requestCert: true, rejectUnauthorized: false } : {};
  const server = createServer(
    { ...certificate, ...asking, minVersion, handshakeTimeout: HANDSHAKE_TIME },
    (socket) => accept(new TlsConnection(socket)),
  );
  // A handshake that fails is the newcomer's affair.
  server.on('tlsClientError', () => {});
  return {
    take: (socket) => void server.emit('connection', socket),
    renew: (renewed) => server.setSecureContext({ ...renewed, minVersion }),
  };
}

/**
 * Listens for TLS. A connection is given when its handshake is done. Rejects with Node's error when it cannot listen, or
 * the certificate is none or does not fit its key.
 */
export async function listenTls(
  address: Address,
  certificate: Certificate,
  accept: (connection: Connection) => void,
  options: TlsServerOptions = {},
): Promise<TlsListener> {
  const { take, renew } = tlsServer(certificate, options, accept);
  const server: Server = createTcpServer({ noDelay: true }, take);
  return { ...(await listenWith(server, address)), renew };
}

export interface TlsDialling {
  /** Shown when the server asks for one. */
  readonly certificate: Certificate;
  /**
   * `authority`: the server's certificate is signed by one of `ca` (PEM; the system's authorities without it) and names
   * the host. `fingerprint`: anybody is; whoever dials looks at the certificate itself, before it writes.
   */
  readonly trust: 'authority' | 'fingerprint';
  readonly ca?: string | undefined;
  /** Default 10 s, for everything together. */
  readonly timeoutMs?: number;
}

/** Dials an address and does TLS. Rejects with Node's error, also where the server is not trusted, or when its time is over. */
export function dialTls(
  to: Address,
  { certificate, trust, ca, timeoutMs = 10_000 }: TlsDialling,
): Promise<Connection> {
  const socket = connect({
    host: to.host,
    port: to.port,
    ...certificate,
    minVersion,
    rejectUnauthorized: trust === 'authority',
    ...(ca !== undefined && { ca }),
    // RFC 6066 section 3: names only. Node holds the certificate against the host in any case.
    ...(isIP(to.host) === 0 && { servername: to.host }),
  });
  socket.setNoDelay();
  return standing(socket, { event: 'secureConnect', to, timeoutMs }, () => new TlsConnection(socket));
}

class TlsConnection extends TcpConnection {
  readonly secured: Secured;

  constructor(socket: TLSSocket) {
    super(socket);
    this.secured = { peerCertificate: socket.getPeerX509Certificate()?.raw };
  }
}
