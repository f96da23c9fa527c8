/** AWAY and SETNAME: what a user says about itself (modern-irc AWAY; IRCv3 away-notify, setname). */
import type { Handler } from './command.ts';
import { AWAYLEN, cut, NAMELEN } from './limits.ts';

export const away: Handler = (client, { params: [said = ''] }, world) => {
  const text = said === '' ? undefined : cut(said, AWAYLEN);
  const changed = text !== client.away;
  client.away = text;
  world.reply(client, text === undefined ? 'RPL_UNAWAY' : 'RPL_NOWAWAY');
  if (!changed) return;
  // away-notify: not to itself, which has the numeric.
  const message = world.message(client.origin, 'AWAY', [], text);
  for (const peer of world.peers(client)) if (peer.has('away-notify')) peer.send(message);
};

export const setname: Handler = (client, { params: [said = ''] }, world) => {
  if (said === '' || Buffer.byteLength(said) > NAMELEN) {
    world.fail(client, 'SETNAME', 'INVALID_REALNAME', 'Realname is not valid');
    return;
  }
  client.realname = said;
  const message = world.message(client.origin, 'SETNAME', [], said);
  for (const peer of [...world.peers(client), client]) if (peer.has('setname')) peer.send(message);
};
