/** A channel: who is in it, its modes, lists and topic (RFC 2811; modern-irc, Channel Modes). */
import { matches } from '../masks.ts';
import type { Client } from './client.ts';
import { fold } from './limits.ts';
import type { Message } from './message.ts';

/** Modes without a parameter: invite only, moderated, no messages from outside, secret, protected topic. */
export type Flag = 'i' | 'm' | 'n' | 's' | 't';
/** Modes that are lists of masks: bans, exceptions from them, exceptions from invite only. */
export type ListMode = 'b' | 'e' | 'I';
/** Ranks of members. */
export type Rank = 'o' | 'v';

/** An entry of a list. */
export interface Entry {
  readonly mask: string;
  /** Who made it. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Topic {
  readonly text: string;
  readonly by: string;
  readonly at: number;
}

/** One channel. What it holds is changed by the commands; it answers what follows from that. */
export class Channel {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  topic: Topic | undefined;
  key: string | undefined;
  limit: number | undefined;
  /** When somebody was in it last; what is kept is kept by this. */
  usedAt: number;
  readonly flags = new Set<Flag>(['n', 't']);
  readonly lists: Readonly<Record<ListMode, Map<string, Entry>>> = {
    b: new Map(),
    e: new Map(),
    I: new Map(),
  };
  readonly members = new Map<Client, Set<Rank>>();
  /** Who is operator again on coming back, where channels are kept: `account:NAME` or `nick!user@host`. */
  readonly remembered = new Set<string>();
  /** As whom members that are remembered are, which may have got another name since. */
  readonly rememberedAs = new Map<Client, string>();

  constructor(name: string, created: number) {
    this.name = name;
    this.created = this.usedAt = created;
  }

  isOperator(client: Client): boolean {
    return this.members.get(client)?.has('o') ?? false;
  }

  /** Nobody is in it, or programs alone (bot-mode). */
  get deserted(): boolean {
    for (const member of this.members.keys()) if (!member.modes.has('B')) return false;
    return true;
  }

  /** The signs of a member's ranks, highest first: the highest alone, or all (multi-prefix). */
  prefix(client: Client, all: boolean): string {
    const ranks = this.members.get(client);
    const signs = `${ranks?.has('o') === true ? '@' : ''}${ranks?.has('v') === true ? '+' : ''}`;
    return all ? signs : signs.slice(0, 1);
  }

  /** Whether it may be known that `client` is a member, by `viewer` (modern-irc: secret channels, invisible users). */
  shows(client: Client, viewer: Client): boolean {
    if (this.members.has(viewer) || client === viewer) return true;
    return !this.flags.has('s') && !client.modes.has('i');
  }

  /** RFC 2811 section 4.3.1: a ban counts where no exception does. */
  isBanned(client: Client): boolean {
    return this.#listed('b', client) && !this.#listed('e', client);
  }

  /** Whether the channel lets in without an invitation, in spite of `i`. */
  isExpected(client: Client): boolean {
    return this.#listed('I', client);
  }

  /** Whether what it says is passed on (RFC 2811 sections 4.2.3, 4.2.4 and 4.3.1). */
  maySpeak(client: Client): boolean {
    const ranks = this.members.get(client);
    if (ranks !== undefined && ranks.size > 0) return true;
    if (ranks === undefined && this.flags.has('n')) return false;
    return !this.flags.has('m') && !this.isBanned(client);
  }

  /** Sends to every member but one. */
  send(message: Message, except?: Client): void {
    for (const member of this.members.keys()) if (member !== except) member.send(message);
  }

  /** The entries of all lists together, which MAXLIST limits. */
  get entries(): number {
    return this.lists.b.size + this.lists.e.size + this.lists.I.size;
  }

  #listed(list: ListMode, client: Client): boolean {
    if (this.lists[list].size === 0) return false;
    const mask = client.mask;
    for (const entry of this.lists[list].values()) if (matches(entry.mask, mask, fold)) return true;
    return false;
  }
}

/** How a channel remembers an operator of its. An address is no proof of anybody: who must be sure logs in to an account. */
export function identityOf(client: Client): string {
  return client.account === undefined ? client.mask : `account:${client.account}`;
}
