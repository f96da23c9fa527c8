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

/**
 * The first of our places that speaks what an m-line proposes: its protocol, and of its path the URI that is nearest to us,
 * which is a relay's where there are relays. Nothing when no place does.
 */
export function placeFor(media: MessageMedia, places: readonly MsrpPlace[]): MsrpPlace | undefined {
  const nearest = parseMsrpPath(media.path.join(' '))?.[0];
  return places.find(
    (place) =>
      protocolOf(place) === media.protocol &&
      place.scheme === nearest?.scheme &&
      place.transport === nearest.transport,
  );
}
