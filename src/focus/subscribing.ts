/** Who may subscribe to the roster of a room: its members, from where their devices are (RFC 4575 section 3.5). */
import type { SubscribeRequest } from '../sip/index.ts';
import { isAllowed } from './admission.ts';
import type { Endpoint } from './endpoint.ts';
import type { FocusState } from './state.ts';

/**
 * The devices that a SUBSCRIBE, which comes outside of their dialogs, may be of; none where it is to be refused. The rule
 * is that of second devices: the same address at the same place (contract.md, Addresses).
 */
export function subscribingDevices(request: SubscribeRequest, state: FocusState): Endpoint[] {
  if (!isAllowed(request.from.uri, state.settings)) return [];
  const there = state.participants.at(request.from.uri, request.source.host);
  // Somebody may be here both openly and anonymously, and all who hide behind the same address look alike: the last one
  // who came in that manner is meant, since clients subscribe when they have come.
  const alike = there.filter(({ identity }) => identity.anonymous === request.anonymous);
  const candidates = alike.length > 0 ? alike : there;
  const meant = candidates.at(-1)?.identity.id;
  return candidates.filter(({ identity }) => identity.id === meant);
}
