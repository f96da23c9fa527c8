/** Ports for servers that cannot be told to take any free one. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which the system gives ports to whoever dials: nobody takes one by chance. */
const FIRST = 11_000;
/** Tests run in several processes at once. Each has ports of its own, so that none is taken between the look and the use. */
const BLOCK = 40;
const BLOCKS = 500;

let block: Promise<number> | undefined;
let given = 0;

/** Ports that nobody listens on, neither by TCP nor by UDP. */
export async function freePorts(count: number): Promise<number[]> {
  block ??= ownBlock();
  const first = await block;
  const ports: number[] = [];
  while (ports.length < count) {
    const port = first + 1 + (given % (BLOCK - 1));
    given += 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** The first port of a block that no other process has: whoever listens on it has the block, for as long as the process lives. */
async function ownBlock(): Promise<number> {
  for (let place = process.pid; ; place += 1) {
    const first = FIRST + (place % BLOCKS) * BLOCK;
    const claim = createServer().listen({ port: first, host: '127.0.0.1', exclusive: true });
    claim.unref();
    if (await once(claim, 'listening').then(Boolean, () => false)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const socket = createSocket('udp4');
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
    socket.close();
  }
}
