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

/** What a line tells of somebody; undefined, or of user and host also '', where it does not tell. */
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
  /** Also those who have left, by id. */
  readonly #known = new Map<string, Person>();
  /** Those who have left, the one who left longest ago first. */
  readonly #left = new Set<Person>();

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

  /** The nick under which somebody with this id can be written to; undefined also where somebody else has it by now. */
  nickOf(id: ParticipantId): string | undefined {
    const person = this.withId(id);
    if (!person) return undefined;
    const here = this.called(person.nick);
    return !here || here === person ? person.nick : undefined;
  }

  /**
   * Somebody is here. Who comes back as the same person within ten minutes has the same id. Under the nick of somebody who is here
   * but with another user@host it is somebody else, whose predecessor went unseen: two people are never taken for one.
   */
  see(seen: Seen, now: number): IrcPerson {
    const here = this.#here.get(this.#fold(seen.nick));
    if (here && !isOther(here, seen)) return learn(here, seen);
    if (here) this.#leave(here, now);
    this.#forget(now);
    for (let number = 1; ; number++) {
      const id = `${seen.nick}${number === 1 ? '' : `;${number}`}+${this.#network}`;
      const known = this.#known.get(this.#fold(id));
      const free = !known || (known.left !== undefined && known.left + REST <= now);
      if (!free && (known.left === undefined || !isSame(known, seen))) continue;
      if (known) this.#left.delete(known);
      const person = free ? newPerson(id, seen) : known;
      person.left = undefined;
      person.nick = seen.nick;
      this.#known.set(this.#fold(id), person);
      this.#here.set(this.#fold(seen.nick), person);
      return learn(person, seen);
    }
  }

  /** The server says what has changed of somebody who is here: the account, user or host. */
  learn(seen: Seen): void {
    const person = this.#here.get(this.#fold(seen.nick));
    if (person) learn(person, seen);
  }

  /** Somebody who is here has another nick; the id stays. Who is still thought to have that nick has gone. */
  rename(from: string, to: string, now: number): IrcPerson | undefined {
    const person = this.#here.get(this.#fold(from));
    if (!person) return undefined;
    this.#here.delete(this.#fold(from));
    this.gone(to, now);
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
    if (person) this.#leave(person, now);
  }

  /** Nobody can be seen any longer. The server that comes next may have another casemapping. */
  allGone(now: number, fold: (name: string) => string): void {
    for (const person of [...this.#here.values()]) this.#leave(person, now);
    const known = [...this.#known.values()];
    this.#known.clear();
    this.#fold = fold;
    for (const person of known) this.#known.set(fold(person.id), person);
  }

  #leave(person: Person, now: number): void {
    this.#here.delete(this.#fold(person.nick));
    person.left = now;
    person.away = false;
    this.#left.add(person);
  }

  #forget(now: number): void {
    for (const person of this.#left) {
      if ((person.left ?? now) + MEMORY > now) break;
      this.#left.delete(person);
      const key = this.#fold(person.id);
      if (this.#known.get(key) === person) this.#known.delete(key);
    }
  }
}

function learn(person: Person, seen: Seen): Person {
  person.user = seen.user || person.user;
  person.host = seen.host || person.host;
  if (seen.account !== undefined) person.account = seen.account;
  return person;
}

/** Whether it must be somebody else who is seen under a nick: user@host is another one, and no account says that it is the same. */
function isOther(here: Person, { user, host, account }: Seen): boolean {
  if (!user || !host || !here.user || !here.host) return false;
  if (here.account && here.account === account) return false;
  return here.user !== user || here.host !== host;
}

/** The same services account, or without one the same user@host (contract: Addresses). */
function isSame(known: Person, seen: Seen): boolean {
  if (known.account && seen.account) return known.account === seen.account;
  return Boolean(seen.user && seen.host) && known.user === seen.user && known.host === seen.host;
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
