/** The channels of one puppet: which it is in, which it is joining, and in which it stays for a while without its participant. */
import type { Clock, Timer } from '../common/clock.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { ParticipantId, RequestId } from '../room/inputs.ts';
import { refused, type Outcome } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import { refusalOf, refuses } from './refusals.ts';

/** Milliseconds for a puppet to be connected and in the channel, as somebody waits at a phone. */
const JOIN_TIME = 25_000;

export interface MembershipParts {
  readonly clock: Clock;
  readonly participant: ParticipantId;
  readonly nickname: () => string;
  readonly part: (room: BridgedRoom, reason: string) => void;
  /** The last one is over. */
  readonly empty: (reason: string) => void;
}

/**
 * joining: a request waits for the JOIN. in: the room has the participant. grace: the room has lost the participant, the channel
 * has the puppet still.
 */
interface Membership {
  state: 'joining' | 'in' | 'grace';
  request: RequestId | undefined;
  /** The server has us in the channel, on the link that stands now. */
  here: boolean;
  timer: Timer | undefined;
}

export class Memberships {
  readonly #parts: MembershipParts;
  readonly #all = new Map<BridgedRoom, Membership>();
  /** Channels that we have left ourselves and the server has not said so yet. */
  readonly #parting = new Set<BridgedRoom>();

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  rooms(): BridgedRoom[] {
    return [...this.#all.keys()];
  }

  has(room: BridgedRoom): boolean {
    return this.#all.has(room);
  }

  stateOf(room: BridgedRoom): Membership['state'] | undefined {
    return this.#all.get(room)?.state;
  }

  /** True where the channel is to be joined; who comes back in time is in it. */
  admit(room: BridgedRoom, request: RequestId): boolean {
    const known = this.#all.get(room);
    if (known && known.state !== 'joining') {
      known.timer?.cancel();
      known.state = 'in';
      room.settle(request, { ok: true, nick: this.#parts.nickname() });
      return false;
    }
    known?.timer?.cancel();
    const membership: Membership = { state: 'joining', request, here: false, timer: undefined };
    this.#all.set(room, membership);
    membership.timer = this.#parts.clock.after(JOIN_TIME, () => {
      this.#refuse(room, refused('unavailable', 'IRC does not answer'));
    });
    return true;
  }

  /** The room has let the participant go. With a grace in milliseconds the puppet stays for so long. */
  release(room: BridgedRoom, graceMs: number, reason: string): void {
    const membership = this.#all.get(room);
    if (!membership) return;
    membership.timer?.cancel();
    if (graceMs === 0 || membership.state === 'joining') return this.#leave(room, reason);
    membership.state = 'grace';
    membership.timer = this.#parts.clock.after(graceMs, () => this.#leave(room, reason));
  }

  /** The server says that we are in the channel. False where nobody asked for it. */
  joined(room: BridgedRoom): boolean {
    const membership = this.#all.get(room);
    if (!membership) return false;
    membership.here = true;
    this.#parting.delete(room);
    if (membership.state !== 'joining') return true;
    membership.timer?.cancel();
    membership.state = 'in';
    const { request } = membership;
    membership.request = undefined;
    if (request !== undefined) room.settle(request, { ok: true, nick: this.#parts.nickname() });
    return true;
  }

  /** True where it is a JOIN that the server refuses. */
  refused(room: BridgedRoom | undefined, event: Extract<IrcEvent, { type: 'refused' }>): boolean {
    // In the channel the same numerics are about other things.
    if (!room || !refuses('join', event.numeric) || this.#all.get(room)?.here !== false) return false;
    this.#refuse(room, refusalOf('join', event.numeric, event.text));
    return true;
  }

  /** The link is gone, and we are in no channel until the next one has joined again. */
  linkLost(): void {
    this.#parting.clear();
    for (const membership of this.#all.values()) membership.here = false;
  }

  /** We leave the channel ourselves: PART is on its way. */
  parting(room: BridgedRoom): void {
    this.#parting.add(room);
  }

  /** We are out of the channel: it is what we asked for, or somebody on IRC took us out. */
  parted(room: BridgedRoom, text: string): void {
    // Whoever is back so soon has a JOIN behind the PART.
    if (!this.#parting.delete(room)) this.expelled(room, text);
  }

  /** Somebody on IRC took us out of the channel. */
  expelled(room: BridgedRoom, text: string): void {
    const membership = this.#all.get(room);
    if (!membership) return;
    if (membership.state === 'joining') return this.#refuse(room, refused('forbidden', text));
    this.#drop(room);
    if (membership.state === 'in')
      room.push({ type: 'expelled', participant: this.#parts.participant, text });
    this.#checkEmpty(text);
  }

  /** Whoever waits is refused, and is no member any more. */
  refuseJoining(outcome: Outcome): void {
    for (const [room, { state }] of [...this.#all]) if (state === 'joining') this.#refuse(room, outcome);
  }

  /** All is over: who waits is refused, who is in is expelled. */
  end(outcome: Outcome, text: string): void {
    for (const room of this.rooms()) {
      if (this.stateOf(room) === 'joining') this.#refuse(room, outcome);
      else this.expelled(room, text);
    }
  }

  /** Takes all of them away, for somebody else to go on with: the rooms with the request that waits in each. */
  handOver(): {
    readonly room: BridgedRoom;
    readonly request: RequestId | undefined;
    readonly here: boolean;
  }[] {
    const all = [...this.#all].map(([room, { state, request }]) => ({
      room,
      request,
      here: state !== 'grace',
    }));
    for (const { room } of all) this.#drop(room);
    return all;
  }

  #refuse(room: BridgedRoom, outcome: Outcome): void {
    const membership = this.#all.get(room);
    if (!membership) return;
    if (membership.state === 'joining') {
      this.#drop(room);
      if (membership.request !== undefined) room.settle(membership.request, outcome);
      return this.#checkEmpty('not let in');
    }
    // It was in, its link broke, and it is not let in again.
    this.expelled(room, outcome.ok ? 'not let in again' : outcome.text);
  }

  #leave(room: BridgedRoom, reason: string): void {
    this.#drop(room);
    if (this.#all.size > 0) this.#parts.part(room, reason);
    this.#checkEmpty(reason);
  }

  #drop(room: BridgedRoom): void {
    this.#all.get(room)?.timer?.cancel();
    this.#all.delete(room);
  }

  #checkEmpty(reason: string): void {
    if (this.#all.size === 0) this.#parts.empty(reason);
  }
}
