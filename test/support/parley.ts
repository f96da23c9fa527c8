/** The program as a process of its own, seen from outside: configuration in, records out, signals. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import { freePorts } from './free-ports.ts';
import { Inbox } from './inbox.ts';
import { transcriptOf, type Transcript } from './transcript.ts';

/** A configuration as contract.md has it; `sip`, `msrp` and `http` need no `listen`. */
export type ParleyConfig = Record<string, unknown>;

export type LogRecord = Readonly<Record<string, unknown>>;

export interface ParleyOptions {
  readonly config: ParleyConfig;
  readonly env?: Record<string, string>;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** The host part of every URI unless the configuration has another. */
export const DOMAIN = 'chat.example.com';

/** Starts the program and waits until it is ready. It is gone when the test ends. */
export async function startParley(t: TestContext, { config, env = {} }: ParleyOptions): Promise<Parley> {
  const [sip, msrp, http] = await freePorts(3);
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  const parley = new Parley(
    transcriptOf(t),
    folder,
    { sip: sip ?? 0, msrp: msrp ?? 0, http: http ?? 0 },
    config,
    env,
  );
  t.after(async () => {
    const status = parley.exitCode;
    await parley.kill();
    rmSync(folder, { recursive: true, force: true });
    // Whoever expects the program to end stops it.
    if (status !== null && !parley.stopped) throw new Error(`the program ended by itself with ${status}`);
  });
  await parley.start();
  return parley;
}

export class Parley {
  /** What it has logged since it was started last. */
  records: Inbox<LogRecord>;
  readonly sip: Place;
  readonly msrp: Place;
  /** Where its pages are, e.g. `http://127.0.0.1:8080`. */
  readonly http: string;
  /** What the ready record says. */
  listeners: readonly unknown[] = [];
  /** True once the test itself has ended it. */
  stopped = false;
  readonly #transcript: Transcript;
  readonly #file: string;
  readonly #env: Record<string, string>;
  #config: ParleyConfig;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();

  constructor(
    transcript: Transcript,
    folder: string,
    ports: { readonly sip: number; readonly msrp: number; readonly http: number },
    config: ParleyConfig,
    env: Record<string, string>,
  ) {
    this.#transcript = transcript;
    this.records = new Inbox('the program', transcript);
    this.sip = { host: '127.0.0.1', port: ports.sip };
    this.msrp = { host: '127.0.0.1', port: ports.msrp };
    this.http = `http://127.0.0.1:${ports.http}`;
    this.#file = join(folder, 'parley.yaml');
    this.#config = config;
    this.#env = env;
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  async start(): Promise<void> {
    this.#write();
    const records = new Inbox<LogRecord>('the program', this.#transcript);
    this.records = records;
    this.stopped = false;
    const bundles = process.env['BUNDLED_PROGRAMS'] ?? join(process.cwd(), 'dist');
    const main = process.env['PARLEY_MAIN'] ?? join(bundles, 'src/main.js');
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
    const child = spawn(process.execPath, ['--enable-source-maps', main, '--config', this.#file], {
      env: { ...Object.fromEntries(own), ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    this.#exited = once(child, 'close').finally(() => {
      process.off('exit', end);
      records.end(`the program ended with ${child.exitCode}`);
    });
    createInterface(child.stdout).on('line', (line) => this.#hear(line));
    createInterface(child.stderr).on('line', (line) => this.#transcript.add('stderr', '!', line));
    const ready = await this.records.takes('ready', ({ msg }) => msg === 'ready');
    this.listeners = (ready['listeners'] as unknown[] | undefined) ?? [];
  }

  /** A log record that fits and was not waited for before. */
  logs(what: string, fits: (record: LogRecord) => boolean, timeout?: number): Promise<LogRecord> {
    return this.records.takes(what, fits, timeout);
  }

  /** SIGTERM; the exit status and the milliseconds it took. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<{ status: number | null; ms: number }> {
    this.stopped = true;
    const begin = performance.now();
    this.#child?.kill(signal);
    await this.#exited;
    return { status: this.exitCode, ms: performance.now() - begin };
  }

  /** SIGKILL: nobody is told anything. */
  async kill(): Promise<void> {
    this.stopped ||= this.exitCode === null;
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  /** Another configuration and SIGHUP; resolves when the program says that it was taken over, or why it was not. */
  async reload(config: ParleyConfig): Promise<LogRecord> {
    this.#config = config;
    this.#write();
    this.records.mark();
    this.#child?.kill('SIGHUP');
    return this.logs('a word on the configuration', ({ msg }) => /configuration/.test(String(msg)));
  }

  /** Bytes of the process that are in memory. */
  memory(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  #write(): void {
    const section = (name: string): object => (this.#config[name] ?? {}) as object;
    const sip = `127.0.0.1:${this.sip.port}`;
    const whole = {
      ...this.#config,
      sip: { domain: DOMAIN, listen: [`udp://${sip}`, `tcp://${sip}`], ...section('sip') },
      msrp: { listen: [`tcp://127.0.0.1:${this.msrp.port}`], ...section('msrp') },
      http: { listen: this.http, ...section('http') },
      log: { level: 'debug', ...section('log') },
    };
    writeFileSync(this.#file, stringify(whole));
  }

  #hear(line: string): void {
    let record: LogRecord;
    try {
      record = JSON.parse(line) as LogRecord;
    } catch {
      this.records.end(`stdout has a line that is no record: ${line}`);
      return;
    }
    const { msg, level, ...rest } = record;
    for (const key of ['time', 'pid', 'hostname']) delete (rest as Record<string, unknown>)[key];
    this.#transcript.add('log', '!', `${String(level)} ${String(msg)} ${JSON.stringify(rest)}`);
    this.records.add(record);
  }
}
