/** Kamailio (Debian's packages kamailio and kamailio-tls-modules) as an MSRP relay, a process of its own on free loopback ports. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeCertificate } from '../support/certificate.ts';
import { freePorts } from '../support/free-ports.ts';
import { kamailioConfig } from './kamailio-config.ts';

export interface MsrpRelay {
  /** Its URI without a session, over TCP: where AUTH goes. */
  readonly uri: string;
  /** The same over TLS. */
  readonly secureUri: string;
  readonly password: string;
  /** The file of its certificate, signed by itself, to be trusted by who dials its TLS port. */
  readonly certificate: string;
  /** What it has complained of so far. */
  complaints(): readonly string[];
  /** Ends it at once: its connections are closed. */
  kill(): Promise<void>;
}

/** Starts it and waits until it listens; `outside` is the scheme by which others reach its clients. It is gone when the test ends. */
export async function startMsrpRelay(t: TestContext, outside: 'msrp' | 'msrps' = 'msrp'): Promise<MsrpRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'kamailio-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const pems = makeCertificate();
  const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(certificate.cert, pems.cert);
  writeFileSync(certificate.key, pems.key);
  const password = 'let me through';
  const config = join(folder, 'kamailio.cfg');
  writeFileSync(
    config,
    kamailioConfig({ port, tlsPort, certificate, outside, realm: 'relay.test', password }),
  );
  const output = join(folder, 'output');
  const out = openSync(output, 'a');
  const memory = ['-m', '32', '-M', '4'];
  const args = ['-f', config, '-DD', '-E', '-Y', folder, '-P', join(folder, 'pid'), ...memory];
  // A process group of its own, which is ended as one: its children outlive a parent that is killed.
  const child = spawn('/usr/sbin/kamailio', args, {
    cwd: folder,
    stdio: ['ignore', out, out],
    detached: true,
  });
  closeSync(out);
  const exited = once(child, 'exit').catch(() => []);
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', end);
  const kill = async (): Promise<void> => {
    end();
    process.off('exit', end);
    await exited;
  };
  t.after(kill);
  const complaints = (): string[] =>
    readFileSync(output, 'utf8')
      .split('\n')
      .filter((line) => /\b(?:ERROR|CRITICAL|BUG):/.test(line));
  const deadline = Date.now() + 15_000;
  while (!(await accepts(tlsPort))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`kamailio does not listen: ${readFileSync(output, 'utf8').slice(-1500)}`);
    await delay(20);
  }
  return {
    uri: `msrp://127.0.0.1:${port};tcp`,
    secureUri: `msrps://127.0.0.1:${tlsPort};tcp`,
    password,
    certificate: certificate.cert,
    complaints,
    kill,
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
    socket.on('close', (failed) => failed || resolve(true));
  });
}
