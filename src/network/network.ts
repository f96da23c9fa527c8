/**
 * One IRC network: the reader, the puppets and the people, and the rooms whose channels are there. It carries out the effects of
 * these rooms, and what IRC tells comes back as their inputs.
 */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { IrcEvent } from '../irc/events.ts';
import { Governor } from '../irc/governor.ts';
import type { NetworkEffect } from '../room/effects.ts';
import type { NetworkInput, ParticipantId, RequestId } from '../room/inputs.ts';
import { done } from '../room/refusals.ts';
import { BridgedRoom } from './bridged-room.ts';
import { BridgedRooms } from './bridged-rooms.ts';
import { ignoring } from './ignored.ts';
import { Inbox } from './inbox.ts';
import { NickShape } from './nicks.ts';
import { People } from './people.ts';
import { Puppets } from './puppets.ts';
import { Reader } from './reader.ts';
import { Reading } from './reading.ts';
import type { ChannelSettings, NetworkSettings } from './settings.ts';
import { Speaking } from './speaking.ts';

export type { ChannelSettings, NetworkSettings } from './settings.ts';

export interface NetworkOptions {
  readonly settings: NetworkSettings;
  /** Certificates in PEM that are believed of servers instead of the system's. */
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** What we say that we are to IRC users who ask. */
  readonly version: string;
}

/** The network's side of one room. */
export interface NetworkRoom {
  /** Carries out an effect of the room. */
  effect(effect: NetworkEffect): void;
  /** Takes over what may change in a running room: all but the channel. */
  configure(settings: ChannelSettings): void;
  /** The room is closed: the reader leaves its channel. */
  remove(reason: string): void;
}

export class Network {
  #settings: NetworkSettings;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #rooms: BridgedRooms;
  readonly #people: People;
  readonly #reader: Reader;
  readonly #reading: Reading;
  readonly #puppets: Puppets;
  readonly #inbox: Inbox;
  readonly #speaking: Speaking;
  /** Requests to come in that still wait for the reader, by participant and room. */
  readonly #arriving = new Map<BridgedRoom, Map<ParticipantId, RequestId>>();

