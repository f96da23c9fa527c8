/** A channel as the reader sees it: who is in it with which status. */
import type { ISupport } from '../irc/isupport.ts';
import { looksLike } from '../room/confusables.ts';
import { moderators, type ParticipantId, type Role } from '../room/inputs.ts';

/** Who speaks on IRC for a participant. */
export interface Voice {
  readonly participant: ParticipantId;
  /** What the others in the room see. */
  readonly nickname: string;
  /** A line of it was heard in a channel. False where it is nothing that was waited for. */
  heard(channel: string, text: string): boolean;
  /** Nobody listens in the channel any more. */
  notHeard(channel: string): void;
}

/** Somebody in a channel. */
export interface Member {
  nick: string;
  /** Status characters, in no order. */
  readonly status: Set<string>;
  /** Set where it is one of our puppets. */
  readonly puppet: Voice | undefined;
}

/** What the mode letters that stand before nicks are called (research: roster). */
const ROLES: Readonly<Record<string, Role>> = {
  q: 'owner',
  a: 'administrator',
  o: 'operator',
  h: 'half-operator',
  v: 'voice',
};

export class Channel {
  readonly name: string;
  /** By folded nick. */
  readonly #members = new Map<string, Member>();
  readonly #support: () => ISupport;

  constructor(name: string, support: () => ISupport) {
    this.name = name;
    this.#support = support;
  }

  get size(): number {
    return this.#members.size;
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  member(nick: string): Member | undefined {
    return this.#members.get(this.#support().fold(nick));
  }

  /** Adds somebody, or gives somebody who is there the statuses. */
  add(nick: string, status: string, puppet: Voice | undefined): Member {
    const key = this.#support().fold(nick);
    const member = this.#members.get(key) ?? { nick, status: new Set<string>(), puppet };
    for (const symbol of status) member.status.add(symbol);
    this.#members.set(key, member);
    return member;
  }

  remove(nick: string): Member | undefined {
    const key = this.#support().fold(nick);
    const member = this.#members.get(key);
    this.#members.delete(key);
    return member;
  }

  rename(from: string, to: string): Member | undefined {
    const member = this.remove(from);
    if (!member) return undefined;
    member.nick = to;
    this.#members.set(this.#support().fold(to), member);
    return member;
  }

  clear(): void {
    this.#members.clear();
  }

  /** Whether a nick looks like that of a member who moderates, and is another one. */
  hasDoubleOf(nick: string): boolean {
    for (const member of this.#members.values()) {
      if (member.status.size === 0 || !looksLike(nick, member.puppet?.nickname ?? member.nick)) continue;
      if (this.rolesOf(member).some((role) => moderators.has(role))) return true;
    }
    return false;
  }

  /** What a member may do, highest first. */
  rolesOf(member: Member): Role[] {
    return this.#support().prefixes.flatMap(({ mode, symbol }) => {
      const role = member.status.has(symbol) ? ROLES[mode] : undefined;
      return role === undefined ? [] : [role];
    });
  }
}
