/** Whether one connection is let in: how many there may be in all, not registered yet, and of one address. */
import { isLoopback, plainAddress, type Addresses } from './addresses.ts';
import type { Client } from './client.ts';
import type { Newcomer, Newcomers } from './newcomers.ts';
import type { World } from './world.ts';

/** What all connections have in common. */
export interface Places {
  readonly world: World;
  readonly addresses: Addresses;
  readonly newcomers: Newcomers;
}

export class Admission {
  readonly #client: Client;
  readonly #newcomer: Newcomer;
  readonly #places: Places;
  /** The address that it is counted under; undefined while it is counted nowhere. */
  #counted: string | undefined;

  constructor(client: Client, newcomer: Newcomer, places: Places) {
    this.#client = client;
    this.#newcomer = newcomer;
    this.#places = places;
  }

  /** Lets it in, or tells why not. What this host itself dialled may come for somebody else: that is seen at its first line. */
  admit(): void {
    const { world, newcomers } = this.#places;
    const { local } = this.#client;
    // What comes from this host may turn out to come by a trusted gateway.
    if (world.isFull(local)) this.#newcomer.refuse('The server is full');
    else {
      newcomers.add(this.#newcomer, world.options.limits.clients);
      world.clients.add(this.#client);
      if (!local) this.count();
    }
  }

  /** A trusted gateway has named the address of its user. */
  trusted(): void {
    this.#places.newcomers.delete(this.#newcomer);
    const { address, connection } = this.#client;
    // The gateway itself, and those of whom it knows no address, are as many as they are.
    if (!isLoopback(address) && plainAddress(address) !== plainAddress(connection.remote.host)) this.count();
  }

  /** Counts it under its address, once; it is refused where there are too many. */
  count(): void {
    const { addresses, world } = this.#places;
    const { address, gone } = this.#client;
    if (this.#counted !== undefined || gone) return;
    if (addresses.claim(address, world.options.limits.perAddress)) this.#counted = address;
    else this.#newcomer.refuse('Too many connections from your address');
  }

  /** It has registered. */
  registered(): void {
    this.#places.newcomers.delete(this.#newcomer);
  }

  /** It is gone, and makes room. */
  release(): void {
    this.#places.newcomers.delete(this.#newcomer);
    if (this.#counted !== undefined) this.#places.addresses.release(this.#counted);
    this.#counted = undefined;
  }
}
