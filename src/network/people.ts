/** Who is who on an IRC network: people and the ids that they keep while they stay (contract: Addresses). */
import type { ParticipantId } from '../room/inputs.ts';

/** Milliseconds for which the id of somebody who has left is kept from others. */
const REST = 10 * 60_000;
/** Milliseconds for which somebody who has left can be found by the id. */
const MEMORY = 60 * 60_000;

/** Somebody on IRC who is none of us. Changed by `People` only. */
export interface IrcPerson {
  readonly id: ParticipantId;
  /** The nick in force. */
  readonly nick: string;
  readonly user: string | undefined;
  readonly host: string | undefined;
  /** The services account; '' for none, undefined where we do not know. */
  readonly account: string | undefined;
  readonly away: boolean;
}

/** What a line tells of somebody; undefined where it does not tell. */
export interface Seen {
  readonly nick: string;
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly account?: string | undefined;
}

interface Person extends IrcPerson {
  nick: string;
  user: string | undefined;
  host: string | undefined;
  account: string | undefined;
  away: boolean;
  /** When it was last seen; undefined while it is here. */
  left: number | undefined;
}

export class People {
  readonly #network: string;
  #fold: (name: string) => string;
  /** Those who are here, by folded nick. */
  readonly #here = new Map<string, Person>();
  /** Also those who have left, by id; the ones who left longest ago come first among these. */
  readonly #known = new Map<string, Person>();

  /** `network` is the network's name in ids. */
  constructor(network: string, fold: (name: string) => string) {
    this.#network = network;
    this.#fold = fold;
  }

  /** Somebody who is here, by nick. */
  called(nick: string): IrcPerson | undefined {
    return this.#here.get(this.#fold(nick));
  }

  /** Somebody who is here or was not long ago, by id. */
  withId(id: ParticipantId): IrcPerson | undefined {
    return this.#known.get(this.#fold(id));
  }

  /** Somebody is here. Who comes back as the same person within ten minutes has the same id. */
  see(seen: Seen, now: number): IrcPerson {
    const here = this.#here.get(this.#fold(seen.nick));
    if (here) return this.#learn(here, seen);
    this.#forget(now);
    for (let number = 1; ; number++) {
      const id = `${seen.nick}${number === 1 ? '' : `;${number}`}+${this.#network}`;
      const known = this.#known.get(this.#fold(id));
      const free = !known || (known.left !== undefined && known.left + REST <= now);
      if (!free && (known.left === undefined || !isSame(known, seen))) continue;
      const person = free ? newPerson(id, seen) : known;
      person.left = undefined;
      person.nick = seen.nick;
      // Behind all who have left: they are looked through in the order of their leaving.
      this.#known.delete(this.#fold(id));
      this.#known.set(this.#fold(id), person);
      this.#here.set(this.#fold(seen.nick), person);
      return this.#learn(person, seen);
    }
  }

  /** Somebody who is here has another nick; the id stays. */
  rename(from: string, to: string): IrcPerson | undefined {
    const person = this.#here.get(this.#fold(from));
    if (!person) return undefined;
    this.#here.delete(this.#fold(from));
    person.nick = to;
    this.#here.set(this.#fold(to), person);
    return person;
  }

  /** True where it is news. */
  setAway(nick: string, away: boolean): boolean {
    const person = this.#here.get(this.#fold(nick));
    if (!person || person.away === away) return false;
    person.away = away;
    return true;
  }

  /** Somebody can be seen no longer. */
  gone(nick: string, now: number): void {
    const person = this.#here.get(this.#fold(nick));
    if (!person) return;
    this.#here.delete(this.#fold(nick));
    this.#leave(person, now);
  }

  /** Nobody can be seen any longer. The server that comes next may have another casemapping. */
  allGone(now: number, fold: (name: string) => string): void {
    for (const person of this.#here.values()) this.#leave(person, now);
    this.#here.clear();
    const known = [...this.#known.values()];
    this.#known.clear();
    this.#fold = fold;
    for (const person of known) this.#known.set(fold(person.id), person);
  }

  #leave(person: Person, now: number): void {
    person.left = now;
    person.away = false;
    this.#known.delete(this.#fold(person.id));
    this.#known.set(this.#fold(person.id), person);
  }

  #learn(person: Person, seen: Seen): Person {
    if (seen.user !== undefined) person.user = seen.user;
    if (seen.host !== undefined) person.host = seen.host;
    if (seen.account !== undefined) person.account = seen.account;
    return person;
  }

  #forget(now: number): void {
    for (const [key, { left }] of this.#known) {
      if (left === undefined) continue;
      if (left + MEMORY > now) break;
      this.#known.delete(key);
    }
  }
}

/** The same services account, or without one the same user@host (contract: Addresses). */
function isSame(known: Person, seen: Seen): boolean {
  if (known.account && seen.account) return known.account === seen.account;
  return (
    seen.user !== undefined && seen.host !== undefined && known.user === seen.user && known.host === seen.host
  );
}

function newPerson(id: ParticipantId, seen: Seen): Person {
  return {
    id,
    nick: seen.nick,
    user: undefined,
    host: undefined,
    account: undefined,
    away: false,
    left: undefined,
  };
}
