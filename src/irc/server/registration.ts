/** Coming in: PASS, NICK, USER, and the welcome (modern-irc, Connection Registration). NICK is also for later. */
import { CAPABILITIES } from './capability-names.ts';
import { abortAuthentication } from './authentication.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { sendIsupport } from './isupport.ts';
import { cut, fold, isNick, NAMELEN, USERLEN } from './limits.ts';
import { sendLusers, sendMotd } from './server-queries.ts';
import { equalSecrets } from './secrets.ts';
import type { World } from './world.ts';

/** Milliseconds after which a nick is free again whose holder does not register and says nothing. */
const SILENCE = 15_000;

export const pass: Handler = (client, { params: [password] }) => {
  client.password = password;
};

export const nick: Handler = (client, { params: [wanted = ''] }, world) => {
  if (wanted === '') {
    world.reply(client, 'ERR_NONICKNAMEGIVEN');
    return;
  }
  if (!isNick(wanted)) {
    world.reply(client, 'ERR_ERRONEUSNICKNAME', wanted);
    return;
  }
  const holder = world.holder(wanted);
  if (holder && holder !== client && !holder.registered && world.now - holder.activeAt >= SILENCE) {
    world.reply(holder, 'ERR_NICKNAMEINUSE', wanted);
    world.releaseNick(holder);
  } else if (holder && holder !== client) {
    world.reply(client, 'ERR_NICKNAMEINUSE', wanted);
    return;
  }
  if (wanted === client.nick) return;
  if (client.registered) rename(client, wanted, world);
  else {
    world.setNick(client, wanted);
    register(client, world);
  }
};

function rename(client: Client, wanted: string, world: World): void {
  const message = world.message(client.origin, 'NICK', [wanted]);
  client.send(message);
  for (const peer of world.peers(client)) peer.send(message);
  // Somebody who only writes the nick in another way was never away.
  const other = fold(wanted) !== fold(client.nick);
  if (other) {
    world.whowas.add(client, world.now);
    world.announce(client, false);
  }
  world.setNick(client, wanted);
  if (other) world.announce(client, true);
}

/** What a user name may not have: it stands in masks, between `!` and `@`. */
const NO_USERNAME = /[^\x21-\x7e]|[!@*?:]/g;

export const user: Handler = (client, { params: [name = '', , , realname = ''] }, world) => {
  const username = name.replace(NO_USERNAME, '').slice(0, USERLEN);
  if (username === '') {
    world.reply(client, 'ERR_INVALIDUSERNAME');
    return;
  }
  client.user = username;
  client.realname = cut(realname, NAMELEN);
  register(client, world);
};

/** Welcomes a client when everything is there: nick, user name, the right password, and CAP END where CAP began. */
export function register(client: Client, world: World): void {
  if (client.registered || client.negotiating || client.nick === '' || client.user === '') return;
  const { password, network, name, version } = world.options;
  if (password !== undefined && !equalSecrets(password, client.password ?? '')) {
    world.reply(client, 'ERR_PASSWDMISMATCH');
    world.quit(client, 'Password incorrect');
    return;
  }
  if (world.isFull(client.trusted)) {
    world.quit(client, 'The server is full');
    return;
  }
  client.password = undefined;
  abortAuthentication(client, world);
  client.registered = true;
  world.registered += 1;
  client.signedOn = client.activeAt = world.now;
  world.mostUsers = Math.max(world.mostUsers, world.registered);
  world.reply(client, 'RPL_WELCOME', `Welcome to the ${network} Network, ${client.mask}`);
  world.reply(client, 'RPL_YOURHOST', `Your host is ${name}, running version ${version}`);
  world.reply(client, 'RPL_CREATED', `This server was created ${new Date(world.started).toUTCString()}`);
  world.reply(client, 'RPL_MYINFO', name, version, 'Biow', 'beIiklmnostv', 'beIklov');
  sendIsupport(client, world);
  sendLusers(client, world);
  sendMotd(client, world);
  world.announce(client, true);
  world.options.log.debug(
    {
      nick: client.nick,
      address: client.address,
      capabilities: CAPABILITIES.filter((one) => client.has(one)),
    },
    'an IRC client registered',
  );
}
