/** The SIP side of one room: takes calls and subscriptions for it, and carries out its effects. */
import type { Beginning, IncomingMessage, MessageOpening, NicknameRequest } from '../msrp/index.ts';
import type { FocusEffect } from '../room/effects.ts';
import type { RequestId } from '../room/inputs.ts';
import { refused } from '../room/refusals.ts';
import type { RoomLoop } from '../room/loop.ts';
import type { Invitation, SipRoom, SipRoomHandler, SubscribeRequest } from '../sip/index.ts';
import type { Addresses } from './addresses.ts';
import { reasonHeader } from './answers.ts';
import type { FocusOptions, FocusRoom, FocusSettings } from './api.ts';
import { Deafness } from './deafness.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointEvents } from './endpoint-parts.ts';
import { Greeting } from './greeting.ts';
import type { Identities } from './identities.ts';
import { Joining } from './joining.ts';
import { Notifier } from './notifier.ts';
import { Pace } from './pace.ts';
import { Participants } from './participants.ts';
import { Replays } from './replays.ts';
import { Requests } from './requests.ts';
import { conferenceUser } from './roster-users.ts';
import type { FocusState } from './state.ts';
import { subscribingDevices } from './subscribing.ts';
import { Switch } from './switch.ts';
import { Talking } from './talking.ts';

/** Milliseconds for which a room that ends waits for the answers to its BYEs. */
const LAST_WAIT = 2000;

const UNWRAPPED =
  'Your last message was not taken: this chat room takes messages in a message/cpim wrapper only.';

export interface RoomParts {
  readonly name: string;
  readonly settings: FocusSettings;
  readonly loop: RoomLoop;
  readonly options: FocusOptions;
  readonly addresses: Addresses;
  readonly identities: Identities;
  readonly newRequestId: () => RequestId;
  /** It takes no more calls. */
  readonly closed: () => void;
}

export class Room implements FocusRoom, SipRoomHandler, EndpointEvents<Endpoint> {
  readonly #parts: RoomParts;
  readonly #state: FocusState;
  readonly #switch: Switch;
  readonly #greeting: Greeting;
  readonly #replays: Replays;
  readonly #talking: Talking;
  readonly #deafness: Deafness;
  readonly #pace: Pace;
  readonly #joining: Joining;
  readonly #notifier: Notifier;
  readonly #sip: SipRoom;
  /** Devices whose BYE is on its way. */
  readonly #leaving = new Set<Endpoint>();
  /** Told when the last of them has gone. */
  #allGone: (() => void) | undefined;
  readonly #warned = new WeakSet<Endpoint>();
  #closed = false;

