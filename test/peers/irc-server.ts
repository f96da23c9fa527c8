/** Real IRC servers: two from Debian's packages and the built-in one, each a process with a configuration of its own on a free loopback port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeCertificate } from '../support/certificate.ts';
import { freePorts } from '../support/free-ports.ts';
import { programArguments } from '../support/programs.ts';
import { inspircdConfig } from './inspircd-config.ts';
import { operator, type IrcServerOptions, type IrcServerPlace, type Oper } from './irc-server-options.ts';
import { ngircdConfig } from './ngircd-config.ts';

export { operator };
export type { IrcServerOptions, Oper };

export type ServerName = 'inspircd' | 'ngircd' | 'embedded';

export interface IrcServer {
  readonly name: ServerName;
  readonly host: string;
  readonly port: number;
  /** Of the TLS port; undefined unless it was asked for. */
  readonly tlsPort: number | undefined;
  /** The certificate in PEM, to be trusted by who dials the TLS port. */
  readonly ca: string | undefined;
  /** Starts it again on the same ports, and waits until it accepts. */
  start(): Promise<void>;
  /** Ends it in order (SIGTERM): clients hear why. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL): clients see the connection reset or closed. */
  kill(): Promise<void>;
  /** Stops it without closing anything: clients hear nothing more (SIGSTOP). */
  freeze(): void;
}

type Start = (t: TestContext, options?: IrcServerOptions) => Promise<IrcServer>;

/** inspircd: IRCv3 with echo-message, labeled-response, batch, msgid, chghost, MONITOR, SANICK and more. */
export const startInspircd: Start = (t, options = {}) =>
  start(t, 'inspircd', options, (place) => {
    const config = join(place.folder, 'inspircd.conf');
    writeFileSync(config, inspircdConfig(place));
    const root = process.getuid?.() === 0 ? ['--runasroot'] : [];
    return ['/usr/sbin/inspircd', '--nofork', ...root, '--config', config];
  });

/** ngircd: plain RFC 2812. */
export const startNgircd: Start = (t, options = {}) =>
  start(t, 'ngircd', options, (place) => {
    const config = join(place.folder, 'ngircd.conf');
    writeFileSync(config, ngircdConfig(place));
    return ['/usr/sbin/ngircd', '--nodaemon', '--config', config];
  });

/** The built-in server. */
const startEmbedded: Start = (t, options = {}) =>
  start(t, 'embedded', options, (place) => {
    const { certificate: files } = place;
    const pems = files && { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    const program = programArguments('test/peers/embedded-main.ts');
    return [process.execPath, ...program, JSON.stringify({ ...place, pems })];
  });

/** The servers that a story is told to one after the other. */
export const withServers: readonly { readonly name: ServerName; readonly start: Start }[] = [
  { name: 'inspircd', start: startInspircd },
  { name: 'ngircd', start: startNgircd },
  { name: 'embedded', start: startEmbedded },
];

async function start(
  t: TestContext,
  name: ServerName,
  options: IrcServerOptions,
  configure: (place: IrcServerPlace) => string[],
): Promise<IrcServer> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  // ngircd reads its folder as the user it becomes.
  chmodSync(folder, 0o755);
  const [port = 0, other = 0] = await freePorts(2);
  const certificate = options.tls ? certificateIn(folder) : undefined;
  const tlsPort = options.tls ? other : undefined;
  const command = configure({ ...options, folder, port, tlsPort, certificate });
  const server = new ServerProcess(name, folder, command, port, tlsPort, certificate?.cert);
  t.after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

class ServerProcess implements IrcServer {
  readonly name: ServerName;
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly ca: string | undefined;
  readonly #folder: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();

  constructor(
    name: ServerName,
    folder: string,
    command: readonly string[],
    port: number,
    tlsPort: number | undefined,
    certificate: string | undefined,
  ) {
    this.name = name;
    this.#folder = folder;
    this.#command = command;
    this.port = port;
    this.tlsPort = tlsPort;
    this.ca = certificate === undefined ? undefined : readFileSync(certificate, 'utf8');
  }

  async start(): Promise<void> {
    const [file = '', ...args] = this.#command;
    const output = join(this.#folder, 'output');
    const out = openSync(output, 'a');
    const child = spawn(file, args, { cwd: this.#folder, stdio: ['ignore', out, out] });
    closeSync(out);
    this.#child = child;
    const gone = new AbortController();
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    this.#exited = once(child, 'exit').finally(() => {
      process.off('exit', end);
      gone.abort();
    });
    // A file that is not there is an 'error', which `accepts` reports below.
    this.#exited.catch(() => {});
    const deadline = Date.now() + 15_000;
    while (!(await accepts(this.port))) {
      if (gone.signal.aborted || Date.now() > deadline) {
        throw new Error(`${this.name} does not listen: ${readFileSync(output, 'utf8').slice(-1500)}`);
      }
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM');
    await this.#exited.catch(() => {});
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited.catch(() => {});
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.end());
    // The server has dropped the connection too, so it counts against no limit.
    socket.on('close', (failed) => failed || resolve(true));
    socket.resume();
  });
}

function certificateIn(folder: string): { cert: string; key: string } {
  const pems = makeCertificate();
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  writeFileSync(cert, pems.cert);
  writeFileSync(key, pems.key);
  return { cert, key };
}
