/** Runs a scenario of sipp, a SIP tester by other hands (Debian's package sip-tester). */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export interface SippOptions {
  /** The name of a file in test/sipp, without `.xml`. */
  readonly scenario: string;
  /** The server's address and port. */
  readonly target: string;
  /** Calls in all; 1 without it. */
  readonly calls?: number;
  /** Calls begun in a second; 10 without it. */
  readonly rate?: number;
  /** The user part of the room's URI. */
  readonly service: string;
  /** Values for `[name]` in the scenario. */
  readonly keys?: Record<string, string>;
  /** Seconds after which a run has failed; 30 without it. */
  readonly timeout?: number;
}

export interface SippOutcome {
  /** 0: every call went as the scenario says. */
  readonly status: number | null;
  /** What sipp wrote on unexpected messages, and its last words. */
  readonly errors: string;
}

export async function sipp(t: TestContext, options: SippOptions): Promise<SippOutcome> {
  const { scenario, target, calls = 1, rate = 10, service, keys = {}, timeout = 30 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(process.cwd(), 'test/sipp', `${scenario}.xml`);
  const pairs = Object.entries(keys).flatMap(([name, value]) => ['-key', name, value]);
  const limits = [
    '-m',
    `${calls}`,
    '-r',
    `${rate}`,
    '-l',
    `${calls}`,
    '-timeout',
    `${timeout}s`,
    '-timeout_error',
  ];
  const child = spawn(
    'sipp',
    [target, '-sf', file, '-i', '127.0.0.1', '-s', service, ...pairs, ...limits, '-nostdin', '-trace_err'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TERM: 'dumb' } },
  );
  t.after(() => child.kill('SIGKILL'));
  let words = '';
  child.stderr.on('data', (data: Buffer) => (words += data.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return { status, errors: [words, ...logs].join('\n').slice(-4000) };
}
