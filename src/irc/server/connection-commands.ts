/** Commands of the connection itself: PING, PONG, QUIT, ERROR (modern-irc, Connection Messages). */
import type { Handler } from './command.ts';

export const ping: Handler = (client, { params: [token = ''] }, world) => {
  if (token === '') world.reply(client, 'ERR_NOORIGIN');
  else client.send(world.message(world.origin, 'PONG', [world.options.name], token));
};

/** That something came is all that PONG is for; ERROR is for servers. */
export const nothing: Handler = () => {};

export const quit: Handler = (client, { params: [reason = ''] }, world) => {
  // modern-irc QUIT: with the prefix also where there is no reason.
  world.quit(client, `Quit: ${reason}`);
};
