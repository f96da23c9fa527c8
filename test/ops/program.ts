/** The program as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
/** `.js` when the tests were compiled. */
const main = join(here, '../../../src', here.endsWith('.ts') ? 'main.ts' : 'main.js');
const loader = here.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export type LogRecord = Readonly<Record<string, unknown>>;

/** A folder that goes when the test ends. */
export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parley-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function start(args: readonly string[], cwd: string, env: Record<string, string>): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
  return spawn(process.execPath, [...loader, main, ...args], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. */
export async function command(cwd: string, args: readonly string[], env = {}): Promise<Ended> {
  const program = start(args, cwd, env);
  let out = '';
  let err = '';
  program.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  program.stderr?.on('data', (data: Buffer) => (err += data.toString()));
  const [status] = (await once(program, 'close')) as [number | null];
  return { status, out, err };
}

/** A program that runs until a signal ends it. */
export class Running {
  readonly #program: ChildProcess;
  readonly #records: LogRecord[] = [];
  readonly #ended: Promise<unknown[]>;
  #waiting: (() => void)[] = [];

  constructor(t: TestContext, cwd: string, args: readonly string[]) {
    this.#program = start(args, cwd, {});
    this.#ended = once(this.#program, 'close');
    t.after(() => this.#program.kill('SIGKILL'));
    if (!this.#program.stdout) throw new Error('no output');
    createInterface(this.#program.stdout).on('line', (line) => {
      this.#records.push(JSON.parse(line) as LogRecord);
      this.#wake();
    });
    this.#program.stderr?.on('data', (data: Buffer) => {
      this.#records.push({ msg: 'stderr', text: data.toString() });
      this.#wake();
    });
    void this.#ended.then(() => this.#wake());
  }

  /** The next record that fits; records before it are passed over. Fails when the program ends first. */
  async record(fits: (record: LogRecord) => boolean): Promise<LogRecord> {
    for (;;) {
      while (this.#records.length > 0) {
        const record = this.#records.shift();
        if (record && fits(record)) return record;
        if (record?.['msg'] === 'stderr') throw new Error(String(record['text']));
      }
      if (this.#program.exitCode !== null) throw new Error(`it ended with ${this.#program.exitCode}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#program.kill(name);
  }

  /** The exit status. */
  async end(): Promise<unknown> {
    return (await this.#ended)[0];
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
