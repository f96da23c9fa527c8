/** From a file and the environment to a configuration. */
import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { readYaml } from './document.ts';
import { Environment, reasonOf } from './environment.ts';
import { ConfigError, Report } from './problems.ts';
import { toConfig } from './rules.ts';
import { schema } from './schema.ts';
import { SettingsReader } from './settings.ts';

export interface Loaded {
  readonly config: Config;
  /** What is allowed and still unwise; one line each. */
  readonly warnings: readonly string[];
}

/** Reads and checks a file. Throws `ConfigError` with everything that is wrong, or that the file cannot be read. */
export function loadConfig(path: string, env: NodeJS.ProcessEnv): Loaded {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([{ path: '', line: undefined, message: `cannot be read: ${reasonOf(error)}` }]);
  }
  return parseConfig(text, env);
}

/** The same for the text of a file. Files that it names (secrets, certificates) are read. */
export function parseConfig(text: string, env: NodeJS.ProcessEnv): Loaded {
  const file = readYaml(text);
  const report = new Report((path) => file.lineOf(path));
  file.reportDuplicates(report);
  const environment = new Environment(env, report);
  const settings = new SettingsReader(environment, report).read(schema, file.root);
  const config = toConfig(settings, report);
  if (report.problems.length > 0) throw new ConfigError(report.problems);
  const unknown = environment.unknown.map(
    (name) => `${name}: no key has this environment variable (networks and rooms must be in the file)`,
  );
  return { config, warnings: [...report.warnings, ...unknown] };
}
