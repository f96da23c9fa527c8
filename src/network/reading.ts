/** What the reader hears, as inputs of the rooms. */
import type { Clock } from '../common/clock.ts';
import { readCodes } from '../irc/codes.ts';
import { parseCtcp } from '../irc/ctcp.ts';
import type { IrcEvent } from '../irc/events.ts';
import { isPerson, type Source } from '../irc/source.ts';
import { textContent, type Content } from '../room/content.ts';
import type { BridgedRoom } from './bridged-room.ts';
import type { BridgedRooms } from './bridged-rooms.ts';
import type { Member, Voice } from './channel.ts';
import type { IrcPerson, People, Seen } from './people.ts';
import type { Reader } from './reader.ts';

/** What it needs of the reader. */
export type Ears = Pick<Reader, 'support' | 'speaker' | 'isOwn'>;

export interface ReadingParts {
  readonly clock: Clock;
  readonly rooms: BridgedRooms;
  readonly people: People;
  /** The puppet of ours that somebody is; without user and host by the nick alone. */
  readonly puppetOf: (source: Partial<Source> & { readonly nick: string }) => Voice | undefined;
  /** Whether what somebody says is left out. */
  readonly ignored: (who: Source) => boolean;
}

/** Batches whose messages were said before: they are never bridged (IRCv3 chathistory). */
const HISTORY = new Set(['chathistory', 'znc.in/playback']);

type EventOf<T extends IrcEvent['type']> = Extract<IrcEvent, { type: T }>;

/** Keeps the people and the channels in step with what the reader hears, and tells the rooms. */
export class Reading {
  readonly #parts: ReadingParts;
  readonly #history = new Set<string>();
  #reader: Ears | undefined;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /** Says whose events come. */
  of(reader: Ears): void {
    this.#reader = reader;
  }

