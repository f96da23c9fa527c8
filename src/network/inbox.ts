/** What IRC users write to puppets: which room it comes to, and what is answered where it cannot come. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import { formatCtcp, parseCtcp } from '../irc/ctcp.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Link } from '../irc/link.ts';
import { isPerson, type Source } from '../irc/source.ts';
import type { ParticipantId } from '../room/inputs.ts';
import type { BridgedRoom } from './bridged-room.ts';
import type { People } from './people.ts';
import type { Puppet } from './puppet.ts';
import { contentOf } from './reading.ts';

type Message = Extract<IrcEvent, { type: 'message' }>;

/** What it needs of a puppet. */
export type Addressee = Pick<Puppet, 'participant' | 'nickname' | 'nick' | 'memberships'> & {
  readonly link: Pick<Link, 'isOwn' | 'send'> | undefined;
};

/** Milliseconds between two notices to the same person (mapping: one an hour), and between two answers to its programs. */
const NOTICE_TIME = 60 * 60_000;
const CTCP_TIME = 5_000;
/** People and conversations remembered at most; the oldest go first. */
const MOST = 2_000;

export interface InboxParts {
  readonly network: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly people: People;
  readonly room: (channel: string) => BridgedRoom | undefined;
  readonly puppetOf: (source: Source) => Pick<Puppet, 'participant' | 'nickname'> | undefined;
  /** Whether what somebody says is left out. */
  readonly ignored: (who: Source) => boolean;
  /** What we say that we are to who asks. */
  readonly version: string;
}

export class Inbox {
  readonly #parts: InboxParts;
  /** The room in which two have talked last. */
  readonly #talks = new Map<string, BridgedRoom>();
  /** Whether the last that somebody wrote to a participant was a NOTICE. */
  readonly #noticed = new Map<string, boolean>();
  /** When somebody may be answered again. */
  readonly #answered = new Map<string, number>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** A message to the puppet's nick, or to a group of a channel that it is in. */
  message(puppet: Addressee, event: Message): void {
    // Nor is it answered: two programs would never stop.
    if (!isPerson(event.who) || this.#parts.ignored(event.who)) return;
    if (event.status !== '') this.#toGroup(puppet, event);
    else if (puppet.link?.isOwn(event.target)) this.#toPuppet(puppet, event);
  }

  /** A participant writes to somebody in a room: the answer comes to the same. */
  talked(participant: ParticipantId, person: ParticipantId, room: BridgedRoom): void {
    remember(this.#talks, `${participant} ${person}`, room);
  }

  /** The room takes no private messages, or none of the participant's devices does. */
  unheard(puppet: Addressee, person: ParticipantId): void {
    const nick = this.#parts.people.nickOf(person);
    if (nick === undefined || this.#noticed.get(`${puppet.participant} ${person}`) === true) return;
    this.#notice(puppet, nick, 'unheard', `${puppet.nickname} cannot take private messages`);
  }

  #toGroup(puppet: Addressee, event: Message): void {
    const room = this.#parts.room(event.target);
    const content = contentOf(event.text);
    if (!room || !content || puppet.memberships.stateOf(room) !== 'in') return;
    const author = this.#author(event);
    const group = `${event.status}${room.settings.channel}+${this.#parts.network}`;
    const { clock } = this.#parts;
    room.push({
      type: 'whispered',
      from: author.id,
      nick: author.nick,
      to: puppet.participant,
      group,
      content,
      at: Math.min(event.time ?? Infinity, clock.now()),
    });
  }

  #toPuppet(puppet: Addressee, event: Message): void {
    const ctcp = parseCtcp(event.text);
    if (ctcp && ctcp.verb !== 'ACTION') {
      if (!event.notice) this.#answerProgram(puppet, event.who.nick, ctcp.verb, ctcp.text);
      return;
    }
    const content = contentOf(event.text);
    if (!content) return;
    const author = this.#author(event);
    const room = this.#roomFor(puppet, author);
    if (!room) return this.#turnAway(puppet, event);
    if (puppet.memberships.stateOf(room) !== 'in') {
      const text = `${puppet.nickname} has lost the connection just now; this was not delivered`;
      if (!event.notice) this.#notice(puppet, author.nick, 'gone', text);
      return;
    }
    remember(this.#noticed, `${puppet.participant} ${author.id}`, event.notice);
    this.talked(puppet.participant, author.id, room);
    const at = Math.min(event.time ?? Infinity, this.#parts.clock.now());
    room.push({ type: 'whispered', from: author.id, nick: author.nick, to: puppet.participant, content, at });
  }

  #author({ who, account }: Message): { readonly id: ParticipantId; readonly nick: string } {
    const { people, clock, puppetOf } = this.#parts;
    const puppet = puppetOf(who);
    if (puppet) return { id: puppet.participant, nick: puppet.nickname };
    const known = people.called(who.nick);
    const now = clock.now();
    const person = people.see({ nick: who.nick, user: who.user, host: who.host, account }, now);
    // Somebody whom the reader does not see is not here.
    if (!known) people.gone(who.nick, now);
    return { id: person.id, nick: who.nick };
  }

  /** The room in which they talked last, else the first that both are in. */
  #roomFor(
    puppet: Addressee,
    author: { readonly id: ParticipantId; readonly nick: string },
  ): BridgedRoom | undefined {
    const last = this.#talks.get(`${puppet.participant} ${author.id}`);
    if (last && puppet.memberships.has(last)) return last;
    return puppet.memberships
      .rooms()
      .filter((room) => room.channel.member(author.nick))
      .toSorted((one, other) => (one.settings.channel < other.settings.channel ? -1 : 1))[0];
  }

  /** Nothing is said to a NOTICE: two programs would never stop. */
  #turnAway(puppet: Addressee, event: Message): void {
    this.#parts.log.debug({ from: event.who.nick, to: puppet.nick }, 'a private message from a stranger');
    if (event.notice) return;
    const text = `${puppet.nickname} can be written to only by people in the same channel; this was not delivered`;
    this.#notice(puppet, event.who.nick, 'stranger', text);
  }

  #answerProgram(puppet: Addressee, nick: string, verb: string, text: string): void {
    const answers: Readonly<Record<string, string>> = {
      VERSION: this.#parts.version,
      CLIENTINFO: 'ACTION CLIENTINFO PING VERSION',
      PING: text.slice(0, 100),
    };
    const answer = answers[verb];
    if (answer === undefined || !this.#mayAnswer(nick, 'ctcp', CTCP_TIME)) return;
    puppet.link?.send('NOTICE', nick, formatCtcp(verb, answer));
  }

  #notice(puppet: Addressee, nick: string, why: string, text: string): void {
    if (this.#mayAnswer(nick, `${why} ${puppet.participant}`, NOTICE_TIME)) {
      puppet.link?.send('NOTICE', nick, text);
    }
  }

  #mayAnswer(nick: string, what: string, pause: number): boolean {
    const key = `${nick.toLowerCase()} ${what}`;
    const now = this.#parts.clock.now();
    if ((this.#answered.get(key) ?? 0) > now) return false;
    remember(this.#answered, key, now + pause);
    return true;
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST) break;
    map.delete(oldest);
  }
}
