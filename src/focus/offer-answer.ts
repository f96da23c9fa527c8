/** Offer and answer of an MSRP session (RFC 3264, RFC 4975 section 8, RFC 7701 section 5.2): reading theirs, writing ours. */
import { randomHex } from '../common/ids.ts';
import { MediaTypes, mediaType } from '../formats/media-type.ts';
import {
  type Fingerprint,
  isMessageMedia,
  type LocalMessageMedia,
  type MessageMedia,
  parseSdp,
  SdpError,
  type SessionOffer,
  type Setup,
  writeAnswer,
  writeOffer,
} from '../formats/sdp.ts';
import { canBeVerified } from '../msrp/index.ts';
import type { FocusSettings } from './api.ts';
import { typesOrText } from './compat.ts';
import { type MsrpPlace, placeFor, protocolOf } from './places.ts';

const CPIM = 'message/cpim';
/** Every end must be able to receive them (RFC 4975 section 7.3.1); what may be in them is the room's choice. */
export const CONTAINERS: readonly string[] = ['multipart/mixed', 'multipart/alternative'];

/** The MSRP session that a description proposes. */
export interface PeerMedia {
  readonly offer: SessionOffer;
  readonly media: MessageMedia;
  /** Where we take it. */
  readonly place: MsrpPlace;
  /** What it takes in a wrapper (RFC 4975 section 8.6): what either attribute lists, but the wrapper itself. */
  readonly types: MediaTypes;
}

export type Reading =
  | { readonly ok: true; readonly peer: PeerMedia }
  | { readonly ok: false; readonly status: 400 | 488; readonly reason: string };

/** Reads a description and takes the first m-line that can be used in one of these places. */
export function readDescription(sdp: string, places: readonly MsrpPlace[]): Reading {
  let offer: SessionOffer;
  try {
    offer = parseSdp(sdp);
  } catch (error) {
    if (!(error instanceof SdpError)) throw error;
    return { ok: false, status: 400, reason: `Bad SDP: ${error.message}` };
  }
  // RFC 7701 section 5.2: without message/cpim in a=accept-types the line is refused. So is one that is about a file
  // (RFC 5547 section 8.3): a room has nowhere to put it, and its bytes are no messages.
  const wrapping = offer.media
    .filter(isMessageMedia)
    .filter(({ acceptTypes, file }) => file === undefined && new MediaTypes(acceptTypes).takes(CPIM));
  const placed = wrapping.flatMap((media) => {
    const place = placeFor(media, places);
    return place ? [{ media, place }] : [];
  });
  const usable = placed.find(({ media, place }) => hasUsableFingerprints(media, place));
  if (!usable) {
    const protocols = [...new Set(places.map(protocolOf))].join(' Or ');
    const missing =
      placed.length === 0 ? `${protocols} That Takes message/cpim` : 'Fingerprint By A Usable Hash Function';
    return { ok: false, status: 488, reason: `No ${missing}` };
  }
  const { media, place } = usable;
  const listed = [...media.acceptTypes, ...media.acceptWrappedTypes].filter(
    (type) => mediaType(type) !== CPIM,
  );
  return { ok: true, peer: { offer, media, place, types: new MediaTypes(typesOrText(listed)) } };
}

/**
 * RFC 8122 section 5: fingerprints by MD5 and MD2 must not be verified, so a line that has no other could not be connected.
 * Those that nobody looks at do not matter: without TLS, over a WebSocket, behind a relay.
 */
function hasUsableFingerprints(
  { fingerprints, path }: MessageMedia,
  { scheme, transport }: MsrpPlace,
): boolean {
  const counts = scheme === 'msrps' && transport === 'tcp' && path.length === 1;
  return !counts || fingerprints.length === 0 || canBeVerified(fingerprints);
}

/** Our part of the connection (RFC 6135 section 4.2): we dial where the peer waits, else we wait. */
export type Part = 'active' | 'passive';

/** Our part when the peer has made the offer. Without a=setup who offers dials (RFC 4975 section 5.4). */
export function partOfAnswerer(setup: Setup | undefined): Part {
  return setup === 'passive' ? 'active' : 'passive';
}

/** Our part when the offer was ours. */
export function partOfOfferer(setup: Setup | undefined): Part {
  return setup === 'passive' || setup === undefined ? 'active' : 'passive';
}

/** Tokens of a=chatroom (RFC 7701 section 8): what the room allows, whatever the peer knows. */
function chatroomTokens(settings: Pick<FocusSettings, 'nicknames' | 'privateMessages'>): string[] {
  return [
    ...(settings.nicknames ? ['nickname'] : []),
    ...(settings.privateMessages ? ['private-messages'] : []),
  ];
}

/** What our side of a session is made of. */
export interface OwnMedia {
  readonly place: MsrpPlace;
  readonly path: string;
  readonly fingerprints: readonly Fingerprint[];
  readonly settings: Pick<FocusSettings, 'types' | 'nicknames' | 'privateMessages'>;
  readonly maxMessageBytes: number;
}

/** Our side of one call: the version of its o-line goes up whenever it says something new, and only then. */
export class OwnDescription {
  readonly #host: string;
  /** At most 48 bits: RFC 8866 section 5.2 wants digits. */
  readonly #id = String(Number.parseInt(randomHex(6), 16));
  #version = 1;
  #text = '';

  constructor(host: string) {
    this.#host = host;
  }

  /** The answer to an offer of which one m-line is taken. */
  answer({ offer, media }: Pick<PeerMedia, 'offer' | 'media'>, own: OwnMedia): string {
    const accepted = new Map([[media.index, localMedia(own, partOfAnswerer(media.setup))]]);
    return this.#next((version) => writeAnswer(offer, { origin: this.#origin(version), accepted }));
  }

  offer(own: OwnMedia): string {
    const media = localMedia(own, 'actpass');
    return this.#next((version) => writeOffer({ origin: this.#origin(version), media }));
  }

  /** What was said last, as an offer: nothing of it changes but that it leaves the choice of a=setup (RFC 6135 section 4.2.2). */
  again(): string {
    const text = this.#text.replace(/^a=setup:\w+/m, 'a=setup:actpass');
    return this.#next((version) => text.replace(/^(o=\S+ \S+) \d+/m, `$1 ${version}`));
  }

  #next(write: (version: number) => string): string {
    if (this.#text === '') return (this.#text = write(this.#version));
    // RFC 3264 section 8: the same version means the same words.
    if (write(this.#version) !== this.#text) {
      this.#version += 1;
      this.#text = write(this.#version);
    }
    return this.#text;
  }

  #origin(version: number): { id: string; version: number; host: string } {
    return { id: this.#id, version, host: this.#host };
  }
}

/** RFC 4975 section 8.6: what everybody must be able to receive is to be listed like all else. */
function wrappedTypes(types: readonly string[]): string[] {
  const listed = new MediaTypes(types);
  return [...types, ...CONTAINERS.filter((type) => !listed.takes(type))];
}

function localMedia(own: OwnMedia, setup: Setup): LocalMessageMedia {
  return {
    host: own.place.host,
    port: own.place.port,
    path: own.path,
    // RFC 7701 section 5.2: the wrapper and nothing else.
    acceptTypes: [CPIM],
    acceptWrappedTypes: wrappedTypes(own.settings.types),
    chatroom: chatroomTokens(own.settings),
    setup,
    maxSize: own.maxMessageBytes,
    protocol: protocolOf(own.place),
    fingerprints: own.fingerprints,
  };
}
