/** All MSRP sessions and connections of a program: who is bound to what (RFC 4975 section 5.4). */
import type { Clock } from '../common/clock.ts';
import { randomToken } from '../common/ids.ts';
import type { Log } from '../common/log.ts';
import type { Connection } from '../transport/connection.ts';
import type { MsrpSession, SessionOptions } from './api.ts';
import { MsrpConnection } from './connection.ts';
import type { ConnectionOwner, OwnedConnection } from './connection-owner.ts';
import { Deadlines } from './deadlines.ts';
import { type Dial, tcpDial, type TrustBy } from './dialling.ts';
import { FanOut } from './fan-out.ts';
import { KeepAlive } from './keep-alive.ts';
import { DEFAULT_LIMITS, type MsrpLimits } from './limits.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { Session } from './session.ts';
import type { HostedSession, SessionHost, SessionLink } from './session-host.ts';
import { Tick } from './tick.ts';
import { formatMsrpUri, type MsrpUri, parseMsrpUri, plainMsrpUri, sameMsrpUri } from './uri.ts';
import { flat, SendForm } from './writer.ts';

export interface MsrpEndpointOptions extends Partial<MsrpLimits> {
  readonly clock: Clock;
  readonly log: Log;
  /** The largest message that is taken, in bytes; others are answered 413. */
  readonly maxMessageBytes: number;
  /** How long a request waits for its answer (RFC 4975 section 7.1.1); default 30,000. */
  readonly transactionTimeoutMs?: number;
  /** Opens a connection to the first hop of a path; by default TCP for `msrp` URIs, and nothing else. */
  readonly dial?: Dial;
  /** Told when a connection that was accepted has got its first session. */
  readonly settled?: (connection: Connection) => void;
}

/** Random bytes of a session id: 120 bits, where RFC 4975 section 14.1 wants 80. */
const SESSION_ID_BYTES = 15;

/**
 * Milliseconds that the peer has when the last session of a connection that we have taken is gone: to close it first, as the
 * end that does keeps it for a minute in TIME-WAIT (RFC 9293 section 3.6.1), on our side on the port that we listen on; or
 * to use it again (RFC 4975 section 5.4), as relays do.
 */
const PEER_FIRST_MS = 1000;

export class MsrpEndpoint {
  readonly #core: Core;

  constructor(options: MsrpEndpointOptions) {
    this.#core = new Core(options);
  }

  /** Takes a connection from a listener. To be called in the tick in which it was given. */
  accept(connection: Connection): void {
    this.#core.accept(connection);
  }

  /**
   * Makes a session with an unguessable path. It waits for the peer, or for `connect`; when it is not open in
   * `bindTimeoutMs` it is closed as never connected.
   */
  openSession(options: SessionOptions): MsrpSession {
    return this.#core.openSession(options);
  }

  /** A way to send the same messages to many sessions, each of which is called by something of the caller's. */
  fanOut<R>(): FanOut<R> {
    return new FanOut(this.#core);
  }

  /** Ends all sessions; connections close when everything queued is sent. */
  close(): void {
    this.#core.close();
  }
}

/** What sessions and connections see of the endpoint, and its users do not. */
class Core implements SessionHost, ConnectionOwner {
  readonly clock: Clock;
  readonly log: Log;
  readonly maxMessageBytes: number;
  readonly transactionTimeoutMs: number;
  readonly limits: MsrpLimits;
  readonly tick = new Tick();
  readonly #dial: Dial;
  readonly #settled: ((connection: Connection) => void) | undefined;
  readonly #keepAlive: KeepAlive;
  /** By `namesOf` their paths. */
  readonly #sessions = new Map<string, HostedSession>();
  readonly unbound: Deadlines<HostedSession>;
  /** Those without a session. */
  readonly #idle: Deadlines<OwnedConnection>;
  /** Those whose last session is gone. */
  readonly #unused: Deadlines<OwnedConnection>;
  /** Dialled connections, and those being dialled, by where they go. */
  readonly #dialled = new Map<string, Promise<MsrpConnection>>();
  /** Where dialled connections go. */
  readonly #targets = new Map<OwnedConnection, string>();
  #form: { readonly message: OutgoingMessage; readonly form: SendForm } | undefined;
  #closed = false;