  constructor({ settings, ca, clock, log, version }: NetworkOptions) {
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log.child({ network: settings.name });
    const fold = (name: string): string => this.#reader.support.fold(name);
    this.#rooms = new BridgedRooms(() => fold);
    this.#people = new People(settings.name, (name) => name.toLowerCase());
    const governor = new Governor(clock);
    const ignored = ignoring({
      masks: () => this.#settings.ignore,
      fold,
      isOurs: (who) => this.#puppets.owner(who) !== undefined,
      log: this.#log,
    });
    const common = { settings: () => this.#settings, ca, clock, log: this.#log, governor };
    this.#reading = new Reading({
      clock,
      rooms: this.#rooms,
      people: this.#people,
      puppetOf: (source) => this.#puppets.owner(source),
      ignored,
    });
    this.#reader = new Reader({
      ...common,
      rooms: () => this.#rooms,
      event: (event) => this.#event(event),
      listed: (room) => this.#reading.listed(room),
      up: () => this.#up(),
      down: ({ text }) => this.#down(text),
    });
    this.#reading.of(this.#reader);
    this.#inbox = new Inbox({
      network: settings.name,
      clock,
      log: this.#log,
      people: this.#people,
      room: (channel) => this.#rooms.find(channel),
      puppetOf: (source) => this.#puppets.owner(source),
      ignored,
      version,
    });
    this.#puppets = new Puppets({
      ...common,
      server: () => this.#reader.server,
      readerUp: () => this.#reader.up,
      shape: () => new NickShape(this.#settings.puppetNick, this.#reader.support.nickLength),
      inSight: (nick) => this.#inSight(nick),
      fold,
      room: (channel) => this.#rooms.find(channel),
      ignored,
      message: (puppet, event) => this.#inbox.message(puppet, event),
    });
    this.#speaking = new Speaking({
      reader: this.#reader,
      puppets: this.#puppets,
      people: this.#people,
      network: settings.name,
    });
  }

  /** Whether the reader is connected, and how many puppets there are. */
  get state(): { readonly connected: boolean; readonly puppets: number } {
    return { connected: this.#reader.up, puppets: this.#puppets.size };
  }

  start(): void {
    this.#reader.start();
  }

  addRoom(settings: ChannelSettings, push: (input: NetworkInput) => void): NetworkRoom {
    const room = new BridgedRoom(settings, { push, clock: this.#clock, support: () => this.#reader.support });
    this.#rooms.add(room);
    this.#reader.join(room);
    return {
      effect: (effect) => this.#effect(room, effect),
      configure: (changed) => {
        const otherKey = changed.key !== room.settings.key;
        room.settings = changed;
        // Whatever answer the old key gets, the new one is tried.
        if (otherKey && room.reader === 'joining') room.reader = 'out';
        this.#reader.join(room);
      },
      remove: (reason) => this.#remove(room, reason),
    };
  }

  /** Takes over other settings; links that need them are made anew, the rooms keep everybody. */
  configure(settings: NetworkSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#reader.speaker.setPace(settings.pace ?? undefined);
    for (const puppet of this.#puppets.all()) puppet.speaker.setPace(settings.pace ?? undefined);
    if (before.puppets && !settings.puppets) this.#puppets.dissolve('the operator wants it so');
    const reader = [before, settings].map(({ servers, nick, username, realname, password, sasl }) =>
      JSON.stringify({ servers, nick, username, realname, password, sasl }),
    );
    if (reader[0] === reader[1]) {
      for (const room of this.#rooms) this.#reader.join(room);
      return;
    }
    this.#log.info({}, 'the network is connected to anew, as its settings have changed');
    this.#reader.restart('new settings');
    const moved = JSON.stringify(before.servers) !== JSON.stringify(settings.servers);
    if (moved) for (const puppet of [...this.#puppets.all()]) puppet.restart('new settings');
  }

  /** QUIT on every link; resolves when all are closed. */
  async stop(reason: string): Promise<void> {
    await Promise.all([this.#puppets.end(reason), this.#reader.stop(reason)]);
  }

  /** Whether somebody on IRC has a nick, or moderates under one that looks like it (RFC 7701 section 11). */
  #inSight(nick: string): boolean {
    // Under the bare nick the participants of the focus' side would see it.
    const bare = new NickShape(this.#settings.puppetNick, this.#reader.support.nickLength).bare(nick);
    if (this.#people.called(nick) !== undefined) return true;
    return this.#reader.isOwn(nick) || this.#reader.isOwn(bare) || this.#rooms.hasDoubleOf(bare);
  }

  #event(event: IrcEvent): void {
    this.#reading.event(event);
    if (event.type === 'quit' || event.type === 'nick') this.#puppets.freed(event.who);
  }

  #effect(room: BridgedRoom, effect: NetworkEffect): void {
    switch (effect.type) {
      case 'admit':
        return this.#admit(room, effect);
      case 'release':
        return this.#release(room, effect);
      case 'relay':
        return this.#speaking.say(room, effect.from, effect.content, (outcome) =>
          room.settle(effect.request, outcome),
        );
      case 'relay-private':
        for (const id of effect.to) this.#inbox.talked(effect.from.id, id, room);
        return this.#speaking.whisper(room, effect, (outcome) => room.settle(effect.request, outcome));
      case 'rename': {
        const { request, participant, nick } = effect;
        const puppet = this.#puppets.of(participant);
        if (puppet) return puppet.rename(room, request, nick);
        return room.settle(request, nick === undefined ? done : { ok: true, nick });
      }
      case 'unheard': {
        const puppet = this.#puppets.of(effect.participant);
        if (puppet) this.#inbox.unheard(puppet, effect.from);
        return;
      }
    }
  }

  #admit(room: BridgedRoom, { request, newcomer }: Extract<NetworkEffect, { type: 'admit' }>): void {
    const arriving = this.#arriving.get(room) ?? new Map<ParticipantId, RequestId>();
    this.#arriving.set(room, arriving);
    arriving.set(newcomer.id, request);
    this.#reader.join(room);
    room.whenRead((outcome) => {
      // Whoever gave up meanwhile is not waited for any more.
      if (arriving.get(newcomer.id) !== request) return;
      arriving.delete(newcomer.id);
      if (outcome.ok) this.#puppets.admit(room, request, newcomer);
      else room.settle(request, outcome);
    });
  }

  #release(
    room: BridgedRoom,
    { participant, cause, reason }: Extract<NetworkEffect, { type: 'release' }>,
  ): void {
    this.#arriving.get(room)?.delete(participant);
    room.relayed.delete(participant);
    const grace = cause === 'lost' ? this.#settings.grace * 1000 : 0;
    this.#puppets.of(participant)?.memberships.release(room, grace, reason);
  }

  #remove(room: BridgedRoom, reason: string): void {
    for (const puppet of [...this.#puppets.all()]) puppet.memberships.release(room, 0, reason);
    this.#reader.part(room, reason);
    this.#rooms.delete(room);
    this.#arriving.delete(room);
  }

  #up(): void {
    this.#people.allGone(this.#clock.now(), (name) => this.#reader.support.fold(name));
    this.#rooms.index();
    this.#puppets.resume();
  }

  #down(text: string): void {
    this.#reading.lost();
    for (const puppet of this.#puppets.all()) puppet.speaker.notHeard();
    for (const room of this.#rooms) {
      room.left(`IRC cannot be reached (${text}); until it is back only the people here hear you`);
    }
  }
}
