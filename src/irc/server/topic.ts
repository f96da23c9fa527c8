/** TOPIC (modern-irc TOPIC). */
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { cut, TOPICLEN } from './limits.ts';
import type { World } from './world.ts';

export const topic: Handler = (client, { params: [name = '', text] }, world) => {
  const channel = world.channel(name);
  if (!channel) world.reply(client, 'ERR_NOSUCHCHANNEL', name);
  else if (text === undefined) view(client, channel, world);
  else set(client, channel, text, world);
};

/** RPL_TOPIC and RPL_TOPICWHOTIME; nothing where there is no topic. */
export function sendTopic(client: Client, channel: Channel, world: World): void {
  if (!channel.topic) return;
  const { text, by, at } = channel.topic;
  world.reply(client, 'RPL_TOPIC', channel.name, text);
  world.reply(client, 'RPL_TOPICWHOTIME', channel.name, by, String(Math.floor(at / 1000)));
}

function view(client: Client, channel: Channel, world: World): void {
  // Whether there is a secret channel is nobody's business.
  if (channel.flags.has('s') && !channel.members.has(client)) {
    world.reply(client, 'ERR_NOTONCHANNEL', channel.name);
  } else if (channel.topic) sendTopic(client, channel, world);
  else world.reply(client, 'RPL_NOTOPIC', channel.name);
}

function set(client: Client, channel: Channel, said: string, world: World): void {
  if (!channel.members.has(client)) {
    world.reply(client, 'ERR_NOTONCHANNEL', channel.name);
    return;
  }
  if (channel.flags.has('t') && !channel.isOperator(client)) {
    world.reply(client, 'ERR_CHANOPRIVSNEEDED', channel.name);
    return;
  }
  const text = cut(said, TOPICLEN);
  channel.topic = text === '' ? undefined : { text, by: client.nick, at: world.now };
  channel.send(world.message(client.origin, 'TOPIC', [channel.name], text));
  world.keeping.changed();
}
