/** The rules of `networks`. */
import type { NetworkConfig, ServerAddress } from './config.ts';
import { parseUrl, type UrlRules } from './listeners.ts';
import type { KeyPath, Report } from './problems.ts';
import type { Settings } from './schema.ts';

type NetworkSettings = Settings['networks'] extends ReadonlyMap<string, infer T> ? T : never;

// A mask that names nothing would be everybody.
const MASK = /^(?=.*[^!@])[^\s\p{Cc}]+$/u;
// Their lines have zeros or look like ASCII: none could be told from a line of IRC or of UTF-8.
const NOT_IN_LINES = ['utf-16le', 'utf-16be', 'iso-2022-jp'];

const IRC_URLS: UrlRules = { ports: { irc: 6667, ircs: 6697 }, anyPort: false };

export function networkConfigs(
  settings: Settings['networks'],
  report: Report,
): ReadonlyMap<string, NetworkConfig> {
  return new Map([...settings].map(([name, network]) => [name, networkConfig(name, network, report)]));
}

function networkConfig(name: string, network: NetworkSettings, report: Report): NetworkConfig {
  const path = ['networks', name];
  const unknown = /\{(?!(?:address|nick)\})[^}]*\}/.exec(network.puppetRealname)?.[0];
  if (unknown !== undefined) {
    report.add([...path, 'puppetRealname'], `knows {address} and {nick}, but not ${unknown}`);
  }
  const embedded = network.servers.includes('embedded');
  return {
    name,
    embedded,
    servers: embedded
      ? onlyEmbedded(network.servers, [...path, 'servers'], report)
      : servers(network.servers, [...path, 'servers'], report),
    nick: network.nick,
    username: network.username,
    realname: network.realname,
    password: network.password,
    sasl: sasl(network.sasl, [...path, 'sasl'], report),
    webirc: webirc(network.webirc, [...path, 'webirc'], report),
    puppets: network.puppets,
    puppetNick: network.puppetNick,
    puppetRealname: network.puppetRealname,
    puppetLimit: network.puppetLimit,
    pace: network.pace,
    grace: network.grace,
    ignore: ignored(network.ignore, [...path, 'ignore'], report),
    encoding: encoding(network.encoding, [...path, 'encoding'], report),
  };
}

/** The built-in server never fails over to another network, nor another to it. */
function onlyEmbedded(texts: readonly string[], path: KeyPath, report: Report): [] {
  if (texts.length > 1) report.add(path, 'embedded must stand alone: it is a network of its own');
  return [];
}

function servers(texts: readonly string[], path: KeyPath, report: Report): ServerAddress[] {
  if (texts.length === 0) report.add(path, 'must name at least one server');
  return texts.flatMap((text, at) => {
    const url = parseUrl(text, IRC_URLS);
    if (typeof url !== 'string') return { tls: url.scheme === 'ircs', host: url.host, port: url.port };
    report.add([...path, at], url);
    return [];
  });
}

function sasl(settings: NetworkSettings['sasl'], path: KeyPath, report: Report): NetworkConfig['sasl'] {
  if (settings === null) return null;
  const { account, password } = settings;
  // With `external` there would be neither.
  if (report.fine([...path, 'external'])) {
    if (account === '') report.add([...path, 'account'], 'must be set');
    if (password === '') report.add([...path, 'password'], 'must be set');
  }
  return { account, password };
}

function webirc(settings: NetworkSettings['webirc'], path: KeyPath, report: Report): NetworkConfig['webirc'] {
  if (settings?.password === '') report.add([...path, 'password'], 'must be set');
  if (settings?.gateway === '') report.add([...path, 'gateway'], 'must be set');
  return settings;
}

function ignored(masks: readonly string[], path: KeyPath, report: Report): readonly string[] {
  masks.forEach((mask, at) => {
    if (MASK.test(mask)) return;
    report.add([...path, at], `must be like nick!user@host, without spaces; it is ${JSON.stringify(mask)}`);
  });
  return masks;
}

function encoding(label: string | null, path: KeyPath, report: Report): string | null {
  if (label === null) return null;
  try {
    const { encoding: name } = new TextDecoder(label);
    if (!NOT_IN_LINES.includes(name)) return name;
    report.add(path, `cannot be ${name}: lines of IRC are not told apart in it`);
  } catch {
    report.add(path, `is no encoding that is known, as windows-1252 is; it is ${JSON.stringify(label)}`);
  }
  return null;
}
