/** NAMES and LIST (modern-irc, Channel Operations). */
import { matches } from '../masks.ts';
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { fold, isChannelName, targets } from './limits.ts';
import type { Message } from './message.ts';
import type { World } from './world.ts';

export const names: Handler = (client, { params }, world) => {
  const wanted = targets(params[0]);
  client.sendLong(namesOf(client, wanted.length === 0 ? ['*'] : wanted, world));
};

function* namesOf(client: Client, wanted: readonly string[], world: World): Generator<Message> {
  for (const name of wanted) {
    const channel = world.channel(name);
    if (channel) yield* members(client, channel, world);
    // Everything of everybody, which no name asks for, is nothing that a client needs.
    else yield world.numeric(client, 'RPL_ENDOFNAMES', name);
  }
}

/** Who is in a channel, as far as the client may know (multi-prefix, userhost-in-names). */
export function sendNames(client: Client, channel: Channel, world: World): void {
  client.sendLong(members(client, channel, world));
}

/** Octets of a line without its CRLF. */
const LONGEST = 510;

function* members(client: Client, channel: Channel, world: World): Generator<Message> {
  const symbol = channel.flags.has('s') ? '@' : '=';
  const all = client.has('multi-prefix');
  const whole = client.has('userhost-in-names');
  const taken = Buffer.byteLength(`:${world.options.name} 353 ${client.name} ${symbol} ${channel.name} :`);
  const word = (member: Client): string => channel.prefix(member, all) + (whole ? member.mask : member.nick);
  let text = '';
  for (const member of channel.members.keys()) {
    if (!channel.shows(member, client)) continue;
    if (text !== '' && taken + Buffer.byteLength(`${text} ${word(member)}`) > LONGEST) {
      yield world.numeric(client, 'RPL_NAMREPLY', symbol, channel.name, text);
      text = '';
      // It may have left while the line was waiting for room.
      if (!channel.members.has(member)) continue;
    }
    text += text === '' ? word(member) : ` ${word(member)}`;
  }
  if (text !== '') yield world.numeric(client, 'RPL_NAMREPLY', symbol, channel.name, text);
  yield world.numeric(client, 'RPL_ENDOFNAMES', channel.name);
}

type Condition = (channel: Channel) => boolean;

export const list: Handler = (client, { params }, world) => {
  const words = params.flatMap((param) => targets(param));
  const exact = words.filter((word) => isChannelName(word) && !/[*?]/.test(word));
  const conditions = words
    .filter((word) => !exact.includes(word))
    .map((word) => conditionOf(word, world.now));
  const channels =
    exact.length > 0 ? exact.flatMap((name) => world.channel(name) ?? []) : [...world.channels.values()];
  client.sendLong(entries(client, new Set(channels), conditions, world));
};

function* entries(
  client: Client,
  channels: Iterable<Channel>,
  conditions: readonly Condition[],
  world: World,
): Generator<Message> {
  yield world.numeric(client, 'RPL_LISTSTART', 'Channel');
  for (const channel of channels) {
    // Nobody in it is a channel that is kept, and that nobody sees.
    if (channel.members.size === 0) continue;
    if (channel.flags.has('s') && !channel.members.has(client)) continue;
    if (!conditions.every((fits) => fits(channel))) continue;
    const text = channel.topic?.text ?? '';
    yield world.numeric(client, 'RPL_LIST', channel.name, String(channel.members.size), text);
  }
  yield world.numeric(client, 'RPL_LISTEND');
}

/** A condition of ELIST=CMNTU (modern-irc ELIST); minutes for C and T. */
function conditionOf(word: string, now: number): Condition {
  const [, what = '', sign, number = '0'] = /^([ct]?)([<>])(\d{1,9})$/i.exec(word) ?? [];
  if (sign === undefined) {
    return word.startsWith('!')
      ? ({ name }) => !matches(word.slice(1), name, fold)
      : ({ name }) => matches(word, name, fold);
  }
  const limit = Number(number);
  const fits = (value: number): boolean => (sign === '<' ? value < limit : value > limit);
  switch (what.toUpperCase()) {
    case 'C':
      return ({ created }) => fits((now - created) / 60_000);
    case 'T':
      return ({ topic }) => topic !== undefined && fits((now - topic.at) / 60_000);
    default:
      return ({ members }) => fits(members.size);
  }
}
