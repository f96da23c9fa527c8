/** WHO, plain and with fields (modern-irc WHO; IRCv3 whox). */
import { matches } from '../masks.ts';
import type { Channel } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { fold } from './limits.ts';
import type { Message } from './message.ts';
import type { World } from './world.ts';

/** Somebody who fits, and the channel that is named with it. */
interface Found {
  readonly user: Client;
  readonly channel: Channel | undefined;
}

export const who: Handler = (client, { params: [said = '', options = ''] }, world) => {
  const mask = said === '' ? '*' : said;
  const [, flags = '', fields, token] = /^([^%]*)(?:%([^,]*)(?:,(.*))?)?$/.exec(options) ?? [];
  // RFC 2812 section 3.6.1: `o` asks for operators only.
  const all = find(client, mask, world).filter(({ user }) => !flags.includes('o') || user.operator);
  const row = (found: Found): Message =>
    fields === undefined
      ? plainRow(client, found, world)
      : fieldsRow(client, found, { fields, token: tokenOf(token) }, world);
  client.sendLong(replies(client, mask, { all, row }, world));
};

function* replies(
  client: Client,
  mask: string,
  { all, row }: { all: readonly Found[]; row: (found: Found) => Message },
  world: World,
): Generator<Message> {
  // Some may have left while the reply was waiting for room.
  for (const found of all) if (!found.user.gone) yield row(found);
  yield world.numeric(client, 'RPL_ENDOFWHO', mask);
}

function find(client: Client, mask: string, world: World): Found[] {
  if (mask.startsWith('#')) {
    const channel = world.channel(mask);
    const members = channel ? [...channel.members.keys()] : [];
    return members.flatMap((user) => (channel?.shows(user, client) === true ? { user, channel } : []));
  }
  const exact = world.user(mask);
  if (exact) return [{ user: exact, channel: commonChannel(exact, client, world) }];
  const pattern = mask === '0' ? '*' : mask;
  const peers = world.peers(client);
  return world.users
    .filter((user) => user === client || !user.modes.has('i') || peers.has(user))
    .filter((user) =>
      [user.nick, user.user, user.host, user.realname, world.options.name].some((text) =>
        matches(pattern, text, fold),
      ),
    )
    .map((user) => ({ user, channel: commonChannel(user, client, world) }));
}

function commonChannel(user: Client, client: Client, world: World): Channel | undefined {
  for (const channel of world.memberships.of(user)) if (channel.shows(user, client)) return channel;
  return undefined;
}

/** modern-irc RPL_WHOREPLY, in its order: away, operator, ranks in the channel, bot (bot-mode). */
function flagsOf({ user, channel }: Found, client: Client): string {
  const rank = channel?.prefix(user, client.has('multi-prefix')) ?? '';
  return `${user.away === undefined ? 'H' : 'G'}${user.operator ? '*' : ''}${rank}${user.modes.has('B') ? 'B' : ''}`;
}

function plainRow(client: Client, found: Found, world: World): Message {
  const { user, channel } = found;
  return world.numeric(
    client,
    'RPL_WHOREPLY',
    channel?.name ?? '*',
    user.user,
    user.host,
    world.options.name,
    user.nick,
    flagsOf(found, client),
    `0 ${user.realname}`,
  );
}

/** whox: three digits at most. */
function tokenOf(said: string | undefined): string {
  return said !== undefined && /^\d{1,3}$/.test(said) ? said : '0';
}

/** whox: the fields that were asked for, in the order of the specification; the real name ends the line. */
function fieldsRow(
  client: Client,
  found: Found,
  { fields, token }: { fields: string; token: string },
  world: World,
): Message {
  const { user, channel } = found;
  const values: readonly (readonly [string, string])[] = [
    ['t', token],
    ['c', channel?.name ?? '*'],
    ['u', user.user],
    ['i', user.host],
    ['h', user.host],
    ['s', world.options.name],
    ['n', user.nick],
    ['f', flagsOf(found, client)],
    ['d', '0'],
    ['l', String(Math.floor((world.now - user.activeAt) / 1000))],
    ['a', user.account ?? '0'],
    ['o', 'n/a'],
  ];
  const words = values.filter(([field]) => fields.includes(field)).map(([, value]) => value);
  const text = fields.includes('r') ? user.realname : undefined;
  return world.message(world.origin, '354', [client.nick, ...words], text);
}
