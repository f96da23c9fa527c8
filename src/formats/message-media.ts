/** The m-lines of a session description, and what the attributes of MSRP say (RFC 4975 section 8, RFC 6135, RFC 7701 section 8). */

/** An m-line of any kind. */
export interface MediaLine {
  /** Its place among the m-lines, from 0. */
  readonly index: number;
  /** `message`, `audio`, ... */
  readonly kind: string;
  /** 0: refused, or switched off. */
  readonly port: number;
  readonly protocol: string;
  readonly formats: string;
  /** It is about one file and no chat (RFC 5547); undefined where it is not. */
  readonly file?: FileOffer;
}

/** What says which file an m-line is about, as it stands there (RFC 5547 section 6). */
export interface FileOffer {
  readonly selector: string;
  readonly transferId: string | undefined;
}

export type Setup = 'active' | 'passive' | 'actpass';
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** An m-line that proposes MSRP: its port is not 0 and its path is good. */
export interface MessageMedia extends MediaLine {
  readonly kind: 'message';
  readonly protocol: 'TCP/MSRP' | 'TCP/TLS/MSRP';
  /** MSRP URIs, the nearest first; at least one, each with a port (RFC 4975 section 8.2). */
  readonly path: readonly string[];
  /** Empty where the attribute is missing, though RFC 4975 section 8.6 demands it. */
  readonly acceptTypes: readonly string[];
  readonly acceptWrappedTypes: readonly string[];
  /** Bytes. */
  readonly maxSize: number | undefined;
  /** Nothing: no attribute, or one to be taken as none (RFC 6135 section 4.2.1). */
  readonly setup: Setup | undefined;
  /** Lower case; nothing when there is no such attribute, empty when it names no token (RFC 7701 section 8). */
  readonly chatroom: ReadonlySet<string> | undefined;
  readonly direction: Direction;
  /** Of the c-line. Only for the record: it need not be where the path leads. */
  readonly connectionHost: string | undefined;
  readonly fingerprints: readonly Fingerprint[];
}

/** RFC 8122 section 5. */
export interface Fingerprint {
  /** Lower case, as `sha-256`. */
  readonly algorithm: string;
  /** Upper case, as `4A:AD:...`. */
  readonly value: string;
}

/** RFC 4975 section 9, with the port that section 8.2 demands. */
const MSRP_URI =
  /^msrps?:\/\/(?:[A-Za-z0-9\-._~%!$&'()*+,;=:]{1,256}@)?(?:\[[0-9A-Fa-f:.]{2,64}\]|[A-Za-z0-9\-._~]{1,255}):[0-9]{1,5}(?:\/[A-Za-z0-9\-._~+=/]*)?;[A-Za-z0-9]+(?:;[^\s;]+)*$/i;

/** Attribute values by lower-case name; a name without a value has ''. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** Whether the line proposes MSRP. */
export function isMessageMedia(line: MediaLine): line is MessageMedia {
  return 'path' in line;
}

/** The m-line with what its attributes say, if it proposes MSRP; `shared` are the attributes of the session. */
export function withAttributes(
  line: MediaLine,
  own: Attributes,
  shared: Attributes,
  connectionHost: string | undefined,
): MessageMedia | MediaLine {
  const file = fileOf(own);
  const plain = file === undefined ? line : { ...line, file };
  const { kind, port } = plain;
  const path = words(own, 'path');
  const transport = plain.protocol.toUpperCase();
  if (kind !== 'message' || port === 0 || (transport !== 'TCP/MSRP' && transport !== 'TCP/TLS/MSRP'))
    return plain;
  if (path.length === 0 || !path.every((uri) => MSRP_URI.test(uri))) return plain;
  const chatroom = own.get('chatroom');
  return {
    ...plain,
    kind,
    protocol: transport,
    path,
    acceptTypes: words(own, 'accept-types'),
    acceptWrappedTypes: words(own, 'accept-wrapped-types'),
    maxSize: wholeNumber(own.get('max-size')?.[0]),
    setup: setupOf((own.get('setup') ?? shared.get('setup'))?.[0]),
    chatroom: chatroom && new Set(chatroom.flatMap(chatroomTokens)),
    direction: directionOf(own) ?? directionOf(shared) ?? 'sendrecv',
    connectionHost,
    fingerprints: (own.get('fingerprint') ?? shared.get('fingerprint') ?? []).flatMap(fingerprintOf),
  };
}

/** The attributes among the lines of a section. */
export function attributesOf(lines: readonly string[]): Attributes {
  const attributes = new Map<string, string[]>();
  for (const line of lines) {
    if (!line.startsWith('a=')) continue;
    const colon = line.indexOf(':');
    const name = line
      .slice(2, colon < 0 ? undefined : colon)
      .trim()
      .toLowerCase();
    const value = colon < 0 ? '' : line.slice(colon + 1).trim();
    const values = attributes.get(name);
    if (values) values.push(value);
    else attributes.set(name, [value]);
  }
  return attributes;
}

/** RFC 5547 section 6: an offer of a file has a selector in it; an empty one only says what its sender is able to do. */
function fileOf(attributes: Attributes): FileOffer | undefined {
  const selector = attributes.get('file-selector')?.[0] ?? '';
  if (selector === '') return undefined;
  return { selector, transferId: attributes.get('file-transfer-id')?.[0] };
}

function words(attributes: Attributes, name: string): string[] {
  return (attributes.get(name)?.[0] ?? '').split(/\s+/).filter((word) => word !== '');
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function setupOf(value: string | undefined): Setup | undefined {
  const setup = value?.toLowerCase();
  return setup === 'active' || setup === 'passive' || setup === 'actpass' ? setup : undefined;
}

/** COMPAT: RFC 7701 says `nickname` in its grammar and `nicknames` in its prose (sections 7.1 and 8). */
function chatroomTokens(value: string): string[] {
  const tokens = value.toLowerCase().split(/\s+/);
  return tokens.filter((token) => token !== '').map((token) => (token === 'nicknames' ? 'nickname' : token));
}

function directionOf(attributes: Attributes): Direction | undefined {
  const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
  return directions.find((direction) => attributes.has(direction));
}

function fingerprintOf(value: string): Fingerprint[] {
  const [, algorithm, digest] = /^(\S+)[ \t]+([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*)$/.exec(value) ?? [];
  return algorithm === undefined || digest === undefined
    ? []
    : [{ algorithm: algorithm.toLowerCase(), value: digest.toUpperCase() }];
}
