/** Session descriptions of MSRP sessions (RFC 8866, RFC 4975 section 8, RFC 6135, RFC 7701 section 8). */
import { isIPv6 } from 'node:net';
import { parse, write } from 'sdp-transform';
import { attributesOf, isMessageMedia, withAttributes } from './message-media.ts';
import type { Direction, FileOffer, Fingerprint, MediaLine, MessageMedia, Setup } from './message-media.ts';

export { isMessageMedia } from './message-media.ts';
export type { Direction, Fingerprint, MediaLine, MessageMedia, Setup } from './message-media.ts';

/** The text is no session description; the message says why. To be answered 400 or 488. */
export class SdpError extends Error {
  override readonly name = 'SdpError';
}

export interface SessionOffer {
  /** The o-line: the same id and version mean that nothing has changed (RFC 3264 section 8). Nothing when it is missing. */
  readonly origin: { readonly id: string; readonly version: string; readonly host: string } | undefined;
  /** All m-lines in their order. */
  readonly media: readonly (MessageMedia | MediaLine)[];
  /** Those that propose MSRP. */
  messages(): MessageMedia[];
}

const MOST_BYTES = 65_536;
const MOST_MEDIA = 64;

/** Reads an offer or an answer. Throws SdpError and nothing else. */
export function parseSdp(text: string): SessionOffer {
  if (Buffer.byteLength(text) > MOST_BYTES) throw new SdpError(`more than ${MOST_BYTES} bytes`);
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new SdpError('no v=0 at the start');
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (!/^[a-z]=/.test(line)) throw new SdpError('a line that is no field');
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  if (sections.length - 1 > MOST_MEDIA) throw new SdpError(`more than ${MOST_MEDIA} m-lines`);

  // sdp-transform gets the structure only: of several attributes of one name it keeps the last, and those of MSRP it
  // does not know. It does not take a number of ports either (RFC 8866 section 5.14).
  const structure = lines
    .filter((line) => /^[vocm]=/.test(line))
    .map((line) => line.replace(/^(m=\S+ \d+)\/\d+ /, '$1 '));
  const session = parse(structure.join('\r\n'));
  if (session.media.length !== sections.length - 1) throw new SdpError('m-lines that cannot be read');
  const shared = attributesOf(sections[0] ?? []);
  const media = session.media.map((line, index) => {
    const own = attributesOf(sections[index + 1] ?? []);
    const host = (line.connection ?? session.connection)?.ip;
    // sdp-transform makes a number of whatever looks like one.
    return withAttributes(
      structureOf(index, line),
      own,
      shared,
      host === undefined ? undefined : String(host),
    );
  });
  const origin = session.origin as typeof session.origin | undefined;
  return {
    origin: origin && {
      id: String(origin.sessionId),
      version: String(origin.sessionVersion),
      host: String(origin.address),
    },
    media,
    messages: () => media.filter(isMessageMedia),
  };
}

function structureOf(
  index: number,
  line: Partial<Record<'type' | 'port' | 'protocol' | 'payloads', string | number>>,
): MediaLine {
  const kind = String(line.type ?? '');
  const protocol = String(line.protocol ?? '');
  const { port } = line;
  if (kind === '' || protocol === '' || typeof port !== 'number' || port > 65_535) {
    throw new SdpError(`m-line ${index + 1} is malformed`);
  }
  return { index, kind, port, protocol, formats: String(line.payloads ?? '*') };
}

/** Our side of an MSRP session. */
export interface LocalMessageMedia {
  /** A name, an IPv4 or an IPv6 address; the host of the path. */
  host: string;
  /** The port of the path (RFC 4975 section 8.1). */
  port: number;
  /** Our MSRP URI. */
  path: string;
  acceptTypes: readonly string[];
  acceptWrappedTypes: readonly string[];
  chatroom?: readonly string[];
  setup: Setup;
  /** Bytes. */
  maxSize: number;
  /** `TCP/MSRP` or `TCP/TLS/MSRP`. */
  protocol: string;
  /** Absent in an answer: what the offer's direction calls for. */
  direction?: Direction;
  fingerprints?: readonly Fingerprint[];
}

/** Who describes: `id` stays for the session, `version` goes up by one with each change (RFC 3264 section 8). */
export interface Origin {
  id: string;
  version: number;
  host: string;
}