  constructor(options: MsrpEndpointOptions) {
    this.clock = options.clock;
    this.log = options.log;
    this.maxMessageBytes = options.maxMessageBytes;
    this.transactionTimeoutMs = options.transactionTimeoutMs ?? 30_000;
    this.limits = { ...DEFAULT_LIMITS, ...options };
    this.#dial = options.dial ?? tcpDial();
    this.#settled = options.settled;
    const { clock, limits } = this;
    this.unbound = new Deadlines(clock, limits.bindTimeoutMs, (session) => session.expired());
    this.#idle = new Deadlines(clock, limits.idleConnectionMs, (connection) => connection.destroy());
    this.#unused = new Deadlines(clock, PEER_FIRST_MS, (connection) => connection.finish());
    this.#keepAlive = new KeepAlive(options.clock, this.limits.keepAliveMs);
  }

  accept(transport: Connection): MsrpConnection {
    const connection = new MsrpConnection(transport, this);
    if (this.#closed) {
      connection.destroy();
      return connection;
    }
    this.#idle.add(connection);
    if (this.#idle.size > this.limits.maxIdleConnections) this.#idle.first?.destroy();
    return connection;
  }

  openSession(options: SessionOptions): Session {
    const sessionId = randomToken(SESSION_ID_BYTES);
    const { host, port, scheme = 'msrp', transport = 'tcp' } = options;
    const path = flat(formatMsrpUri({ scheme, host, port, sessionId, transport }));
    const session = new Session(this, options, path);
    for (const name of namesOf(path)) this.#sessions.set(name, session);
    if (this.#closed) session.close();
    return session;
  }

  close(): void {
    this.#closed = true;
    for (const session of [...this.#sessions.values()]) session.close();
    while (this.#idle.first) this.#idle.first.destroy();
  }

  find(toPath: string): HostedSession | undefined {
    const known = this.#sessions.get(toPath);
    if (known) return known;
    const uri = parseMsrpUri(toPath);
    const session = uri && this.#sessions.get(plainMsrpUri(uri));
    const own = session && parseMsrpUri(session.path);
    // An escaped host can be spelt like the beginning of a whole URI.
    return own && sameMsrpUri(uri, own) ? session : undefined;
  }

  forget({ path }: HostedSession): void {
    for (const name of namesOf(path)) this.#sessions.delete(name);
  }

  used(connection: OwnedConnection, transport: Connection): void {
    this.#idle.delete(connection);
    this.#unused.delete(connection);
    this.#settled?.(transport);
    this.#keepAlive.add(connection);
  }

  /** Who dials closes first. Who heard nothing of the end does not know that it is to close. */
  unused(connection: OwnedConnection): boolean {
    if (this.#closed || this.#targets.has(connection)) return false;
    this.#unused.add(connection);
    return true;
  }

  gone(connection: OwnedConnection): void {
    this.#keepAlive.remove(connection);
    this.#dialled.delete(this.#targets.get(connection) ?? '');
    this.#targets.delete(connection);
    this.#idle.delete(connection);
    this.#unused.delete(connection);
  }

  formOf(message: OutgoingMessage): SendForm {
    if (this.#form?.message !== message) this.#form = { message, form: new SendForm(message) };
    return this.#form.form;
  }

  /** A connection to the same host, port and scheme is used again (RFC 4975 section 5.4), if it was trusted by the same means. */
  async dial(uri: MsrpUri, trust: TrustBy): Promise<SessionLink> {
    const target = `${trust} ${hostOf(uri)}`;
    for (let known = this.#dialled.get(target); known; known = this.#dialled.get(target)) {
      const connection = await known;
      if (!connection.isCrowded) return connection;
      if (this.#dialled.get(target) === known) this.#dialled.delete(target);
    }
    const dialling = this.#dial(uri, trust).then((bytes) => this.#keep(this.accept(bytes), target));
    this.#dialled.set(target, dialling);
    try {
      return await dialling;
    } catch (error) {
      this.log.debug({ error, target }, 'MSRP peer not reached');
      if (this.#dialled.get(target) === dialling) this.#dialled.delete(target);
      throw error;
    }
  }

  #keep(connection: MsrpConnection, target: string): MsrpConnection {
    this.#targets.set(connection, target);
    return connection;
  }
}

/** What a session is found by: its path as we wrote it, which is how nearly every request names it, and the plain one. */
function namesOf(path: string): string[] {
  const uri = parseMsrpUri(path);
  return uri ? [path, plainMsrpUri(uri)] : [path];
}

/** A URI with nothing but what a connection goes to. */
function hostOf({ scheme, host, port, transport }: MsrpUri): string {
  return formatMsrpUri({
    scheme,
    host: host.toLowerCase(),
    transport,
    ...(port !== undefined && { port }),
  });
}
