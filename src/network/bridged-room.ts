/** A room as the network's side sees it: its channel, whether the reader is there, and who is relayed. */
import type { Clock, Timer } from '../common/clock.ts';
import type { ISupport } from '../irc/isupport.ts';
import type { NetworkInput, ParticipantId, Person, RequestId } from '../room/inputs.ts';
import { done, refused, type Outcome } from '../room/refusals.ts';
import { Channel, type Member } from './channel.ts';
import type { People } from './people.ts';
import type { ChannelSettings } from './settings.ts';

/** Milliseconds that somebody who joins waits for the reader to be in the channel. */
const READER_TIME = 10_000;

/** out: not in the channel. joining: asked to. listing: in it, and the list of its people is not complete. in: all is known. */
type ReaderState = 'out' | 'joining' | 'listing' | 'in';

export class BridgedRoom {
  settings: ChannelSettings;
  readonly channel: Channel;
  /** Participants for whom the reader speaks. */
  readonly relayed = new Set<ParticipantId>();
  reader: ReaderState = 'out';
  readonly #push: (input: NetworkInput) => void;
  readonly #clock: Clock;
  #waiting: ((outcome: Outcome) => void)[] = [];
  /** For the channel to be entered, or its people to be listed. */
  #timer: Timer | undefined;

  constructor(
    settings: ChannelSettings,
    parts: { push: (input: NetworkInput) => void; clock: Clock; support: () => ISupport },
  ) {
    this.settings = settings;
    this.#push = parts.push;
    this.#clock = parts.clock;
    this.channel = new Channel(settings.channel, parts.support);
  }

  push(input: NetworkInput): void {
    this.#push(input);
  }

  settle(request: RequestId, outcome: Outcome): void {
    this.#push({ type: 'settled', request, outcome });
  }

  /** Whether the reader hears what is said in the channel. */
  get isHeard(): boolean {
    return this.reader === 'listing' || this.reader === 'in';
  }

  /** Calls back, once: when the reader is in the channel, or cannot come in, or has not in ten seconds. */
  whenRead(action: (outcome: Outcome) => void): void {
    if (this.reader === 'in') return action(done);
    this.#waiting.push(action);
    this.#clock.after(READER_TIME, () => {
      if (!this.#waiting.includes(action)) return;
      this.#waiting = this.#waiting.filter((other) => other !== action);
      action(refused('unavailable', 'IRC cannot be reached now'));
    });
  }

  /** The reader asks to come into the channel; `late` is called where there is no answer in time. */
  entering(answer: { readonly timeout: number; readonly late: () => void }): void {
    this.reader = 'joining';
    this.#timer?.cancel();
    this.#timer = this.#clock.after(answer.timeout, answer.late);
  }

  /** The reader has come into the channel; `list` asks for its people, and goes on without them after a while. */
  entered(list: { readonly timeout: number; readonly done: () => void }): void {
    this.reader = 'listing';
    this.channel.clear();
    this.#timer?.cancel();
    this.#timer = this.#clock.after(list.timeout, list.done);
  }

  /** Everybody in the channel is known. */
  listed(people: readonly Person[], text: string): void {
    this.#timer?.cancel();
    this.reader = 'in';
    this.push({ type: 'people', people });
    this.push({ type: 'reach', up: true, text });
    this.#answerWaiting(done);
  }

  /** The reader cannot come into the channel. */
  notEntered(outcome: Outcome): void {
    this.#timer?.cancel();
    this.reader = 'out';
    this.#answerWaiting(outcome);
  }

  /** The reader is no longer in the channel. */
  left(text: string): void {
    this.#timer?.cancel();
    this.reader = 'out';
    this.channel.clear();
    this.push({ type: 'reach', up: false, text });
  }

  /** Those in the channel who are none of us, for the roster. */
  people(people: People): Person[] {
    return [...this.channel.members()].flatMap((member) => this.#personOf(member, people) ?? []);
  }

  #personOf(member: Member, people: People): Person | undefined {
    const person = member.puppet ? undefined : people.called(member.nick);
    if (!person) return undefined;
    return { id: person.id, nick: person.nick, roles: this.channel.rolesOf(member), away: person.away };
  }

  #answerWaiting(outcome: Outcome): void {
    for (const action of this.#waiting.splice(0)) action(outcome);
  }
}
