/** The devices in a room that hear what is said, and whose they are. */
import type { EndpointId, ParticipantId } from '../room/inputs.ts';
import type { MediaTypes } from '../formats/media-type.ts';
import type { FanOut } from '../msrp/index.ts';
import { addressKey } from '../sip/index.ts';
import type { Endpoint } from './endpoint.ts';

/** Devices that take the same types and know the room by the same URI: what is for the room goes to them in the same bytes. */
export interface Audience {
  readonly dialled: string;
  readonly types: MediaTypes;
  readonly devices: FanOut<Endpoint>;
}

export class Participants {
  readonly #all = new Set<Endpoint>();
  readonly #byId = new Map<ParticipantId, Set<Endpoint>>();
  readonly #byKey = new Map<string, ParticipantId>();
  readonly #newFanOut: () => FanOut<Endpoint>;
  /** By what makes them one. To sort all devices for every message would cost more than sending it. */
  readonly #audiences = new Map<string, Audience>();
  #sorted: readonly Audience[] | undefined;
  /** Which of them a device is in. */
  readonly #keys = new Map<Endpoint, string>();

  constructor(newFanOut: () => FanOut<Endpoint>) {
    this.#newFanOut = newFanOut;
  }

  all(): Iterable<Endpoint> {
    return this.#all;
  }

  /** All devices of which it is known what they take. Neighbours may get the same message, whose frames msrp then makes once. */
  audiences(): readonly Audience[] {
    this.#sorted ??= [...this.#audiences.values()].toSorted((one, other) =>
      one.dialled < other.dialled ? -1 : 1,
    );
    return this.#sorted;
  }

  /** What a device takes has become known, or is something else now. */
  described(endpoint: Endpoint): void {
    const { types, dialled } = endpoint;
    const key = types && this.#all.has(endpoint) ? [dialled, ...types.list].join('\n') : undefined;
    if (key === this.#keys.get(endpoint)) return;
    this.#leave(endpoint);
    if (key === undefined || !types) return;
    const audience = this.#audiences.get(key) ?? { dialled, types, devices: this.#newFanOut() };
    if (audience.devices.size === 0) this.#sorted = undefined;
    this.#audiences.set(key, audience);
    this.#keys.set(endpoint, key);
    endpoint.follow(audience.devices.add(endpoint));
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
    this.described(endpoint);
    const { id } = endpoint.identity;
    this.#byId.set(id, (this.#byId.get(id) ?? new Set()).add(endpoint));
    this.#byKey.set(addressKey(id), id);
  }

  /** Whether it was the last one of its participant. */
  remove(endpoint: Endpoint): boolean {
    if (!this.#all.delete(endpoint)) return false;
    this.#leave(endpoint);
    const { id } = endpoint.identity;
    const theirs = this.#byId.get(id);
    theirs?.delete(endpoint);
    if (theirs?.size !== 0) return false;
    this.#byId.delete(id);
    this.#byKey.delete(addressKey(id));
    return true;
  }

  #leave(endpoint: Endpoint): void {
    const key = this.#keys.get(endpoint);
    if (key === undefined) return;
    this.#keys.delete(endpoint);
    endpoint.follow(undefined);
    const devices = this.#audiences.get(key)?.devices;
    devices?.remove(endpoint);
    if (devices?.size !== 0) return;
    this.#audiences.delete(key);
    this.#sorted = undefined;
  }
}
