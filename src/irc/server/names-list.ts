/** NAMES and LIST (modern-irc, Channel Operations). */
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { isChannelName, targets } from './limits.ts';
import { matches } from './masks.ts';
import { packed } from './packed.ts';
import type { World } from './world.ts';

export const names: Handler = (client, { params }, world) => {
  const wanted = targets(params[0]);
  // Everything of everybody is nothing that a client needs.
  if (wanted.length === 0) world.reply(client, 'RPL_ENDOFNAMES', '*');
  for (const name of wanted) {
    const channel = world.channel(name);
    if (channel) sendNames(client, channel, world);
    else world.reply(client, 'RPL_ENDOFNAMES', name);
  }
};

/** Who is in a channel, as far as the client may know (multi-prefix, userhost-in-names). */
export function sendNames(client: Client, channel: Channel, world: World): void {
  const symbol = channel.flags.has('s') ? '@' : '=';
  const all = client.has('multi-prefix');
  const whole = client.has('userhost-in-names');
  const words = [...channel.members.keys()]
    .filter((member) => channel.shows(member, client))
    .map((member) => channel.prefix(member, all) + (whole ? member.mask : member.nick));
  const taken = Buffer.byteLength(`:${world.options.name} 353 ${client.name} ${symbol} ${channel.name} :`);
  for (const text of packed(words, taken)) world.reply(client, 'RPL_NAMREPLY', symbol, channel.name, text);
  world.reply(client, 'RPL_ENDOFNAMES', channel.name);
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
  world.reply(client, 'RPL_LISTSTART', 'Channel');
  for (const channel of new Set(channels)) {
    // Nobody in it is a channel that is kept, and that nobody sees.
    if (channel.members.size === 0) continue;
    if (channel.flags.has('s') && !channel.members.has(client)) continue;
    if (!conditions.every((fits) => fits(channel))) continue;
    const text = channel.topic?.text ?? '';
    world.reply(client, 'RPL_LIST', channel.name, String(channel.members.size), text);
  }
  world.reply(client, 'RPL_LISTEND');
};

/** A condition of ELIST=CMNTU (modern-irc ELIST); minutes for C and T. */
function conditionOf(word: string, now: number): Condition {
  const [, what = '', sign, number = '0'] = /^([ct]?)([<>])(\d{1,9})$/i.exec(word) ?? [];
  if (sign === undefined) {
    return word.startsWith('!')
      ? ({ name }) => !matches(word.slice(1), name)
      : ({ name }) => matches(word, name);
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
