/** What participants say, on its way to IRC: rendered, and given to the puppet of its author or to the reader. */
import { textBudget, type OwnMask } from '../irc/budget.ts';
import type { Link } from '../irc/link.ts';
import type { Content } from '../room/content.ts';
import type { Author, ParticipantId } from '../room/inputs.ts';
import { done, refused, type Outcome } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import type { People } from './people.ts';
import type { Puppets } from './puppets.ts';
import type { Reader } from './reader.ts';
import { renderContent } from './rendering.ts';

export interface SpeakingParts {
  readonly reader: Reader;
  readonly puppets: Puppets;
  readonly people: People;
  /** The network's name in ids. */
  readonly network: string;
}

const privateOff = refused(
  'private-off',
  'who has no own connection to IRC cannot write to people there in private',
);

export class Speaking {
  readonly #parts: SpeakingParts;

  constructor(parts: SpeakingParts) {
    this.#parts = parts;
  }

  /** To the channel; `settled` is told once. */
  say(room: BridgedRoom, from: Author, content: Content, settled: (outcome: Outcome) => void): void {
    const { reader, puppets } = this.#parts;
    const puppet = room.relayed.has(from.id) ? undefined : puppets.of(from.id);
    const target = room.settings.channel;
    const { link, speaker } = puppet ?? reader;
    const budget = this.#budget(link, target);
    const { maxLines: most } = room.settings;
    const texts = renderContent(content, { budget, most, ...(puppet ? {} : { speaker: from.nick }) });
    if (texts.length === 0) return settled(done);
    if (texts.length > most) return settled(tooLong(most));
    // Nobody hears the reader but itself, where the server echoes.
    const heard = puppet ? room.isHeard : link?.hasCapability('echo-message') === true;
    speaker.say({ target, texts, author: from.id, confirm: heard ? 'heard' : 'fence', settled });
  }

  /** To some people; `settled` is told once, when it is known of all of them. */
  whisper(
    room: BridgedRoom,
    { from, to, content }: { from: Author; to: readonly ParticipantId[]; content: Content },
    settled: (outcome: Outcome) => void,
  ): void {
    const puppet = this.#parts.puppets.of(from.id);
    if (!puppet) return settled(privateOff);
    const targets = to.map((id) => this.#targetOf(room, id));
    const failure = targets.find((target) => typeof target !== 'string');
    if (failure) return settled(failure);
    const { maxLines: most } = room.settings;
    // The same for all, so that a long list of people costs no more than the one with the longest name.
    const budget = Math.min(...(targets as string[]).map((target) => this.#budget(puppet.link, target)));
    const texts = renderContent(content, { budget, most });
    if (texts.length === 0) return settled(done);
    if (texts.length > most) return settled(tooLong(most));
    const speeches = (targets as string[]).map((target) => ({ target, texts }));
    const gathered = new Gathered(speeches.length, settled);
    for (const { target, texts } of speeches) {
      const each = (outcome: Outcome): void => gathered.add(target, outcome);
      puppet.speaker.say({ target, texts, author: from.id, confirm: 'fence', settled: each });
    }
  }

  /** Where there is no link the nick that it will have is not known: as long as a nick may be. */
  #budget(link: Link | undefined, target: string): number {
    const { support } = this.#parts.reader;
    const longest: OwnMask = { nick: 'n'.repeat(support.nickLength), user: undefined, host: undefined };
    return textBudget(link?.mask ?? longest, 'PRIVMSG', target, support.lineLength);
  }

  /** What a PRIVMSG goes to; or why it cannot. */
  #targetOf(room: BridgedRoom, id: ParticipantId): string | Outcome {
    const { people, network, reader } = this.#parts;
    if (id === `@${room.settings.channel}+${network}`) {
      return reader.support.statusMessage.includes('@')
        ? `@${room.settings.channel}`
        : refused('forbidden', 'the server knows no messages to operators alone');
    }
    return people.nickOf(id) ?? refused('nobody', 'nobody on IRC has this address');
  }
}

function tooLong(most: number): Outcome {
  return refused('too-long', `this would be more than ${most} lines on IRC, the most that are taken`);
}

/** Tells the outcome of several targets when all are known: done, or the first failure and whom the message did not reach. */
class Gathered {
  readonly #settled: (outcome: Outcome) => void;
  readonly #count: number;
  #left: number;
  #failure: Extract<Outcome, { ok: false }> | undefined;
  readonly #failed: string[] = [];

  constructor(count: number, settled: (outcome: Outcome) => void) {
    this.#count = count;
    this.#left = count;
    this.#settled = settled;
  }

  add(target: string, outcome: Outcome): void {
    this.#left -= 1;
    if (!outcome.ok) {
      this.#failure ??= outcome;
      this.#failed.push(target);
    }
    if (this.#left === 0) this.#settled(this.#outcome());
  }

  #outcome(): Outcome {
    if (!this.#failure) return done;
    if (this.#count === 1) return this.#failure;
    const { refusal, text } = this.#failure;
    return refused(refusal, `this did not reach ${this.#failed.join(', ')}: ${text}`);
  }
}
