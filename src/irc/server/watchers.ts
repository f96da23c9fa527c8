/** Who watches which nick (monitor). */
import type { Client } from './client.ts';
import { fold } from './limits.ts';

export class Watchers {
  readonly #byNick = new Map<string, Set<Client>>();

  add(client: Client, nick: string): void {
    const key = fold(nick);
    client.watched.set(key, nick);
    const watching = this.#byNick.get(key);
    if (watching) watching.add(client);
    else this.#byNick.set(key, new Set([client]));
  }

  delete(client: Client, nick: string): void {
    const key = fold(nick);
    client.watched.delete(key);
    const watching = this.#byNick.get(key);
    watching?.delete(client);
    if (watching?.size === 0) this.#byNick.delete(key);
  }

  clear(client: Client): void {
    for (const nick of client.watched.values()) this.delete(client, nick);
  }

  /** Who watches a nick. */
  of(nick: string): Iterable<Client> {
    return this.#byNick.get(fold(nick)) ?? [];
  }
}
