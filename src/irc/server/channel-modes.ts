/** MODE of a channel: beI, k, l, imnst, o and v (modern-irc MODE and Channel Modes; RFC 2811 section 4). */
import { SETTERS, type Asked, type Change } from './channel-mode-setters.ts';
import type { Channel, ListMode } from './channel.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { MODES } from './limits.ts';
import { readModes, writeModes, type ModeLetter } from './mode-string.ts';
import type { World } from './world.ts';

export const channelMode: Handler = (client, { params: [name = '', text = '', ...params] }, world) => {
  const channel = world.channel(name);
  if (!channel) world.reply(client, 'ERR_NOSUCHCHANNEL', name);
  else if (text === '') sendModes(client, channel, world);
  else change({ client, channel, world, params }, readModes(text));
};

/** RPL_CHANNELMODEIS and RPL_CREATIONTIME; the key is for members only. */
function sendModes(client: Client, channel: Channel, world: World): void {
  const letters = [...channel.flags].toSorted();
  const params: string[] = [];
  if (channel.key !== undefined) params.push(channel.members.has(client) ? channel.key : '*');
  if (channel.limit !== undefined) params.push(String(channel.limit));
  const settings = `${channel.key === undefined ? '' : 'k'}${channel.limit === undefined ? '' : 'l'}`;
  world.reply(client, 'RPL_CHANNELMODEIS', channel.name, `+${letters.join('')}${settings}`, ...params);
  world.reply(client, 'RPL_CREATIONTIME', channel.name, String(Math.floor(channel.created / 1000)));
}

function change(asked: Asked, letters: readonly ModeLetter[]): void {
  const { client, channel, world } = asked;
  // An operator of the server may as well: somebody must be able to help a channel that has lost its own.
  const allowed = channel.isOperator(client) || client.operator;
  const changes: Change[] = [];
  const shown = new Set<string>();
  let refused = false;
  let variable = 0;
  for (const letter of letters) {
    const list = isList(letter.letter) ? letter.letter : undefined;
    const setter = SETTERS.get(letter.letter);
    if (list && asked.params.length === 0) {
      if (!shown.has(list)) sendListOf(client, channel, list, world);
      shown.add(list);
    } else if (!setter) world.reply(client, 'ERR_UNKNOWNMODE', letter.letter);
    else if (!allowed) refused = true;
    else if (!'imnst'.includes(letter.letter) && ++variable > MODES) break;
    else {
      const made = setter(asked, letter);
      if (made) changes.push(made);
    }
  }
  if (refused) world.reply(client, 'ERR_CHANOPRIVSNEEDED', channel.name);
  if (changes.length === 0) return;
  tellChanges(asked, changes);
  world.keeping.changed();
}

/** Room for modes and parameters in one MODE, beside the longest source and name of a channel. */
const ROOM = 300;

function tellChanges({ client, channel, world }: Asked, changes: readonly Change[]): void {
  let part: Change[] = [];
  let octets = 0;
  const tell = (): void => {
    const params = part.flatMap(({ param }) => param ?? []);
    channel.send(world.message(client.origin, 'MODE', [channel.name, writeModes(part), ...params]));
    part = [];
    octets = 0;
  };
  for (const made of changes) {
    const length = Buffer.byteLength(made.param ?? '') + 3;
    if (part.length > 0 && octets + length > ROOM) tell();
    part.push(made);
    octets += length;
  }
  tell();
}

const LISTS = {
  b: ['RPL_BANLIST', 'RPL_ENDOFBANLIST'],
  e: ['RPL_EXCEPTLIST', 'RPL_ENDOFEXCEPTLIST'],
  I: ['RPL_INVEXLIST', 'RPL_ENDOFINVEXLIST'],
} as const;

function isList(letter: string): letter is ListMode {
  return letter === 'b' || letter === 'e' || letter === 'I';
}

function sendListOf(client: Client, channel: Channel, list: ListMode, world: World): void {
  const [entry, end] = LISTS[list];
  // Whom a secret channel bans says that it is there, and who is.
  const visible = !channel.flags.has('s') || channel.members.has(client);
  for (const { mask, by, at } of visible ? channel.lists[list].values() : []) {
    world.reply(client, entry, channel.name, mask, by, String(Math.floor(at / 1000)));
  }
  world.reply(client, end, channel.name);
}
