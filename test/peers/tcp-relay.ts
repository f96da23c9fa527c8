/** Stands between the program and IRC servers: sends connections here or there, and keeps those whose client has died. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

interface Place {
  readonly host: string;
  readonly port: number;
}

export interface TcpRelay extends Place {
  /** Connections taken so far. */
  readonly count: number;
  /**
   * From now on a server does not hear that its client has gone, as when a whole machine has died: the client's nick stays
   * on IRC, a ghost.
   */
  keepsGhosts(): void;
  /** The servers hear it at last, of all ghosts there are; and of those to come at once. */
  freesGhosts(): void;
}

/** `toward` says where a connection goes; the first is number 0. */
export async function tcpRelay(t: TestContext, toward: (number: number) => Place): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  const ghosts = new Set<Socket>();
  let keeps = false;
  let count = 0;

  const tied = (from: Socket, to: Socket, gone: () => void): void => {
    sockets.add(from);
    from.on('data', (bytes) => {
      // A server that writes to a ghost is heard by nobody.
      if (!to.destroyed) to.write(bytes);
    });
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      gone();
    });
  };

  const listener = createServer({ noDelay: true }, (client) => {
    const { host, port } = toward(count++);
    const server = connect({ host, port, noDelay: true });
    tied(client, server, () => {
      if (keeps && !server.destroyed) ghosts.add(server);
      else server.destroySoon();
    });
    tied(server, client, () => {
      ghosts.delete(server);
      client.destroySoon();
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    get count() {
      return count;
    },
    keepsGhosts() {
      keeps = true;
    },
    freesGhosts() {
      keeps = false;
      for (const ghost of ghosts) ghost.destroySoon();
    },
  };
}
