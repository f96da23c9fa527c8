/** Hosts, and the URLs of listeners and servers. */
import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Where to listen or whom to call. IPv6 addresses are without brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface Url extends HostPort {
  readonly scheme: string;
}

/** What a list of URLs may hold: its schemes with their default ports. */
export interface UrlRules {
  readonly ports: Readonly<Record<string, number>>;
  /** Whether port 0 (any free one) has a meaning. */
  readonly anyPort: boolean;
}

const URL_FORM = /^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]*\]|[^:[\]/?#@]*)(?::(\d{1,5}))?\/?$/i;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** The parts of `scheme://host[:port]`, or what is wrong with it. */
export function parseUrl(text: string, { ports, anyPort }: UrlRules): Url | string {
  const forms = Object.keys(ports).map((scheme) => `${scheme}://`);
  const wanted = `must be a URL like ${forms.join(' or ')}HOST:PORT`;
  const [, rawScheme, rawHost, digits] = URL_FORM.exec(text) ?? [];
  if (rawScheme === undefined || rawHost === undefined) return `${wanted}; it is ${JSON.stringify(text)}`;
  const scheme = rawScheme.toLowerCase();
  const usual = Object.hasOwn(ports, scheme) ? ports[scheme] : undefined;
  if (usual === undefined) return `${wanted}; it is ${JSON.stringify(text)}`;
  const host = plainHost(rawHost);
  if (host === undefined || (isIPv6(host) && !rawHost.startsWith('['))) {
    return `has no valid host; it is ${JSON.stringify(text)}`;
  }
  const port = digits === undefined ? usual : Number(digits);
  const least = anyPort ? 0 : 1;
  if (port < least || port > 65535)
    return `its port must be ${least} to 65535; it is ${JSON.stringify(text)}`;
  return { scheme, host, port };
}

/** A host name in lower case or an IP address without brackets; nothing where the text is neither. */
export function plainHost(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1];
  if (bare !== undefined) return isIPv6(bare) ? bare.toLowerCase() : undefined;
  if (isIP(text)) return text.toLowerCase();
  const name = text.replace(/\.$/, '');
  const labels = name.split('.');
  // All digits at the end: an IPv4 address with a slip in it, never a name (RFC 3696 section 2).
  const fits =
    name.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return fits ? name.toLowerCase() : undefined;
}

/** The host as it stands in a URI: an IPv6 address in brackets. */
export function uriHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** `tcp://[::1]:5060` */
export function urlText({ scheme, host, port }: Url): string {
  return `${scheme}://${uriHost(host)}:${port}`;
}

/** Whether a listener there hears on all addresses of the host. */
export function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || (isIPv6(host) && /^[0:]+$|:0\.0\.0\.0$/.test(host));
}

/** Whether only this host can reach a listener there. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  if (isIPv6(host)) return /^[0:]*:0*1$|^::ffff:127\./.test(host);
  return host === 'localhost' || host.endsWith('.localhost');
}
