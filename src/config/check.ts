/** What `parley check` and `parley init` do. */
import { writeFileSync } from 'node:fs';
import { reasonOf } from './environment.ts';
import { loadConfig } from './loader.ts';
import { exampleConfig } from './package.ts';
import { ConfigError, describeProblem, oneLine } from './problems.ts';

/** Lines to show, and whether all is right. */
export interface Verdict {
  readonly right: boolean;
  readonly lines: readonly string[];
}

/** Judges a file: a line for each problem, or one that says that it is right; warnings in both cases where they are known. */
export function checkConfig(file: string, env: NodeJS.ProcessEnv): Verdict {
  try {
    const { config, warnings } = loadConfig(file, env);
    const lines = warnings.map((warning) => `${file}: warning: ${warning}`);
    const count = `${plural(config.networks.size, 'network')}, ${plural(config.rooms.size, 'room')}`;
    return { right: true, lines: [...lines, `${file}: right (${count})`] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { right: false, lines: error.problems.map((problem) => describeProblem(file, problem)) };
  }
}

/** What is wrong with a file that should be run, in one line. */
export function firstProblem(file: string, { problems }: ConfigError): string {
  const [first, ...more] = problems;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more; run parley check)`;
  return first ? describeProblem(file, first) + rest : file;
}

/** Writes the commented configuration into a new file. An existing one is left as it is. */
export function writeExample(file: string): Verdict {
  try {
    // Passwords may come into it.
    writeFileSync(file, exampleConfig(), { flag: 'wx', mode: 0o600 });
    return { right: true, lines: [`${file} is written; start with: parley --config ${oneLine(file)}`] };
  } catch (error) {
    return { right: false, lines: [`${oneLine(file)} cannot be written: ${reasonOf(error)}`] };
  }
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
