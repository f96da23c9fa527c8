/** The devices in a room that hear what is said, and whose they are. */
import type { EndpointId, ParticipantId } from '../room/inputs.ts';
import type { Endpoint } from './endpoint.ts';

export class Participants {
  readonly #all = new Set<Endpoint>();
  readonly #byId = new Map<ParticipantId, Set<Endpoint>>();

  all(): Iterable<Endpoint> {
    return this.#all;
  }

  /** The devices of one participant, in the order in which they came. */
  of(id: ParticipantId): Endpoint[] {
    return [...(this.#byId.get(id) ?? [])];
  }

  /** The devices with an address, as it stands in From, at a network address. */
  at(address: string, host: string): Endpoint[] {
    return [...this.#all].filter(
      (endpoint) => endpoint.identity.address === address && endpoint.host === host,
    );
  }

  find(id: ParticipantId, endpoint: EndpointId): Endpoint | undefined {
    return this.of(id).find((other) => other.id === endpoint);
  }

  add(endpoint: Endpoint): void {
    this.#all.add(endpoint);
    const { id } = endpoint.identity;
    this.#byId.set(id, (this.#byId.get(id) ?? new Set()).add(endpoint));
  }

  /** Whether it was the last one of its participant. */
  remove(endpoint: Endpoint): boolean {
    if (!this.#all.delete(endpoint)) return false;
    const { id } = endpoint.identity;
    const theirs = this.#byId.get(id);
    theirs?.delete(endpoint);
    if (theirs?.size !== 0) return false;
    this.#byId.delete(id);
    return true;
  }
}
