/** MSRP URIs and paths: reading, writing, comparing (RFC 4975 sections 6 and 9). */
import { isIPv6 } from 'node:net';

export interface MsrpUri {
  readonly scheme: 'msrp' | 'msrps';
  readonly userinfo?: string;
  /** A name or an IP address; an IPv6 address stands here without brackets. */
  readonly host: string;
  readonly port?: number;
  readonly sessionId?: string;
  /** How the bytes travel: `tcp`, `ws`; lower case. */
  readonly transport: string;
  /** Further parameters as they stood, `name` or `name=value`. */
  readonly parameters?: readonly string[];
}

const URI =
  /^(msrps?):\/\/(?:([^@/;\s]*)@)?(?:\[([0-9a-f:.]+)\]|([^:/;@[\]\s]+))(?::(\d{1,5}))?(?:\/([!-:<-~]+))?;([a-z0-9]+)((?:;[!-:<-~]+)*)$/i;
const ESCAPED = /%([0-9a-f]{2})/gi;

/** More URIs than this in one path are refused; no chain of relays comes near it. */
const LONGEST_PATH = 10;
/** Nor to so many characters. A path stands in each request, however short that is. */
const MOST_CHARACTERS = 4096;

/** Reads one URI; undefined when it is none. The session id may hold any visible character but `;`. */
export function parseMsrpUri(text: string): MsrpUri | undefined {
  const match = URI.exec(text);
  if (!match) return undefined;
  const [, scheme = '', userinfo, ipv6, name, port, sessionId, transport = '', rest = ''] = match;
  if (port !== undefined && Number(port) > 65_535) return undefined;
  if (ipv6 !== undefined && !isIPv6(ipv6)) return undefined;
  return {
    scheme: scheme.toLowerCase() === 'msrps' ? 'msrps' : 'msrp',
    host: ipv6 ?? name ?? '',
    transport: transport.toLowerCase(),
    ...(userinfo !== undefined && { userinfo }),
    ...(port !== undefined && { port: Number(port) }),
    ...(sessionId !== undefined && { sessionId }),
    ...(rest !== '' && { parameters: rest.slice(1).split(';') }),
  };
}

/** The URI as text, as it stands in a=path, To-Path and From-Path. */
export function formatMsrpUri(uri: MsrpUri): string {
  const user = uri.userinfo === undefined ? '' : `${uri.userinfo}@`;
  const host = uri.host.includes(':') ? `[${uri.host}]` : uri.host;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const session = uri.sessionId === undefined ? '' : `/${uri.sessionId}`;
  const parameters = (uri.parameters ?? []).map((parameter) => `;${parameter}`).join('');
  return `${uri.scheme}://${user}${host}${port}${session};${uri.transport}${parameters}`;
}

/** Reads the URIs of a path, which stand one space apart; undefined when one of them is none, or they are too many. */
export function parseMsrpPath(text: string): MsrpUri[] | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const uris: MsrpUri[] = [];
  for (const part of text.split(' ')) {
    if (part === '') continue;
    const uri = parseMsrpUri(part);
    if (!uri || uris.length === LONGEST_PATH) return undefined;
    uris.push(uri);
  }
  return uris.length > 0 ? uris : undefined;
}

/**
 * Whether two URIs are the same by RFC 4975 section 6.1: scheme, host and transport without regard to case, the port
 * exactly (none is not the same as any), the session id with regard to case. User and other parameters do not count.
 */
export function sameMsrpUri(a: MsrpUri, b: MsrpUri): boolean {
  return (
    a.scheme === b.scheme &&
    a.port === b.port &&
    a.sessionId === b.sessionId &&
    a.transport.toLowerCase() === b.transport.toLowerCase() &&
    plainHost(a.host) === plainHost(b.host)
  );
}

/** The same text for all URIs that are the same by RFC 4975 section 6.1; none that stands anywhere. */
export function plainMsrpUri({ scheme, host, port, sessionId, transport }: MsrpUri): string {
  return formatMsrpUri({
    scheme,
    host: plainHost(host),
    transport: transport.toLowerCase(),
    ...(port !== undefined && { port }),
    ...(sessionId !== undefined && { sessionId }),
  });
}

/** One spelling for each host: escapes undone, lower case, IPv6 in its shortest form. */
function plainHost(host: string): string {
  const plain = host
    .replace(ESCAPED, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    .toLowerCase();
  // isIPv6 takes a zone too, which no URL has.
  return isIPv6(plain) && !plain.includes('%') ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain;
}