  /** Throws when the SIP stack has a room of that name. */
  constructor(parts: RoomParts) {
    const { name, settings, loop, options, addresses } = parts;
    const { clock, domain, limits } = options;
    const log = options.log.child({ room: name });
    this.#parts = parts;
    this.#state = {
      name,
      settings,
      addresses,
      participants: new Participants(() => options.msrp.fanOut()),
      requests: new Requests(parts.newRequestId),
      roster: loop.roster,
      clock,
      log,
      push: (input) => loop.push(input),
    };
    this.#switch = new Switch(this.#state);
    this.#greeting = new Greeting(this.#state, this.#switch);
    this.#replays = new Replays(this.#state, this.#switch);
    this.#talking = new Talking(this.#state);
    this.#pace = new Pace(limits.pace, clock);
    const tools = {
      ...options,
      log,
      settings: () => this.#state.settings,
    };
    this.#deafness = new Deafness(log, domain);
    this.#joining = new Joining(this.#state, {
      deafness: this.#deafness,
      identities: parts.identities,
      domain,
      tools,
      events: this,
    });
    this.#notifier = new Notifier({
      roster: loop.roster,
      clock,
      log,
      entity: addresses.room(name),
      describe: () => ({ displayText: this.#displayText() }),
      user: (entry) => conferenceUser(entry, addresses),
    });
    this.#sip = options.sip.addRoom(name, { domain, focus: true, handler: this });
  }

  effect(effect: FocusEffect): void {
    switch (effect.type) {
      case 'taken':
        return this.#state.requests.taken(effect.request);
      case 'answer':
        return this.#state.requests.answered(effect.request, effect.outcome);
      case 'deliver':
        return this.#switch.deliver(effect);
      case 'whisper':
        return this.#whisper(effect);
      case 'replay':
        return this.#replays.replay(effect);
      case 'tell':
        return this.#switch.tell(effect);
      case 'expel':
        return this.#expel(effect);
      case 'roster':
        return this.#notifier.changed();
    }
  }

  configure(settings: FocusSettings): void {
    this.#state.settings = settings;
    this.#talking.configured();
    this.#notifier.changed();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#notifier.close();
    if (this.#leaving.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = this.#state.clock.after(LAST_WAIT, resolve);
        this.#allGone = () => {
          timer.cancel();
          resolve();
        };
      });
    }
    this.#sip.remove();
    this.#parts.closed();
  }

  // What the SIP stack tells.

  invited(invitation: Invitation): void {
    if (this.#closed) return invitation.reject(404, 'Not Found');
    this.#joining.invited(invitation);
  }

  subscribed(request: SubscribeRequest): void {
    if (this.#closed) return request.reject(404, 'Not Found');
    const devices = subscribingDevices(request, this.#state);
    const [device] = devices;
    if (!device) return request.reject(403, 'Not In This Room');
    this.#notifier.subscribe(request, device.identity.id);
    for (const each of devices) {
      each.subscribed = true;
      this.#greeting.spare(each);
      this.#talking.provesPrivate(each);
    }
  }

  // What the devices tell.

  opened(endpoint: Endpoint): void {
    this.#greeting.opened(endpoint);
  }

  described(endpoint: Endpoint): void {
    this.#state.participants.described(endpoint);
    this.#deafness.described(endpoint);
    this.#replays.described(endpoint);
  }

  message(endpoint: Endpoint, message: IncomingMessage): void {
    this.#talking.message(endpoint, message);
  }

  begins(endpoint: Endpoint, opening: MessageOpening): Beginning {
    return this.#talking.begins(endpoint, opening);
  }

  nickname(endpoint: Endpoint, request: NicknameRequest): void {
    this.#talking.nickname(endpoint, request);
  }

  admits({ identity }: Endpoint): boolean {
    return this.#pace.admits(identity.id);
  }

  /** RFC 7701 section 6.4: who has missed something is told so. */
  skipped(endpoint: Endpoint, count: number): void {
    const messages = count === 1 ? '1 message was' : `${count} messages were`;
    this.#switch.announce(`${messages} skipped: your connection did not take them in time.`, [endpoint]);
  }

  takesPrivate(endpoint: Endpoint, takes: boolean): void {
    const { identity, id } = endpoint;
    this.#state.push({ type: 'takes-private', participant: identity.id, endpoint: id, takes });
  }

  /** RFC 7701 section 11: who does not know of the wrapper does not know why it gets 415 either. */
  unwrapped(endpoint: Endpoint): void {
    if (this.#warned.has(endpoint)) return;
    this.#warned.add(endpoint);
    // The 415 goes first.
    queueMicrotask(() => this.#switch.announce(UNWRAPPED, [endpoint]));
  }

  left(endpoint: Endpoint, cause: 'left' | 'lost', reason: string): void {
    const { identity, id } = endpoint;
    const wasLast = this.#forget(endpoint, cause, reason);
    this.#state.push({ type: 'leave', participant: identity.id, endpoint: id, cause, reason });
    if (wasLast) this.#notifier.left(identity.id);
  }

  /** No private message is left out without a word to its sender. */
  #whisper(effect: Extract<FocusEffect, { type: 'whisper' }>): void {
    const { roster, requests, push } = this.#state;
    const { request, from, group } = effect;
    for (const id of this.#switch.whisper(effect)) {
      if (request !== undefined) {
        const nick = roster.entry(id)?.nick ?? id;
        requests.failed(request, refused('unavailable', `${nick} takes no messages at the moment`));
      } else if (group === undefined) push({ type: 'missed', participant: id, from: from.id });
    }
  }

  #expel({ participant, text, cause }: Extract<FocusEffect, { type: 'expel' }>): void {
    const header = reasonHeader(cause === 'expelled' ? 403 : 503, text);
    for (const endpoint of this.#state.participants.of(participant)) {
      this.#forget(endpoint, cause, text);
      this.#leaving.add(endpoint);
      endpoint.sendAway(this.#switch.announcementFor(endpoint, text), header, () => this.#gone(endpoint));
    }
    this.#notifier.left(participant);
  }

  /** Whether it was the last device of its participant. */
  #forget(endpoint: Endpoint, cause: string, reason: string): boolean {
    const { participants, log } = this.#state;
    this.#greeting.spare(endpoint);
    const facts = { address: endpoint.identity.address, endpoint: endpoint.id };
    log.info({ ...facts, cause, reason }, 'somebody has left');
    const wasLast = participants.remove(endpoint);
    if (wasLast) this.#pace.left(endpoint.identity.id);
    return wasLast;
  }

  #gone(endpoint: Endpoint): void {
    this.#leaving.delete(endpoint);
    if (this.#leaving.size === 0) this.#allGone?.();
  }

  #displayText(): string {
    const { network } = this.#state.settings;
    return network ? `${network.channel} on ${network.name}` : this.#state.name;
  }
}
