/** Where MSRP listens, and what stands in the SDP for it. */
import type { MsrpConfig, MsrpListener } from '../config/config.ts';
import { urlText } from '../config/listeners.ts';
import type { MsrpPlace } from '../focus/focus.ts';
import type { MsrpEndpoint } from '../msrp/index.ts';
import { explainListenError } from '../transport/listen-error.ts';
import { listenTcp, type Listener } from '../transport/tcp.ts';

export class MsrpListeners {
  readonly #endpoint: MsrpEndpoint;
  readonly #host: string | null;
  readonly #listeners: Listener[] = [];
  readonly #urls: string[] = [];
  readonly #places: MsrpPlace[] = [];

  private constructor(endpoint: MsrpEndpoint, host: string | null) {
    this.#endpoint = endpoint;
    this.#host = host;
  }

  /** Listens. Rejects with an error that says where and why when it cannot, and then listens nowhere. */
  static async start({ listen, host }: MsrpConfig, endpoint: MsrpEndpoint): Promise<MsrpListeners> {
    const listeners = new MsrpListeners(endpoint, host);
    try {
      for (const each of listen) await listeners.#listen(each);
    } catch (error) {
      await listeners.close();
      throw error;
    }
    return listeners;
  }

  /** The listeners as URLs with their real ports. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  /** The places of the listeners, in the order of the configuration. */
  get places(): readonly MsrpPlace[] {
    return this.#places;
  }

  /** Takes no more connections. Those that are there go on. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }

  async #listen(listen: MsrpListener): Promise<void> {
    try {
      const listener = await listenTcp(listen, (connection) => this.#endpoint.accept(connection));
      this.#listeners.push(listener);
      const { host, port } = listener.address;
      this.#urls.push(urlText({ scheme: listen.scheme, host, port }));
      this.#places.push({ scheme: 'msrp', transport: 'tcp', host: this.#host ?? host, port });
    } catch (error) {
      throw explainListenError(error, urlText(listen));
    }
  }
}
