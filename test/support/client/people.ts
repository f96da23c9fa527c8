/** The people of the room: the subscription to its roster, and what is made of the documents. */
import { systemClock } from '../../../src/common/clock.ts';
import { canonicalUri, type SipRoom } from '../../../src/sip/index.ts';
import { safeLine } from './lines.ts';
import { Roster } from './roster.ts';
import type { Target } from './target.ts';

const INFO = 'application/conference-info+xml';
/** Seconds. */
const EXPIRES = 3_600;
/** Milliseconds that somebody who asks waits for the first document. */
const PATIENCE = 5_000;

export interface PeopleOptions {
  readonly target: Target;
  readonly name: string;
  readonly show: (line: string) => void;
}

export class People {
  /** Resolves when the subscription has ended, at once where there never was one. */
  over: Promise<void> = Promise.resolve();
  readonly #options: PeopleOptions;
  readonly #roster: Roster;
  readonly #first: Promise<void>;
  #cameFirst: () => void = () => {};
  #ended: () => void = () => {};

  constructor(options: PeopleOptions) {
    this.#options = options;
    this.#roster = new Roster(options.target.self);
    this.#first = new Promise((resolve) => (this.#cameFirst = resolve));
  }

  get ownNick(): string {
    return this.#roster.ownNick ?? this.#options.name;
  }

  /** The room has said so in another way. */
  calledNow(nick: string): void {
    if (nick === this.#roster.ownNick) return;
    this.#roster.ownNick = nick;
    this.#options.show(`-- you are called ${safeLine(nick)}`);
  }

  subscribe(sip: SipRoom): void {
    const { target, name, show } = this.#options;
    let current = true;
    this.over = new Promise((resolve) => (this.#ended = resolve));
    const own = sip.subscribe({
      to: target.uri,
      event: 'conference',
      accept: INFO,
      expires: EXPIRES,
      from: { uri: target.self, displayName: name },
      handler: {
        notified: (body) => {
          if (!current || !this.#take(body)) return;
          // RFC 4575 section 4.6 wants a refresh; a new subscription also brings everything.
          current = false;
          own.unsubscribe();
          this.#roster.restart();
          this.subscribe(sip);
        },
        failed: (status) => {
          if (current) show(`! who is here cannot be told: ${status}`);
          if (current) this.#ended();
        },
        ended: () => {
          if (current) this.#ended();
        },
      },
    });
  }

  /** The address of who is called so; a SIP address stands for itself. */
  async find(nick: string): Promise<string | undefined> {
    if (/^sips?:/i.test(nick)) return canonicalUri(nick);
    await this.#told();
    return this.#roster.addressOf(nick);
  }

  async names(): Promise<string> {
    return (await this.#told()) ? this.#roster.names() : '! who is here was not told';
  }

  async topic(): Promise<string> {
    return (await this.#told()) ? `-- topic: ${this.#roster.topic}` : '! the topic was not told';
  }

  /** Whether a document has come; waits for the first. */
  async #told(): Promise<boolean> {
    const timeout = new Promise<void>((resolve) => systemClock.after(PATIENCE, resolve));
    await Promise.race([this.#first, this.over, timeout]);
    return this.#roster.known;
  }

  /** True where everything has to be asked for again. */
  #take(body: string): boolean {
    try {
      const { news, lost } = this.#roster.take(body);
      for (const line of news) this.#options.show(line);
      this.#cameFirst();
      return lost;
    } catch {
      this.#options.show('! the room has sent a roster that cannot be read');
      return false;
    }
  }
}
