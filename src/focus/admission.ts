/** Who may come in, and as whom: the decisions that need nothing but the request and the room's settings. */
import { addressKey, canonicalUser, parseSipUri, type Party, type Source } from '../sip/index.ts';
import type { Addresses } from './addresses.ts';
import { matchesAny } from './address-patterns.ts';
import type { FocusSettings } from './api.ts';
import type { Claim, Identities } from './identities.ts';
import type { Newcomer, ParticipantId } from '../room/inputs.ts';

/** Somebody with a SIP device, as the room knows it. */
export interface Identity {
  /** The address that others see, in one form for all devices. It is the participant's id. */
  readonly id: ParticipantId;
  /** The address that this device came with; the same, perhaps otherwise written, unless it is anonymous. */
  readonly address: string;
  readonly anonymous: boolean;
  readonly displayName: string;
  /** The name in its address, without control characters. */
  readonly userName: string;
}

/** The claim is to be released when the device has gone. */
export type Admission =
  | { readonly ok: true; readonly identity: Identity; readonly claim: Claim }
  | { readonly ok: false; readonly reason: string };

/** What is known of who sends an INVITE or a SUBSCRIBE. */
interface Caller {
  readonly from: Party;
  readonly source: Source;
  readonly anonymous: boolean;
}

/** The host of addresses that name nobody (RFC 3323 section 4.1.1.3). */
const NOBODY = 'anonymous.invalid';

/** Decides about an INVITE of somebody who knows the room as `dialled`. All refusals are 403. */
export function admit(
  caller: Caller,
  dialled: string,
  parts: { readonly addresses: Addresses; readonly identities: Identities; readonly settings: FocusSettings },
): Admission {
  const { from, source } = caller;
  const userName = userNameOf(from.uri);
  if (userName === undefined || userName === '') return refusal('your address names no user');
  if (!isAllowed(from.uri, parts.settings)) return refusal('your address is not allowed in this room');
  if (parts.addresses.isReserved(from.uri, dialled)) return refusal('this address is not yours');
  // An address that names nobody is no one's, so two that come with it are two people.
  const nobody = parseSipUri(from.uri)?.host === NOBODY;
  const claim = nobody ? free(from.uri) : parts.identities.claim(from.uri, source.host);
  if (!claim) return refusal('somebody with your address is here from another place');
  if (!caller.anonymous) {
    const { uri, displayName } = from;
    const identity = { id: claim.address, address: uri, anonymous: false, displayName, userName };
    return { ok: true, identity, claim };
  }
  const anonymity = parts.identities.anonym(nobody ? undefined : from.uri);
  const release = (): void => {
    claim.release();
    anonymity.release();
  };
  return {
    ok: true,
    identity: { id: anonymity.uri, address: from.uri, anonymous: true, displayName: '', userName: '' },
    claim: { ...claim, release },
  };
}

/** The claim on an address that is no one's. */
function free(address: string): Claim {
  return { address, move() {}, release() {} };
}

/** Whether the settings of a room allow an address at all; `deny` is looked at first, and holds however the address is written, here or there. */
export function isAllowed(uri: string, { allow, deny }: Pick<FocusSettings, 'allow' | 'deny'>): boolean {
  const key = addressKey(uri);
  if (matchesAny(uri, deny) || matchesAny(key, deny)) return false;
  return !deny.some((pattern) => addressKey(pattern) === key) && matchesAny(uri, allow);
}

/** What the room is told of somebody; `host` is the network address that it comes from. */
export function newcomerOf(identity: Identity, host: string): Newcomer {
  const { id, displayName, userName, anonymous } = identity;
  return { id, displayName, userName, address: id, anonymous, host };
}

/** The name in an address; nothing for addresses of other kinds than SIP and telephone numbers. */
function userNameOf(address: string): string | undefined {
  const uri = parseSipUri(address);
  const name = uri
    ? canonicalUser(uri.user ?? '')
    : /^tel:(\+?[0-9A-Fa-f*#().-]+)(?:;.*)?$/i.exec(address)?.[1];
  return name?.replace(/\p{Cc}/gu, '');
}

function refusal(reason: string): Admission {
  return { ok: false, reason };
}
