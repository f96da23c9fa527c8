/** RPL_ISUPPORT: what the server can, each token true (modern-irc, RPL_ISUPPORT Parameters). */
import type { Client } from './client.ts';
import * as limits from './limits.ts';
import type { IrcServerOptions } from './options.ts';
import type { World } from './world.ts';

/** Tokens of one line at most (modern-irc RPL_ISUPPORT). */
const PER_LINE = 13;

/** All tokens, in the order of the alphabet. */
export function tokens({ network, limits: { channels } }: IrcServerOptions): string[] {
  return [
    `AWAYLEN=${limits.AWAYLEN}`,
    'BOT=B',
    `CASEMAPPING=${limits.CASEMAPPING}`,
    `CHANLIMIT=#:${channels}`,
    'CHANMODES=beI,k,l,imnst',
    `CHANNELLEN=${limits.CHANNELLEN}`,
    'CHANTYPES=#',
    'ELIST=CMNTU',
    'EXCEPTS=e',
    `HOSTLEN=${limits.HOSTLEN}`,
    'INVEX=I',
    `KEYLEN=${limits.KEYLEN}`,
    `KICKLEN=${limits.KICKLEN}`,
    `MAXLIST=beI:${limits.MAXLIST}`,
    `MODES=${limits.MODES}`,
    `MONITOR=${limits.MONITOR}`,
    `NAMELEN=${limits.NAMELEN}`,
    `NETWORK=${escapeValue(network)}`,
    `NICKLEN=${limits.NICKLEN}`,
    'PREFIX=(ov)@+',
    'STATUSMSG=@+',
    `TARGMAX=JOIN:,KICK:,LIST:,NAMES:,NOTICE:${limits.TARGETS},PART:,PRIVMSG:${limits.TARGETS},TAGMSG:${limits.TARGETS},WHOIS:1`,
    `TOPICLEN=${limits.TOPICLEN}`,
    `USERLEN=${limits.USERLEN}`,
    'UTF8ONLY',
    'WHOX',
  ];
}

/** Tells a client these tokens, or all. */
export function sendIsupport(client: Client, world: World, some = tokens(world.options)): void {
  for (let at = 0; at < some.length; at += PER_LINE) {
    world.reply(client, 'RPL_ISUPPORT', ...some.slice(at, at + PER_LINE));
  }
}

/** modern-irc RPL_ISUPPORT: three characters have escapes. */
function escapeValue(text: string): string {
  return text.replace(
    /[ \\=]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
