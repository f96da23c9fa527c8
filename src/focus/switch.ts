/**
 * Distributes messages to the devices in a room (RFC 7701 section 6). Who hears a message is the room's decision; which
 * device can take it, and in which bytes, is decided here.
 */
import type { OutgoingMessage } from '../msrp/index.ts';
import type { Content } from '../room/content.ts';
import type { FocusEffect } from '../room/effects.ts';
import type { Said } from '../room/history.ts';
import type { Author, ParticipantId } from '../room/inputs.ts';
import type { Worth } from './congestion.ts';
import { type Copies, PassedOn } from './copies.ts';
import { CpimContent } from './cpim-content.ts';
import type { Endpoint } from './endpoint.ts';
import { GrowingContent } from './growing-content.ts';
import { Signals } from './signals.ts';
import type { FocusState } from './state.ts';
import { Announcement, Written } from './written.ts';

type Effect<T extends FocusEffect['type']> = Extract<FocusEffect, { type: T }>;

/** What a message is: one of a participant, or of the room itself. */
type Kind = Content['kind'] | 'status';

/** From so many bytes on a text counts as large. */
const LARGE = 65_536;

/** What the switch needs to know of a device. */
type Listener = Pick<Endpoint, 'dialled' | 'types' | 'send'>;

export class Switch {
  readonly #state: FocusState;
  readonly #signals: Signals;

  constructor(state: FocusState) {
    this.#state = state;
    this.#signals = new Signals(state.clock);
  }

  /** To all devices but the one that it came from (checklist 55, 62). */
  deliver({ content, from, origin, at }: Effect<'deliver'>): void {
    const copies = this.#copiesOf(content, from, at);
    if (!copies) return;
    if (content.kind === 'signal') {
      for (const device of this.#state.participants.all()) {
        if (device.identity.id !== from.id) this.#signals.send(copies, device);
      }
      return;
    }
    const author = origin === undefined ? undefined : this.#state.participants.find(from.id, origin);
    this.#toRoom(copies, content.kind, author);
  }

  /**
   * To devices that take private messages (checklist 68, 70), and, of what people read, to the author's others (checklist 71).
   * Gives those to whom it should have gone, and of whom no device could be sent it now.
   */
  whisper({ content, from, origin, to, group, at }: Effect<'whisper'>): ParticipantId[] {
    const copies = this.#copiesOf(content, from, at);
    if (!copies) return [];
    const isSignal = content.kind === 'signal';
    const missed: ParticipantId[] = [];
    for (const id of new Set(isSignal ? to : [...to, from.id])) {
      const uri = group === undefined ? id : this.#state.addresses.person(group);
      const devices = this.#state.participants
        .of(id)
        .filter((device) => device.id !== origin && device.takesPrivate);
      if (isSignal) {
        for (const device of devices) this.#signals.send(copies, device, uri);
        continue;
      }
      const sent = devices.filter((device) => {
        const message = formFor(device, copies)?.toPerson(uri);
        return message !== undefined && device.send(message, worthOf(content.kind, message));
      });
      if (devices.length > 0 && sent.length === 0 && to.includes(id)) missed.push(id);
    }
    return missed;
  }

  /** What was said before a device came (its DateTime and From are those of then), in order. */
  replay(endpoint: Listener, messages: readonly Said[]): void {
    for (const { content, from, at } of messages) {
      const copies = this.#copiesOf(content, from, at);
      const message = copies && formFor(endpoint, copies)?.toRoom(endpoint.dialled);
      if (!message) continue;
      endpoint.send(message, worthOf(content.kind, message));
    }
  }

  /** The room says something to one participant, or to all. */
  tell({ to, text }: Effect<'tell'>): void {
    if (to === undefined) this.#toRoom(this.#announcement(text), 'status');
    else this.announce(text, this.#state.participants.of(to));
  }

  announce(text: string, listeners: Iterable<Listener>): void {
    const copies = this.#announcement(text);
    for (const listener of listeners) {
      const message = formFor(listener, copies)?.toRoom(listener.dialled);
      if (message) listener.send(message, 'status');
    }
  }

  /** What `announce` would send to one device; nothing where it takes no text. */
  announcementFor(listener: Listener, text: string): OutgoingMessage | undefined {
    return formFor(listener, this.#announcement(text))?.toRoom(listener.dialled);
  }

  #announcement(text: string): Announcement {
    return new Announcement(text, this.#state.name, this.#state.clock.now());
  }

  #toRoom(copies: Copies, kind: Kind, origin?: Endpoint): void {
    for (const audience of this.#state.participants.audiences()) {
      const { dialled, devices } = audience;
      const message = formFor(audience, copies)?.toRoom(dialled);
      if (!message) continue;
      const worth = worthOf(kind, message);
      for (const device of devices.send(message, origin)) device.send(message, worth);
    }
  }

  #copiesOf(content: Content, from: Author, at: number | undefined): Copies | undefined {
    if (content instanceof CpimContent) return new PassedOn(content, from);
    if (content instanceof GrowingContent) {
      content.isDelivered = true;
      return new PassedOn(content.head, from, content.body);
    }
    const text = content.text();
    if (!text) return undefined;
    const { addresses, clock } = this.#state;
    return new Written(text, { name: from.nick, uri: addresses.person(from.id) }, at ?? clock.now());
  }
}

/** What a message is worth to somebody who cannot be sent everything. */
function worthOf(kind: Kind, { body }: OutgoingMessage): Worth {
  if (kind === 'status' || kind === 'signal') return kind;
  return kind === 'file' || body.length > LARGE ? 'large' : 'text';
}

/** Checklist 46, 57: a type that a device has not listed is never sent to it. What is ours may be written in another one. */
function formFor({ types }: Pick<Listener, 'types'>, copies: Copies): Copies | undefined {
  if (types?.takesAll(copies.types) === true) return copies;
  const { other } = copies;
  return other && types?.takesAll(other.types) === true ? other : undefined;
}
