/** The rules of `embedded`. */
import { readFileSync } from 'node:fs';
import type { EmbeddedConfig, IrcListener } from './config.ts';
import { reasonOf } from './environment.ts';
import type { Url, UrlRules } from './listeners.ts';
import type { KeyPath, Report } from './problems.ts';
import type { Settings } from './schema.ts';

const IRC_URLS: UrlRules = { ports: { irc: 6667, ircs: 6697 }, anyPort: true };
const LONGEST_MOTD = 65_536;

export interface EmbeddedParts {
  readonly report: Report;
  /** Whether a network names the server. */
  readonly named: boolean;
  readonly hasCertificate: boolean;
  /** Reads a list of listeners, each of which must be free. */
  readonly listeners: (texts: readonly string[], path: KeyPath, rules: UrlRules) => Url[];
}

export function embeddedConfig(
  settings: Settings['embedded'],
  { report, named, hasCertificate, listeners }: EmbeddedParts,
): EmbeddedConfig | null {
  const path = ['embedded', 'listen'];
  // Where it does not run, its ports are taken by nobody.
  if (!named) return null;
  const listen = listeners(settings.listen, path, IRC_URLS) as IrcListener[];
  if (report.fine(path) && listen.length > 0 && !listen.some(({ scheme }) => scheme === 'irc')) {
    report.add(path, 'must have an irc:// URL: Parley itself comes that way');
  }
  if (listen.some(({ scheme }) => scheme === 'ircs') && !hasCertificate) {
    report.add(['tls', 'cert'], 'must be set where embedded.listen has an ircs:// URL');
  }
  return { ...settings, listen, motd: motdOf(settings.motd, report) };
}

function motdOf(file: string | null, report: Report): readonly string[] | null {
  if (file === null) return null;
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > LONGEST_MOTD) report.add(['embedded', 'motd'], `${file} is longer than 64 kB`);
    return text.trimEnd().split(/\r?\n/);
  } catch (error) {
    report.add(['embedded', 'motd'], `${file} cannot be read: ${reasonOf(error)}`);
    return null;
  }
}
