/** What the sides of a room get of its configuration. */
import type { Config, RoomConfig } from '../config/config.ts';
import type { FocusSettings } from '../focus/focus.ts';
import type { ChannelSettings } from '../network/network.ts';
import type { RoomSettings } from '../room/inputs.ts';

/** Whether a room is still there on the same channel, so that its people may stay. */
export function keepsChannel(room: RoomConfig, config: Config): boolean {
  const now = config.rooms.get(room.name);
  return now !== undefined && now.network === room.network && now.channel === room.channel;
}

/** The nick of the reader of a room's channel; nothing where there is no channel. */
export function readerNick({ network }: RoomConfig, { networks }: Config): string | undefined {
  return network === null ? undefined : networks.get(network)?.nick;
}

/** What the room itself has to know. */
export function roomSettings(config: RoomConfig, whole: Config): RoomSettings {
  const reader = readerNick(config, whole);
  const { name, subject, nicknames, privateMessages, distribute, history, network, channel } = config;
  return {
    name,
    subject: subject ?? undefined,
    nicknames,
    privateMessages,
    distribute,
    history,
    reservedNicknames: reader === undefined ? [] : [reader],
    operators: network === null || channel === null ? undefined : `@${channel}+${network}`,
  };
}

/** What the SIP side has to know. */
export function focusSettings(config: RoomConfig): FocusSettings {
  const { types, nicknames, privateMessages, allow, deny, network, channel } = config;
  return {
    types,
    nicknames,
    privateMessages,
    allow,
    deny,
    network: network === null || channel === null ? undefined : { name: network, channel },
  };
}

/** What the network's side has to know; the channel is empty where there is none. */
export function channelSettings(config: RoomConfig): ChannelSettings {
  return { channel: config.channel ?? '', key: config.key, maxLines: config.maxLines };
}
