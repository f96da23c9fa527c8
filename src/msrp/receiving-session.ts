/** What requests of the peer need of the session that they came for. */
import type { Beginning, IncomingMessage, MessageOpening, NicknameRequest } from './api.ts';
import type { Assembler } from './assembler.ts';
import type { ByteRange } from './byte-range.ts';
import type { MsrpHead } from './head.ts';
import type { Enclosure } from './outgoing-message.ts';
import type { SeenMessages } from './seen-messages.ts';

export interface ReceivingSession {
  readonly assembler: Assembler;
  readonly seen: SeenMessages;
  readonly link: { pause(): void; resume(): void } | undefined;
  accepts(contentType: string): boolean;
  admits(): boolean;
  /** Answers as Failure-Report wants it. The first answer of a session lets its own messages go. */
  respond(head: MsrpHead, status: number, comment?: string): void;
  report(messageId: string, range: ByteRange, status: number, comment?: string, body?: Enclosure): void;
  message(message: IncomingMessage): void;
  begins(opening: MessageOpening): Beginning;
  nickname(request: NicknameRequest): void;
}
