/** Ports for servers that cannot be told to take any free one. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which the system gives ports to whoever dials: nobody takes one by chance. */
const FIRST = 11_000;
/** Tests run in several processes at once. Each has ports of its own, so that none is taken between the look and the use. */
const BLOCK = 40;
const BLOCKS = 500;

let given = 0;

/** Ports that nobody listens on, neither by TCP nor by UDP. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = FIRST + (process.pid % BLOCKS) * BLOCK + (given % BLOCK);
    given += 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
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
