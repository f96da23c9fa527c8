/** What users of the SIP side of the rooms see: it is opened for a room, given its effects, and closed. */
import type { Rate } from '../common/bucket.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Fingerprint, MsrpEndpoint } from '../msrp/index.ts';
import type { FocusEffect } from '../room/effects.ts';
import type { SipStack } from '../sip/index.ts';
import type { MsrpPlace } from './places.ts';

export interface FocusOptions {
  readonly sip: SipStack;
  readonly msrp: MsrpEndpoint;
  readonly clock: Clock;
  readonly log: Log;
  /** The host part of all our URIs; an IPv6 address in brackets. */
  readonly domain: string;
  /** Names of the configured networks: addresses of their people are not for SIP participants. Asked each time. */
  readonly networks: () => Iterable<string>;
  /** Where peers reach our MSRP listeners, at least one: the first that fits an offer is taken, and for our own offers the first that the peer can reach. */
  readonly msrpPlaces: readonly [MsrpPlace, ...MsrpPlace[]];
  /** Of the certificate that TLS shows now; asked for each session. */
  readonly fingerprints: () => readonly Fingerprint[];
  /** Bytes of one whole message: a=max-size. */
  readonly maxMessageBytes: number;
  readonly limits: FocusLimits;
}

/** What one participant may take of a room. */
export interface FocusLimits {
  /** How long a device may be congested without a pause, in milliseconds; then it is hung up on (RFC 7701 section 6.4). */
  readonly congestedMs: number;
  /** How many messages and NICKNAMEs one participant may send; undefined: as many as it can. Others are refused. */
  readonly pace: Rate | undefined;
}

export interface FocusSettings {
  /** The types that the room takes in a wrapper: a=accept-wrapped-types. */
  readonly types: readonly string[];
  readonly nicknames: boolean;
  readonly privateMessages: boolean;
  /** Patterns of SIP addresses with `*` that may come in; `deny` is checked first. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** The network behind the room and its channel, for texts; undefined: none. */
  readonly network: { readonly name: string; readonly channel: string } | undefined;
}

export interface FocusRoom {
  /** Carries out an effect of the room. */
  effect(effect: FocusEffect): void;
  configure(settings: FocusSettings): void;
  /**
   * To be called after the room was told `close`, which sends everybody away: takes no more calls. Resolves when every
   * BYE is answered, or 2 s are over.
   */
  close(): Promise<void>;
}
