/** Questions about the server: MOTD, LUSERS, VERSION, TIME, INFO, LINKS (modern-irc, Server Queries and Commands). */
import { matches } from '../masks.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { sendIsupport } from './isupport.ts';
import { fold } from './limits.ts';
import type { Message } from './message.ts';
import type { World } from './world.ts';

export const motd: Handler = (client, { params }, world) => {
  if (isHere(client, params[0], world)) sendMotd(client, world);
};

/** The message of the day, as also a newcomer gets it. */
export function sendMotd(client: Client, world: World): void {
  const lines = world.options.motd;
  if (!lines) {
    world.reply(client, 'ERR_NOMOTD');
    return;
  }
  client.sendLong(messageOfTheDay(client, lines, world));
}

/** Lines of it that are shown. */
const MOST_LINES = 500;

function* messageOfTheDay(client: Client, lines: readonly string[], world: World): Generator<Message> {
  yield world.numeric(client, 'RPL_MOTDSTART', `- ${world.options.name} Message of the day - `);
  for (const line of lines.slice(0, MOST_LINES)) yield world.numeric(client, 'RPL_MOTD', `- ${line}`);
  yield world.numeric(client, 'RPL_ENDOFMOTD');
}

export const lusers: Handler = (client, _line, world) => sendLusers(client, world);

/** How many there are, as also a newcomer gets it. */
export function sendLusers(client: Client, world: World): void {
  const users = world.users;
  const invisible = users.filter(({ modes }) => modes.has('i')).length;
  const operators = users.filter(({ operator }) => operator).length;
  const all = users.length;
  const most = world.mostUsers;
  const visible = all - invisible;
  world.reply(
    client,
    'RPL_LUSERCLIENT',
    `There are ${visible} users and ${invisible} invisible on 1 servers`,
  );
  world.reply(client, 'RPL_LUSEROP', String(operators));
  world.reply(client, 'RPL_LUSERUNKNOWN', String(world.clients.size - all));
  world.reply(client, 'RPL_LUSERCHANNELS', String(world.channels.size));
  world.reply(client, 'RPL_LUSERME', `I have ${all} clients and 0 servers`);
  for (const [numeric, where] of [
    ['RPL_LOCALUSERS', 'local'],
    ['RPL_GLOBALUSERS', 'global'],
  ] as const) {
    world.reply(client, numeric, String(all), String(most), `Current ${where} users ${all}, max ${most}`);
  }
}

export const version: Handler = (client, { params }, world) => {
  if (!isHere(client, params[0], world)) return;
  world.reply(
    client,
    'RPL_VERSION',
    world.options.version,
    world.options.name,
    'The IRC server that comes with Parley',
  );
  sendIsupport(client, world);
};

export const time: Handler = (client, { params }, world) => {
  if (isHere(client, params[0], world)) {
    world.reply(client, 'RPL_TIME', world.options.name, new Date(world.now).toUTCString());
  }
};

export const info: Handler = (client, { params }, world) => {
  if (!isHere(client, params[0], world)) return;
  world.reply(client, 'RPL_INFO', `${world.options.version}, the IRC server that comes with Parley`);
  world.reply(client, 'RPL_INFO', 'Parley is a gateway between IRC channels and MSRP chat rooms (RFC 7701)');
  world.reply(client, 'RPL_INFO', `On-line since ${new Date(world.started).toUTCString()}`);
  world.reply(client, 'RPL_ENDOFINFO');
};

export const links: Handler = (client, _line, world) => {
  world.reply(client, 'RPL_LINKS', '*', world.options.name, `0 ${world.options.network}`);
  world.reply(client, 'RPL_ENDOFLINKS', '*');
};

/** Whether a question is for this server: it names none, or this one, or somebody on it; else 402. */
function isHere(client: Client, target: string | undefined, world: World): boolean {
  if (target === undefined || target === '' || isServer(target, world) || world.user(target)) return true;
  world.reply(client, 'ERR_NOSUCHSERVER', target);
  return false;
}

/** Whether a mask is of the server's name. */
export function isServer(mask: string, world: World): boolean {
  return matches(mask, world.options.name, fold);
}
