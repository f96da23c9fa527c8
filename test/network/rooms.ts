/** Rooms of a network that write down, as short lines, what the network's side tells them. */
import assert from 'node:assert/strict';
import { plainText } from '../../src/common/spans.ts';
import { ISupport } from '../../src/irc/isupport.ts';
import { BridgedRoom } from '../../src/network/bridged-room.ts';
import type { ChannelSettings } from '../../src/network/settings.ts';
import type { Content } from '../../src/room/content.ts';
import type { Newcomer, NetworkInput, Person } from '../../src/room/inputs.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { outcomeText } from './talk.ts';

export function newcomer(user: string, more: Partial<Newcomer> = {}): Newcomer {
  const address = `sip:${user}@users.test`;
  return {
    id: address,
    displayName: '',
    userName: user,
    address,
    anonymous: false,
    host: '192.0.2.1',
    ...more,
  };
}

export function contentText(content: Content): string {
  const text = content.text();
  if (!text) return content.type;
  return (text.action ? '* ' : '') + text.lines.map((line) => plainText(line)).join(' / ');
}

function personText({ id, nick, roles, away }: Person): string {
  return [`${id}=${nick}`, ...roles, ...(away ? ['away'] : [])].join(' ');
}

/** An input as one line. */
export function inputText(input: NetworkInput): string {
  switch (input.type) {
    case 'settled':
      return `settled ${input.request} ${outcomeText(input.outcome)}`;
    case 'people':
      return `people ${input.people.map(personText).join(', ')}`.trimEnd();
    case 'arrived':
      return `arrived ${personText(input.person)}`;
    case 'departed':
      return `departed ${input.id}`;
    case 'changed': {
      const { id, nick, roles, away } = input;
      const said = [
        nick && `nick ${nick}`,
        roles && `roles [${roles.join(' ')}]`,
        away !== undefined && `away ${away}`,
      ];
      return `changed ${id}: ${said.filter((part) => typeof part === 'string').join(', ')}`;
    }
    case 'heard':
      return `heard ${input.from}=${input.nick}: ${contentText(input.content)}`;
    case 'whispered': {
      const group = input.group === undefined ? '' : ` as ${input.group}`;
      return `whispered ${input.from}=${input.nick} to ${input.to}${group}: ${contentText(input.content)}`;
    }
    case 'topic':
      return `topic ${input.text}`;
    case 'expelled':
      return `expelled ${input.participant}: ${input.text}`;
    case 'told':
      return `told ${input.to ?? 'all'}: ${input.text}`;
    case 'reach':
      return `${input.up ? 'up' : 'down'}: ${input.text}`;
  }
}

export class Rooms {
  readonly clock: FakeClock;
  readonly support = new ISupport();
  readonly rooms: BridgedRoom[] = [];
  /** Not looked at yet: the text of the input, behind the channel where there are several rooms. */
  readonly #told: string[] = [];

  constructor(clock = new FakeClock(), ...tokens: string[]) {
    this.clock = clock;
    this.support.apply(['PREFIX=(qaohv)~&@%+', ...tokens]);
  }

  add(channel: string, more: Partial<ChannelSettings> = {}): BridgedRoom {
    const settings = { channel, key: null, maxLines: 8, ...more };
    const push = (input: NetworkInput): void => {
      this.#told.push(`${this.rooms.length > 1 ? `${channel} ` : ''}${inputText(input)}`);
    };
    const room = new BridgedRoom(settings, { push, clock: this.clock, support: () => this.support });
    this.rooms.push(room);
    return room;
  }

  find(channel: string): BridgedRoom | undefined {
    const key = this.support.fold(channel);
    return this.rooms.find(({ settings }) => this.support.fold(settings.channel) === key);
  }

  /** What has been told since the last time. */
  told(...lines: string[]): void {
    assert.deepEqual(this.#told.splice(0), lines);
  }
}
