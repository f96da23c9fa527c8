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
import { Messages } from './messages.ts';
import { Renames } from './renames.ts';
import { Roster, type Entry, type RosterView } from './roster.ts';
import { rosterChanged, type Input, type RoomState } from './state.ts';

export class Room implements RosterView {
  readonly #state: RoomState;
  readonly #admissions: Admissions;
  readonly #messages: Messages;
  readonly #renames: Renames;
  #topic = '';
  #closed = false;

  constructor(options: { settings: RoomSettings; networked: boolean }) {
    const { settings, networked } = options;
    this.#state = { settings, networked, roster: new Roster(), up: !networked };
    this.#renames = new Renames(this.#state);
    this.#admissions = new Admissions(this.#state, this.#renames);
    this.#messages = new Messages(this.#state);
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
    if (this.#closed) return [];
    switch (input.type) {
      case 'join':
      case 'cancel':
      case 'leave':
      case 'say':
      case 'whisper':
      case 'rename':
      case 'takes-private':
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
      case 'say':
        return this.#messages.say(input);
      case 'whisper':
        return this.#messages.whisper(input);
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
        return this.#people(input);
      case 'arrived':
        return this.#arrived(input, now);
      case 'departed':
        return this.#state.roster.remove(input.id) ? [rosterChanged] : [];
      case 'changed':
        return this.#changed(input, now);
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

  #people({ people }: Input<'people'>): RoomEffect[] {
    const { roster } = this.#state;
    const before = new Map([...roster.entries()].map((entry) => [entry.id, entry]));
    const here = new Set(people.map(({ id }) => id));
    for (const entry of before.values()) {
      if (entry.side === 'network' && !here.has(entry.id)) roster.remove(entry.id);
    }
    for (const person of people) {
      const { nick, roles, away } = person;
      if (before.has(person.id)) roster.change(person.id, { nick, roles, away });
      else roster.put({ ...person, side: 'network', since: undefined, endpoints: [] });
    }
    return [rosterChanged];
  }

  #arrived({ person }: Input<'arrived'>, now: number): RoomEffect[] {
    this.#state.roster.put({ ...person, side: 'network', since: now, endpoints: [] });
    return [rosterChanged];
  }

  #changed({ id, nick, roles, away }: Input<'changed'>, now: number): RoomEffect[] {
    const entry = this.#state.roster.entry(id);
    if (!entry) return [];
    if (nick !== undefined && entry.side === 'focus') this.#renames.released(entry, nick, now);
    const changed = this.#state.roster.change(id, {
      ...(nick === undefined ? {} : { nick }),
      ...(roles === undefined ? {} : { roles }),
      ...(away === undefined ? {} : { away }),
    });
    return changed ? [rosterChanged] : [];
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
    return this.subject === before ? [] : [rosterChanged];
  }

  #close(text: string): RoomEffect[] {
    this.#closed = true;
    const here = [...this.#state.roster.entries()].filter(({ side }) => side === 'focus');
    return [
      ...this.#admissions.abandon(text),
      ...here.flatMap(({ id }): RoomEffect[] => [
        { type: 'expel', participant: id, text, cause: 'closed' },
        ...(this.#state.networked
          ? [{ type: 'release', participant: id, cause: 'left', reason: text } as const]
          : []),
      ]),
    ];
  }
}
