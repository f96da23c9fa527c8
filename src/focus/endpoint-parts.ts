/** What a device is made of, and whom it tells. `E` is the device itself. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type {
  Beginning,
  Fingerprint,
  IncomingMessage,
  MessageOpening,
  MsrpEndpoint,
  NicknameRequest,
} from '../msrp/index.ts';
import type { EndpointId } from '../room/inputs.ts';
import type { Identity } from './admission.ts';
import type { FocusLimits, FocusSettings } from './api.ts';
import type { Claim } from './identities.ts';
import type { PeerMedia } from './offer-answer.ts';
import type { MsrpPlace } from './places.ts';

/** What a device tells its room. */
export interface EndpointEvents<E> {
  /** The MSRP session is there. */
  opened(endpoint: E): void;
  message(endpoint: E, message: IncomingMessage): void;
  /** A long message is coming in. */
  begins(endpoint: E, opening: MessageOpening): Beginning;
  nickname(endpoint: E, request: NicknameRequest): void;
  /** Its SDP is known, or is another one than before. Not told of what its INVITE brought. */
  described(endpoint: E): void;
  /** Whether it may send something more now: a message that begins, or a wish for a nickname. It counts. */
  admits(endpoint: E): boolean;
  /** It keeps up again; so many messages for it were left out before. */
  skipped(endpoint: E, count: number): void;
  /** It has sent something without a wrapper. */
  unwrapped(endpoint: E): void;
  /** Its SDP, a later one, says that it takes private messages, or does not say so any more. */
  takesPrivate(endpoint: E, takes: boolean): void;
  /** It has gone by itself: told once, and nothing after it. */
  left(endpoint: E, cause: 'left' | 'lost', reason: string): void;
}

export interface EndpointParts<E> {
  readonly id: EndpointId;
  readonly identity: Identity;
  readonly claim: Claim;
  /** The network address that it comes from. */
  readonly host: string;
  /** The URI by which it knows the room. */
  readonly dialled: string;
  /** What its INVITE offered, if it did. */
  readonly peer: PeerMedia | undefined;
  /** Where it is taken first. */
  readonly place: MsrpPlace;
  readonly events: EndpointEvents<E>;
  readonly tools: EndpointTools;
}

export interface EndpointTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly msrp: MsrpEndpoint;
  /** At least one. */
  readonly msrpPlaces: readonly [MsrpPlace, ...MsrpPlace[]];
  readonly fingerprints: () => readonly Fingerprint[];
  readonly maxMessageBytes: number;
  readonly limits: FocusLimits;
  readonly settings: () => FocusSettings;
}
