/** SIP for servers (RFC 3261, 6665) around sip.js: this is all that others import of it. */
export type {
  AcceptOptions,
  CallEnd,
  CallHandler,
  Invitation,
  NotificationHandler,
  NotifyBody,
  OutgoingCallHandler,
  OutgoingCallOptions,
  Party,
  Reinvitation,
  SipCall,
  SipListen,
  SipRoom,
  SipRoomHandler,
  SipRoomOptions,
  SipStackOptions,
  SipTransport,
  Source,
  SubscribeOptions,
  SubscribeRequest,
  Subscription,
  SubscriptionEnd,
  SubscriptionHandler,
} from './api.ts';
export { addressKey } from './address-key.ts';
export { formatNameAddr, type NameAddr, parseNameAddr, partyOf } from './name-addr.ts';
export { SipStack } from './stack.ts';
export {
  canonicalUri,
  canonicalUser,
  escapeUser,
  formatSipUri,
  parseSipUri,
  sameSipUri,
  type SipUri,
} from './uri.ts';
