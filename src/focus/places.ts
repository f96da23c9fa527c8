/** Where peers reach our MSRP listeners, and which of these places goes with an m-line. */
import type { MessageMedia } from '../formats/sdp.ts';
import { parseMsrpPath } from '../msrp/index.ts';

/** One way in. */
export interface MsrpPlace {
  /** `msrps`: TLS (RFC 4975 section 14.1). */
  readonly scheme: 'msrp' | 'msrps';
  /** How bytes travel, as the parameter of our path says it: `ws` for RFC 7977. */
  readonly transport: 'tcp' | 'ws';
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The protocol of the m-line (RFC 4975 section 8.1). RFC 7977 has none for WebSockets: there the path says it. */
export function protocolOf({ scheme }: Pick<MsrpPlace, 'scheme'>): 'TCP/MSRP' | 'TCP/TLS/MSRP' {
  return scheme === 'msrps' ? 'TCP/TLS/MSRP' : 'TCP/MSRP';
}

/** The place that an offer of ours names: the first of those that the peer can reach, as it has come by a WebSocket or not. */
export function placeForOffer(
  places: readonly [MsrpPlace, ...MsrpPlace[]],
  { transport }: { readonly transport: string },
): MsrpPlace {
  const wanted = transport === 'ws' || transport === 'wss' ? 'ws' : 'tcp';
  return places.find((place) => place.transport === wanted) ?? places[0];
}

/**
 * The first of our places that speaks what an m-line proposes: its protocol, and of its path the URI that is nearest to us,
 * which is a relay's where there are relays. Nothing when no place does, or when we should dial a client of WebSockets: none
 * can be dialled (RFC 7977 section 5.1).
 */
export function placeFor(media: MessageMedia, places: readonly MsrpPlace[]): MsrpPlace | undefined {
  const nearest = parseMsrpPath(media.path.join(' '))?.[0];
  if (nearest?.transport === 'ws' && media.setup === 'passive') return undefined;
  return places.find(
    (place) =>
      protocolOf(place) === media.protocol &&
      place.scheme === nearest?.scheme &&
      place.transport === nearest.transport,
  );
}
