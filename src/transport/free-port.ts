/** Finds a port that nobody listens on. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export type PortKind = 'tcp' | 'udp';

const LAST = 65_535;

/**
 * The first port from `from` on that is free for all of `kinds` at this moment; somebody may still be faster than who
 * asked. Rejects with Node's error when the host is none of ours, or no port is left.
 */
export async function freePort(host: string, from: number, kinds: readonly PortKind[]): Promise<number> {
  for (let port = from; ; port++) {
    try {
      for (const kind of kinds) await (kind === 'tcp' ? tryTcp(host, port) : tryUdp(host, port));
      return port;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (port === LAST || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
    }
  }
}

function tryTcp(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function tryUdp(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve()));
  });
}
