/**
 * Devices that list no type of text: nothing that is said in the room can be sent to them (RFC 7701 section 6.1 asks nobody to
 * be told). They may have come for pictures, so they are let in, and it is said once: to the caller in the 200, as there
 * is no message that it would take, and to the operator in the log.
 */
import type { Log } from '../common/log.ts';
import { warning } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import { takesText } from './written.ts';

const TEXT = 'what is said here cannot be sent to you: you list neither text/plain nor text/html';

export class Deafness {
  readonly #log: Log;
  readonly #domain: string;
  readonly #known = new WeakSet<Endpoint>();

  /** `domain`: the name that stands in Warning headers. */
  constructor(log: Log, domain: string) {
    this.#log = log;
    this.#domain = domain;
  }

  /** The headers of the 200 to the INVITE of a device. */
  headersFor(endpoint: Endpoint): readonly string[] {
    return this.described(endpoint) ? [warning(this.#domain, TEXT)] : [];
  }

  /** What a device takes is known, or is something else than before. Whether it is deaf. */
  described(endpoint: Endpoint): boolean {
    const { types, identity, id } = endpoint;
    if (!types) return false;
    if (takesText(types)) {
      this.#known.delete(endpoint);
      return false;
    }
    if (!this.#known.has(endpoint)) {
      const facts = { address: identity.address, endpoint: id, types: types.list };
      this.#log.warn(facts, 'a device takes no text: nothing that is said in the room is sent to it');
    }
    this.#known.add(endpoint);
    return true;
  }
}
