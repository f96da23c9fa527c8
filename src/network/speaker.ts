/** What is spoken over one link, now and over its successors: lines wait, are paced, and are followed to their end. */
import { TokenBucket, type Rate } from '../common/bucket.ts';
import type { Clock, Timer } from '../common/clock.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Link } from '../irc/link.ts';
import { refused } from '../room/refusals.ts';
import { Confirmations } from './confirmations.ts';
import { refusalOf } from './refusals.ts';
import { Utterance, type Speech, type SpokenLine } from './utterance.ts';

/** Lines of one author that may wait while the link is there, and while it is not (contract: While IRC is away). */
const MOST_WAITING = 50;
const MOST_WAITING_AWAY = 20;
/** Milliseconds that a message waits for a link. */
const AWAY_TIME = 30_000;
/** Lines that may be on their way at the same time. */
const MOST_OPEN = 500;

const tooFast = refused('too-many', 'IRC takes no more at this rate; try again later');
const tooManyWait = refused('too-many', 'IRC cannot be reached, and too much waits for it already');
const awayTooLong = refused('lost', 'IRC cannot be reached; this did not get there');

/** What a speaker needs of a link. */
export type SpeakerLink = Pick<Link, 'send' | 'isupport'>;

export class Speaker {
  readonly #clock: Clock;
  readonly #confirmations: Confirmations;
  #bucket: TokenBucket | undefined;
  #link: SpeakerLink | undefined;
  /** In the order in which they came. */
  #waiting: SpokenLine[] = [];
  #paceTimer: Timer | undefined;
  #idle: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#confirmations = new Confirmations(
      clock,
      (a, b) => this.#same(a, b),
      () => this.#run(),
    );
  }

  /** Speaks, now or when it is time; `settled` may be told before this returns. */
  say(speech: Speech): void {
    const mine = this.#waiting.filter(({ utterance }) => utterance.author === speech.author).length;
    const all = mine + speech.texts.length;
    if (!this.#link && all > MOST_WAITING_AWAY) return speech.settled(tooManyWait);
    // How long a single message may be is for its room to say.
    if (mine > 0 && all > MOST_WAITING) return speech.settled(tooFast);
    this.#waiting.push(...new Utterance(speech, this.#clock.now()).lines);
    if (!this.#link) this.#clock.after(AWAY_TIME, () => this.#expire());
    this.#run();
  }

  /** A link that is registered and in its channels: what waits goes out over it. Without a pace, as fast as the server reads. */
  use(link: SpeakerLink, pace: Rate | undefined): void {
    this.#link = link;
    this.setPace(pace);
  }

  setPace(pace: Rate | undefined): void {
    const unlimited = pace === undefined || this.#link?.isupport.safeRate === true;
    this.#bucket = unlimited ? undefined : new TokenBucket(pace, this.#clock);
    this.#run();
  }

  /** The link is gone. */
  lost(): void {
    if (!this.#link) return;
    this.#link = undefined;
    this.#paceTimer?.cancel();
    this.#confirmations.lost();
    if (this.#waiting.length > 0) {
      const now = this.#clock.now();
      for (const { utterance } of this.#waiting) utterance.since = now;
      this.#clock.after(AWAY_TIME, () => this.#expire());
    }
    this.#checkIdle();
  }

  /** Nothing more will be said. What was sent may still be heard for a moment. */
  close(): void {
    this.lost();
    for (const line of this.#waiting.splice(0)) line.settle(awayTooLong);
    this.#checkIdle();
  }

  /** Calls back, once, when nothing waits to be sent any more, or nothing can be sent. */
  whenIdle(action: () => void): void {
    this.#idle.push(action);
    this.#checkIdle();
  }

  /** The reader heard us say something in a channel. False where it is nothing that was waited for. */
  heard(target: string, text: string): boolean {
    const expected = this.#confirmations.heard(target, text);
    this.#run();
    return expected;
  }

  /** The reader is no longer there to hear us, in one channel or in all: the fence alone has to do. */
  notHeard(channel?: string): void {
    for (const { utterance } of this.#waiting) {
      if (channel === undefined || this.#same(utterance.target, channel)) utterance.confirm = 'fence';
    }
    this.#confirmations.notHeard(channel);
    this.#run();
  }

  /** What the link tells; other events than PONG and refusals mean nothing here. */
  event(event: IrcEvent): void {
    if (event.type === 'pong' && this.#confirmations.answered(event.token)) this.#run();
    if (event.type === 'refused' && this.#confirmations.awaits(event.subject)) {
      const toChannel = this.#link?.isupport.isChannel(event.subject) === true;
      const asked = toChannel ? 'channel-message' : 'private-message';
      this.#confirmations.refused(event.subject, refusalOf(asked, event.numeric, event.text));
    }
  }

  #run(): void {
    const link = this.#link;
    if (!link) return;
    while (this.#waiting.length > 0 && this.#confirmations.size < MOST_OPEN) {
      if (this.#bucket && !this.#bucket.take()) {
        this.#paceTimer?.cancel();
        this.#paceTimer = this.#clock.after(this.#bucket.wait(), () => this.#run());
        break;
      }
      const line = this.#waiting.shift();
      if (!line) break;
      link.send('PRIVMSG', line.utterance.target, line.text);
      this.#confirmations.sent(line, line === line.utterance.lines.at(-1));
      this.#fence(link);
    }
    this.#fence(link);
    this.#checkIdle();
  }

  #fence(link: SpeakerLink): void {
    const token = this.#confirmations.raiseFence();
    if (token === undefined) return;
    // Flood limits count it, so it uses up what there is; it does not wait, as nothing would be known before it.
    this.#bucket?.take();
    link.send('PING', token);
  }

  #expire(): void {
    if (this.#link) return;
    const since = this.#clock.now() - AWAY_TIME;
    const late = this.#waiting.filter(({ utterance }) => utterance.since <= since);
    this.#waiting = this.#waiting.filter(({ utterance }) => utterance.since > since);
    for (const line of late) line.settle(awayTooLong);
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#idle.length === 0 || (this.#link && this.#waiting.length > 0)) return;
    for (const action of this.#idle.splice(0)) action();
  }

  #same(a: string, b: string): boolean {
    const support = this.#link?.isupport;
    return support ? support.fold(a) === support.fold(b) : a.toLowerCase() === b.toLowerCase();
  }
}
