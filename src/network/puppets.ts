/** The puppets of a network: who has one, who gets one, and who is relayed instead. */
import type { Timer } from '../common/clock.ts';
import type { Source } from '../irc/source.ts';
import type { Newcomer, ParticipantId, RequestId } from '../room/inputs.ts';
import { Quarantine } from '../room/nicknames.ts';
import { done } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import { Puppet, type PuppetParts } from './puppet.ts';

/** Milliseconds for which what a server said of its limit is believed. */
const LIMIT_TIME = 10 * 60_000;

/** What the registry adds itself to the parts of its puppets. */
export type PuppetsParts = Omit<PuppetParts, 'taken' | 'gaveUp' | 'limited' | 'left' | 'closed'> & {
  /** Whether somebody in sight has a nick, or one that it would be taken for. */
  readonly inSight: (nick: string) => boolean;
  /** The casemapping in force. */
  readonly fold: (nick: string) => string;
};

export class Puppets {
  readonly #parts: PuppetsParts;
  readonly #forPuppets: PuppetParts;
  readonly #byParticipant = new Map<ParticipantId, Puppet>();
  /** Also those that are leaving. */
  readonly #all = new Set<Puppet>();
  /** A nick is one for all rooms of the network, and so is its rest (RFC 7701 sections 7 and 11; checklist 82). */
  readonly #quarantine = new Quarantine();
  #learnedLimit = Infinity;
  #limitTimer: Timer | undefined;
  #waitingForEnd: (() => void)[] = [];

  constructor(parts: PuppetsParts) {
    this.#parts = parts;
    this.#forPuppets = {
      ...parts,
      taken: (nick, puppet) =>
        parts.inSight(nick) || this.#hasNick(nick, puppet) || this.#rests(nick, puppet.participant),
      gaveUp: (puppet, nick) => this.#rest(puppet, nick),
      limited: (puppet, { text }) => this.#limited(puppet, text),
      left: (puppet) => {
        if (puppet.nick !== '') this.#rest(puppet, puppet.nick);
        if (this.#byParticipant.get(puppet.participant) === puppet)
          this.#byParticipant.delete(puppet.participant);
      },
      closed: (puppet) => {
        this.#all.delete(puppet);
        if (this.#all.size === 0) for (const ended of this.#waitingForEnd.splice(0)) ended();
      },
    };
  }

  get size(): number {
    return this.#byParticipant.size;
  }

  of(participant: ParticipantId): Puppet | undefined {
    return this.#byParticipant.get(participant);
  }

  all(): Iterable<Puppet> {
    return this.#byParticipant.values();
  }

  /** The puppet that somebody is whom the reader sees, or somebody else's link. */
  owner({ nick, user, host }: Partial<Source> & { readonly nick: string }): Puppet | undefined {
    const mask = user === undefined || host === undefined ? undefined : { user, host };
    for (const puppet of this.#all) if (puppet.is(nick, mask)) return puppet;
    return undefined;
  }

  /** Lets somebody in: as a puppet, or relayed where there may be no more of these. */
  admit(room: BridgedRoom, request: RequestId, newcomer: Newcomer): void {
    const puppet = this.#byParticipant.get(newcomer.id) ?? this.#make(newcomer);
    if (puppet) return puppet.admit(room, request);
    room.relayed.add(newcomer.id);
    room.settle(request, done);
  }

  /** The reader is back: so are those who lost their links meanwhile. */
  resume(): void {
    for (const puppet of [...this.#byParticipant.values()]) puppet.resume();
  }

  /** The reader sees that somebody has left a nick: it may have been a ghost of ours. */
  freed(source: Source): void {
    for (const puppet of this.#byParticipant.values()) puppet.freed(source);
  }

  /** All of them become relayed participants: the operator wants no puppets any more. */
  dissolve(reason: string): void {
    for (const puppet of [...this.#byParticipant.values()]) this.#relay(puppet, reason);
  }

  /** Ends all; resolves when the last link is closed. */
  async end(reason: string): Promise<void> {
    for (const puppet of [...this.#byParticipant.values()]) puppet.leave(reason);
    if (this.#all.size === 0) return;
    await new Promise<void>((resolve) => this.#waitingForEnd.push(resolve));
  }

  #make(newcomer: Newcomer): Puppet | undefined {
    const { puppets, puppetLimit } = this.#parts.settings();
    if (!puppets || this.#byParticipant.size >= Math.min(puppetLimit, this.#learnedLimit)) return undefined;
    const puppet = new Puppet(newcomer, this.#forPuppets);
    this.#byParticipant.set(newcomer.id, puppet);
    this.#all.add(puppet);
    return puppet;
  }

  #limited(puppet: Puppet, text: string): void {
    // Where the server counts by the addresses of our users, it says nothing of all the others.
    if (!this.#parts.settings().webirc) this.#learnLimit(text);
    this.#relay(puppet, text);
  }

  #learnLimit(text: string): void {
    // Others may be on their way still; each that is refused makes it one less.
    this.#learnedLimit = Math.min(this.#learnedLimit, this.#byParticipant.size - 1);
    this.#parts.log.warn({ limit: this.#learnedLimit, reason: text }, 'the server takes no more connections');
    this.#limitTimer?.cancel();
    this.#limitTimer = this.#parts.clock.after(LIMIT_TIME, () => (this.#learnedLimit = Infinity));
  }

  #relay(puppet: Puppet, why: string): void {
    const { participant } = puppet;
    for (const { room, request, here } of puppet.memberships.handOver()) {
      if (!here) continue;
      room.relayed.add(participant);
      if (request !== undefined) room.settle(request, done);
      else {
        const text = `you are on IRC through the gateway's own connection now (${why})`;
        room.push({ type: 'told', to: participant, text });
      }
    }
    puppet.leave(why);
  }

  #rest(puppet: Puppet, nick: string): void {
    this.#quarantine.add(this.#parts.fold(nick), puppet.participant, this.#parts.clock.now());
  }

  #rests(nick: string, whom: ParticipantId): boolean {
    return this.#quarantine.holds(this.#parts.fold(nick), whom, this.#parts.clock.now());
  }

  #hasNick(nick: string, except: Puppet): boolean {
    for (const puppet of this.#byParticipant.values()) {
      if (puppet !== except && puppet.is(nick, undefined)) return true;
    }
    return false;
  }
}
