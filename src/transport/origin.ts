/** Whose pages may open a WebSocket (RFC 6455 section 10.2): a browser says in Origin which page asks, and cannot be made to lie. */
import { isIP } from 'node:net';

/** The origins that are let in. */
export interface OriginRules {
  /** Names of this host, without ports: pages that were got from them are our own. IP addresses and localhost always are. */
  readonly hosts: readonly string[];
  /** Further origins, as `https://chat.example.org`. */
  readonly origins: readonly string[];
}

/** The origin in the form that browsers send (RFC 6454 section 6.2); undefined where the text is none of http or https. */
export function canonicalOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\s]+\/?$/i.test(text)) return undefined;
  try {
    const { origin } = new URL(text);
    return origin;
  } catch {
    return undefined;
  }
}

/**
 * Whether a request with these two headers is let in. Without Origin it comes from no page. The own origin is that of the
 * host that was asked, where that host is known to be ours: a stranger's name may lead here as well (DNS rebinding), and
 * then both headers have it.
 */
export function mayConnect(
  origin: string | undefined,
  host: string | undefined,
  rules: OriginRules,
): boolean {
  if (origin === undefined) return true;
  const canonical = canonicalOrigin(origin);
  // `null` and other schemes: a page of nobody.
  if (canonical === undefined) return false;
  if (rules.origins.some((each) => canonicalOrigin(each) === canonical)) return true;
  const { protocol, host: page, hostname } = new URL(canonical);
  // Of a port that the scheme implies only one of the two may tell.
  const asked = canonicalOrigin(`${protocol}//${host ?? ''}`);
  return asked !== undefined && new URL(asked).host === page && isOurs(hostname, rules.hosts);
}

function isOurs(hostname: string, hosts: readonly string[]): boolean {
  const plain = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return isIP(plain) !== 0 || plain === 'localhost' || hosts.some((host) => host.toLowerCase() === plain);
}