/**
 * An answer with the m-lines of the offer in their order; those that `accepted` does not name (by
 * index) are refused with port 0 (RFC 3264 section 6).
 */
export function writeAnswer(
  offer: SessionOffer,
  options: { origin: Origin; accepted: ReadonlyMap<number, LocalMessageMedia> },
): string {
  const media = offer.media.map((line) => {
    const local = options.accepted.get(line.index);
    if (local === undefined) return refusedLine(line);
    const direction = local.direction ?? reverse[isMessageMedia(line) ? line.direction : 'sendrecv'];
    // RFC 4145 section 4.1: an answer chooses.
    return messageLine(local, local.setup === 'actpass' ? 'passive' : local.setup, direction);
  });
  return writeSession(options.origin, media);
}

/** An offer of one MSRP session. */
export function writeOffer(options: { origin: Origin; media: LocalMessageMedia }): string {
  const { media } = options;
  // RFC 6135 section 4.2.2: never "passive" in an offer.
  const setup = media.setup === 'passive' ? 'actpass' : media.setup;
  return writeSession(options.origin, [messageLine(media, setup, media.direction ?? 'sendrecv')]);
}

/** RFC 3264 section 6.1: what the answer says to a direction of the offer. */
const reverse: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

type WrittenMedia = Parameters<typeof write>[0]['media'][number];

function refusedLine(line: MediaLine): WrittenMedia {
  const formats = line.formats
    .split(' ')
    .map(word)
    .filter((format) => format !== '');
  return {
    type: word(line.kind),
    port: 0,
    protocol: word(line.protocol),
    payloads: formats.join(' ') || '*',
    ...(line.file === undefined ? {} : { invalid: mirrored(line.file).map((value) => ({ value })) }),
    rtp: [],
    fmtp: [],
  };
}

/** RFC 5547 section 8.3: who refuses a file says which one. */
function mirrored({ selector, transferId }: FileOffer): string[] {
  const attributes = [`file-selector:${selector}`];
  if (transferId !== undefined) attributes.push(`file-transfer-id:${transferId}`);
  return attributes.map((attribute) => attribute.replace(/\p{Cc}/gu, ''));
}

function messageLine(local: LocalMessageMedia, setup: Setup, direction: Direction): WrittenMedia {
  const attributes = [
    `accept-types:${list(local.acceptTypes)}`,
    ...(local.acceptWrappedTypes.length === 0
      ? []
      : [`accept-wrapped-types:${list(local.acceptWrappedTypes)}`]),
    `path:${word(local.path)}`,
    `max-size:${Math.max(0, Math.trunc(local.maxSize))}`,
    ...(local.chatroom === undefined ? [] : [chatroomAttribute(local.chatroom)]),
    ...(local.fingerprints ?? []).map(
      ({ algorithm, value }) => `fingerprint:${word(algorithm)} ${word(value)}`,
    ),
  ];
  return {
    type: 'message',
    port: local.port,
    protocol: word(local.protocol),
    payloads: '*',
    connection: connection(local.host),
    setup,
    ...(direction === 'sendrecv' ? {} : { direction }),
    invalid: attributes.map((value) => ({ value })),
    rtp: [],
    fmtp: [],
  };
}

/** RFC 7701 section 8: each token once. */
function chatroomAttribute(tokens: readonly string[]): string {
  return tokens.length === 0 ? 'chatroom' : `chatroom:${list([...new Set(tokens)])}`;
}

function writeSession(origin: Origin, media: WrittenMedia[]): string {
  const { version, ip } = connection(origin.host);
  return write({
    version: 0,
    origin: {
      username: '-',
      sessionId: word(origin.id),
      sessionVersion: origin.version,
      netType: 'IN',
      ipVer: version,
      address: ip,
    },
    name: '-',
    connection: { version, ip },
    timing: { start: 0, stop: 0 },
    media,
  });
}

/** A name is written as IN IP4, as RFC 4975 does. */
function connection(host: string): { version: number; ip: string } {
  const ip = word(host).replace(/^\[(.*)\]$/, '$1');
  return { version: isIPv6(ip) ? 6 : 4, ip };
}

function list(values: readonly string[]): string {
  return values
    .map(word)
    .filter((value) => value !== '')
    .join(' ');
}

/** A word of a line: no white space, no control character, no line end. */
function word(value: string): string {
  return value.replace(/[^\x21-\x7E]/g, '');
}
