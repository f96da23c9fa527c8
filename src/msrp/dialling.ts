/** How a peer, or the relay before it, is reached (RFC 4975 section 5.4). */
import type { Connection } from '../transport/connection.ts';
import { dialTcp } from '../transport/tcp.ts';
import { type Certificate, dialTls } from '../transport/tls.ts';
import { formatMsrpUri, type MsrpUri } from './uri.ts';

/**
 * Who must have made the certificate of the other end: `authority`, an accepted one, for the host of the URI (RFC 4975
 * section 5.4); `fingerprint`: nobody, as the session looks at it itself (section 14.4).
 */
export type TrustBy = 'authority' | 'fingerprint';

/** Opens a connection to the host of a URI. */
export type Dial = (uri: MsrpUri, trust: TrustBy) => Promise<Connection>;

/** What TLS needs to dial. */
export interface DialIdentity {
  /** Ours: a client must show one too (RFC 8122 section 6.2). */
  readonly certificate: Certificate;
  /** The authorities that are believed, in PEM; undefined: the system's. */
  readonly ca: string | undefined;
}

/** Dials by TCP: `msrp` plainly; `msrps` by TLS, where there is an identity, which is asked for each time. */
export function tcpDial(identity?: () => DialIdentity): Dial {
  return (uri, trust) => {
    const { scheme, host, port, transport } = uri;
    if (transport === 'tcp' && port !== undefined) {
      if (scheme === 'msrp') return dialTcp({ host, port });
      if (identity) {
        return dialTls({ host, port }, { ...identity(), trust });
      }
    }
    return Promise.reject(new Error(`cannot dial ${formatMsrpUri(uri)}`));
  };
}
