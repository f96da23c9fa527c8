/** The rooms of a network, by channel. */
import type { BridgedRoom } from './bridged-room.ts';

export class BridgedRooms {
  readonly #rooms = new Set<BridgedRoom>();
  readonly #fold: () => (name: string) => string;
  #byChannel = new Map<string, BridgedRoom>();

  /** `fold`: the casemapping in force. */
  constructor(fold: () => (name: string) => string) {
    this.#fold = fold;
  }

  [Symbol.iterator](): Iterator<BridgedRoom> {
    return this.#rooms.values();
  }

  add(room: BridgedRoom): void {
    this.#rooms.add(room);
    this.index();
  }

  delete(room: BridgedRoom): void {
    this.#rooms.delete(room);
    this.index();
  }

  find(channel: string): BridgedRoom | undefined {
    return this.#byChannel.get(this.#fold()(channel));
  }

  /** Whether a nick looks like that of somebody who moderates one of the channels. */
  hasDoubleOf(nick: string): boolean {
    return [...this.#rooms].some(({ channel }) => channel.hasDoubleOf(nick));
  }

  /** To be called when the casemapping may be another. */
  index(): void {
    const fold = this.#fold();
    this.#byChannel = new Map([...this.#rooms].map((room) => [fold(room.settings.channel), room]));
  }
}
