/** What a room wants done. A closed union of plain values; the loop hands each to its side. */
import type { Content } from './content.ts';
import type { Said } from './history.ts';
import type { Author, EndpointId, Newcomer, ParticipantId, RequestId } from './inputs.ts';
import type { Outcome } from './refusals.ts';

/** For the focus' side. */
export type FocusEffect =
  /** A message was taken and goes on its way; its outcome follows. */
  | { type: 'taken'; request: RequestId }
  | { type: 'answer'; request: RequestId; outcome: Outcome }
  /** To all participants of the focus' side, all devices but the one it came from. */
  | {
      type: 'deliver';
      content: Content;
      from: Author;
      origin: EndpointId | undefined;
      at: number | undefined;
    }
  /**
   * To these only, on devices that take private messages, and to the author's other devices.
   * `group`: addressed to that group of people and not to each. `request`: of a participant of the focus' side.
   */
  | {
      type: 'whisper';
      request?: RequestId;
      content: Content;
      from: Author;
      origin: EndpointId | undefined;
      to: readonly ParticipantId[];
      group: ParticipantId | undefined;
      at: number | undefined;
    }
  /** To one device that has come in, before anything newer: what was said of late, oldest first; never empty. */
  | { type: 'replay'; participant: ParticipantId; endpoint: EndpointId; messages: readonly Said[] }
  /** The room itself says something to one participant or to all. */
  | { type: 'tell'; to: ParticipantId | undefined; text: string }
  /** A participant must go: it is told why, and its devices are hung up on. */
  | { type: 'expel'; participant: ParticipantId; text: string; cause: 'expelled' | 'closed' }
  /** The roster, or what stands above it, is not what it was. */
  | { type: 'roster' };

/** For the network's side. */
export type NetworkEffect =
  | { type: 'admit'; request: RequestId; newcomer: Newcomer }
  | { type: 'release'; participant: ParticipantId; cause: 'left' | 'lost'; reason: string }
  | { type: 'relay'; request: RequestId; from: Author; content: Content }
  | {
      type: 'relay-private';
      request: RequestId;
      from: Author;
      to: readonly ParticipantId[];
      content: Content;
    }
  | { type: 'rename'; request: RequestId; participant: ParticipantId; nick: string | undefined }
  /** What `from` wrote to a participant in private could not be shown: it takes no private messages, or none now. */
  | { type: 'unheard'; participant: ParticipantId; from: ParticipantId };

export type RoomEffect = FocusEffect | NetworkEffect;
