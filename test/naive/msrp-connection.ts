/** One connection of naive MSRP ends, over TCP, TLS or a WebSocket: bytes to frames, each frame to the end that it names. It is strict. */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import type { Transcript } from '../support/transcript.ts';
import { faultOf } from './msrp-rules.ts';
import { field, readMsrp, type MsrpFrame } from './msrp-frame.ts';

/** A certificate of one's own and its key; PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Who takes frames: one session. */
export interface FrameTaker {
  readonly name: string;
  /** The URI by which frames for it are known. */
  readonly uri: string;
  took(frame: MsrpFrame): void;
  ended(reason: string): void;
}

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly source: string;
  /** Set for TLS, with the certificate to show. */
  readonly tls?: { readonly identity: Identity | undefined } | undefined;
}

export class MsrpConnection {
  /** Ends when the connection does. */
  readonly closed: Promise<void>;
  readonly #socket: Socket | WebSocket;
  readonly #transcript: Transcript;
  readonly #takers = new Map<string, FrameTaker>();
  /** Requests of the other side by transaction id, of which each may be used once (RFC 4975 section 7.1). */
  readonly #seen = new Set<string>();
  readonly #shown: X509Certificate | undefined;
  #unread = Buffer.alloc(0);
  /** Bytes of `unread` in which no end of a frame was found. */
  #looked = 0;
  /** Frames in what came last. */
  #taken = 0;

  /** Dials; resolves when bytes may be sent. */
  static async dial(transcript: Transcript, place: Place): Promise<MsrpConnection> {
    const { host, port, source, tls } = place;
    const where = { host, port, localAddress: source };
    const socket = tls
      ? connectTls({ ...where, ...tls.identity, rejectUnauthorized: false })
      : connect(where);
    await once(socket, tls ? 'secureConnect' : 'connect');
    return new MsrpConnection(socket, transcript);
  }

  /** A WebSocket for the subprotocol of RFC 7977, as a page of the host itself opens it. */
  static async dialWebSocket(transcript: Transcript, { host, port, tls }: Place): Promise<MsrpConnection> {
    const socket = new WebSocket(`${tls ? 'wss' : 'ws'}://${host}:${port}/msrp`, 'msrp', {
      origin: `${tls ? 'https' : 'http'}://${host}:${port}`,
      rejectUnauthorized: false,
    });
    const connection = new MsrpConnection(socket, transcript);
    await once(socket, 'open');
    return connection;
  }

  constructor(socket: Socket | WebSocket, transcript: Transcript) {
    this.#socket = socket;
    this.#transcript = transcript;
    // Asked once: a client of Node 20 gives it away with the first answer.
    this.#shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.once('close', () => this.#end('the connection was closed'));
    socket.on(socket instanceof WebSocket ? 'message' : 'data', (data: Buffer) => {
      try {
        this.#read(data);
        // RFC 7977 section 5.1: one chunk, and the whole of it. Two would have been two frames.
        if (socket instanceof WebSocket && (this.#unread.length > 0 || this.#taken > 1))
          throw new Error('a WebSocket message that is not one chunk');
        this.#taken = 0;
      } catch (error) {
        this.#end(String(error));
        this.destroy();
      }
    });
  }

  /** Bytes of a frame that is not whole yet. */
  get unread(): number {
    return this.#unread.length;
  }

  /** The port of this side. */
  get localPort(): number {
    return this.#socket instanceof WebSocket ? 0 : (this.#socket.localPort ?? 0);
  }

  /** The fingerprints of the certificate that the other side has shown, e.g. `SHA-256 AB:CD`; undefined where it has shown none. */
  fingerprint(hash: string): string | undefined {
    return this.#shown && fingerprintOf(this.#shown, hash);
  }

  /** Frames to that URI belong to this end. */
  attach(taker: FrameTaker): void {
    this.#takers.set(taker.uri, taker);
  }

  detach(taker: FrameTaker): void {
    this.#takers.delete(taker.uri);
  }

  get attached(): number {
    return this.#takers.size;
  }

  write(who: string, bytes: Buffer | string): void {
    this.#transcript.add(who, '>', bytes.toString());
    if (this.#socket instanceof WebSocket) this.#socket.send(bytes);
    else this.#socket.write(bytes);
  }

  /** Reads no more, until `resume`: the other side's bytes pile up. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says no more, and reads on. */
  end(): void {
    if (this.#socket instanceof WebSocket) this.#socket.close();
    else this.#socket.end();
  }

  destroy(): void {
    if (this.#socket instanceof WebSocket) this.#socket.terminate();
    else this.#socket.destroy();
  }

  #end(reason: string): void {
    for (const taker of this.#takers.values()) taker.ended(reason);
  }

  #read(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
    // A frame ends with a flag and CRLF: without those in what is new, a long body need not be looked at again.
    if (!/[$+#]\r\n/.test(this.#unread.toString('latin1', Math.max(0, this.#looked - 2)))) {
      this.#looked = this.#unread.length;
      return;
    }
    for (let read = readMsrp(this.#unread); read; read = readMsrp(this.#unread)) {
      const text = this.#unread.subarray(0, Math.min(read.length, 4000)).toString();
      this.#unread = this.#unread.subarray(read.length);
      this.#handle(read.frame, text);
    }
    this.#looked = this.#unread.length;
  }

  #handle(frame: MsrpFrame, text: string): void {
    const to = field(frame, 'To-Path') ?? '';
    const taker = this.#takers.get(to);
    this.#transcript.add(taker?.name ?? 'nobody (MSRP)', '<', text);
    if (!taker) throw new Error(`a frame for nobody here: ${to}`);
    const fault = faultOf(frame) ?? (this.#isRepeated(frame) ? 'a transaction id used twice' : undefined);
    if (fault !== undefined) throw new Error(`${fault}: ${text}`);
    this.#taken += 1;
    taker.took(frame);
  }

  #isRepeated({ method, transaction }: MsrpFrame): boolean {
    if (method === undefined) return false;
    if (this.#seen.has(transaction)) return true;
    this.#seen.add(transaction);
    return false;
  }
}

/** As a=fingerprint writes it (RFC 8122 section 5). */
export function fingerprintOf(certificate: X509Certificate | string, hash = 'sha-256'): string {
  const { raw } = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
  const digest = createHash(hash.replace('-', '').toLowerCase()).update(raw).digest('hex').toUpperCase();
  return `${hash} ${digest.match(/../g)?.join(':')}`;
}
