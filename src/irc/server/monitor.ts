/** MONITOR (IRCv3 monitor). */
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { fold, isNick, MONITOR, targets } from './limits.ts';
import { packed } from './packed.ts';
import type { Numeric } from './replies.ts';
import type { World } from './world.ts';

export const monitor: Handler = (client, { params: [what = '', list] }, world) => {
  const nicks = targets(list);
  switch (what.toUpperCase()) {
    case '+':
      if (nicks.length === 0) world.reply(client, 'ERR_NEEDMOREPARAMS', 'MONITOR');
      else add(client, nicks, world);
      return;
    case '-':
      for (const nick of nicks) world.watchers.delete(client, nick);
      return;
    case 'C':
      world.watchers.clear(client);
      return;
    case 'L':
      sendPacked(client, 'RPL_MONLIST', [...client.watched.values()], world);
      world.reply(client, 'RPL_ENDOFMONLIST');
      return;
    case 'S':
      sendStatus(client, [...client.watched.values()], world);
      return;
    default:
      world.reply(client, 'ERR_UNKNOWNERROR', 'MONITOR', 'There is no such operation');
  }
};

function add(client: Client, nicks: readonly string[], world: World): void {
  const added: string[] = [];
  const tooMany: string[] = [];
  for (const nick of nicks) {
    // Nicks only: no masks.
    if (!isNick(nick)) continue;
    if (client.watched.has(fold(nick))) added.push(nick);
    else if (client.watched.size >= MONITOR) tooMany.push(nick);
    else {
      world.watchers.add(client, nick);
      added.push(nick);
    }
  }
  sendStatus(client, added, world);
  if (tooMany.length > 0) world.reply(client, 'ERR_MONLISTFULL', String(MONITOR), tooMany.join(','));
}

function sendStatus(client: Client, nicks: readonly string[], world: World): void {
  const online = nicks.flatMap((nick) => world.user(nick)?.mask ?? []);
  const offline = nicks.filter((nick) => !world.user(nick));
  sendPacked(client, 'RPL_MONONLINE', online, world);
  sendPacked(client, 'RPL_MONOFFLINE', offline, world);
}

function sendPacked(client: Client, numeric: Numeric, words: readonly string[], world: World): void {
  const taken = `:${world.options.name} 730 ${client.nick} :`.length;
  for (const text of packed(words, taken, ',')) world.reply(client, numeric, text);
}
