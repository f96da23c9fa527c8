/** The rules of `rooms`. */
import type { RoomConfig } from './config.ts';
import type { KeyPath, Report } from './problems.ts';
import type { Settings } from './schema.ts';

type RoomSettings = Settings['rooms'] extends ReadonlyMap<string, infer T> ? T : never;

const LONGEST_CHANNEL = 200;
// RFC 2812 section 1.3 forbids space, comma and BEL; other control characters would only disturb a terminal.
const CHANNEL = /^[#&+!][^ ,\p{Cc}]*$/u;
const MEDIA_TYPE = /^(\*|[\w!#$&^.+-]+\/(\*|[\w!#$&^.+-]+))$/;

export function roomConfigs(
  settings: Settings['rooms'],
  networks: ReadonlyMap<string, unknown>,
  report: Report,
): ReadonlyMap<string, RoomConfig> {
  const rooms = new Map<string, RoomConfig>();
  const channels = new Map<string, string>();
  for (const [name, room] of settings) {
    const path = ['rooms', name];
    checkChannel(room, path, networks, report);
    if (room.network !== null && room.channel !== null) {
      const channel = `${room.network} ${foldChannel(room.channel)}`;
      const other = channels.get(channel);
      if (other === undefined) channels.set(channel, name);
      else report.add([...path, 'channel'], `room ${other} is on ${room.channel} of ${room.network} already`);
    }
    checkLists(room, path, report);
    const { commands: _, roster: __, ...rest } = room;
    rooms.set(name, { name, ...rest, types: room.types.map((type) => type.toLowerCase()) });
  }
  return rooms;
}

function checkChannel(
  { network, channel }: RoomSettings,
  path: readonly string[],
  networks: ReadonlyMap<string, unknown>,
  report: Report,
): void {
  const networkPath = [...path, 'network'];
  const channelPath = [...path, 'channel'];
  if (network !== null && !networks.has(network)) {
    report.add(networkPath, `there is no network ${JSON.stringify(network)} in networks`);
  }
  if (network !== null && channel === null) {
    report.add(
      channelPath,
      'must be set where there is a network; in quotes, as # begins a comment: "#lobby"',
    );
  }
  // A network with a fault of its own is not a missing one.
  if (network === null && channel !== null && report.fine(networkPath)) {
    report.add(networkPath, 'must be set where there is a channel');
  }
  if (channel === null) return;
  if (!CHANNEL.test(channel)) {
    report.add(
      channelPath,
      `must begin with # & + or ! and have no space or comma; it is ${JSON.stringify(channel)}`,
    );
  } else if (Buffer.byteLength(channel) > LONGEST_CHANNEL) {
    report.add(channelPath, `must have ${LONGEST_CHANNEL} bytes at most`);
  }
}

function checkLists({ types, allow, deny }: RoomSettings, path: readonly string[], report: Report): void {
  const each = (list: readonly string[], name: string, pattern: RegExp, complaint: string): void => {
    list.forEach((item, at) => {
      const itemPath: KeyPath = [...path, name, at];
      if (!pattern.test(item)) report.add(itemPath, `${complaint}; it is ${JSON.stringify(item)}`);
    });
  };
  if (types.length === 0) report.add([...path, 'types'], 'must name at least one media type');
  each(types, 'types', MEDIA_TYPE, 'must be type/subtype, type/* or *');
  const address = /^[^\s@]*[*@]\S*$/;
  each(allow, 'allow', address, 'must be a pattern of SIP addresses, e.g. "*@example.com"');
  each(deny, 'deny', address, 'must be a pattern of SIP addresses, e.g. "*@example.com"');
}

// As rfc1459 CASEMAPPING does it (RFC 2812 section 2.2). A server may tell more channels apart, never fewer of ASCII.
function foldChannel(channel: string): string {
  return channel.replace(/[A-Z[\]\\^]/g, (found) => String.fromCharCode(found.charCodeAt(0) + 32));
}
