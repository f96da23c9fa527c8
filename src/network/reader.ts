/** The reader of a network: the one link that is in all channels of our rooms. It is kept up as long as the network is wanted. */
import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import { Backoff } from '../irc/backoff.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Governor, Settled } from '../irc/governor.ts';
import { ISupport } from '../irc/isupport.ts';
import { Link, type LinkServer, type WebIrc } from '../irc/link.ts';
import type { Loss } from '../irc/losses.ts';
import type { BridgedRoom } from './bridged-room.ts';
import { ReaderChannels } from './reader-channels.ts';
import type { NetworkSettings } from './settings.ts';
import { Speaker } from './speaker.ts';

export interface ReaderParts {
  readonly settings: () => NetworkSettings;
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly governor: Governor;
  readonly rooms: () => Iterable<BridgedRoom>;
  /** All else that the link tells. */
  readonly event: (event: IrcEvent) => void;
  /** The list of a channel's people is complete, or does not come. */
  readonly listed: (room: BridgedRoom) => void;
  readonly up: () => void;
  readonly down: (loss: Loss) => void;
}

/** Milliseconds before a reader that is banned tries again: only an operator can help it. */
const BANNED_TIME = 15 * 60_000;
export class Reader {
  readonly speaker: Speaker;
  readonly #parts: ReaderParts;
  readonly #channels: ReaderChannels;
  readonly #backoff = new Backoff();
  #support = new ISupport();
  #link: Link | undefined;
  #server = 0;
  #request: { cancel(): void } | undefined;
  #timer: Timer | undefined;
  #upSince = 0;
  #stopped = false;
  #ended: (() => void)[] = [];

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.speaker = new Speaker(parts.clock);
    const { clock, log, rooms, listed } = parts;
    this.#channels = new ReaderChannels({
      ...{ clock, log, rooms, listed },
      support: () => this.#support,
      link: () => this.link,
    });
  }

  /** Registered with a server. */
  get up(): boolean {
    return this.#link?.registered === true;
  }

  /** What the server says of itself; what the last one said while there is none. */
  get support(): ISupport {
    return this.#support;
  }

  get link(): Link | undefined {
    return this.up ? this.#link : undefined;
  }

  /** Whether a nick is the reader's own. */
  isOwn(nick: string): boolean {
    return this.link?.isOwn(nick) === true;
  }

  /** The server that the reader is on, or tries: puppets go to the same. */
  get server(): LinkServer {
    const { servers } = this.#parts.settings();
    const server = servers[this.#server % servers.length];
    if (!server) throw new Error('a network has at least one server');
    return server;
  }

  start(): void {
    this.#request = this.#parts.governor.request('reader', (settled) => this.#open(settled));
  }

  /** Ends the link and begins anew with what the settings are now. */
  restart(reason: string): void {
    this.#server = 0;
    if (this.#link) this.#link.quit(reason);
    else this.#again(0);
  }

  /** Ends it for good; resolves when the link is closed. */
  async stop(reason: string): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#request?.cancel();
    this.speaker.close();
    if (!this.#link) return;
    const ended = new Promise<void>((resolve) => this.#ended.push(resolve));
    this.#link.quit(reason);
    await ended;
  }

  /** Enters the channel of a room; does nothing while there is no link, which enters all channels itself. */
  join(room: BridgedRoom): void {
    this.#channels.join(room);
  }

  part(room: BridgedRoom, reason: string): void {
    this.#channels.part(room, reason);
  }

  #open(settled: Settled): void {
    const settings = this.#parts.settings();
    const { clock, log, ca } = this.#parts;
    const link = new Link(
      {
        server: this.server,
        ca,
        nicks: readerNicks(settings.nick),
        username: settings.username,
        realname: settings.realname,
        password: settings.password ?? undefined,
        sasl: settings.sasl ?? undefined,
        webirc: ownWebIrc(settings),
        capabilities: ['echo-message'],
        lean: false,
        encoding: () => this.#parts.settings().encoding,
        clock,
        log,
      },
      {
        registered: () => {
          settled('registered');
          this.#registered(link);
        },
        event: (event) => this.#event(event),
        lost: (loss) => {
          settled(loss.kind);
          this.#lost(link, loss);
        },
      },
    );
    this.#link = link;
  }

  #registered(link: Link): void {
    const { clock, log } = this.#parts;
    this.#support = link.isupport;
    this.#upSince = clock.now();
    log.info({ nick: link.nick, server: this.server }, 'the reader is connected');
    // What a server says of itself comes right behind its welcome, and is needed before anything is joined.
    link.send('PING', 'welcome');
  }

  #welcomed(link: Link): void {
    // Nobody should take the reader for a person (IRCv3 bot-mode).
    const bot = link.isupport.value('BOT');
    if (bot !== undefined && /^[A-Za-z]$/.test(bot)) link.send('MODE', link.nick, `+${bot}`);
    // Joining goes before talking on the same connection.
    this.#channels.start();
    this.speaker.use(link, this.#parts.settings().pace ?? undefined);
    this.#parts.up();
  }

  #event(event: IrcEvent): void {
    const link = this.#link;
    if (!link) return;
    if (event.type === 'pong' && event.token === 'welcome') return this.#welcomed(link);
    if (this.#channels.event(event)) return;
    this.speaker.event(event);
    this.#parts.event(event);
    if (event.type === 'quit' || event.type === 'nick') this.#regain(link, event.who.nick);
  }

  /** Our own nick is free again: a ghost of ours has gone. */
  #regain(link: Link, gone: string): void {
    const { nick } = this.#parts.settings();
    if (!link.isOwn(nick) && link.isupport.fold(gone) === link.isupport.fold(nick)) link.send('NICK', nick);
  }

  #lost(link: Link, loss: Loss): void {
    const { clock, log } = this.#parts;
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#channels.stop();
    this.speaker.lost();
    for (const ended of this.#ended.splice(0)) ended();
    if (this.#stopped) return;
    log.warn(
      { loss: loss.kind, reason: loss.text, server: this.server },
      'the reader has lost its connection',
    );
    if (link.registered) this.#backoff.stood(clock.now() - this.#upSince);
    // One that does not let us in gives way to the next; one that we gave up ourselves is not to blame.
    else if (loss.kind !== 'own') this.#server += 1;
    this.#parts.down(loss);
    this.#again(this.#backoff.next(loss.kind) ?? BANNED_TIME);
  }

  #again(ms: number): void {
    this.#timer?.cancel();
    this.#request?.cancel();
    this.#timer = this.#parts.clock.after(ms, () => this.start());
  }
}

/** The nick, then with more and more behind it: at worst a ghost of ours has it still. */
function* readerNicks(nick: string): Generator<string> {
  yield nick;
  yield `${nick}_`;
  for (let number = 2; number < 100; number++) yield `${nick}${number}`;
}

/** The reader is nobody's but ours. */
function ownWebIrc({ webirc }: NetworkSettings): WebIrc | undefined {
  if (webirc?.own === undefined) return undefined;
  return { password: webirc.password, gateway: webirc.gateway, address: webirc.own };
}
