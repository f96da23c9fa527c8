/** The client's side of the session, as SDP (RFC 7701 section 8, RFC 6135). */
import { parseSdp, writeAnswer, writeOffer, type LocalMessageMedia } from '../../../src/formats/sdp.ts';
import type { MsrpSession } from '../../../src/msrp/index.ts';
import type { Reinvitation } from '../../../src/sip/index.ts';
import type { Target } from './target.ts';

export function offerOf(target: Target, session: MsrpSession): string {
  return writeOffer({ origin: originOf(target), media: mediaOf(target, session) });
}

/** The session as it is, once more; the room cannot move it. */
export function acceptedAgain(request: Reinvitation, target: Target, session: MsrpSession): void {
  if (request.offer === undefined) return request.accept(offerOf(target, session));
  try {
    const offer = parseSdp(request.offer);
    const line = offer.messages()[0];
    if (!line) return request.reject(488, 'Not Acceptable Here');
    const accepted = new Map([[line.index, mediaOf(target, session)]]);
    request.accept(writeAnswer(offer, { origin: originOf(target), accepted }));
  } catch {
    request.reject(400, 'Bad SDP');
  }
}

function originOf({ local }: Target) {
  return { id: '1', version: 1, host: local };
}

function mediaOf({ local }: Target, session: MsrpSession): LocalMessageMedia {
  return {
    host: local,
    port: 9,
    path: session.path,
    acceptTypes: ['message/cpim'],
    acceptWrappedTypes: ['text/plain', 'text/html', '*'],
    chatroom: ['nickname', 'private-messages'],
    setup: 'active',
    maxSize: 10 * 1_048_576,
    protocol: 'TCP/MSRP',
  };
}
