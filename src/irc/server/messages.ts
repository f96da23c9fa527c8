/** PRIVMSG, NOTICE and TAGMSG (modern-irc, Sending Messages; message-tags, echo-message, message-ids). */
import type { IrcLine } from '../line.ts';
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { fold, TARGETS, targets } from './limits.ts';
import type { Message } from './message.ts';
import type { Numeric } from './replies.ts';
import type { World } from './world.ts';

export const message: Handler = (client, line, world) => {
  const { command, params } = line;
  // modern-irc NOTICE: never an error, so that no two programs answer each other for ever.
  const refuse = (numeric: Numeric, ...rest: string[]): void => {
    if (command !== 'NOTICE') world.reply(client, numeric, ...rest);
  };
  const wanted = targets(params[0]);
  const text = command === 'TAGMSG' ? undefined : (params[1] ?? '');
  if (command === 'TAGMSG' && !client.has('message-tags')) {
    world.reply(client, 'ERR_UNKNOWNCOMMAND', command);
  } else if (wanted.length === 0) refuse('ERR_NORECIPIENT', `No recipient given (${command})`);
  else if (text === '') refuse('ERR_NOTEXTTOSEND');
  else {
    client.activeAt = world.now;
    const once = [...new Map(wanted.map((target) => [fold(target), target])).values()];
    for (const target of once.slice(0, TARGETS)) sendTo({ client, line, target, text, refuse, world });
    for (const target of once.slice(TARGETS)) refuse('ERR_TOOMANYTARGETS', target);
  }
};

interface Sending {
  readonly client: Client;
  readonly line: IrcLine;
  readonly target: string;
  readonly text: string | undefined;
  readonly refuse: (numeric: Numeric, ...params: string[]) => void;
  readonly world: World;
}

function sendTo(sending: Sending): void {
  // STATUSMSG: signs of ranks before the name of a channel.
  const [, signs = '', name] = /^([@+]*)(#.*)$/.exec(sending.target) ?? [];
  if (name === undefined) sendToUser(sending);
  else sendToChannel(sending, signs, name);
}

function sendToChannel(sending: Sending, signs: string, name: string): void {
  const { client, refuse, world } = sending;
  const channel = world.channel(name);
  if (!channel) {
    refuse('ERR_NOSUCHCHANNEL', name);
    return;
  }
  if (!channel.maySpeak(client)) {
    refuse('ERR_CANNOTSENDTOCHAN', channel.name);
    return;
  }
  // Those of the lowest rank that is named, and above.
  const lowest = signs.includes('+') ? '+' : signs.slice(0, 1);
  const made = make(sending, lowest + channel.name);
  for (const member of channel.members.keys()) {
    if (member !== client && ranks(channel, member, lowest)) deliver(member, made);
  }
  echo(client, made);
}

function ranks(channel: Channel, member: Client, lowest: string): boolean {
  if (lowest === '') return true;
  return lowest === '@' ? channel.isOperator(member) : channel.prefix(member, true) !== '';
}

function sendToUser(sending: Sending): void {
  const { client, line, refuse, target, world } = sending;
  const user = world.user(target);
  if (!user) {
    refuse('ERR_NOSUCHNICK', target);
    return;
  }
  const made = make(sending, user.nick);
  echo(client, made);
  if (user !== client) deliver(user, made);
  else if (takes(user, made)) user.sendApart(made);
  if (line.command === 'PRIVMSG' && user.away !== undefined) refuse('RPL_AWAY', user.nick, user.away);
}

function make({ client, line, text, world }: Sending, target: string): Message {
  const tags = new Map([...line.tags].filter(([key]) => key.startsWith('+')));
  const msgid = world.reference();
  // Client-only tags are for those who agreed on them; nobody else's are passed on.
  const options = client.has('message-tags') ? { msgid, tags } : { msgid };
  return world.message(client.origin, line.command, [target], text, options);
}

function deliver(to: Client, made: Message): void {
  if (takes(to, made)) to.send(made);
}

function echo(client: Client, made: Message): void {
  if (client.has('echo-message')) deliver(client, made);
}

/** message-tags: TAGMSG only for those who know it. */
function takes(client: Client, made: Message): boolean {
  return made.command !== 'TAGMSG' || client.has('message-tags');
}
