/** A roster entry as the conference document shows it (RFC 4575 sections 5.6 and 5.7). */
import type { ConferenceEndpoint, ConferenceUser } from '../formats/conference-info.ts';
import { moderators, type Role } from '../room/inputs.ts';
import type { Entry } from '../room/roster.ts';
import type { Addresses } from './addresses.ts';

/** The user that stands for an entry. Its entity is From and To of messages, byte for byte. */
export function conferenceUser(entry: Entry, addresses: Addresses): ConferenceUser {
  const entity = entry.side === 'focus' ? entry.id : addresses.person(entry.id);
  const common = {
    status: entry.away ? 'on-hold' : 'connected',
    ...(entry.since === undefined ? {} : { joined: new Date(entry.since) }),
    media: 'sendrecv',
  } as const;
  const endpoints: ConferenceEndpoint[] =
    entry.side === 'focus'
      ? entry.endpoints.map(({ address }) => ({ entity: address, joiningMethod: 'dialed-in', ...common }))
      : [{ entity: `${entity};ep=irc`, ...common }];
  return { entity, nickname: entry.nick, roles: rolesOf(entry.roles), endpoints };
}

function rolesOf(roles: readonly Role[]): string[] {
  if (roles.length === 0) return ['participant'];
  // Readers that know none of our words find this one.
  return roles.some((role) => moderators.has(role)) ? ['moderator', ...roles] : [...roles];
}
