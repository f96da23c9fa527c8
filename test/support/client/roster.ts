/** Who is in the room, as its documents tell it (RFC 4575), and what to say of each change. */
import { ConferenceRoster, parseConferenceInfo, type ReadUser } from '../conference-info-reader.ts';
import { safeLine } from './lines.ts';

/** More names than this are counted only, in the news; /names shows all. */
const MOST_NAMES = 10;

const MARKS: readonly (readonly [role: string, mark: string])[] = [
  ['owner', '~'],
  ['administrator', '&'],
  ['operator', '@'],
  ['half-operator', '%'],
  ['voice', '+'],
];

export class Roster {
  readonly #self: string;
  #state = new ConferenceRoster();
  #known = false;
  /** What we were last told that we are called. */
  #ownNick: string | undefined;

  /** `self`: our own address. */
  constructor(self: string) {
    this.#self = self;
  }

  /** Whether anything has been told yet. */
  get known(): boolean {
    return this.#known;
  }

  get ownNick(): string | undefined {
    return this.#ownNick;
  }

  /** We know by other ways what we are called now. */
  set ownNick(nick: string) {
    this.#ownNick = nick;
  }

  get topic(): string {
    return safeLine(this.#state.subject ?? '') || 'there is no topic';
  }

  /**
   * Takes a document; the news of it, as lines. `lost`: one before it was lost, and all has to be asked for
   * again (RFC 4575 section 4.6). Throws Error where it is no conference-info.
   */
  take(xml: string): { readonly news: string[]; readonly lost: boolean } {
    const before = new Map(this.#state.users);
    const topic = this.#state.subject;
    const first = !this.#known;
    const outcome = this.#state.apply(parseConferenceInfo(xml));
    if (outcome !== 'applied') return { news: [], lost: outcome === 'gap' };
    this.#known = true;
    const own = this.#state.users.get(this.#self)?.nickname;
    const news = first ? [this.names()] : this.#changes(before);
    if (own !== undefined && own !== this.#ownNick) {
      this.#ownNick = own;
      news.unshift(`-- you are called ${safeLine(own)}`);
    }
    if (this.#state.subject !== topic && (!first || this.#state.subject))
      news.push(`-- topic: ${this.topic}`);
    return { news, lost: false };
  }

  /** Another subscription begins: its versions count anew. What was told stays until then. */
  restart(): void {
    const { users, subject } = this.#state;
    this.#state = new ConferenceRoster();
    this.#state.users = users;
    this.#state.subject = subject;
  }

  /** Everybody, in one line. */
  names(): string {
    const { users, userCount } = this.#state;
    // What we are called now may come in the next document only.
    const nickOf = (user: ReadUser): string =>
      user.entity === this.#self && this.#ownNick !== undefined ? safeLine(this.#ownNick) : nameOf(user);
    const names = [...users.values()].map((user) => `${markOf(user)}${nickOf(user)}`);
    const unlisted = (userCount ?? 0) - names.length;
    return `-- ${userCount ?? names.length} here: ${names.join(', ')}${unlisted > 0 ? ` and ${unlisted} more` : ''}`;
  }

  /** The address of who is called so: exactly, or else in other letters of case. */
  addressOf(nick: string): string | undefined {
    const users = [...this.#state.users.values()];
    const lower = nick.toLowerCase();
    return (
      users.find((user) => user.nickname === nick) ??
      users.find((user) => user.nickname?.toLowerCase() === lower)
    )?.entity;
  }

  #changes(before: ReadonlyMap<string, ReadUser>): string[] {
    const now = this.#state.users;
    const others = (users: Iterable<ReadUser>): ReadUser[] =>
      [...users].filter(({ entity }) => entity !== this.#self);
    const came = others(now.values()).filter(({ entity }) => !before.has(entity));
    const left = others(before.values()).filter(({ entity }) => !now.has(entity));
    const renamed = others(now.values()).flatMap((user) => {
      const old = before.get(user.entity);
      return old && nameOf(old) !== nameOf(user) ? [`-- ${nameOf(old)} is now ${nameOf(user)}`] : [];
    });
    return [
      ...(left.length > 0 ? [`<- ${listed(left)} left`] : []),
      ...(came.length > 0 ? [`-> ${listed(came)} joined`] : []),
      ...renamed,
    ];
  }
}

function listed(users: readonly ReadUser[]): string {
  const names = users.slice(0, MOST_NAMES).map(nameOf).join(', ');
  return users.length > MOST_NAMES ? `${names} and ${users.length - MOST_NAMES} more` : names;
}

function nameOf(user: ReadUser): string {
  return safeLine(user.nickname ?? user.displayText ?? user.entity);
}

function markOf(user: ReadUser): string {
  return MARKS.find(([role]) => user.roles.includes(role))?.[1] ?? '';
}
