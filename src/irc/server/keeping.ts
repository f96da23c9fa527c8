/** Which channels are kept when nobody is in them, and when they are written down. */
import type { Clock, Timer } from '../../common/clock.ts';
import { identityOf, type Channel } from './channel.ts';
import type { Client } from './client.ts';
import { fold } from './limits.ts';
import type { Memberships } from './memberships.ts';
import type { ChannelStore } from './store.ts';
import { fromStored, toStored } from './stored-channel.ts';

/** Milliseconds between two savings. */
const PAUSE = 3000;
/** Channels without anybody that are kept; above it those go that were used longest ago. */
const MOST_EMPTY = 1000;
/** Operators that a channel remembers. */
const MOST_OPERATORS = 50;

export class Keeping {
  readonly #store: ChannelStore | undefined;
  readonly #channels: Map<string, Channel>;
  readonly #memberships: Memberships;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #opened = false;
  #closed = false;

  constructor(
    store: ChannelStore | undefined,
    world: { readonly channels: Map<string, Channel>; readonly memberships: Memberships },
    clock: Clock,
  ) {
    this.#store = store;
    this.#channels = world.channels;
    this.#memberships = world.memberships;
    this.#clock = clock;
  }

  /** Loads what is kept, the first time that it is called. Whoever never opens changes nothing of it. */
  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    for (const stored of this.#store?.load() ?? []) this.#channels.set(fold(stored.name), fromStored(stored));
  }

  /** Whether a channel outlives its last member: there is a file, and it has something that a new one has not. */
  keeps({ topic, key, limit, flags, entries }: Channel): boolean {
    if (!this.#store) return false;
    const plain = flags.size === 2 && flags.has('n') && flags.has('t');
    return !plain || topic !== undefined || key !== undefined || limit !== undefined || entries > 0;
  }

  /** Somebody became operator of a channel, or is one no more. */
  remember(channel: Channel, client: Client, operator: boolean): void {
    if (!this.#store) return;
    const identity = identityOf(client);
    const before = channel.rememberedAs.get(client);
    if (!operator) {
      channel.remembered.delete(identity);
      if (before !== undefined) channel.remembered.delete(before);
      channel.rememberedAs.delete(client);
    } else if (channel.remembered.size < MOST_OPERATORS || channel.remembered.has(identity)) {
      channel.remembered.add(identity);
      channel.rememberedAs.set(client, identity);
    }
    this.changed();
  }

  /** A client is called otherwise, or has logged in: who it was is operator nowhere any more. */
  renamed(client: Client): void {
    const identity = identityOf(client);
    for (const channel of this.#memberships.of(client)) {
      const before = channel.rememberedAs.get(client);
      if (before === undefined || before === identity) continue;
      channel.rememberedAs.set(client, identity);
      // An account may be there twice.
      if (![...channel.rememberedAs.values()].includes(before)) channel.remembered.delete(before);
      channel.remembered.add(identity);
      this.changed();
    }
  }

  /** Something of what is kept has changed. */
  changed(): void {
    if (!this.#store || this.#timer || this.#closed) return;
    this.#timer = this.#clock.after(PAUSE, () => {
      this.#timer = undefined;
      void this.save();
    });
  }

  /** Writes down now. */
  async save(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!this.#opened) return;
    this.#forget();
    const kept = [...this.#channels.values()].filter((channel) => this.keeps(channel));
    await this.#store?.save(kept.map(toStored));
  }

  /** Writes down for the last time: what the channels become when everybody is sent away is not kept. */
  close(): Promise<void> {
    this.#closed = true;
    return this.save();
  }

  #forget(): void {
    const empty = [...this.#channels.values()].filter((channel) => channel.members.size === 0);
    empty.sort((a, b) => b.usedAt - a.usedAt);
    for (const channel of empty.slice(MOST_EMPTY)) this.#channels.delete(fold(channel.name));
  }
}
