/** The way to a SIP server: whether there is one, and which of our addresses it sees. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { SipTransport } from '../../../src/sip/index.ts';
import { dialTcp } from '../../../src/transport/tcp.ts';

/** Milliseconds for a connection. */
const PATIENCE = 5_000;

export interface Way {
  /** Our own address. */
  readonly local: string;
  /** Theirs, as an IP address. */
  readonly remote: string;
}

/** Rejects with Node's error where there is no way. By UDP nobody can say whether anybody is there. */
export async function reach(host: string, port: number, transport: SipTransport): Promise<Way> {
  if (transport === 'tcp') {
    const connection = await dialTcp({ host, port }, { timeoutMs: PATIENCE });
    const way = { local: connection.local.host, remote: connection.remote.host };
    connection.destroy();
    return way;
  }
  const remote = isIP(host) ? host : (await lookup(host)).address;
  const socket = createSocket(isIPv6(remote) ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, remote, resolve);
    });
    return { local: socket.address().address, remote };
  } finally {
    socket.close();
  }
}

/** Node's error in words. */
export function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nobody listens there (connection refused)',
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'the name of the host cannot be looked up now',
    EHOSTUNREACH: 'there is no way to that host',
    ENETUNREACH: 'there is no way to that network',
    ETIMEDOUT: 'no answer',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
