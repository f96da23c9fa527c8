/** What participants say, on its way to IRC: rendered, and given to the puppet of its author or to the reader. */
import { textBudget } from '../irc/budget.ts';
import type { Content } from '../room/content.ts';
import type { Author } from '../room/effects.ts';
import type { ParticipantId } from '../room/inputs.ts';
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
    const puppet = puppets.of(from.id);
    const target = room.settings.channel;
    const { link, speaker } = puppet ?? reader;
    const mask = link?.mask ?? { nick: from.nick, user: undefined, host: undefined };
    const budget = textBudget(mask, 'PRIVMSG', target, reader.support.lineLength);
    const texts = renderContent(content, { budget, ...(puppet ? {} : { speaker: from.nick }) });
    if (texts.length === 0) return settled(done);
    const { maxLines } = room.settings;
    if (texts.length > maxLines) return settled(tooLong(texts.length, maxLines));
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
    const { reader, puppets } = this.#parts;
    const puppet = puppets.of(from.id);
    if (!puppet) return settled(privateOff);
    const targets = to.map((id) => this.#targetOf(room, id));
    const failure = targets.find((target) => typeof target !== 'string');
    if (failure) return settled(failure);
    const mask = puppet.link?.mask ?? { nick: from.nick, user: undefined, host: undefined };
    const speeches = (targets as string[]).map((target) => {
      const budget = textBudget(mask, 'PRIVMSG', target, reader.support.lineLength);
      return { target, texts: renderContent(content, { budget }) };
    });
    const longest = Math.max(...speeches.map(({ texts }) => texts.length));
    if (longest === 0) return settled(done);
    if (longest > room.settings.maxLines) return settled(tooLong(longest, room.settings.maxLines));
    const all = gathered(speeches.length, settled);
    for (const { target, texts } of speeches) {
      puppet.speaker.say({ target, texts, author: from.id, confirm: 'fence', settled: all });
    }
  }

  /** What a PRIVMSG goes to; or why it cannot. */
  #targetOf(room: BridgedRoom, id: ParticipantId): string | Outcome {
    const { people, network, reader } = this.#parts;
    if (id === `@${room.settings.channel}+${network}`) {
      return reader.support.statusMessage.includes('@')
        ? `@${room.settings.channel}`
        : refused('forbidden', 'the server knows no messages to operators alone');
    }
    return people.withId(id)?.nick ?? refused('nobody', 'nobody on IRC has this address');
  }
}

function tooLong(lines: number, most: number): Outcome {
  return refused('too-long', `this would be ${lines} lines on IRC, and ${most} is the most that is taken`);
}

/** Tells the outcome of several when all are known: done, or the first failure. */
function gathered(count: number, settled: (outcome: Outcome) => void): (outcome: Outcome) => void {
  let left = count;
  let first: Outcome = done;
  return (outcome) => {
    left -= 1;
    if (!outcome.ok && first.ok) first = outcome;
    if (left === 0) settled(first);
  };
}
