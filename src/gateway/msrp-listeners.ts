/** MSRP over the network: its endpoint, where it listens and what stands in the SDP for it, and its certificate. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Certificate, Config, MsrpListener } from '../config/config.ts';
import { type HostPort, isUnspecified, plainHost, urlText } from '../config/listeners.ts';
import type { MsrpPlace } from '../focus/focus.ts';
import { type Fingerprint, fingerprintsOf, MsrpEndpoint, tcpDial } from '../msrp/index.ts';
import { listenAtDoor } from '../transport/doors.ts';
import { Guests } from '../transport/guests.ts';
import { explainListenError } from '../transport/listen-error.ts';
import { makeSelfSigned } from '../transport/self-signed.ts';
import type { TlsListener } from '../transport/tls.ts';
import type { Upgrade } from '../transport/websocket-server.ts';
import { msrpOptions } from './msrp-options.ts';
import { MsrpWebSockets } from './websockets.ts';

export interface MsrpListenersOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** The authorities that are believed of those whom we dial by TLS, in PEM; undefined: the system's. */
  readonly ca: string | undefined;
}

export class MsrpListeners {
  readonly endpoint: MsrpEndpoint;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #guests: Guests;
  readonly #webSockets: MsrpWebSockets;
  readonly #listeners: TlsListener[] = [];
  readonly #urls: string[] = [];
  readonly #plain: MsrpPlace[] = [];
  readonly #secure: MsrpPlace[] = [];
  readonly #framed: MsrpPlace[] = [];
  /** Made when it is first needed, and then kept: peers know it. */
  #made: Certificate | undefined;
  #certificate: Certificate;
  #fingerprints: readonly Fingerprint[];

  /** Throws Node's error where the certificate is none. */
  constructor({ config, clock, log, ca }: MsrpListenersOptions) {
    this.#config = config;
    this.#clock = clock;
    const guests = new Guests(config.msrp.limits.connectionsPerAddress);
    this.#guests = guests;
    this.#certificate = this.#choose(config.tls.certificate);
    this.#fingerprints = fingerprintsOf(this.#certificate.cert);
    this.endpoint = new MsrpEndpoint({
      clock,
      log: log.child({ part: 'msrp' }),
      ...msrpOptions(config.msrp),
      dial: tcpDial(() => ({ certificate: this.#certificate, ca })),
      settled: (connection) => guests.settled(connection),
    });
    this.#webSockets = new MsrpWebSockets({ config, clock, log, guests, endpoint: this.endpoint });
  }

  /** Listens. Rejects with an error that says where and why when it cannot, and then listens nowhere. */
  async start(): Promise<void> {
    try {
      for (const each of this.#config.msrp.listen) await this.#listen(each);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The listeners as URLs with their real ports. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  /** Where peers come in, in the order of the configuration: first all places without TLS, then those with it, then WebSockets. */
  get places(): readonly MsrpPlace[] {
    return [...this.#plain, ...this.#secure, ...this.#framed];
  }

  /** The certificate that newcomers see. */
  get certificate(): Certificate {
    return this.#certificate;
  }

  /** Takes WebSockets that an HTTP server of this program hands over; it listens there. */
  upgradesAt({ host, port }: HostPort): void {
    this.#framed.push({ scheme: 'msrp', transport: 'ws', host, port });
  }

  /** Where that server hands them over. */
  get upgrade(): Upgrade {
    return this.#webSockets.upgrade;
  }

  /** Of the certificate that newcomers see. */
  get fingerprints(): readonly Fingerprint[] {
    return this.#fingerprints;
  }

  /**
   * Newcomers see this certificate, or without one that which was made here. Who is there stays. Throws Node's error where
   * it is none or does not fit its key, and then nothing has changed.
   */
  renew(configured: Certificate | null): void {
    const certificate = this.#choose(configured);
    const fingerprints = fingerprintsOf(certificate.cert);
    for (const listener of this.#listeners) listener.renew(certificate);
    this.#certificate = certificate;
    this.#fingerprints = fingerprints;
  }

  /** Ends all sessions, and takes no more connections. Those that are there close when all is sent. */
  async close(): Promise<void> {
    this.endpoint.close();
    this.#webSockets.close();
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }

  #choose(configured: Certificate | null): Certificate {
    if (configured !== null) return configured;
    if (this.#made) return this.#made;
    const { sip, msrp } = this.#config;
    // SIP by TLS shows it too.
    const listeners = [...msrp.listen, ...sip.listen].map(({ host }) => host);
    const named = [msrp.host ?? '', sip.host ?? '', ...listeners];
    const hosts = named.filter((host) => host !== '' && !isUnspecified(host));
    this.#made = makeSelfSigned([plainHost(sip.domain) ?? 'localhost', ...new Set(hosts)], this.#clock.now());
    return this.#made;
  }

  async #listen(listen: MsrpListener): Promise<void> {
    try {
      const listener = await this.#opened(listen);
      this.#listeners.push(listener);
      const { host, port } = listener.address;
      this.#urls.push(urlText({ scheme: listen.scheme, host, port }));
      this.#offer(listen.scheme, { host: this.#config.msrp.host ?? host, port });
    } catch (error) {
      throw explainListenError(error, urlText(listen));
    }
  }

  #opened(listen: MsrpListener): Promise<TlsListener> {
    const { scheme } = listen;
    const certificate = this.#certificate;
    if (scheme === 'ws') return this.#webSockets.listen(listen);
    if (scheme === 'wss') return this.#webSockets.listen(listen, certificate);
    const options = {
      clock: this.#clock,
      certificate,
      asksCertificate: true,
      speaks: scheme === 'tls' ? 'tls' : 'both',
      guests: this.#guests,
      silenceMs: this.#config.msrp.limits.halfOpenTime * 1000,
    } as const;
    return listenAtDoor(listen, options, (connection) => this.endpoint.accept(connection));
  }

  /** The places of a listener. */
  #offer(scheme: MsrpListener['scheme'], place: HostPort): void {
    if (scheme === 'ws') return void this.#framed.push({ scheme: 'msrp', transport: 'ws', ...place });
    if (scheme === 'wss') return void this.#framed.push({ scheme: 'msrps', transport: 'ws', ...place });
    if (scheme === 'tcp') this.#plain.push({ scheme: 'msrp', transport: 'tcp', ...place });
    this.#secure.push({ scheme: 'msrps', transport: 'tcp', ...place });
  }
}
