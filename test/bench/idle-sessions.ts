/**
 * Idle connections in a process of its own, to see what each takes. The arguments: `bare` (a socket and a closure) or `msrp`
 * (our library: a session on a connection), and how many. It tells its port and the paths, and its memory when asked.
 */
import { createServer, type AddressInfo } from 'node:net';
import { argv } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../../src/common/log.ts';
import { systemClock } from '../../src/common/clock.ts';
import { MsrpEndpoint, type SessionHandler } from '../../src/msrp/index.ts';
import { listenTcp } from '../../src/transport/tcp.ts';
import { okTo, idOf, pathLines } from './frames.ts';

/** What the process says first. */
export interface Ready {
  readonly port: number;
  /** The path under which each is known, in their order. */
  readonly paths: readonly string[];
}

/** Bytes of the process. */
export interface Taken {
  /** In memory. */
  readonly all: number;
  /** The same after some seconds in which nothing happened. */
  readonly quiet: number;
  /** Of that, JavaScript's heap and what it holds outside of it. */
  readonly heap: number;
}

const count = Number(argv[3]);
const HOST = '127.0.0.1';
/**
 * Milliseconds. While much is made V8 keeps up to 32 MB of room for new objects, whatever becomes of them; a collection gives
 * that back when hardly anything was made for five seconds.
 */
const QUIET = 6000;

process.on('message', () => void weigh());

async function weigh(): Promise<void> {
  const all = collected();
  await delay(QUIET);
  const quiet = collected();
  const taken: Taken = { all: all.rss, quiet: quiet.rss, heap: all.heapUsed + all.external };
  process.send?.(taken);
}

/** The memory after a garbage collection. */
function collected(): NodeJS.MemoryUsage {
  for (let time = 0; time < 3; time += 1) globalThis.gc?.();
  return process.memoryUsage();
}

if (argv[2] === 'msrp') await msrp();
else bare();

function bare(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    let frames = 0;
    socket.on('data', (bytes: Buffer) => {
      frames += 1;
      const frame = bytes.toString('latin1');
      const [, to = '', from = ''] = /\r\nTo-Path: (.*)\r\nFrom-Path: (.*)\r\n/.exec(frame) ?? [];
      if (frames === 1) socket.write(okTo(idOf(frame), pathLines(from, to)), 'latin1');
    });
    socket.on('error', () => {});
  });
  server.listen({ host: HOST, port: 0, backlog: 4096 }, () => {
    const { port } = server.address() as AddressInfo;
    const path = `msrp://${HOST}:${port}/01234567890123456789;tcp`;
    tell({ port, paths: Array.from({ length: count }, () => path) });
  });
}

async function msrp(): Promise<void> {
  const endpoint = new MsrpEndpoint({ clock: systemClock, log: silentLog, maxMessageBytes: 1_048_576 });
  const listener = await listenTcp({ host: HOST, port: 0 }, (connection) => endpoint.accept(connection));
  const { port } = listener.address;
  const handler: SessionHandler = { opened() {}, message() {}, nickname() {}, closed() {} };
  const paths = Array.from({ length: count }, () => {
    const session = endpoint.openSession({ host: HOST, port, handler, accepts: () => true });
    return session.path;
  });
  tell({ port, paths });
}

function tell(ready: Ready): void {
  process.send?.(ready);
}
