/** The links of one puppet, one after the other: each is opened when the governor says so, and replaced when it breaks. */
import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import { Backoff } from '../irc/backoff.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Governor, LinkClass, Settled } from '../irc/governor.ts';
import { Link, type LinkOptions, type LinkServer } from '../irc/link.ts';
import type { Loss } from '../irc/losses.ts';
import type { NetworkSettings } from './settings.ts';

/** What the links of a puppet need of their network. */
export interface PuppetLinkParts {
  readonly settings: () => NetworkSettings;
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly governor: Governor;
  /** Where the reader is. */
  readonly server: () => LinkServer;
  readonly readerUp: () => boolean;
}

export interface PuppetLinkHandler {
  /** What the next link says of its user. */
  login(): Pick<LinkOptions, 'nicks' | 'username' | 'realname' | 'webirc'>;
  registered(link: Link): void;
  event(link: Link, event: IrcEvent): void;
  /** The link is gone; `wasUp`: the server knew it. False where there is to be no other one. */
  lost(loss: Loss, wasUp: boolean): boolean;
}

export class PuppetLink {
  readonly #parts: PuppetLinkParts;
  readonly #handler: PuppetLinkHandler;
  readonly #backoff = new Backoff();
  #link: Link | undefined;
  #opening: { cancel(): void } | undefined;
  #timer: Timer | undefined;
  #upSince = 0;

  constructor(parts: PuppetLinkParts, handler: PuppetLinkHandler) {
    this.#parts = parts;
    this.#handler = handler;
  }

  /** The link while it is registered. */
  get up(): Link | undefined {
    return this.#link?.registered === true ? this.#link : undefined;
  }

  /** Has a link opened unless there is one, or one is on its way. */
  open(): void {
    if (!this.#link && !this.#opening && !this.#timer) this.#open('new');
  }

  /** Opens a new link where one was lost, without more waiting: the reader is back. */
  resume(): void {
    if (this.#link || this.#opening) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#open('again');
  }

  /** There will be no other link. */
  last(): void {
    this.#timer?.cancel();
    this.#opening?.cancel();
    this.#opening = undefined;
  }

  /** Ends the link; `lost` follows. False where there is none. */
  quit(reason: string): boolean {
    this.#link?.quit(reason);
    return this.#link !== undefined;
  }

  #open(kind: LinkClass): void {
    let dialled = false;
    const opening = this.#parts.governor.request(kind, (settled) => {
      dialled = true;
      this.#opening = undefined;
      this.#dial(settled);
    });
    // It may have been let go at once.
    if (!dialled) this.#opening = opening;
  }

  #dial(settled: Settled): void {
    const { clock, log, ca, server, settings } = this.#parts;
    const link = new Link(
      {
        server: server(),
        ca,
        ...this.#handler.login(),
        password: settings().password ?? undefined,
        sasl: undefined,
        capabilities: ['draft/no-implicit-names', 'no-implicit-names'],
        lean: true,
        encoding: () => settings().encoding,
        clock,
        log,
      },
      {
        registered: () => {
          settled('registered');
          this.#upSince = clock.now();
          this.#handler.registered(link);
        },
        event: (event) => this.#handler.event(link, event),
        lost: (loss) => {
          settled(loss.kind);
          this.#lost(link, loss);
        },
      },
    );
    this.#link = link;
  }

  #lost(link: Link, loss: Loss): void {
    if (this.#link !== link) return;
    const { clock, readerUp } = this.#parts;
    this.#link = undefined;
    if (link.registered) this.#backoff.stood(clock.now() - this.#upSince);
    if (!this.#handler.lost(loss, link.registered)) return;
    const wait = loss.kind === 'own' ? 0 : (this.#backoff.next(loss.kind) ?? 0);
    this.#timer = clock.after(wait, () => {
      this.#timer = undefined;
      // Without the reader nothing can be done; it has us resume when it is back.
      if (readerUp()) this.#open('again');
    });
  }
}
