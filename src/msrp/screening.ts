/** Which requests are not taken at all, whatever they ask for. */
import { parseByteRange } from './byte-range.ts';
import type { MsrpHead } from './head.ts';
import type { HostedSession, SessionLink } from './session-host.ts';

/** Why not. `untrusted`: the certificate of the connection is not the one that the SDP names. */
export type Refusal = { readonly status: number; readonly comment?: string } | 'untrusted';

/** What speaks against a request for this session over this connection. `isCrowded`: it takes no further session. */
export function refusalOf(
  head: MsrpHead,
  session: HostedSession,
  connection: SessionLink & { readonly isCrowded: boolean },
): Refusal | undefined {
  // One session, one connection (RFC 4975 section 5.4).
  if (session.link && session.link !== connection) return { status: 506 };
  if (!session.peer.isOf(head.fromPath)) return { status: 481 };
  if (!session.link) {
    const objection = session.trust.objection(connection.secured);
    if (objection) return objection === 'untrusted' ? 'untrusted' : { status: 481 };
    if (connection.isCrowded) return { status: 403, comment: 'too many sessions on this connection' };
  }
  // Until it is known who may speak there is nothing to be heard but the first, bodiless SEND.
  if (!session.trust.isSettled && !isBodilessSend(head)) return { status: 403, comment: 'too early' };
  const isBroken = head.repeated || (head.byteRange !== '' && !parseByteRange(head.byteRange));
  return isBroken ? { status: 400 } : undefined;
}

function isBodilessSend({ method, flag }: MsrpHead): boolean {
  return method === 'SEND' && flag !== undefined;
}
