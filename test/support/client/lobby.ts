/** A room without a network, in this process and on real sockets, and the client as a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/common/clock.ts';
import { silentLog } from '../../../src/common/log.ts';
import { Focus } from '../../../src/focus/focus.ts';
import { MsrpEndpoint } from '../../../src/msrp/index.ts';
import { RoomLoop } from '../../../src/room/loop.ts';
import { SipStack } from '../../../src/sip/index.ts';
import { listenTcp } from '../../../src/transport/tcp.ts';
import { Inbox } from '../inbox.ts';
import { programArguments } from '../programs.ts';
import { transcriptOf, type Transcript } from '../transcript.ts';

export interface Lobby {
  readonly loop: RoomLoop;
  /** Port of SIP by TCP, and by UDP. */
  readonly tcp: number;
  readonly udp: number;
  /** The room ends, as when the program stops. */
  readonly close: (text: string) => Promise<void>;
  /** How often somebody has gone, or no longer wants to come, where there is a network. */
  readonly released: number;
}

/** `silent`: nobody is ever let in, nor refused. */
export async function openLobby(t: TestContext, { silent = false } = {}): Promise<Lobby> {
  const tools = { clock: systemClock, log: silentLog };
  const host = '127.0.0.1';
  const sip = new SipStack({
    ...tools,
    userAgent: 'parley/test',
    listen: [
      { transport: 'tcp', host, port: 0 },
      { transport: 'udp', host, port: 0 },
    ],
  });
  await sip.start();
  const msrp = new MsrpEndpoint({ ...tools, maxMessageBytes: 100_000 });
  const listener = await listenTcp({ host, port: 0 }, (connection) => msrp.accept(connection));
  const focus = new Focus({
    ...tools,
    sip,
    msrp,
    domain: 'chat.example.org',
    networks: () => [],
    msrpPlaces: [{ scheme: 'msrp', transport: 'tcp', host, port: listener.address.port }],
    fingerprints: () => [],
    maxMessageBytes: 100_000,
    limits: { congestedMs: 180_000, pace: undefined },
  });
  const loop = new RoomLoop({ networked: silent, settings: ROOM }, tools);
  let released = 0;
  const room = focus.openRoom('lobby', FOCUS, loop);
  loop.connect({
    focus: (effect) => room.effect(effect),
    network: ({ type }) => (released += type === 'release' ? 1 : 0),
  });
  const portOf = (scheme: string): number =>
    Number(sip.addresses.find((address) => address.startsWith(scheme))?.replace(/^.*:/, ''));
  const close = async (text: string): Promise<void> => {
    loop.push({ type: 'close', text });
    await room.close();
  };
  t.after(async () => {
    await close('the test is over');
    msrp.close();
    await Promise.all([sip.stop(), listener.close()]);
  });
  return {
    loop,
    tcp: portOf('tcp'),
    udp: portOf('udp'),
    close,
    get released() {
      return released;
    },
  };
}

const FOCUS = {
  types: ['text/plain', 'text/html', 'image/*'],
  nicknames: true,
  privateMessages: true,
  allow: ['*'],
  deny: ['sip:mallory@*'],
  network: undefined,
};

const ROOM = {
  name: 'lobby',
  subject: 'tea',
  nicknames: true,
  privateMessages: true,
  distribute: 'after-irc',
  history: 0,
  reservedNicknames: [],
  operators: undefined,
} as const;

/** Starts the client with its ends as pipes. It is gone when the test ends. */
export function runClient(t: TestContext, ...args: readonly string[]): ClientProcess {
  const client = programArguments('test/support/client/main.ts');
  const child = spawn(process.execPath, [...client, ...args], { stdio: 'pipe' });
  t.after(() => child.kill('SIGKILL'));
  return new ClientProcess(child, transcriptOf(t), args.at(-1) ?? 'client');
}

export class ClientProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  /** As objects: the same line may come twice. */
  readonly #shown: Inbox<{ readonly line: string }>;
  readonly #transcript: Transcript;
  readonly #name: string;
  readonly #closed: Promise<unknown[]>;
  errors = '';

  constructor(child: ChildProcessWithoutNullStreams, transcript: Transcript, name: string) {
    this.#child = child;
    this.#transcript = transcript;
    this.#name = name;
    this.#shown = new Inbox(name, transcript);
    createInterface({ input: child.stdout }).on('line', (line) => {
      transcript.add(name, '<', line);
      this.#shown.add({ line });
    });
    child.stderr.on('data', (data: Buffer) => (this.errors += data.toString()));
    this.#closed = once(child, 'close').finally(() => this.#shown.end('the client has ended'));
  }

  /** All lines so far. */
  get lines(): readonly string[] {
    return this.#shown.all.map(({ line }) => line);
  }

  /** A line that matches and was not waited for before. */
  async shows(wanted: RegExp | string): Promise<void> {
    const fits = (line: string): boolean =>
      typeof wanted === 'string' ? line === wanted : wanted.test(line);
    await this.#shown.takes(String(wanted), ({ line }) => fits(line));
  }

  types(...lines: readonly string[]): void {
    for (const line of lines) {
      this.#transcript.add(this.#name, '>', line);
      this.#child.stdin.write(`${line}\n`);
    }
  }

  /** The end of its input. */
  endsInput(): void {
    this.#child.stdin.end();
  }

  interrupts(): void {
    this.#child.kill('SIGINT');
  }

  /** The exit status. */
  async ends(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }
}
