/** The table of commands: a row each, and how a line finds its row. */
import type { IrcLine } from '../line.ts';
import { authenticate } from './authentication.ts';
import { away, setname } from './away.ts';
import { cap } from './capabilities.ts';
import { invite, kick, part } from './channels.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { nothing, ping, quit } from './connection-commands.ts';
import { helpOn } from './help.ts';
import { join } from './join.ts';
import { message } from './messages.ts';
import { mode } from './modes.ts';
import { monitor } from './monitor.ts';
import { list, names } from './names-list.ts';
import { chghost, kill, oper, wallops } from './operators.ts';
import { nick, pass, user } from './registration.ts';
import { info, links, lusers, motd, time, version } from './server-queries.ts';
import { topic } from './topic.ts';
import { webirc } from './webirc.ts';
import { who } from './who.ts';
import { ison, userhost, whois, whowas } from './whois.ts';
import type { World } from './world.ts';

type Row = readonly [
  name: string,
  least: number,
  when: Command['when'],
  run: Command['run'],
  params: string,
  help: string,
];

/** `trusted` is called when a client has come by a gateway that is trusted. */
export function commandTable(trusted: (client: Client) => void): ReadonlyMap<string, Command> {
  const rows: readonly Row[] = [
    ['AUTHENTICATE', 1, 'always', authenticate, '<mechanism or response>', 'Logs in to an account'],
    ['AWAY', 0, 'after', away, '[<text>]', 'Says that you are away, or back'],
    ['CAP', 1, 'always', cap, '<subcommand> [<capabilities>]', 'Agrees on capabilities'],
    ['CHGHOST', 3, 'after', chghost, '<nick> <user> <host>', 'Operators: changes how a user is shown'],
    ['ERROR', 0, 'always', nothing, '', 'Ignored'],
    ['HELP', 0, 'after', helpOn(() => table.values()), '[<command>]', 'Tells what commands there are'],
    ['INFO', 0, 'after', info, '[<server>]', 'Tells about the server'],
    ['INVITE', 0, 'after', invite, '[<nick> <channel>]', 'Invites to a channel, or lists your invitations'],
    ['ISON', 1, 'after', ison, '<nick>{ <nick>}', 'Tells which of these nicks are here'],
    ['JOIN', 1, 'after', join, '<channel>{,<channel>} [<key>{,<key>}]', 'Goes into channels; 0 leaves all'],
    ['KICK', 2, 'after', kick, '<channel> <nick>{,<nick>} [<comment>]', 'Throws out of a channel'],
    ['KILL', 2, 'after', kill, '<nick> <comment>', 'Operators: closes the connection of a user'],
    ['LINKS', 0, 'after', links, '', 'Lists the servers of the network'],
    ['LIST', 0, 'after', list, '[<channel or condition>{,...}]', 'Lists channels'],
    ['LUSERS', 0, 'after', lusers, '', 'Tells how many are here'],
    ['MODE', 1, 'after', mode, '<target> [<modes> [<params>]]', 'Shows and changes modes'],
    ['MONITOR', 1, 'after', monitor, '+|-|C|L|S [<nick>{,<nick>}]', 'Watches for nicks'],
    ['MOTD', 0, 'after', motd, '[<server>]', 'Shows the message of the day'],
    ['NAMES', 0, 'after', names, '<channel>{,<channel>}', 'Lists who is in channels'],
    ['NICK', 0, 'always', nick, '<nick>', 'Sets your nick'],
    ['NOTICE', 0, 'after', message, '<target>{,<target>} <text>', 'Sends a text that nobody answers'],
    ['OPER', 2, 'after', oper, '<name> <password>', 'Makes you an operator of the server'],
    ['PART', 1, 'after', part, '<channel>{,<channel>} [<reason>]', 'Leaves channels'],
    ['PASS', 1, 'before', pass, '<password>', "The server's password"],
    ['PING', 0, 'always', ping, '<token>', 'Asks for PONG'],
    ['PONG', 0, 'always', nothing, '<token>', 'Answers PING'],
    ['PRIVMSG', 0, 'after', message, '<target>{,<target>} <text>', 'Sends a text to users and channels'],
    ['QUIT', 0, 'always', quit, '[<reason>]', 'Ends the connection'],
    ['SETNAME', 0, 'after', setname, '<real name>', 'Changes your real name'],
    ['TAGMSG', 0, 'after', message, '<target>{,<target>}', 'Sends tags without a text'],
    ['TIME', 0, 'after', time, '[<server>]', 'Tells the time'],
    ['TOPIC', 1, 'after', topic, '<channel> [<topic>]', 'Shows and changes the topic'],
    ['USER', 4, 'before', user, '<user name> 0 * <real name>', 'Says who you are'],
    ['USERHOST', 1, 'after', userhost, '<nick>{ <nick>}', 'Tells where users are from'],
    ['VERSION', 0, 'after', version, '[<server>]', "Tells the server's version"],
    ['WALLOPS', 1, 'after', wallops, '<text>', 'Operators: sends to all who have mode w'],
    [
      'WEBIRC',
      4,
      'before',
      webirc(trusted),
      '<password> <gateway> <host> <address> [<options>]',
      'For gateways',
    ],
    ['WHO', 0, 'after', who, '<mask> [%<fields>[,<token>]]', 'Lists users'],
    ['WHOIS', 0, 'after', whois, '[<server>] <nick>', 'Tells about a user'],
    ['WHOWAS', 0, 'after', whowas, '<nick> [<count>]', 'Tells who had a nick before'],
  ];
  const table = new Map(
    rows.map(([name, least, when, run, ...help]) => [
      name,
      { name, least, when, run, help } satisfies Command,
    ]),
  );
  return table;
}

/** Does what a line says, or tells why not. */
export function dispatch(
  client: Client,
  line: IrcLine,
  table: ReadonlyMap<string, Command>,
  world: World,
): void {
  const { command: name, params } = line;
  const command = table.get(name);
  if (!command) world.reply(client, 'ERR_UNKNOWNCOMMAND', name);
  else if (!client.registered && command.when === 'after') world.reply(client, 'ERR_NOTREGISTERED');
  else if (client.registered && command.when === 'before') world.reply(client, 'ERR_ALREADYREGISTERED');
  else if (params.slice(0, command.least).filter((param) => param !== '').length < command.least) {
    world.reply(client, 'ERR_NEEDMOREPARAMS', name);
  } else command.run(client, line, world);
}
