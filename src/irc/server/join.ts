/** JOIN (modern-irc JOIN; RFC 2811 for who is let in). */
import { identityOf, type Channel } from './channel.ts';
import type { Client } from './client.ts';
import { leave } from './channels.ts';
import type { Handler } from './command.ts';
import { fold, isChannelName, targets } from './limits.ts';
import { sendNames } from './names-list.ts';
import type { Numeric } from './replies.ts';
import { sendTopic } from './topic.ts';
import type { World } from './world.ts';

export const join: Handler = (client, { params: [names = '', keys = ''] }, world) => {
  if (names === '0') {
    for (const channel of world.memberships.of(client)) leave(client, channel, undefined, world);
    return;
  }
  const offered = keys.split(',');
  for (const [at, name] of targets(names).entries()) joinOne(client, name, offered[at], world);
};

function joinOne(client: Client, name: string, key: string | undefined, world: World): void {
  if (!isChannelName(name)) {
    world.reply(client, 'ERR_NOSUCHCHANNEL', name);
    return;
  }
  const known = world.channel(name);
  if (known?.members.has(client) === true) return;
  if (world.memberships.of(client).size >= world.options.limits.channels) {
    world.reply(client, 'ERR_TOOMANYCHANNELS', name);
    return;
  }
  const refusal = known && refusalOf(client, known, key);
  if (known && refusal !== undefined) {
    world.reply(client, refusal, known.name);
    return;
  }
  enter(client, known ?? world.createChannel(name), world);
}

/** Why somebody is not let in; undefined where it is. */
function refusalOf(client: Client, channel: Channel, key: string | undefined): Numeric | undefined {
  // A channel that was kept, with nobody in it who could invite, would else be closed to its own operators.
  if (channel.deserted && channel.remembered.has(identityOf(client))) return undefined;
  const invitation = client.invitations.get(fold(channel.name));
  // RFC 2811 section 4.3.1: who was invited by an operator comes in though banned.
  if (invitation !== true && channel.isBanned(client)) return 'ERR_BANNEDFROMCHAN';
  if (channel.flags.has('i') && invitation === undefined && !channel.isExpected(client)) {
    return 'ERR_INVITEONLYCHAN';
  }
  if (channel.key !== undefined && channel.key !== key) return 'ERR_BADCHANNELKEY';
  if (channel.limit !== undefined && channel.members.size >= channel.limit) return 'ERR_CHANNELISFULL';
  return undefined;
}

function enter(client: Client, channel: Channel, world: World): void {
  const wasEmpty = channel.members.size === 0;
  const known = channel.remembered.has(identityOf(client));
  // modern-irc, Regular Channels: the first is operator. A channel that is kept waits for those that it remembers.
  // A program (bot-mode) is there for others: the channel waits for the first of them.
  const bot = client.modes.has('B');
  const operator = known || (!bot && channel.deserted && channel.remembered.size === 0);
  // Who finds others there is made operator before their eyes.
  const first = wasEmpty && operator;
  channel.members.set(client, new Set(first ? ['o'] : []));
  world.memberships.add(client, channel);
  client.invitations.delete(fold(channel.name));
  if (operator) world.keeping.remember(channel, client, true);
  tell(client, channel, world);
  if (channel.topic) sendTopic(client, channel, world);
  if (!client.has('no-implicit-names')) sendNames(client, channel, world);
  if (operator && !first) {
    channel.members.get(client)?.add('o');
    channel.send(world.message(world.origin, 'MODE', [channel.name, '+o', client.nick]));
  }
}

/** Tells everybody that somebody is in a channel now (extended-join, away-notify). */
export function tell(client: Client, channel: Channel, world: World, to = channel.members.keys()): void {
  const plain = world.message(client.origin, 'JOIN', [channel.name]);
  const extended = world.message(
    client.origin,
    'JOIN',
    [channel.name, client.account ?? '*'],
    client.realname,
  );
  const away = world.message(client.origin, 'AWAY', [], client.away);
  for (const member of to) {
    member.send(member.has('extended-join') ? extended : plain);
    if (client.away !== undefined && member !== client && member.has('away-notify')) member.send(away);
  }
}
