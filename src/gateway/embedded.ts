/** The built-in IRC server as the gateway runs it: its listeners, and how the gateway's own links get in. */
import type { Clock } from '../common/clock.ts';
import { randomToken } from '../common/ids.ts';
import type { Log } from '../common/log.ts';
import type { Certificate, EmbeddedConfig, ServerAddress } from '../config/config.ts';
import { isUnspecified, urlText } from '../config/listeners.ts';
import { IrcServer } from '../irc/server/server.ts';
import type { IrcServerChanges } from '../irc/server/options.ts';
import { fileStore } from '../irc/server/store.ts';
import { explainListenError } from '../transport/listen-error.ts';
import { listenTcp, type Listener } from '../transport/tcp.ts';
import { listenTls, type TlsListener } from '../transport/tls.ts';

export interface EmbeddedTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/** What a link needs to get in. */
export interface Entrance {
  readonly server: ServerAddress;
  readonly password: string | null;
  /** The server believes us who our users are: the secret was made at its start, and only we have it. */
  readonly webirc: { readonly password: string; readonly gateway: string; readonly own: string };
}

const GATEWAY = 'parley';

export class EmbeddedServer {
  readonly #server: IrcServer;
  readonly #secret = randomToken(24);
  readonly #listeners: Listener[] = [];
  readonly #secure: TlsListener[] = [];
  readonly #urls: string[] = [];
  #config: EmbeddedConfig;
  #plain: ServerAddress | undefined;

  private constructor(config: EmbeddedConfig, { clock, log, version }: EmbeddedTools) {
    this.#config = config;
    this.#server = new IrcServer({
      name: config.name,
      network: config.network,
      version: `parley-${version}`,
      clock,
      log,
      state: config.state === null ? undefined : fileStore(config.state, log),
      ...this.#changeable(config),
    });
  }

  /** Listens. Rejects with an error that says where and why when it cannot, and then listens nowhere. */
  static async start(
    config: EmbeddedConfig,
    certificate: Certificate | null,
    tools: EmbeddedTools,
  ): Promise<EmbeddedServer> {
    const embedded = new EmbeddedServer(config, { ...tools, log: tools.log.child({ part: 'irc-server' }) });
    try {
      for (const listen of config.listen) await embedded.#listen(listen, certificate);
    } catch (error) {
      await embedded.close('not started');
      throw error;
    }
    return embedded;
  }

  /** The listeners as URLs with their real ports. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  /** How the gateway's own links get in: over a real socket, like everybody. */
  get entrance(): Entrance {
    if (!this.#plain) throw new Error('the built-in server has no irc:// listener');
    return {
      server: this.#plain,
      password: this.#config.password,
      webirc: { password: this.#secret, gateway: GATEWAY, own: this.#plain.host },
    };
  }

  /** Newcomers see this certificate. Throws Node's error where it does not fit its key. */
  renew(certificate: Certificate): void {
    for (const listener of this.#secure) listener.renew(certificate);
  }

  /** Takes over what may change while it runs. False where something needs a restart. */
  configure(config: EmbeddedConfig): boolean {
    const fixed = ({ listen, name, network, state }: EmbeddedConfig): string =>
      JSON.stringify({ listen, name, network, state });
    const same = fixed(config) === fixed(this.#config);
    this.#config = config;
    this.#server.configure(this.#changeable(config));
    return same;
  }

  /** ERROR to every client; resolves when all is closed and the state is written. */
  async close(reason: string): Promise<void> {
    const listeners = this.#listeners.splice(0).map((listener) => listener.close());
    await Promise.all([this.#server.close(reason), ...listeners]);
  }

  async #listen(listen: EmbeddedConfig['listen'][number], certificate: Certificate | null): Promise<void> {
    try {
      const secure = listen.scheme === 'ircs';
      const listener =
        secure && certificate
          ? await this.#listenTls(listen, certificate)
          : await listenTcp(listen, (connection) => this.#server.accept(connection, false));
      this.#listeners.push(listener);
      const { host, port } = listener.address;
      this.#urls.push(urlText({ scheme: listen.scheme, host, port }));
      const reachable = isUnspecified(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host;
      if (!secure) this.#plain ??= { tls: false, host: reachable, port };
    } catch (error) {
      throw explainListenError(error, urlText(listen));
    }
  }

  async #listenTls(listen: EmbeddedConfig['listen'][number], certificate: Certificate): Promise<Listener> {
    const listener = await listenTls(listen, certificate, (connection) =>
      this.#server.accept(connection, true),
    );
    this.#secure.push(listener);
    return listener;
  }

  #changeable(config: EmbeddedConfig): Required<IrcServerChanges> {
    return {
      motd: config.motd ?? undefined,
      password: config.password ?? undefined,
      accounts: config.accounts,
      operators: config.operators,
      webirc: new Map([[this.#secret, GATEWAY]]),
      limits: config.limits,
    };
  }
}
