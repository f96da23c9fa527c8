/** WHOIS, WHOWAS, USERHOST, ISON (modern-irc, User-Based Queries and Optional Messages; RFC 2812 section 4.9). */
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import type { Message } from './message.ts';
import { packed } from './packed.ts';
import { isServer } from './server-queries.ts';
import { modesOf } from './user-modes.ts';
import type { Former } from './whowas.ts';
import type { World } from './world.ts';

export const whois: Handler = (client, { params }, world) => {
  const [server, asked] = params.length > 1 ? params : [undefined, params[0]];
  if (asked === undefined || asked === '') {
    world.reply(client, 'ERR_NONICKNAMEGIVEN');
    return;
  }
  if (server !== undefined && !isServer(server, world) && !world.user(server)) {
    world.reply(client, 'ERR_NOSUCHSERVER', server);
    return;
  }
  // TARGMAX=WHOIS:1; the end names what was asked for.
  const user = world.user(asked.split(',')[0] ?? '');
  if (user) sendWhois(client, user, world);
  else world.reply(client, 'ERR_NOSUCHNICK', asked);
  world.reply(client, 'RPL_ENDOFWHOIS', asked);
};

function sendWhois(client: Client, user: Client, world: World): void {
  const { name, network } = world.options;
  world.reply(client, 'RPL_WHOISUSER', user.nick, user.user, user.host, '*', user.realname);
  const channels = [...world.memberships.of(user)]
    .filter((channel) => channel.shows(user, client))
    .map((channel) => channel.prefix(user, client.has('multi-prefix')) + channel.name);
  const taken = `:${name} 319 ${client.nick} ${user.nick} :`.length;
  for (const text of packed(channels, taken)) world.reply(client, 'RPL_WHOISCHANNELS', user.nick, text);
  world.reply(client, 'RPL_WHOISSERVER', user.nick, name, network);
  if (user.operator) world.reply(client, 'RPL_WHOISOPERATOR', user.nick);
  if (user.modes.has('B')) world.reply(client, 'RPL_WHOISBOT', user.nick);
  if (user.away !== undefined) world.reply(client, 'RPL_AWAY', user.nick, user.away);
  if (user.account !== undefined) world.reply(client, 'RPL_WHOISACCOUNT', user.nick, user.account);
  if (user.secure) world.reply(client, 'RPL_WHOISSECURE', user.nick);
  if (user === client || client.operator) {
    world.reply(client, 'RPL_WHOISMODES', user.nick, `is using modes ${modesOf(user)}`);
  }
  const idle = String(Math.floor((world.now - user.activeAt) / 1000));
  world.reply(client, 'RPL_WHOISIDLE', user.nick, idle, String(Math.floor(user.signedOn / 1000)));
}

export const whowas: Handler = (client, { params: [nick = '', count = ''] }, world) => {
  if (nick === '') {
    world.reply(client, 'ERR_NONICKNAMEGIVEN');
    return;
  }
  // modern-irc: what is no positive number asks for all.
  const most = /^\d{1,9}$/.test(count) && Number(count) > 0 ? Number(count) : undefined;
  const found = world.whowas.find(nick, most);
  client.sendLong(formers(client, nick, found, world));
};

function* formers(client: Client, asked: string, found: readonly Former[], world: World): Generator<Message> {
  if (found.length === 0) yield world.numeric(client, 'ERR_WASNOSUCHNICK', asked);
  for (const { nick, user, host, realname, at } of found) {
    yield world.numeric(client, 'RPL_WHOWASUSER', nick, user, host, '*', realname);
    yield world.numeric(client, 'RPL_WHOISSERVER', nick, world.options.name, new Date(at).toUTCString());
  }
  yield world.numeric(client, 'RPL_ENDOFWHOWAS', asked);
}

/** Nicks that one USERHOST may ask for (RFC 2812 section 4.8). */
const MOST_USERHOSTS = 5;

export const userhost: Handler = (client, { params }, world) => {
  const replies = params.slice(0, MOST_USERHOSTS).flatMap((nick) => {
    const user = world.user(nick);
    if (!user) return [];
    const away = user.away === undefined ? '+' : '-';
    return `${user.nick}${user.operator ? '*' : ''}=${away}${user.user}@${user.host}`;
  });
  world.reply(client, 'RPL_USERHOST', replies.join(' '));
};

export const ison: Handler = (client, { params }, world) => {
  const nicks = params.flatMap((param) => param.split(' ')).filter((nick) => nick !== '');
  const online = nicks.flatMap((nick) => world.user(nick)?.nick ?? []);
  world.reply(client, 'RPL_ISON', online.join(' '));
};
