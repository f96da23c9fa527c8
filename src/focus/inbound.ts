/** What a SEND of a participant is: for the room, for some, for nobody, or wrong (RFC 7701 sections 6.1 to 6.3). */
import { type Cpim, CpimCutError, CpimError, parseCpim } from '../formats/cpim.ts';
import { type MediaTypes, mediaType } from '../formats/media-type.ts';
import type { ParticipantId, Recipient } from '../room/inputs.ts';
import { addressKey } from '../sip/index.ts';
import type { Addresses } from './addresses.ts';
import type { Identity } from './admission.ts';
import type { MsrpAnswer } from './answers.ts';
import { CONTAINERS } from './offer-answer.ts';
import { isOtrQuery } from './compat.ts';
import { CpimContent, isFileType } from './cpim-content.ts';

export type Inbound =
  | { readonly kind: 'say'; readonly content: CpimContent }
  | { readonly kind: 'whisper'; readonly content: CpimContent; readonly to: readonly Recipient[] }
  /** Taken, and that is all; `content` where it was a private message. */
  | { readonly kind: 'nothing'; readonly content: CpimContent | undefined }
  | ({ readonly kind: 'refused' } & MsrpAnswer);

/** Who sends it, and where to. */
export interface InboundContext {
  readonly addresses: Addresses;
  /** The name of the room. */
  readonly room: string;
  readonly sender: Identity;
  /** The URI by which the sender knows the room. */
  readonly dialled: string;
  /** Who in the room is meant by an address, however it is written. */
  readonly known: (address: string) => ParticipantId | undefined;
  /** What the room takes in a wrapper. */
  readonly types: MediaTypes;
}

/** Headers of the wrapper that we understand (RFC 3862 section 4), so that a message may require it. */
const KNOWN: ReadonlySet<string> = new Set(['From', 'To', 'cc', 'DateTime', 'Subject', 'NS', 'Require']);

/** What the beginning of a long message says: more of it must be seen, or all of it, or what it is. `content` ends where the wrapper's does. */
export type Front =
  { readonly kind: 'later' | 'keep' } | Extract<Inbound, { kind: 'say' | 'whisper' | 'refused' }>;

/** Reads the beginning of a message/cpim, as far as it has come. */
export function readFront(bytes: Buffer, context: InboundContext): Front {
  let front: Cpim;
  try {
    front = parseCpim(bytes);
  } catch (error) {
    if (error instanceof CpimCutError) return { kind: 'later' };
    if (error instanceof CpimError) return refused(400, `bad message/cpim: ${error.message}`);
    throw error;
  }
  // Of what has parts nothing can be said before it is whole: they may break off anywhere here.
  if (!isFileType(mediaType(front.contentType))) return { kind: 'keep' };
  // A copy: it is kept for longer than what comes with it.
  const content = new CpimContent(Buffer.from(bytes.subarray(0, bytes.length - front.body.length)));
  const wrong = faultOf(content, context);
  if (wrong) return wrong;
  const to = recipientsOf(content, context);
  return to ? { kind: 'whisper', content, to } : { kind: 'say', content };
}

/** Reads a whole message/cpim. The bytes are kept with it. */
export function readInbound(bytes: Buffer, context: InboundContext): Inbound {
  let content: CpimContent;
  try {
    content = new CpimContent(bytes);
  } catch (error) {
    if (!(error instanceof CpimError)) throw error;
    return refused(400, `bad message/cpim: ${error.message}`);
  }
  const wrong = faultOf(content, context);
  if (wrong) return wrong;
  const to = recipientsOf(content, context);
  // RFC 5438 section 7.2.1: a notification is for who sent the message; the room has not asked for any.
  if (!to && content.isNotification) return { kind: 'nothing', content: undefined };
  if (content.isEmpty) return { kind: 'nothing', content: to && content };
  if (to) return { kind: 'whisper', content, to };
  return isOtrQuery(content) ? { kind: 'nothing', content: undefined } : { kind: 'say', content };
}

function faultOf(
  content: CpimContent,
  { sender, types }: InboundContext,
): Extract<Inbound, { kind: 'refused' }> | undefined {
  const { from, to, require } = content.cpim;
  // RFC 7701 sections 6.1 and 6.3: a From that does not belong to the sender.
  const isOpen = isSame(from.uri, sender.id);
  if (!isOpen && !isSame(from.uri, sender.address)) return refused(403, 'From is not your address');
  // RFC 7701 section 6.1.
  if (to.length > 1) return refused(403, 'more than one To');
  // RFC 3862 section 3.5: what has to be understood and is not must not be processed.
  const unknown = require.filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) return refused(415, `Require is not understood: ${unknown.join(', ')}`);
  const strange = content.types.find((type) => !CONTAINERS.includes(type) && !types.takes(type));
  if (strange !== undefined) return refused(415, `this room does not take ${strange}`);
  if (sender.anonymous && !isOpen && content.isSealed) {
    return refused(403, 'a signed or encrypted message would tell your address');
  }
  // Only From is written anew (RFC 7701 section 6.1: the anonymous one must not reveal the other).
  if (sender.anonymous && content.mentionsAbove(sender.address)) {
    return refused(403, 'a header of the wrapper would tell your address');
  }
  // Its document names whom the message had reached, and nothing in there may be changed.
  if (sender.anonymous && content.isNotification && content.mentions(sender.address)) {
    return refused(403, 'the notification would tell your address');
  }
  return undefined;
}

/** Whether two addresses are of the same person; nearly always they are the same text. */
function isSame(one: string, other: string): boolean {
  return one === other || addressKey(one) === addressKey(other);
}

/** Whom a private message is for; nothing for one to the room, whomever else it is copied to. */
function recipientsOf({ cpim }: CpimContent, context: InboundContext): Recipient[] | undefined {
  const { addresses, room, dialled, known } = context;
  const [to] = cpim.to;
  if (to === undefined || addresses.isRoom(to.uri, room, dialled)) return undefined;
  const recipients = new Map<string, Recipient>();
  for (const { uri } of [to, ...cpim.cc]) {
    const named = addresses.recipient(uri, dialled);
    // Who was named by a nick is on a network.
    const recipient = named.nick === undefined ? { ...named, id: known(named.id) ?? named.id } : named;
    recipients.set(recipient.id, recipient);
  }
  return [...recipients.values()];
}

function refused(status: number, comment: string): Extract<Inbound, { kind: 'refused' }> {
  return { kind: 'refused', status, comment };
}
