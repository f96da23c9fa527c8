/** The devices in a room that hear what is said, and whose they are. */
import type { EndpointId, ParticipantId } from '../room/inputs.ts';
import type { MediaTypes } from '../formats/media-type.ts';
import { addressKey } from '../sip/index.ts';
import type { Endpoint } from './endpoint.ts';

/** Devices that take the same types and know the room by the same URI: what is for the room goes to them in the same bytes. */
export interface Audience {
  readonly dialled: string;
  readonly types: MediaTypes;
  readonly devices: readonly Endpoint[];
}

export class Participants {
  readonly #all = new Set<Endpoint>();
  readonly #byId = new Map<ParticipantId, Set<Endpoint>>();
  readonly #byKey = new Map<string, ParticipantId>();
  /** Made when it is asked for: to sort all devices for every message would cost more than sending it. */
  #audiences: readonly Audience[] | undefined;

  all(): Iterable<Endpoint> {
    return this.#all;
  }

  /** All devices of which it is known what they take. */
  audiences(): readonly Audience[] {
    this.#audiences ??= audiencesOf(this.#all);
    return this.#audiences;
  }

  /** What a device takes has become known, or is something else now. */
  described(): void {
    this.#audiences = undefined;
  }

  /** The devices of one participant, in the order in which they came. */
  of(id: ParticipantId): Endpoint[] {
    return [...(this.#byId.get(id) ?? [])];
  }

  /** The devices with an address, as it stands in From, at a network address. */
  at(address: string, host: string): Endpoint[] {
    const key = addressKey(address);
    return [...this.#all].filter(
      ({ identity, host: at }) => at === host && addressKey(identity.address) === key,
    );
  }

  /** Who is meant by an address, however it is written. */
  known(address: string): ParticipantId | undefined {
    return this.#byId.has(address) ? address : this.#byKey.get(addressKey(address));
  }

  find(id: ParticipantId, endpoint: EndpointId): Endpoint | undefined {
    return this.of(id).find((other) => other.id === endpoint);
  }

  add(endpoint: Endpoint): void {
    this.#all.add(endpoint);
    this.#audiences = undefined;
    const { id } = endpoint.identity;
    this.#byId.set(id, (this.#byId.get(id) ?? new Set()).add(endpoint));
    this.#byKey.set(addressKey(id), id);
  }

  /** Whether it was the last one of its participant. */
  remove(endpoint: Endpoint): boolean {
    if (!this.#all.delete(endpoint)) return false;
    this.#audiences = undefined;
    const { id } = endpoint.identity;
    const theirs = this.#byId.get(id);
    theirs?.delete(endpoint);
    if (theirs?.size !== 0) return false;
    this.#byId.delete(id);
    this.#byKey.delete(addressKey(id));
    return true;
  }
}

function audiencesOf(devices: Iterable<Endpoint>): Audience[] {
  const audiences = new Map<string, { dialled: string; types: MediaTypes; devices: Endpoint[] }>();
  for (const device of devices) {
    const { dialled, types } = device;
    if (!types) continue;
    const key = [dialled, ...types.list].join('\n');
    const audience = audiences.get(key);
    if (audience) audience.devices.push(device);
    else audiences.set(key, { dialled, types, devices: [device] });
  }
  // Neighbours may get the same message, whose frames msrp then makes once.
  return [...audiences.values()].toSorted((one, other) => (one.dialled < other.dialled ? -1 : 1));
}
