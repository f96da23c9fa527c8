/**
 * A chat room (RFC 7701). Inputs in, effects out: no socket, no timer, no protocol.
 *
 * Two sides meet here. The focus' side has participants with devices; the network's side has
 * people, and may be absent. What is asked of a side carries a request id and its outcome comes
 * back as an input, so the room never waits.
 */
import { Admissions } from './admissions.ts';
import type { RoomEffect } from './effects.ts';
import type { FocusInput, NetworkInput, ParticipantId, RoomInput, RoomSettings } from './inputs.ts';
import { History } from './history.ts';
import { Messages } from './messages.ts';
import { Renames } from './renames.ts';
import { refused } from './refusals.ts';
import { Roster, type Entry, type RosterView } from './roster.ts';
import { answer, rosterChanged, type Input, type RoomState } from './state.ts';

export class Room implements RosterView {
  readonly #state: RoomState;
  readonly #admissions: Admissions;
  readonly #messages: Messages;
  readonly #renames: Renames;
  #topic = '';
  #closed = false;

  constructor(options: { settings: RoomSettings; networked: boolean }) {
    const { settings, networked } = options;
    this.#state = {
      settings,
      networked,
      roster: new Roster(),
      history: new History(settings.history),
      up: !networked,
    };
    this.#renames = new Renames(this.#state);
    this.#messages = new Messages(this.#state);
    this.#admissions = new Admissions(this.#state, this.#renames, this.#messages);
  }

  get subject(): string {
    return this.#state.settings.subject ?? this.#topic;
  }

  get active(): boolean {
    return this.#state.up;
  }

  get size(): number {
    return this.#state.roster.size;
  }

  entries(): Iterable<Entry> {
    return this.#state.roster.entries();
  }

  entry(id: ParticipantId): Entry | undefined {
    return this.#state.roster.entry(id);
  }

  /** The one way in which a room changes. `now` in milliseconds since 1970. */
  handle(input: RoomInput, now: number): RoomEffect[] {
    const effects = this.#closed ? afterwards(input) : this.#handled(input, now);
    for (const effect of effects) {
      if (effect.type === 'deliver') this.#state.history.add(effect.from, effect.content, effect.at ?? now);
    }
    return effects;
  }

  #handled(input: RoomInput, now: number): RoomEffect[] {
    switch (input.type) {
      case 'join':
      case 'cancel':
      case 'leave':
      case 'say':
      case 'whisper':
      case 'complete':
      case 'given-up':
      case 'rename':
      case 'takes-private':
      case 'missed':
        return this.#fromFocus(input, now);
      case 'configure':
        return this.#configure(input.settings);
      case 'close':
        return this.#close(input.text);
      default:
        return this.#fromNetwork(input, now);
    }
  }

  #fromFocus(input: FocusInput, now: number): RoomEffect[] {
    switch (input.type) {
      case 'join':
        return this.#admissions.join(input, now);
      case 'cancel':
        return this.#admissions.cancel(input);
      case 'leave':
        return this.#admissions.leave(input, now);
      case 'takes-private':
        return this.#admissions.takesPrivate(input);
      case 'missed':
        return this.#messages.missed(input);
      case 'say':
        return this.#messages.say(input);
      case 'whisper':
        return this.#messages.whisper(input);
      case 'complete':
        return this.#messages.complete(input);
      case 'given-up':
        return this.#messages.givenUp(input);
      case 'rename':
        return this.#renames.rename(input, now);
    }
  }

  #fromNetwork(input: NetworkInput, now: number): RoomEffect[] {
    switch (input.type) {
      case 'settled':
        return [
          ...this.#admissions.settled(input, now),
          ...this.#messages.settled(input),
          ...this.#renames.settled(input, now),
        ];
      case 'people':
        return this.#people(input, now);
      case 'arrived':
        return this.#arrived(input, now);
      case 'departed':
        return this.#departed(input);
      case 'changed':
        return this.#change(input, now) ? [rosterChanged] : [];
      case 'heard':
        return this.#messages.heard(input);
      case 'whispered':
        return this.#messages.whispered(input);
      case 'topic':
        return this.#topicSet(input.text);
      case 'expelled':
        return this.#admissions.expelled(input, now);
      case 'told':
        return [{ type: 'tell', to: input.to, text: input.text }];
      case 'reach':
        return this.#reach(input);
    }
  }

  #people({ people }: Input<'people'>, now: number): RoomEffect[] {
    const { roster } = this.#state;
    const before = new Map([...roster.entries()].map((entry) => [entry.id, entry]));
    const here = new Set(people.map(({ id }) => id));
    for (const entry of before.values()) {
      if (entry.side === 'network' && !here.has(entry.id)) roster.remove(entry.id);
    }
    for (const person of people) {
      if (before.has(person.id)) this.#change(person, now);
      else roster.put({ ...person, side: 'network', since: undefined, endpoints: [] });
    }
    return [rosterChanged];
  }

  #arrived({ person }: Input<'arrived'>, now: number): RoomEffect[] {
    if (this.#state.roster.entry(person.id)) return this.#change(person, now) ? [rosterChanged] : [];
    this.#state.roster.put({ ...person, side: 'network', since: now, endpoints: [] });
    return [rosterChanged];
  }

  /** Participants of the focus' side come and go by their own side alone. */
  #departed({ id }: Input<'departed'>): RoomEffect[] {
    if (this.#state.roster.entry(id)?.side !== 'network') return [];
    this.#state.roster.remove(id);
    return [rosterChanged];
  }

  /** What the network's side says of somebody who is here; whether anything is different now. */
  #change({ id, nick, roles, away }: Omit<Input<'changed'>, 'type'>, now: number): boolean {
    const entry = this.#state.roster.entry(id);
    if (!entry) return false;
    if (nick !== undefined && entry.side === 'focus') this.#renames.released(entry, nick, now);
    return this.#state.roster.change(id, {
      ...(nick === undefined ? {} : { nick }),
      ...(roles === undefined ? {} : { roles }),
      ...(away === undefined ? {} : { away }),
    });
  }

  #topicSet(text: string): RoomEffect[] {
    if (text === this.#topic) return [];
    this.#topic = text;
    return this.#state.settings.subject === undefined ? [rosterChanged] : [];
  }

  #reach({ up, text }: Input<'reach'>): RoomEffect[] {
    if (up === this.#state.up) return [];
    this.#state.up = up;
    return [{ type: 'tell', to: undefined, text }, rosterChanged];
  }

  #configure(settings: RoomSettings): RoomEffect[] {
    const before = this.subject;
    this.#state.settings = settings;
    this.#state.history.resize(settings.history);
    return this.subject === before ? [] : [rosterChanged];
  }

  #close(text: string): RoomEffect[] {
    this.#closed = true;
    const here = [...this.#state.roster.entries()].filter(({ side }) => side === 'focus');
    return [
      ...this.#admissions.abandon(text),
      ...this.#renames.abandon(text),
      ...this.#messages.abandon(text),
      ...here.flatMap(({ id }): RoomEffect[] => [
        { type: 'expel', participant: id, text, cause: 'closed' },
        ...(this.#state.networked
          ? [{ type: 'release', participant: id, cause: 'left', reason: text } as const]
          : []),
      ]),
    ];
  }
}

/** What is asked of a room that has ended is refused; all else comes too late to matter. */
function afterwards(input: RoomInput): RoomEffect[] {
  switch (input.type) {
    case 'join':
    case 'say':
    case 'whisper':
    case 'rename':
      return [answer(input.request, refused('no-room', 'this room has ended'))];
    default:
      return [];
  }
}
