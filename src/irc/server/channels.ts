/** PART, KICK and INVITE (modern-irc, Channel Operations). */
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { cut, fold, KICKLEN, targets } from './limits.ts';
import type { World } from './world.ts';

export const part: Handler = (client, { params: [names, reason] }, world) => {
  for (const name of targets(names)) {
    const channel = world.channel(name);
    if (!channel) world.reply(client, 'ERR_NOSUCHCHANNEL', name);
    else if (!channel.members.has(client)) world.reply(client, 'ERR_NOTONCHANNEL', channel.name);
    else leave(client, channel, reason, world);
  }
};

/** Takes somebody out of a channel at its own wish. */
export function leave(client: Client, channel: Channel, reason: string | undefined, world: World): void {
  channel.send(world.message(client.origin, 'PART', [channel.name], reason === '' ? undefined : reason));
  world.remove(client, channel);
}

export const kick: Handler = (client, { params: [name = '', nicks, comment = ''] }, world) => {
  const channel = world.channel(name);
  if (!channel) {
    world.reply(client, 'ERR_NOSUCHCHANNEL', name);
    return;
  }
  if (!channel.members.has(client)) {
    world.reply(client, 'ERR_NOTONCHANNEL', channel.name);
    return;
  }
  const reason = comment === '' ? client.nick : cut(comment, KICKLEN);
  for (const nick of new Set(targets(nicks))) {
    // Asked each time: among those kicked may be the one who kicks.
    if (!channel.isOperator(client)) {
      world.reply(client, 'ERR_CHANOPRIVSNEEDED', channel.name);
      return;
    }
    const target = world.user(nick);
    if (!target || !channel.members.has(target)) {
      world.reply(client, 'ERR_USERNOTINCHANNEL', nick, channel.name);
      continue;
    }
    channel.send(world.message(client.origin, 'KICK', [channel.name, target.nick], reason));
    // Who is thrown out does not come back as operator.
    world.keeping.remember(channel, target, false);
    world.remove(target, channel);
  }
};

export const invite: Handler = (client, { params: [nick, name] }, world) => {
  if (nick === undefined || nick === '') {
    for (const channel of client.invitations.keys()) {
      world.reply(client, 'RPL_INVITELIST', world.channel(channel)?.name ?? channel);
    }
    world.reply(client, 'RPL_ENDOFINVITELIST');
    return;
  }
  if (name === undefined || name === '') {
    world.reply(client, 'ERR_NEEDMOREPARAMS', 'INVITE');
    return;
  }
  const target = world.user(nick);
  const channel = world.channel(name);
  if (!target) world.reply(client, 'ERR_NOSUCHNICK', nick);
  else if (!channel) world.reply(client, 'ERR_NOSUCHCHANNEL', name);
  else if (!channel.members.has(client)) world.reply(client, 'ERR_NOTONCHANNEL', channel.name);
  else if (channel.members.has(target)) {
    world.reply(client, 'ERR_USERONCHANNEL', target.nick, channel.name);
  } else if (channel.flags.has('i') && !channel.isOperator(client)) {
    world.reply(client, 'ERR_CHANOPRIVSNEEDED', channel.name);
  } else inviteTo(client, target, channel, world);
};

/** Invitations that somebody may have at one time; above it the oldest counts no more. */
const MOST_INVITATIONS = 50;

function inviteTo(client: Client, target: Client, channel: Channel, world: World): void {
  const key = fold(channel.name);
  const byOperator = channel.isOperator(client) || target.invitations.get(key) === true;
  target.invitations.delete(key);
  target.invitations.set(key, byOperator);
  const [oldest] = target.invitations.keys();
  if (target.invitations.size > MOST_INVITATIONS && oldest !== undefined) target.invitations.delete(oldest);
  world.reply(client, 'RPL_INVITING', target.nick, channel.name);
  if (target.away !== undefined) world.reply(client, 'RPL_AWAY', target.nick, target.away);
  const message = world.message(client.origin, 'INVITE', [target.nick, channel.name]);
  target.send(message);
  // invite-notify: also those who are on the channel, where they asked for it.
  for (const member of channel.members.keys()) {
    if (member !== client && member.has('invite-notify')) member.send(message);
  }
}
