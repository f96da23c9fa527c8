/** What operators of the server may: OPER, KILL, WALLOPS, CHGHOST (modern-irc, Operator Messages; IRCv3 chghost). */
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { tell } from './join.ts';
import { HOSTLEN } from './limits.ts';
import { equalSecrets } from './secrets.ts';
import { isServer } from './server-queries.ts';
import type { World } from './world.ts';

/** After so many wrong passwords the connection is closed. */
const MOST_FAILURES = 5;

const failures = new WeakMap<Client, number>();

export const oper: Handler = (client, { params: [name = '', password = ''] }, world) => {
  const expected = world.options.operators.get(name);
  if (expected === undefined || !equalSecrets(expected, password)) {
    refuse(client, name, world);
    return;
  }
  world.options.log.info({ nick: client.nick, address: client.address, name }, 'an IRC operator');
  world.reply(client, 'RPL_YOUREOPER');
  if (client.operator) return;
  client.modes.add('o');
  client.send(world.message(client.origin, 'MODE', [client.nick, '+o']));
};

function refuse(client: Client, name: string, world: World): void {
  const count = (failures.get(client) ?? 0) + 1;
  failures.set(client, count);
  // Once: a log is not for others to fill.
  if (count === 1) {
    const { nick, address } = client;
    world.options.log.warn({ nick, address, name }, 'OPER with a wrong password');
  }
  world.reply(client, 'ERR_PASSWDMISMATCH');
  if (count >= MOST_FAILURES) world.quit(client, 'Too many wrong passwords');
}

/** Runs a command for operators; anybody else gets 481. */
function forOperators(run: Handler): Handler {
  return (client, line, world) => {
    if (client.operator) run(client, line, world);
    else world.reply(client, 'ERR_NOPRIVILEGES');
  };
}

export const kill: Handler = forOperators((client, { params: [nick = '', comment = ''] }, world) => {
  const target = world.user(nick);
  if (!target) {
    if (isServer(nick, world)) world.reply(client, 'ERR_CANTKILLSERVER');
    else world.reply(client, 'ERR_NOSUCHNICK', nick);
    return;
  }
  world.options.log.info({ nick: target.nick, by: client.nick, comment }, 'an IRC client was killed');
  target.send(world.message(client.origin, 'KILL', [target.nick], comment));
  world.quit(target, `Killed (${client.nick} (${comment}))`);
});

export const wallops: Handler = forOperators((client, { params: [text = ''] }, world) => {
  const message = world.message(client.origin, 'WALLOPS', [], text);
  for (const user of world.users) if (user.modes.has('w')) user.send(message);
});

const USERNAME = /^[\x21-\x7e]{1,20}$/;
const HOST = /^[a-z0-9](?:[a-z0-9.:/-]*[a-z0-9])?$/i;

export const chghost: Handler = forOperators(
  (client, { params: [nick = '', user = '', host = ''] }, world) => {
    const target = world.user(nick);
    if (!target) world.reply(client, 'ERR_NOSUCHNICK', nick);
    else if (!USERNAME.test(user) || /[!@*?:]/.test(user) || !HOST.test(host) || host.length > HOSTLEN) {
      world.reply(client, 'ERR_UNKNOWNERROR', 'CHGHOST', 'Not a user name and a host');
    } else changeHost(target, user, host, world);
  },
);

function changeHost(target: Client, user: string, host: string, world: World): void {
  const old = target.origin;
  const changed = world.message(old, 'CHGHOST', [user, host]);
  const left = world.message(old, 'QUIT', [], 'Changing hostname');
  const peers = world.peers(target);
  for (const peer of peers) peer.send(peer.has('chghost') ? changed : left);
  target.user = user;
  target.host = host;
  world.keeping.renamed(target);
  if (target.has('chghost')) target.send(changed);
  // chghost, Fallback: for the others it comes back, with its ranks.
  for (const channel of world.memberships.of(target)) {
    const others = [...channel.members.keys()].filter(
      (member) => member !== target && !member.has('chghost'),
    );
    tell(target, channel, world, others.values());
    const ranks = [...(channel.members.get(target) ?? [])];
    if (ranks.length === 0) continue;
    const params = [channel.name, `+${ranks.join('')}`, ...ranks.map(() => target.nick)];
    for (const other of others) other.send(world.message(world.origin, 'MODE', params));
  }
}
