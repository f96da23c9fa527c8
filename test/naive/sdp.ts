/** The few lines of SDP that a chat needs (RFC 4975 section 8, RFC 7701 section 8). */

export interface MessageMedia {
  readonly port: number;
  readonly protocol: string;
  readonly connection: string;
  /** The URIs of a=path. */
  readonly path: readonly string[];
  readonly acceptTypes: readonly string[];
  readonly acceptWrappedTypes: readonly string[];
  /** Undefined where there is no such line. */
  readonly chatroom: readonly string[] | undefined;
  readonly setup: string | undefined;
  readonly maxSize: number | undefined;
  readonly fingerprint: string | undefined;
}

export interface MessageOffer {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls?: boolean;
  readonly acceptTypes: string;
  readonly wrapped: string | null;
  readonly chatroom: string | null;
  readonly setup: string | null;
  /** The value of a=fingerprint. */
  readonly fingerprint?: string | null | undefined;
}

export function writeSdp(offer: MessageOffer): string {
  const lines = [
    'v=0',
    `o=- ${Date.now()} 1 IN IP4 ${offer.host}`,
    's=-',
    `c=IN IP4 ${offer.host}`,
    't=0 0',
    `m=message ${offer.port} ${offer.tls ? 'TCP/TLS/MSRP' : 'TCP/MSRP'} *`,
    `a=path:${offer.path}`,
    `a=accept-types:${offer.acceptTypes}`,
  ];
  if (offer.wrapped !== null) lines.push(`a=accept-wrapped-types:${offer.wrapped}`);
  if (offer.setup !== null) lines.push(`a=setup:${offer.setup}`);
  if (typeof offer.fingerprint === 'string') lines.push(`a=fingerprint:${offer.fingerprint}`);
  if (offer.chatroom !== null)
    lines.push(offer.chatroom === '' ? 'a=chatroom' : `a=chatroom:${offer.chatroom}`);
  return lines.map((line) => `${line}\r\n`).join('');
}

/** The message line of a body; throws Error where there is none. */
export function readSdp(body: string): MessageMedia {
  const [session = '', ...media] = body.split(/^(?=m=)/m);
  const block = media.find((part) => part.startsWith('m=message '));
  if (block === undefined) throw new Error(`no message line: ${body}`);
  const [, port, protocol = ''] = /^m=message (\d+) (\S+) \*\s*$/m.exec(block) ?? [];
  const attribute = (name: string): string | undefined => {
    const found =
      new RegExp(`^a=${name}(?::(.*?))?\\r?$`, 'm').exec(block) ??
      new RegExp(`^a=${name}(?::(.*?))?\\r?$`, 'm').exec(session);
    return found ? (found[1] ?? '') : undefined;
  };
  const words = (name: string): string[] =>
    attribute(name)
      ?.split(' ')
      .filter((word) => word !== '') ?? [];
  const maxSize = attribute('max-size');
  return {
    port: Number(port),
    protocol,
    connection: /^c=IN IP[46] (\S+)/m.exec(block)?.[1] ?? /^c=IN IP[46] (\S+)/m.exec(session)?.[1] ?? '',
    path: words('path'),
    acceptTypes: words('accept-types'),
    acceptWrappedTypes: words('accept-wrapped-types'),
    chatroom: attribute('chatroom') === undefined ? undefined : words('chatroom'),
    setup: attribute('setup'),
    maxSize: maxSize === undefined ? undefined : Number(maxSize),
    fingerprint: attribute('fingerprint'),
  };
}
