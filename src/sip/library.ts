/** sip.js: all that is set in it for the whole process, and its log. */
import {
  ClientTransaction,
  type IncomingRequestMessage,
  LoggerFactory,
  type OutgoingRequestMessage,
  type Session,
  type UserAgentServer,
} from 'sip.js/lib/core/index.js';
import { AllowedMethods } from 'sip.js/lib/core/user-agent-core/allowed-methods.js';
import { randomHex } from '../common/ids.ts';
import type { Log } from '../common/log.ts';
import { METHODS } from './refusal.ts';

// COMPAT: a list of the whole module, which is both the Allow of a 200 to INVITE and the gate before 405. Set once, here.
AllowedMethods.splice(0, AllowedMethods.length, ...METHODS);

// COMPAT: sip.js draws a branch from ten million values. They can be guessed, and a room with a thousand subscribers
// draws one twice now and then: the second transaction would then take the answers of the first.
(ClientTransaction as unknown as { makeId(request: OutgoingRequestMessage): string }).makeId = (request) =>
  request.method === 'CANCEL' && request.branch !== undefined ? request.branch : `z9hG4bK${randomHex(12)}`;

/** An identifier of ours: tag, Call-ID. */
export function newId(): string {
  return randomHex(10);
}

/** COMPAT: sip.js makes its To tags of Math.random, and takes another only for single answers. */
export function giveTag(server: { message: IncomingRequestMessage }): string {
  const toTag = server.message.toTag || newId();
  (server as unknown as { toTag: string }).toTag = toTag;
  return toTag;
}

/** COMPAT: sip.js goes on with the 200 of a re-INVITE that was acknowledged when the next re-INVITE waits for its answer. */
export function stopRetransmitting(session: Session): void {
  const kept = session as unknown as { invite2xxTimer: ReturnType<typeof setTimeout> | undefined };
  clearTimeout(kept.invite2xxTimer);
  kept.invite2xxTimer = undefined;
}

/** What a server of sip.js keeps of its transaction. */
export type AnyServer = Pick<UserAgentServer, 'message' | 'transaction'>;

/**
 * sip.js calls errors what a peer has done: an answer without Contact, a connection refused. So nothing of its log is
 * above debug here; what matters is logged by those who know what it means.
 */
export function loggerFactory(log: Log): LoggerFactory {
  const factory = new LoggerFactory();
  factory.builtinEnabled = false;
  factory.connector = (level, category, _label, content) => {
    if (level === 'debug') log.trace({ category }, String(content));
    else log.debug({ category }, String(content));
  };
  return factory;
}
