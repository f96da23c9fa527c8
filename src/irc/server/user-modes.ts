/** MODE of a user: i, o, w, B (modern-irc, User Modes; bot-mode). */
import type { Client, UserMode } from './client.ts';
import type { Handler } from './command.ts';
import { readModes, writeModes, type ModeLetter } from './mode-string.ts';

const LETTERS = 'iowB';

export const userMode: Handler = (client, { params: [nick = '', text = ''] }, world) => {
  const target = world.user(nick);
  if (!target) {
    world.reply(client, 'ERR_NOSUCHNICK', nick);
    return;
  }
  if (target !== client) {
    world.reply(client, 'ERR_USERSDONTMATCH');
    return;
  }
  if (text === '') {
    world.reply(client, 'RPL_UMODEIS', modesOf(client));
    return;
  }
  const letters = readModes(text);
  const changed = letters.filter((change) => apply(client, change));
  if (changed.length > 0) {
    client.send(world.message(client.origin, 'MODE', [client.nick, writeModes(changed)]));
  }
  // Those that are known are set all the same.
  if (letters.some(({ letter }) => !LETTERS.includes(letter))) world.reply(client, 'ERR_UMODEUNKNOWNFLAG');
};

/** The modes that a user has, as in `+iw`. */
export function modesOf(client: Client): string {
  return `+${[...client.modes].toSorted().join('')}`;
}

/** Whether something has changed. */
function apply(client: Client, { on, letter }: ModeLetter): boolean {
  if (!isMode(letter) || client.modes.has(letter) === on) return false;
  // RFC 2812 section 3.1.5: nobody becomes an operator by MODE.
  if (letter === 'o' && on) return false;
  if (on) client.modes.add(letter);
  else client.modes.delete(letter);
  return true;
}

function isMode(letter: string): letter is UserMode {
  return LETTERS.includes(letter);
}
