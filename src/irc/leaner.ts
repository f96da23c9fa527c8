/** Which lines need not be looked at: by a puppet (with a hundred in a channel each line comes a hundred times), by irc-framework. */
import type { IrcLine } from './line.ts';

/** Of these, a puppet cares for its own only. */
const OF_OTHERS = new Set([
  'JOIN',
  'PART',
  'QUIT',
  'NICK',
  'AWAY',
  'ACCOUNT',
  'CHGHOST',
  'SETNAME',
  'TAGMSG',
]);
/** Who is in a channel is the reader's affair. */
const LISTS = new Set(['353', '366', '332', '333', '331', '329', '372', '375', '376']);

/**
 * False where a line is what other people do in a channel, told by its first words alone: a message to a channel, somebody else's
 * JOIN, a list. Lines to `@#channel` pass: the reader may not get them.
 */
export function isForPuppet(text: string, nick: string): boolean {
  let at = 0;
  if (text.startsWith('@')) at = text.indexOf(' ') + 1;
  if (!text.startsWith(':', at)) return true;
  const sourceEnd = text.indexOf(' ', at);
  const commandEnd = text.indexOf(' ', sourceEnd + 1);
  const command = text.slice(sourceEnd + 1, commandEnd < 0 ? undefined : commandEnd);
  if (command === 'PRIVMSG' || command === 'NOTICE') return !'#&!'.includes(text.charAt(commandEnd + 1));
  if (LISTS.has(command)) return false;
  if (!OF_OTHERS.has(command)) return true;
  const own = text.slice(at + 1, at + 1 + nick.length).toLowerCase() === nick.toLowerCase();
  return own && '! @'.includes(text.charAt(at + 1 + nick.length));
}

/** What irc-framework works with. */
const FOR_FRAMEWORK = new Set([
  ...['CAP', 'AUTHENTICATE', 'PING', '001', '005'],
  ...['900', '902', '903', '904', '905', '906', '907'],
]);

/** False where a line would only cost irc-framework time, or have it do what is not wanted. */
export function isForFramework({ command, params }: IrcLine): boolean {
  // To a capability that comes later it would answer with an empty request.
  return FOR_FRAMEWORK.has(command) && !(command === 'CAP' && params[1] === 'NEW');
}
