/** A way to a peer and back: a connection by TCP or TLS, a WebSocket, or an address over one of our UDP sockets. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Address } from '../transport/connection.ts';
import type { SipTransport, Source } from './api.ts';
import { formatHostPort } from './uri.ts';

export interface Flow {
  /** Its private name; cannot be guessed. */
  readonly token: string;
  readonly transport: SipTransport;
  /** The other end. */
  readonly source: Source;
  readonly open: boolean;
  /** What we write of ourselves in messages on it. */
  readonly ourselves: OwnAddress;
  write(bytes: Buffer): void;
  /** Closes when what is written is sent; does nothing to UDP. */
  end(): void;
}

export interface OwnAddress {
  /** The sent-by of Via. */
  readonly sentBy: string;
  /** The host, port and transport of Contact. */
  readonly contact: string;
  /** The same of a sips Contact; undefined where no way to us is by TLS. */
  readonly sips: () => string | undefined;
}

/**
 * How we name ourselves on the flows of a transport: in Via, and in the host part of Contact. `elsewhere`: where TLS is
 * spoken, for flows that have none.
 */
export function ownAddress(
  transport: SipTransport,
  address: Address,
  elsewhere: OwnAddress['sips'] = () => undefined,
): OwnAddress {
  const sentBy = formatHostPort(address.host, address.port);
  if (transport === 'udp') return { sentBy, contact: sentBy, sips: elsewhere };
  if (transport === 'tcp') return { sentBy, contact: `${sentBy};transport=tcp`, sips: elsewhere };
  // RFC 3261 section 26.2.2: a sips URI says TLS by its scheme, and `transport=tls` has no place in it.
  if (transport === 'tls') return { sentBy, contact: `${sentBy};transport=tls`, sips: () => sentBy };
  // The URI of a secure WebSocket has `ws` too (RFC 7118 section 5.2). One that is not may have come by TLS to a proxy.
  const contact = `${sentBy};transport=ws`;
  return { sentBy, contact, sips: () => contact };
}

/** Names of UDP flows say where they lead, under a seal; so none has to be remembered. */
export class FlowSeal {
  readonly #secret = randomBytes(16);

  name(socket: number, to: Address): string {
    const text = Buffer.from(`${socket} ${to.port} ${to.host}`).toString('base64url');
    return `u${text}.${this.#seal(text)}`;
  }

  /** Undefined for a name that we did not give. */
  read(token: string): { socket: number; to: Address } | undefined {
    const match = /^u([^.]+)\.([^.]+)$/.exec(token);
    if (!match || this.#seal(match[1] ?? '') !== match[2]) return undefined;
    const [socket, port, host = ''] = Buffer.from(match[1] ?? '', 'base64url')
      .toString()
      .split(' ');
    return { socket: Number(socket), to: { host, port: Number(port) } };
  }

  #seal(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url').slice(0, 16);
  }
}
