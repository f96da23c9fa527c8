/** What is wrong with a configuration, and where. */

/** One fault. `path` is the key path (`rooms.lobby.channel`), empty where the file as a whole is meant. */
export interface Problem {
  readonly path: string;
  /** The line in the file, from 1; nothing for what stands in no file (an environment variable). */
  readonly line: number | undefined;
  readonly message: string;
}

/** The way to a key: names of sections and entries; a number is the place in a list, from 0. */
export type KeyPath = readonly (string | number)[];

/** Thrown for a configuration that cannot be used. `problems` has at least one entry, in the order of the file. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One line for people: `FILE:LINE: key.path: message`. */
export function describeProblem(file: string, { path, line, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${path === '' ? '' : `${path}: `}${message}`;
}

/** `networks.local.servers[1]`; what could disturb a terminal or break the line is escaped. */
export function pathText(path: KeyPath): string {
  return path
    .map((step, at) =>
      typeof step === 'number' ? `[${step + 1}]` : `${at === 0 ? '' : '.'}${oneLine(step)}`,
    )
    .join('');
}

/** Text without characters that end a line or steer a terminal; at most `limit` characters of it. */
export function oneLine(text: string, limit = 300): string {
  const plain = text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return plain.length > limit ? `${plain.slice(0, limit)}...` : plain;
}

/** Gathers the faults of one reading. */
export class Report {
  readonly warnings: string[] = [];
  readonly #lineOf: (path: KeyPath) => number | undefined;
  readonly #found = new Map<string, Problem>();
  readonly #variables = new Map<string, string>();

  /** `lineOf` tells the line of a key, or of the nearest thing above it that is in the file. */
  constructor(lineOf: (path: KeyPath) => number | undefined) {
    this.#lineOf = lineOf;
  }

  /** Says that a key has its value from an environment variable: its faults are in no line. */
  givenBy(path: KeyPath, variable: string): void {
    this.#variables.set(pathText(path), variable);
  }

  /** Notes a fault. The first one of a key counts: what follows from it is of no use to the reader. */
  add(path: KeyPath, message: string): void {
    const text = pathText(path);
    if (this.#found.has(text)) return;
    const variable = path
      .map((_, at) => this.#variables.get(pathText(path.slice(0, at + 1))))
      .find((name) => name !== undefined);
    const line = variable === undefined ? this.#lineOf(path) : undefined;
    const source = variable === undefined ? '' : ` (from ${variable})`;
    this.#found.set(text, { path: text, line, message: oneLine(message) + source });
  }

  /** Whether the key had no fault so far, so that its value can be judged further. */
  fine(path: KeyPath): boolean {
    return !this.#found.has(pathText(path));
  }

  /** All faults, by line; those without a line last. */
  get problems(): Problem[] {
    return [...this.#found.values()].sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0);
  }
}
