/** The bytes of a link: a TCP or TLS connection to an IRC server, in the form that irc-framework asks of a transport. */
import { EventEmitter } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isUtf8 } from 'node:buffer';
import type { Clock, Timer } from '../common/clock.ts';
import { readNotUtf8 } from './charset.ts';
import { withoutBreakers } from './line.ts';

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Certificates in PEM that are believed instead of the system's. */
  readonly ca: string | undefined;
  /** Milliseconds until the connection must stand. */
  readonly timeout: number;
  readonly clock: Clock;
  /** In what a line is read that is not UTF-8; null: as UTF-8, as far as it can be read. */
  readonly encoding: () => string | null;
  /** Called with each line, without its end and without CR and NUL. */
  readonly line: (text: string) => void;
  /** Told once, with the error where there was one. */
  readonly closed: (error: Error | undefined) => void;
}

/** RFC 2812 has 512 bytes, and 8191 for tags (IRCv3 message-tags); what is longer is dropped, the connection stays. */
const LONGEST_LINE = 16_384;

/** Connects when irc-framework says so. Emits `open` and `close` to it; the link passes on the lines that it needs. */
export class IrcSocket extends EventEmitter {
  readonly #options: SocketOptions;
  #socket: Socket | undefined;
  #error: Error | undefined;
  #rest: Buffer = Buffer.alloc(0);
  /** A line that is too long is being passed over. */
  #skipping = false;
  #corked = false;
  #closed = false;

  constructor(options: SocketOptions) {
    super();
    this.#options = options;
  }

  get localAddress(): string {
    return this.#socket?.localAddress ?? '';
  }

  connect(): void {
    const { host, port, tls, ca, timeout, clock } = this.#options;
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls
      ? connectTls({ host, port, ...name, ...(ca === undefined ? {} : { ca }) })
      : connect({ host, port, noDelay: true });
    this.#socket = socket;
    const timer: Timer = clock.after(timeout, () => socket.destroy(new Error('no answer')));
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      timer.cancel();
      socket.setNoDelay(true);
      this.emit('open');
    });
    socket.on('data', (bytes: Buffer) => this.#data(bytes));
    socket.on('error', (error) => (this.#error = error));
    socket.on('close', () => {
      timer.cancel();
      if (this.#closed) return;
      this.#closed = true;
      this.emit('close', this.#error ?? false);
      this.#options.closed(this.#error);
    });
  }

  /** All lines of one turn of the event loop leave in one write. */
  writeLine(line: string, written?: () => void): void {
    const socket = this.#socket;
    if (!socket?.writable) {
      if (written) setImmediate(written);
      return;
    }
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      setImmediate(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    // irc-framework writes what it was given; `formatLine` has cleaned our own lines.
    socket.write(`${withoutBreakers(line)}\r\n`, () => written?.());
  }

  /** Closes; at once with `force` or where the connection does not stand yet. */
  close(force = false): void {
    if (force || this.#socket?.connecting) this.#socket?.destroy();
    else this.#socket?.end();
  }

  disposeSocket(): void {
    this.#socket?.destroy();
  }

  setEncoding(): boolean {
    return true;
  }

  #data(bytes: Buffer): void {
    let data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a)) {
      const line = data.subarray(0, end > 0 && data[end - 1] === 0x0d ? end - 1 : end);
      data = data.subarray(end + 1);
      if (this.#skipping) this.#skipping = false;
      else this.#line(line);
    }
    if (data.length > LONGEST_LINE) {
      this.#skipping = true;
      data = Buffer.alloc(0);
    }
    this.#rest = data;
  }

  #line(bytes: Buffer): void {
    if (bytes.length === 0 || bytes.length > LONGEST_LINE) return;
    const text = isUtf8(bytes) ? bytes.toString('utf8') : readNotUtf8(bytes, this.#options.encoding());
    this.#options.line(withoutBreakers(text));
  }
}
