/** MSRP (RFC 4975) with nicknames (RFC 7701 section 7) as a library: this is all that others import of it. */
export type {
  Beginning,
  IncomingMessage,
  IncomingReport,
  MessageFlow,
  MessageOpening,
  MessageReply,
  MsrpSession,
  NicknameRequest,
  Peer,
  SessionHandler,
  SessionOptions,
  Settled,
} from './api.ts';
export type { Enclosure, FailureReport, OutgoingMessage } from './outgoing-message.ts';
export type { Fill } from './backlog.ts';
export type { ByteRange } from './byte-range.ts';
export { GrowingBody, type GrowingBodyOptions } from './growing-body.ts';
export { tcpDial } from './dialling.ts';
export type { FanOut, Follower } from './fan-out.ts';
export { MsrpEndpoint, type MsrpEndpointOptions } from './endpoint.ts';
export { canBeVerified, type Fingerprint, fingerprintsOf } from './fingerprint.ts';
export type { CloseReason } from './session-states.ts';
export { formatMsrpUri, type MsrpUri, parseMsrpPath, parseMsrpUri, sameMsrpUri } from './uri.ts';
