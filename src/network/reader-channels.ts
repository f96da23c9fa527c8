/** The channels of the reader: it enters those of all rooms, asks who is in them, and asks again who is away. */
import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { ISupport } from '../irc/isupport.ts';
import type { Link } from '../irc/link.ts';
import { WHOX_FIELDS } from '../irc/messages.ts';
import { refused, type Outcome } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import { refusalOf, refuses } from './refusals.ts';

export interface ReaderChannelsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly rooms: () => Iterable<BridgedRoom>;
  /** The list of a channel's people is complete, or does not come. */
  readonly listed: (room: BridgedRoom) => void;
  readonly support: () => ISupport;
  /** While it is registered. */
  readonly link: () => Pick<Link, 'send' | 'isOwn' | 'isupport' | 'hasCapability'> | undefined;
}

/** Milliseconds for the people of a channel to be listed, and for a channel to be entered. */
const LIST_TIME = 10_000;
const JOIN_TIME = 15_000;
/** Milliseconds until a channel is tried again that cannot be entered now, but may be later. */
const RETRY_TIME = 60_000;
/**
 * Milliseconds until the reader comes back by itself after it was thrown out. That was a no, but whoever sits in the room
 * by SIP would stay deaf for ever; a ban keeps it out for good.
 */
const THROWN_OUT_TIME = 10 * 60_000;
/** How often absence is asked for where the server does not tell it (research: roster 4.4). */
const AWAY_POLL = 30_000;
const MOST_POLLED = 100;

export class ReaderChannels {
  readonly #parts: ReaderChannelsParts;
  readonly #retries = new Map<BridgedRoom, Timer>();
  #poll: Timer | undefined;

  constructor(parts: ReaderChannelsParts) {
    this.#parts = parts;
  }

  /** There is a new link, and it knows what the server says of itself. */
  start(): void {
    for (const room of this.#parts.rooms()) this.join(room);
    this.#poll?.cancel();
    this.#pollLater();
  }

  /** The link is gone. */
  stop(): void {
    this.#poll?.cancel();
    for (const retry of this.#retries.values()) retry.cancel();
    this.#retries.clear();
  }

  /** Enters the channel of a room, unless it is there or about to be; does nothing while there is no link. */
  join(room: BridgedRoom): void {
    const link = this.#parts.link();
    if (!link || room.reader !== 'out') return;
    const late = refused('unavailable', 'IRC does not let us in in time');
    room.entering({ timeout: JOIN_TIME, late: () => this.#notEntered(room, late) });
    const { channel, key } = room.settings;
    link.send('JOIN', channel, ...(key === null ? [] : [key]));
  }

  /** Leaves the channel of a room that ends. */
  part(room: BridgedRoom, reason: string): void {
    this.#retries.get(room)?.cancel();
    this.#retries.delete(room);
    if (room.reader !== 'out') this.#parts.link()?.send('PART', room.settings.channel, reason);
    room.notEntered(refused('no-room', reason));
  }

  /** True where it is of no interest to anybody else. */
  event(event: IrcEvent): boolean {
    const link = this.#parts.link();
    if (!link) return false;
    switch (event.type) {
      case 'join': {
        if (!link.isOwn(event.who.nick)) return false;
        const room = this.#roomOf(event.channel);
        if (room) room.entered({ timeout: LIST_TIME, done: () => this.#parts.listed(room) });
        // Forwarded by the server to a channel that is none of ours.
        else link.send('PART', event.channel, 'not bridged');
        return true;
      }
      case 'names-end':
        this.#askWho(event.channel);
        return true;
      case 'who-end': {
        const room = this.#roomOf(event.mask);
        if (room?.reader === 'listing') this.#parts.listed(room);
        return true;
      }
      case 'refused': {
        const room = this.#roomOf(event.subject);
        if (room?.reader !== 'joining' || !refuses('join', event.numeric)) return false;
        this.#notEntered(room, refusalOf('join', event.numeric, event.text));
        return true;
      }
      case 'kick':
        if (link.isOwn(event.target)) this.#thrownOut(event.channel);
        return false;
      case 'part':
        if (link.isOwn(event.who.nick)) this.#thrownOut(event.channel);
        return false;
      default:
        return false;
    }
  }

  #thrownOut(channel: string): void {
    const room = this.#roomOf(channel);
    if (room) this.#later(room, THROWN_OUT_TIME);
  }

  #later(room: BridgedRoom, ms: number): void {
    this.#retries.get(room)?.cancel();
    this.#retries.set(
      room,
      this.#parts.clock.after(ms, () => this.join(room)),
    );
  }

  /** A ban is a no until somebody asks again; where the server has no room or no time it is worth another try. */
  #notEntered(room: BridgedRoom, outcome: Outcome): void {
    if (outcome.ok) return;
    const { channel } = room.settings;
    this.#parts.log.warn({ channel, reason: outcome.text }, 'the reader cannot join');
    this.#retries.get(room)?.cancel();
    this.#retries.delete(room);
    if (outcome.refusal === 'unavailable' || outcome.refusal === 'full') this.#later(room, RETRY_TIME);
    room.notEntered(outcome);
  }

  /** Who is who and who is away is told by WHO only; services accounts where it is WHOX. */
  #askWho(channel: string): void {
    const link = this.#parts.link();
    if (!link) return;
    if (link.isupport.has('WHOX')) link.send('WHO', channel, WHOX_FIELDS);
    else link.send('WHO', channel);
  }

  #pollLater(): void {
    this.#poll = this.#parts.clock.after(AWAY_POLL, () => {
      const link = this.#parts.link();
      if (!link || link.hasCapability('away-notify')) return;
      for (const room of this.#parts.rooms()) {
        if (room.reader === 'in' && room.channel.size <= MOST_POLLED) this.#askWho(room.settings.channel);
      }
      this.#pollLater();
    });
  }

  #roomOf(channel: string): BridgedRoom | undefined {
    const support = this.#parts.support();
    const key = support.fold(channel);
    for (const room of this.#parts.rooms()) if (support.fold(room.settings.channel) === key) return room;
    return undefined;
  }
}
