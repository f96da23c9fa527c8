/** The reader of a network: the one link that is in all channels of our rooms. It is kept up as long as the network is wanted. */
import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import { Backoff } from '../irc/backoff.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Governor } from '../irc/governor.ts';
import { ISupport } from '../irc/isupport.ts';
import { Link, type LinkServer } from '../irc/link.ts';
import type { Loss } from '../irc/losses.ts';
import { WHOX_FIELDS } from '../irc/messages.ts';
import { refused } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import { refusalOf, refuses } from './refusals.ts';
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

/** Milliseconds for the people of a channel to be listed, and for a channel to be entered. */
const LIST_TIME = 10_000;
const JOIN_TIME = 15_000;
/** A link that stood so long was a good one: the next one is tried soon. */
const GOOD_TIME = 30_000;
/** Milliseconds before a reader that is banned tries again: only an operator can help it. */
const BANNED_TIME = 15 * 60_000;
/** How often absence is asked for where the server does not tell it (research: roster 4.4). */
const AWAY_POLL = 30_000;
const MOST_POLLED = 100;

export class Reader {
  readonly speaker: Speaker;
  readonly #parts: ReaderParts;
  readonly #backoff = new Backoff();
  #support = new ISupport();
  #link: Link | undefined;
  #server = 0;
  #request: { cancel(): void } | undefined;
  #timer: Timer | undefined;
  #poll: Timer | undefined;
  #upSince = 0;
  #stopped = false;
  #ended: (() => void)[] = [];

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.speaker = new Speaker(parts.clock);
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
    if (!this.up || room.reader !== 'out') return;
    room.reader = 'joining';
    const { channel, key } = room.settings;
    this.#link?.send('JOIN', channel, ...(key === null ? [] : [key]));
    this.#parts.clock.after(JOIN_TIME, () => {
      if (room.reader === 'joining')
        room.notEntered(refused('unavailable', 'IRC does not let us in in time'));
    });
  }

  part(room: BridgedRoom, reason: string): void {
    if (room.reader !== 'out') this.link?.send('PART', room.settings.channel, reason);
  }

  #open(settled: () => void): void {
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
        capabilities: ['echo-message'],
        lean: false,
        clock,
        log,
      },
      {
        registered: () => {
          settled();
          this.#registered(link);
        },
        event: (event) => this.#event(event),
        lost: (loss) => {
          settled();
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
    this.speaker.use(link, this.#parts.settings().pace ?? undefined);
    for (const room of this.#parts.rooms()) this.join(room);
    this.#poll?.cancel();
    this.#pollLater();
    this.#parts.up();
  }

  #event(event: IrcEvent): void {
    const link = this.#link;
    if (!link) return;
    switch (event.type) {
      case 'pong':
        if (event.token === 'welcome') return this.#welcomed(link);
        break;
      case 'join':
        if (link.isOwn(event.who.nick)) return this.#entered(link, event.channel);
        break;
      case 'names-end':
        return this.#askWho(link, event.channel);
      case 'who-end': {
        const room = this.#roomOf(event.mask);
        if (room?.reader === 'listing') this.#parts.listed(room);
        return;
      }
      case 'refused': {
        const room = this.#roomOf(event.subject);
        if (room?.reader === 'joining' && refuses('join', event.numeric)) {
          this.#parts.log.warn({ channel: event.subject, reason: event.text }, 'the reader cannot join');
          return room.notEntered(refusalOf('join', event.numeric, event.text));
        }
        break;
      }
      case 'quit':
        this.#regain(link, event.who.nick);
        break;
      default:
        break;
    }
    this.speaker.event(event);
    this.#parts.event(event);
  }

  #entered(link: Link, channel: string): void {
    const room = this.#roomOf(channel);
    // Forwarded by the server to a channel that is none of ours.
    if (!room) return link.send('PART', channel, 'not bridged');
    room.entered({ timeout: LIST_TIME, done: () => this.#parts.listed(room) });
  }

  /** Who is who and who is away is told by WHO only; services accounts where it is WHOX. */
  #askWho(link: Link, channel: string): void {
    if (link.isupport.has('WHOX')) link.send('WHO', channel, WHOX_FIELDS);
    else link.send('WHO', channel);
  }

  #pollLater(): void {
    this.#poll = this.#parts.clock.after(AWAY_POLL, () => {
      const link = this.link;
      if (!link || link.hasCapability('away-notify')) return;
      for (const room of this.#parts.rooms()) {
        if (room.reader === 'in' && room.channel.size <= MOST_POLLED)
          this.#askWho(link, room.settings.channel);
      }
      this.#pollLater();
    });
  }

  /** Our own nick is free again: a ghost of ours has gone. */
  #regain(link: Link, gone: string): void {
    const { nick } = this.#parts.settings();
    if (!link.isOwn(nick) && link.isupport.fold(gone) === link.isupport.fold(nick)) link.send('NICK', nick);
  }

  #roomOf(channel: string): BridgedRoom | undefined {
    const key = this.#support.fold(channel);
    for (const room of this.#parts.rooms())
      if (this.#support.fold(room.settings.channel) === key) return room;
    return undefined;
  }

  #lost(link: Link, loss: Loss): void {
    const { clock, log } = this.#parts;
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#poll?.cancel();
    this.speaker.lost();
    for (const ended of this.#ended.splice(0)) ended();
    if (this.#stopped) return;
    log.warn(
      { loss: loss.kind, reason: loss.text, server: this.server },
      'the reader has lost its connection',
    );
    if (!link.registered) this.#server += 1;
    else if (clock.now() - this.#upSince >= GOOD_TIME) this.#backoff.reset();
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
