/** In which channels a client is: the other direction of a channel's `members`. */
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';

const NONE: ReadonlySet<Channel> = new Set();

export class Memberships {
  readonly #channels = new Map<Client, Set<Channel>>();

  /** In the order in which it came in. A channel may be left while they are gone through. */
  of(client: Client): ReadonlySet<Channel> {
    return this.#channels.get(client) ?? NONE;
  }

  add(client: Client, channel: Channel): void {
    const channels = this.#channels.get(client) ?? new Set();
    this.#channels.set(client, channels.add(channel));
  }

  remove(client: Client, channel: Channel): void {
    const channels = this.#channels.get(client);
    channels?.delete(channel);
    if (channels?.size === 0) this.#channels.delete(client);
  }
}
