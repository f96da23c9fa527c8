/** What the values must be beyond their format, and to each other; the configuration made of them. */
import { caFile, certificateOf } from './certificates.ts';
import type { Config, MsrpConfig, MsrpListener, SipConfig, SipListener } from './config.ts';
import { embeddedConfig } from './embedded-rules.ts';
import {
  isLoopback,
  isUnspecified,
  parseUrl,
  plainHost,
  uriHost,
  urlText,
  type Url,
  type UrlRules,
} from './listeners.ts';
import { networkConfigs } from './network-rules.ts';
import type { KeyPath, Report } from './problems.ts';
import { roomConfigs } from './room-rules.ts';
import type { Settings } from './schema.ts';

/** RFC 6455 section 3. */
const WEBSOCKET_PORTS = { ws: 80, wss: 443 };
const SIP_URLS: UrlRules = {
  // RFC 3261 section 19.1.2.
  ports: { udp: 5060, tcp: 5060, tls: 5061, ...WEBSOCKET_PORTS },
  anyPort: true,
};
const MSRP_URLS: UrlRules = {
  ports: { tcp: 2855, tls: 2855, ...WEBSOCKET_PORTS },
  anyPort: true,
};
const HTTP_URLS: UrlRules = { ports: { http: 80 }, anyPort: true };
const ORIGINS: UrlRules = { ports: { http: 80, https: 443 }, anyPort: false };

/** The configuration, good only where the report has no problem afterwards. */
export function toConfig(settings: Settings, report: Report): Config {
  const taken = new Map<string, KeyPath>();
  const sip = sipConfig(settings, report, taken);
  const networks = networkConfigs(settings.networks, report);
  const certificate = certificateOf(settings.tls, report);
  const config = {
    sip,
    msrp: msrpConfig(settings, sip.host, report, taken),
    tls: { ca: caFile(settings.tls.ca, report), certificate },
    networks,
    rooms: roomConfigs(settings.rooms, settings.networks, report),
    embedded: embeddedConfig(settings.embedded, {
      report,
      named: [...networks.values()].some(({ embedded }) => embedded),
      hasCertificate: settings.tls.cert !== null,
      listeners: (texts, path, rules) => listeners(texts, path, rules, report, taken),
    }),
    http: httpConfig(settings.http, report, taken),
    log: { level: settings.log.level },
  };
  if (config.rooms.size === 0) report.warnings.push('rooms: there are none, so nobody can join anything');
  return config;
}

function sipConfig({ sip, tls }: Settings, report: Report, taken: Map<string, KeyPath>): SipConfig {
  const path = ['sip', 'listen'];
  const listen = listeners(sip.listen, path, SIP_URLS, report, taken) as SipListener[];
  const host = hostOf(sip.host, ['sip', 'host'], report);
  const open = listen.find((listener) => isUnspecified(listener.host));
  if (open && host === null) {
    report.add(['sip', 'host'], `must be set where a listener is on all addresses (${urlText(open)})`);
  }
  for (const listener of listen.filter((each) => !isLoopback(each.host))) {
    report.warnings.push(
      `sip.listen: ${urlText(listener)} is not on loopback: whoever reaches it can join under any address, as sip.auth.required is off and sip.trustedPeers is empty`,
    );
  }
  for (const listener of listen.filter(({ scheme }) => scheme === 'tls' || scheme === 'wss')) {
    if (tls.cert !== null) break;
    report.warnings.push(
      `sip.listen: ${urlText(listener)} shows a certificate that is made at the start, as tls.cert is not set: nobody can know whose it is`,
    );
  }
  const domain = hostOf(sip.domain, ['sip', 'domain'], report);
  const first = listen[0];
  const own = first && (isUnspecified(first.host) ? host : first.host);
  return { domain: uriHost(domain ?? own ?? 'localhost'), listen, host, limits: sip.limits };
}

function msrpConfig(
  { msrp }: Settings,
  sipHost: string | null,
  report: Report,
  taken: Map<string, KeyPath>,
): MsrpConfig {
  const listen = listeners(msrp.listen, ['msrp', 'listen'], MSRP_URLS, report, taken) as MsrpListener[];
  const open = listen.find((listener) => isUnspecified(listener.host));
  const own = hostOf(msrp.host, ['msrp', 'host'], report);
  const host = own ?? (open ? sipHost : null);
  if (open && host === null) {
    const message = `must be set, or sip.host, where a listener is on all addresses (${urlText(open)})`;
    report.add(['msrp', 'host'], message);
  }
  return {
    listen,
    host,
    maxMessageSize: msrp.maxMessageSize,
    keepAlive: msrp.keepAlive,
    limits: msrp.limits,
  };
}

function httpConfig(http: Settings['http'], report: Report, taken: Map<string, KeyPath>): Config['http'] {
  if (http === null) return null;
  const path = ['http', 'listen'];
  const url = listener(http.listen, path, HTTP_URLS, report, taken);
  if (!url) return null;
  if (!isLoopback(url.host)) {
    const message = `must be set where pages are off loopback (${urlText(url)}), and is not supported yet: listen on 127.0.0.1`;
    report.add(['http', 'password'], message);
  }
  for (const [at, origin] of http.origins.entries()) {
    const problem = parseUrl(origin, ORIGINS);
    if (typeof problem === 'string') report.add(['http', 'origins', at], problem);
  }
  return { listen: { host: url.host, port: url.port }, origins: http.origins };
}

function listeners(
  texts: readonly string[],
  path: KeyPath,
  rules: UrlRules,
  report: Report,
  taken: Map<string, KeyPath>,
): Url[] {
  if (texts.length === 0) report.add(path, 'must name at least one listener');
  return texts.flatMap((text, at) => listener(text, [...path, at], rules, report, taken) ?? []);
}

function listener(
  text: string,
  path: KeyPath,
  rules: UrlRules,
  report: Report,
  taken: Map<string, KeyPath>,
): Url | undefined {
  const url = parseUrl(text, rules);
  if (typeof url === 'string') {
    report.add(path, url);
    return undefined;
  }
  // UDP and everything else have port numbers of their own.
  const socket = urlText({ ...url, scheme: url.scheme === 'udp' ? 'udp' : 'tcp' });
  const other = taken.get(socket);
  if (url.port !== 0 && other)
    report.add(path, `${urlText(url)} is taken by ${other[0]}.${other[1]} already`);
  taken.set(socket, path);
  return url;
}

function hostOf(text: string | null, path: KeyPath, report: Report): string | null {
  if (text === null) return null;
  const host = plainHost(text);
  if (host !== undefined && !isUnspecified(host)) return host;
  report.add(path, `must be a host name or an IP address that others can use; it is ${JSON.stringify(text)}`);
  return null;
}
