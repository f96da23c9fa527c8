/** The modes of a channel, a setter for each letter (modern-irc, Channel Modes; RFC 2811 section 4). */
import type { Channel, Flag, ListMode, Rank } from './channel.ts';
import type { Client } from './client.ts';
import { fold, KEYLEN, MAXLIST } from './limits.ts';
import { wholeMask } from '../masks.ts';
import type { ModeLetter } from './mode-string.ts';
import type { World } from './world.ts';

/** Octets of a mask in a list. */
const MASKLEN = 200;
/** The greatest limit that can be set. */
const MOST_LIMIT = 1_000_000;

/** A change that was made: as it is told, with the parameter that it has. */
export interface Change extends ModeLetter {
  readonly param?: string;
}

/** A MODE that is being dealt with. */
export interface Asked {
  readonly client: Client;
  readonly channel: Channel;
  readonly world: World;
  /** Parameters that no letter has taken yet. */
  readonly params: string[];
}

/** Carries out one letter; undefined where nothing changes. */
export type Setter = (asked: Asked, change: ModeLetter) => Change | undefined;

const setFlag: Setter = ({ channel }, made) => {
  const flag = made.letter as Flag;
  if (channel.flags.has(flag) === made.on) return undefined;
  if (made.on) channel.flags.add(flag);
  else channel.flags.delete(flag);
  return made;
};

const setList: Setter = ({ client, channel, world, params }, made) => {
  const said = params.shift() ?? '';
  const mask = wholeMask(said);
  const list = channel.lists[made.letter as ListMode];
  const key = fold(mask);
  if (!made.on) {
    const entry = [...list.keys()].find((known) => fold(known) === key);
    if (entry === undefined) return undefined;
    list.delete(entry);
    return { ...made, param: entry };
  }
  if (said === '' || said.includes(' ') || said.startsWith(':') || Buffer.byteLength(mask) > MASKLEN) {
    world.reply(client, 'ERR_INVALIDMODEPARAM', channel.name, made.letter, said, 'Invalid mask');
    return undefined;
  }
  if ([...list.keys()].some((known) => fold(known) === key)) return undefined;
  if (channel.entries >= MAXLIST) {
    world.reply(client, 'ERR_BANLISTFULL', channel.name, made.letter);
    return undefined;
  }
  list.set(mask, { mask, by: client.nick, at: world.now });
  return { ...made, param: mask };
};

// oxlint-disable-next-line no-control-regex
const KEY = /^[^\0-\x20\x7f,:][^\0-\x20\x7f,]*$/;

const setKey: Setter = ({ client, channel, world, params }, made) => {
  const said = params.shift();
  if (!made.on) {
    if (channel.key === undefined) return undefined;
    channel.key = undefined;
    // Of type B: it has a parameter also when it is taken away.
    return { ...made, param: '*' };
  }
  // modern-irc: without its parameter, such a mode is ignored.
  if (said === undefined) return undefined;
  if (!KEY.test(said) || Buffer.byteLength(said) > KEYLEN) {
    world.reply(client, 'ERR_INVALIDMODEPARAM', channel.name, 'k', said, 'Invalid key');
    return undefined;
  }
  if (channel.key === said) return undefined;
  channel.key = said;
  return { ...made, param: said };
};

const setLimit: Setter = ({ client, channel, world, params }, made) => {
  if (!made.on) {
    if (channel.limit === undefined) return undefined;
    channel.limit = undefined;
    return made;
  }
  const said = params.shift();
  if (said === undefined) return undefined;
  const limit = /^\d{1,9}$/.test(said) ? Number(said) : 0;
  if (limit < 1 || limit > MOST_LIMIT) {
    world.reply(client, 'ERR_INVALIDMODEPARAM', channel.name, 'l', said, 'Invalid limit');
    return undefined;
  }
  if (channel.limit === limit) return undefined;
  channel.limit = limit;
  return { ...made, param: String(limit) };
};

const setRank: Setter = ({ client, channel, world, params }, made) => {
  const nick = params.shift();
  if (nick === undefined) return undefined;
  const target = world.user(nick);
  const ranks = target && channel.members.get(target);
  if (!target) world.reply(client, 'ERR_NOSUCHNICK', nick);
  else if (!ranks) world.reply(client, 'ERR_USERNOTINCHANNEL', target.nick, channel.name);
  if (!target || !ranks || ranks.has(made.letter as Rank) === made.on) return undefined;
  if (made.on) ranks.add(made.letter as Rank);
  else ranks.delete(made.letter as Rank);
  if (made.letter === 'o') world.keeping.remember(channel, target, made.on);
  return { ...made, param: target.nick };
};

/** By the letter of the mode. */
export const SETTERS: ReadonlyMap<string, Setter> = new Map([
  ...Array.from('imnst', (letter) => [letter, setFlag] as const),
  ...Array.from('beI', (letter) => [letter, setList] as const),
  ...Array.from('ov', (letter) => [letter, setRank] as const),
  ['k', setKey],
  ['l', setLimit],
]);
