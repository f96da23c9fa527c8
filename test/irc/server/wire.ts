/** A connection without a network: what is written to it is there to be read, and nobody need read it. */
import type { Connection, ConnectionHandler } from '../../../src/transport/connection.ts';

export class Wire implements Connection {
  readonly local = { host: '192.0.2.1', port: 6667 };
  readonly remote: { host: string; port: number };
  pendingBytes = 0;
  open = true;
  paused = false;
  written = '';
  /** Nothing that is written leaves: it is pending. */
  readonly #stuck: boolean;
  #handler: ConnectionHandler | undefined;

  constructor(host: string, stuck = false) {
    this.remote = { host, port: 40000 };
    this.#stuck = stuck;
  }

  handle(handler: ConnectionHandler): void {
    this.#handler = handler;
  }

  write(bytes: Buffer | string): boolean {
    if (!this.open) return true;
    if (this.#stuck) this.pendingBytes += Buffer.byteLength(bytes);
    this.written += String(bytes);
    return !this.#stuck;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  end(): void {
    this.open = false;
    if (!this.#stuck) this.destroy();
  }

  destroy(): void {
    this.open = false;
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed();
  }

  /** The other end reads what is pending. */
  drains(): void {
    this.pendingBytes = 0;
    this.#handler?.drained();
  }

  /** The other end sends lines. */
  says(...lines: string[]): void {
    this.sends(Buffer.from(lines.map((line) => `${line}\r\n`).join('')));
  }

  /** The other end sends octets. */
  sends(bytes: Buffer): void {
    this.#handler?.data(bytes);
  }

  /** What was written since the last time, when all that waits is. */
  async reads(): Promise<string[]> {
    await new Promise(setImmediate);
    const lines = this.written.split('\r\n').slice(0, -1);
    this.written = '';
    return lines;
  }
}
