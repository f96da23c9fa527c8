/** What is sent: a message, the body of a REPORT. */
import type { GrowingBody } from './growing-body.ts';

/** Of which outcomes the sender of a message wants to hear (RFC 4975 section 7.1.1). */
export type FailureReport = 'yes' | 'no' | 'partial';

/** The body of a REPORT. */
export interface Enclosure {
  readonly contentType: string;
  readonly body: Buffer;
}

/** A message to send. The same object may be sent over many sessions, which is cheaper; it is not changed after that. */
export interface OutgoingMessage {
  readonly contentType: string;
  readonly body: Buffer;
  /**
   * What follows `body` and may still be coming in; the message is sent as it comes. Nothing of it may have come when it
   * is sent. Where its source gives it up the message ends with `#`; where one recipient is too slow, that one's does.
   */
  readonly rest?: GrowingBody;
  /** Made up where absent; that of a message that goes over many sessions may be the same on all. */
  readonly messageId?: string;
  /** Default `partial`: errors come back, 200s do not. */
  readonly failureReport?: FailureReport;
  /** Default false. */
  readonly successReport?: boolean;
  /** Further headers, before Content-Type. Those that the library writes itself are left out. */
  readonly extraHeaders?: readonly (readonly [name: string, value: string])[];
}
