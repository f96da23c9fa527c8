/** Who the peer of a session is: the path that its SDP names, or that of its first request (RFC 4975 section 5.4). */
import { type MsrpUri, parseMsrpPath, sameMsrpUri } from './uri.ts';
import { flat, pathLines } from './writer.ts';

/**
 * The largest body of a chunk to a peer behind a relay. COMPAT: Kamailio 5.6 passes whole frames on only, none above 11 kB,
 * and closes the connection, with all its sessions, above 16 kB. Who is behind a relay has to take several chunks of a
 * message anyway: relays may cut them (RFC 4976 section 6.4.1).
 */
const RELAYED_CHUNK = 8192;
const TO_PATH = 'To-Path: ';

/** It keeps texts only, which are read again when somebody asks: there is one for each session, and most are never asked. */
export class PeerPath {
  readonly #own: string;
  /** How many URIs it has; 0 while nobody knows the peer. */
  #hops = 0;
  #lines = '';
  #path = '';
  /** The From-Path that was last found to be the peer's; it may be written otherwise. */
  #knownFrom = '';

  /** `own`: the path of our end. */
  constructor(own: string) {
    this.#own = own;
  }

  /** Its URIs as one text; empty while nobody knows the peer. */
  get path(): string {
    return this.#path;
  }

  /** To-Path and From-Path of our requests, as lines; empty while nobody knows the peer. */
  get lines(): string {
    return this.#lines;
  }

  /** Where to dial; undefined while nobody knows the peer. */
  get nextHop(): MsrpUri | undefined {
    return parseMsrpPath(this.#path)?.[0];
  }

  /** No relay stands between us and the peer, as far as we know. */
  get isDirect(): boolean {
    return this.#hops === 1;
  }

  /** The largest body of a chunk to the peer. */
  get longestChunk(): number {
    return this.#hops > 1 ? RELAYED_CHUNK : Infinity;
  }

  /** Takes the path of the peer's SDP. Throws RangeError on one that is none. */
  set(path: string): void {
    const uris = parseMsrpPath(path);
    if (!uris) throw new RangeError(`not an MSRP path: ${JSON.stringify(path.slice(0, 200))}`);
    this.#use(path, uris.length);
  }

  /** Whether a request with this From-Path is the peer's: the last URI is the end that sent it, others are relays. */
  isOf(fromPath: string): boolean {
    if (this.#hops > 0 && fromPath === this.#knownFrom) return true;
    const uris = parseMsrpPath(fromPath);
    const from = uris?.at(-1);
    const peer = parseMsrpPath(this.#path)?.at(-1);
    if (!uris || !from || (peer && !sameMsrpUri(from, peer))) return false;
    // Who knows our URI before we know the peer's is taken for the one it was given to (RFC 4975 section 5.4).
    if (peer) this.#knownFrom = flat(fromPath);
    else this.#use(fromPath, uris.length);
    return true;
  }

  #use(path: string, hops: number): void {
    this.#hops = hops;
    this.#lines = flat(pathLines(path, this.#own));
    // Mostly it stands in the lines as it is, and is cut out of them; what was cut out of a head would keep that.
    const written = this.#lines.slice(TO_PATH.length, TO_PATH.length + path.length);
    this.#path = written === path ? written : flat(path);
    this.#knownFrom = this.#path;
  }
}
