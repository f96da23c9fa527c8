/** SIP over TLS (RFC 3261 sections 18 and 26.2.1): listeners. Clients open the connections, and our requests go back over them. */
import type { Clock } from '../common/clock.ts';
import type { Address } from '../transport/connection.ts';
import { listenAtDoor } from '../transport/doors.ts';
import type { Guests } from '../transport/guests.ts';
import type { Certificate, TlsListener } from '../transport/tls.ts';
import type { Flows } from './flows.ts';

export interface SecureListenersOptions {
  readonly clock: Clock;
  readonly flows: Flows;
  readonly certificate: Certificate | undefined;
  readonly guests: Guests;
}

export class SecureListeners {
  readonly #options: SecureListenersOptions;
  readonly #listeners: TlsListener[] = [];

  constructor(options: SecureListenersOptions) {
    this.#options = options;
  }

  /** Rejects with Node's error when it cannot, and with another where there is no certificate. */
  async listen(address: Address): Promise<TlsListener> {
    const { clock, flows, certificate, guests } = this.#options;
    if (!certificate) throw new Error('tls:// needs a certificate');
    const door = { clock, certificate, speaks: 'tls', guests } as const;
    const listener = await listenAtDoor(address, door, (connection) => flows.adoptTls(connection, ourselves));
    const ourselves = flows.addTls(listener.address);
    this.#listeners.push(listener);
    return listener;
  }

  /** Newcomers see this certificate. Throws Node's error where it does not fit its key. */
  renew(certificate: Certificate): void {
    for (const listener of this.#listeners) listener.renew(certificate);
  }
}
