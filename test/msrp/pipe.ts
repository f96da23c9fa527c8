/** Connections in memory, and a peer that writes and reads plain text over one. */
import type { Address, Connection, ConnectionHandler } from '../../src/transport/connection.ts';

const NOWHERE: Address = { host: '192.0.2.1', port: 1 };

/** One end of a pipe. Bytes arrive at the other end in a later turn of the event loop. */
class PipeEnd implements Connection {
  readonly local = NOWHERE;
  readonly remote = NOWHERE;
  readonly writes: Buffer[] = [];
  /** True: the writes are messages, as on a WebSocket. */
  framed = false;
  pendingBytes = 0;
  open = true;
  /** What comes waits. */
  paused = false;
  /** More than this is not taken before the other end reads. */
  room = Infinity;
  other: PipeEnd | undefined;
  #handler: ConnectionHandler | undefined;
  #stuck: Buffer[] = [];
  #unread: Buffer[] = [];

  handle(handler: ConnectionHandler): void {
    this.#handler = handler;
  }

  /** Has something arrive at this end now, and not in a later turn. */
  receives(bytes: Buffer): void {
    this.#handler?.data(bytes);
  }

  write(bytes: Buffer | string, encoding?: 'latin1'): boolean {
    if (!this.open) return true;
    const copy = Buffer.from(bytes as string, encoding);
    this.writes.push(copy);
    if (this.pendingBytes > 0 || copy.length > this.room) {
      this.pendingBytes += copy.length;
      this.#stuck.push(copy);
      return false;
    }
    this.room -= copy.length;
    this.#pass(copy);
    return true;
  }

  /** The other end reads again: everything pending goes, and `room` bytes more may. */
  drain(room = Infinity): void {
    const stuck = this.#stuck;
    this.#stuck = [];
    this.pendingBytes = 0;
    this.room = room;
    for (const bytes of stuck) this.#pass(bytes);
    if (stuck.length > 0) this.#handler?.drained();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    setImmediate(() => {
      for (const bytes of this.#unread.splice(0)) this.#arrive(bytes);
    });
  }

  end(): void {
    if (!this.open) return;
    this.open = false;
    setImmediate(() => {
      this.other?.destroy();
      this.#handler?.closed();
    });
  }

  destroy(): void {
    this.end();
  }

  #pass(bytes: Buffer): void {
    setImmediate(() => {
      if (this.other?.open) this.other.#arrive(bytes);
    });
  }

  #arrive(bytes: Buffer): void {
    if (this.paused) this.#unread.push(bytes);
    else this.#handler?.data(bytes);
  }
}

/** Two ends joined. */
export function pipe(): [PipeEnd, PipeEnd] {
  const ends: [PipeEnd, PipeEnd] = [new PipeEnd(), new PipeEnd()];
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}

export type { PipeEnd };

/** Lets everything happen that is due. */
export async function settle(turns = 6): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A peer without any MSRP of its own: it writes text and keeps what it gets. */
export class RawPeer {
  readonly connection: Connection;
  received = '';
  closed = false;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.handle({
      data: (bytes) => (this.received += bytes.toString('latin1')),
      drained: () => {},
      closed: () => (this.closed = true),
    });
  }

  /** Writes (latin1), lets things happen, and gives what has come since the last time. */
  async says(text: string | Buffer): Promise<string> {
    this.connection.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
    return this.hears();
  }

  async hears(): Promise<string> {
    await settle();
    const text = this.received;
    this.received = '';
    return text;
  }
}

/** One frame with its headers given as lines; a body brings the blank line. */
export function frame(
  transactionId: string,
  start: string,
  headers: readonly string[],
  body?: string,
  flag = '$',
): string {
  const content = body === undefined ? '' : `\r\n${body}\r\n`;
  return `MSRP ${transactionId} ${start}\r\n${headers.map((line) => `${line}\r\n`).join('')}${content}-------${transactionId}${flag}\r\n`;
}