  event(event: IrcEvent): void {
    switch (event.type) {
      case 'message':
        return this.#message(event);
      case 'join':
        return this.#join(event);
      case 'part':
        return this.#gone(event.channel, event.who.nick, `the reader was taken out of the channel`);
      case 'kick':
        return this.#gone(
          event.channel,
          event.target,
          `the reader was kicked by ${event.who.nick}: ${event.reason}`,
        );
      case 'quit':
        return this.#quit(event.who.nick);
      case 'nick':
        return this.#nick(event);
      case 'mode':
        return this.#mode(event);
      case 'topic':
        return this.#topic(event);
      case 'names':
        return this.#names(event);
      case 'who':
        return this.#who(event);
      case 'away':
        return this.#away(event.who.nick, event.away);
      case 'account':
        return this.#parts.people.learn({ nick: event.who.nick, account: event.account });
      case 'host':
        return this.#parts.people.learn({ nick: event.who.nick, user: event.user, host: event.host });
      case 'batch':
        if (event.open && HISTORY.has(event.kind)) this.#history.add(event.name);
        else if (!event.open) this.#history.delete(event.name);
        return;
      default:
        return;
    }
  }

  /** The people of a channel are complete. */
  listed(room: BridgedRoom): void {
    // A server may not answer WHO; who is who may then be told later.
    for (const { nick, puppet } of room.channel.members()) {
      if (!puppet && !this.#parts.people.called(nick)) this.#see({ nick });
    }
    room.listed(room.people(this.#parts.people), 'IRC is back');
    for (const member of room.channel.members()) if (member.puppet) this.#tellRoles(room, member);
  }

  /** The link is gone, and with it all that it saw. */
  lost(): void {
    this.#history.clear();
  }

  #message(event: EventOf<'message'>): void {
    const room = this.#parts.rooms.find(event.target);
    // What is for some in the channel reaches the puppets that may see it.
    if (!room || event.status !== '' || !isPerson(event.who)) return;
    if (event.batch !== undefined && this.#history.has(event.batch)) return;
    const { nick } = event.who;
    if (this.#reader?.isOwn(nick)) {
      this.#reader.speaker.heard(event.target, event.text);
      return;
    }
    const voice = room.channel.member(nick)?.puppet ?? this.#parts.puppetOf(event.who);
    if (voice?.heard(event.target, event.text)) return;
    const content = contentOf(event.text);
    if (!content) return;
    const now = this.#parts.clock.now();
    const at = Math.min(event.time ?? now, now);
    if (voice)
      return room.push({ type: 'heard', from: voice.participant, nick: voice.nickname, content, at });
    const person = this.#see({ ...event.who, account: event.account });
    if (!this.#parts.ignored(event.who))
      room.push({ type: 'heard', from: person.id, nick: person.nick, content, at });
    this.#forgetIfGone(nick);
  }

  #join({ who, channel, account }: EventOf<'join'>): void {
    const room = this.#parts.rooms.find(channel);
    if (!room?.isHeard) return;
    const puppet = this.#parts.puppetOf(who);
    const { nick } = who;
    const before = room.channel.remove(nick);
    // Whoever was here under this nick has left unseen.
    const stale = before && !before.puppet ? this.#parts.people.called(nick) : undefined;
    const person = puppet ? undefined : this.#see({ ...who, account });
    if (puppet) this.#parts.people.gone(nick, this.#parts.clock.now());
    room.channel.add(nick, '', puppet);
    if (room.reader !== 'in') return;
    if (stale && stale.id !== person?.id) room.push({ type: 'departed', id: stale.id });
    if (person) room.push({ type: 'arrived', person: { id: person.id, nick, roles: [], away: person.away } });
  }

  #gone(channel: string, nick: string, why: string): void {
    const room = this.#parts.rooms.find(channel);
    if (!room) return;
    if (this.#reader?.isOwn(nick)) {
      // Thrown out is a no: the reader comes again when somebody joins the room or the configuration is read again.
      const nicks = [...room.channel.members()].map((member) => member.nick);
      for (const { puppet } of room.channel.members()) puppet?.notHeard(channel);
      this.#reader.speaker.notHeard(channel);
      room.left(`IRC cannot be heard here: ${why}`);
      for (const each of nicks) this.#forgetIfGone(each);
      return;
    }
    const person = this.#parts.people.called(nick);
    const member = room.channel.remove(nick);
    if (!member || member.puppet || !person) return;
    room.push({ type: 'departed', id: person.id });
    this.#forgetIfGone(nick);
  }

  #quit(nick: string): void {
    const person = this.#parts.people.called(nick);
    for (const room of this.#parts.rooms) {
      const member = room.channel.remove(nick);
      if (member && !member.puppet && person) room.push({ type: 'departed', id: person.id });
    }
    this.#parts.people.gone(nick, this.#parts.clock.now());
  }

  #nick({ who, nick }: EventOf<'nick'>): void {
    const { people, rooms } = this.#parts;
    // The puppet itself says what it is called now.
    if (people.called(nick) && people.called(nick) !== people.called(who.nick)) this.#quit(nick);
    const person = people.rename(who.nick, nick, this.#parts.clock.now());
    for (const room of rooms) {
      const member = room.channel.rename(who.nick, nick);
      if (member && !member.puppet && person) room.push({ type: 'changed', id: person.id, nick });
    }
  }

  #mode({ channel, changes }: EventOf<'mode'>): void {
    const room = this.#parts.rooms.find(channel);
    if (!room) return;
    const changed = new Set<Member>();
    for (const { add, mode, param } of changes) {
      const symbol = this.#reader?.support.prefixes.find((prefix) => prefix.mode === mode)?.symbol;
      const member = symbol === undefined || param === undefined ? undefined : room.channel.member(param);
      if (!member || symbol === undefined) continue;
      if (add) member.status.add(symbol);
      else member.status.delete(symbol);
      changed.add(member);
    }
    if (room.reader === 'in') for (const member of changed) this.#tellRoles(room, member);
  }

  #tellRoles(room: BridgedRoom, member: Member): void {
    const id = member.puppet?.participant ?? this.#parts.people.called(member.nick)?.id;
    if (id !== undefined) room.push({ type: 'changed', id, roles: room.channel.rolesOf(member) });
  }

  #topic({ channel, text }: EventOf<'topic'>): void {
    const room = this.#parts.rooms.find(channel);
    const plain = readCodes(text)
      .map((span) => span.text)
      .join('');
    room?.push({ type: 'topic', text: plain });
  }

  #names({ channel, people }: EventOf<'names'>): void {
    const room = this.#parts.rooms.find(channel);
    if (room?.reader !== 'listing') return;
    for (const { nick, status, user, host } of people) {
      if (this.#reader?.isOwn(nick)) continue;
      room.channel.add(nick, status, this.#parts.puppetOf({ nick, ...(user && host ? { user, host } : {}) }));
    }
  }

  #who({ channel, nick, user, host, away, account }: EventOf<'who'>): void {
    const room = this.#parts.rooms.find(channel);
    const member = room?.channel.member(nick);
    if (!room || !member || member.puppet) return;
    this.#see({ nick, user, host, account });
    this.#away(nick, away);
  }

  #away(nick: string, away: boolean): void {
    const { people, rooms } = this.#parts;
    const id = people.called(nick)?.id;
    if (id === undefined || !people.setAway(nick, away)) return;
    for (const room of rooms) {
      if (room.reader === 'in' && room.channel.member(nick)) room.push({ type: 'changed', id, away });
    }
  }

  /** Somebody is seen. Where it turns out to be somebody else than we thought, the rooms are told so. */
  #see(seen: Seen): IrcPerson {
    const { people, rooms, clock } = this.#parts;
    const before = people.called(seen.nick);
    const person = people.see(seen, clock.now());
    if (!before || before === person) return person;
    for (const room of rooms) {
      const member = room.channel.member(seen.nick);
      if (!member || member.puppet || room.reader !== 'in') continue;
      room.push({ type: 'departed', id: before.id });
      const { id, nick, away } = person;
      room.push({ type: 'arrived', person: { id, nick, roles: room.channel.rolesOf(member), away } });
    }
    return person;
  }

  /** Who is in none of our channels cannot be seen. */
  #forgetIfGone(nick: string): void {
    for (const room of this.#parts.rooms) if (room.channel.member(nick)) return;
    this.#parts.people.gone(nick, this.#parts.clock.now());
  }
}

/** What somebody said; undefined where it is nothing to read: a question of a program, or no text at all. */
export function contentOf(text: string): Content | undefined {
  const ctcp = parseCtcp(text);
  if (ctcp && ctcp.verb !== 'ACTION') return undefined;
  const line = readCodes(ctcp ? ctcp.text : text);
  if (line.every((span) => span.text.trim() === '')) return undefined;
  return textContent({ action: ctcp !== undefined, lines: [line] });
}
