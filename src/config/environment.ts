/** The configuration's keys in environment variables. */
import { readFileSync } from 'node:fs';
import { variableOf } from './key.ts';
import { pathText, type Report } from './problems.ts';

const PREFIX = 'PARLEY_';

/** The environment variables of the program, as values of keys; it remembers which of them it was asked for. */
export class Environment {
  readonly #variables: NodeJS.ProcessEnv;
  readonly #report: Report;
  /** Which key each variable was asked for. */
  readonly #asked = new Map<string, string>();

  constructor(variables: NodeJS.ProcessEnv, report: Report) {
    this.#variables = variables;
    this.#report = report;
  }

  /**
   * What the variable of a key says. For a secret (`fromFile`) the same variable with `_FILE` may
   * name a file instead; a newline at its end is not part of the secret.
   */
  text(path: readonly string[], fromFile: boolean): string | undefined {
    const variable = variableOf(path);
    const direct = this.#take(variable, path);
    const file = fromFile ? this.#take(`${variable}_FILE`, path) : undefined;
    if (file === undefined) {
      if (direct !== undefined) this.#report.givenBy(path, variable);
      return direct;
    }
    this.#report.givenBy(path, `${variable}_FILE`);
    if (direct !== undefined) {
      this.#report.add(path, `is set by ${variable} and by ${variable}_FILE: use one`);
      return direct;
    }
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      this.#report.add(path, `${file} cannot be read: ${reasonOf(error)}`);
      return undefined;
    }
  }

  /** The variables that look like ours and mean no key. */
  get unknown(): string[] {
    return Object.keys(this.#variables)
      .filter((name) => name.startsWith(PREFIX) && !this.#asked.has(name))
      .sort();
  }

  #take(variable: string, path: readonly string[]): string | undefined {
    const value = this.#variables[variable];
    if (value === undefined) return undefined;
    const text = pathText(path);
    const other = this.#asked.get(variable) ?? text;
    this.#asked.set(variable, other);
    // A secret must not go to two places because two names look alike in capitals.
    if (other !== text) this.#report.add(path, `${variable} means ${other} too: rename one of them`);
    return value;
  }
}

/** Why a file could not be read or written, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EEXIST') return 'it is there already';
  return error instanceof Error ? error.message : String(error);
}
