/** What can happen to a room. A closed union of plain values; `Room.handle` takes each. */
import type { Content } from './content.ts';
import type { Outcome } from './refusals.ts';

/** Who a participant is, for as long as it is here. The side that it comes from makes it. */
export type ParticipantId = string;
/** One device of a participant. */
export type EndpointId = string;
/** Ties what was asked to its outcome. */
export type RequestId = string;

/** Somebody who wants to come in from the focus' side. */
export interface Newcomer {
  readonly id: ParticipantId;
  /** What it calls itself; empty when it says nothing. */
  readonly displayName: string;
  /** The name in its address. */
  readonly userName: string;
  /** Its address as others may see it. */
  readonly address: string;
  readonly anonymous: boolean;
  /** The network address that it comes from. */
  readonly host: string;
}

export interface EndpointInfo {
  readonly id: EndpointId;
  /** What the roster calls this device. */
  readonly address: string;
  /** Whether it can take private messages. */
  readonly takesPrivate: boolean;
}

/** What somebody may do in the room, from most to least. */
export type Role = 'owner' | 'administrator' | 'operator' | 'half-operator' | 'voice';

/** Roles that may decide about others. */
export const moderators: ReadonlySet<Role> = new Set<Role>([
  'owner',
  'administrator',
  'operator',
  'half-operator',
]);

/** Somebody of the network's side. */
export interface Person {
  readonly id: ParticipantId;
  readonly nick: string;
  readonly roles: readonly Role[];
  readonly away: boolean;
}

/** Whom a private message is for: by identity, or else by the nickname that the address holds. */
export interface Recipient {
  readonly id: ParticipantId;
  readonly nick: string | undefined;
}

/** Who speaks, as shown beside the message. */
export interface Author {
  readonly id: ParticipantId;
  readonly nick: string;
}

export interface RoomSettings {
  /** What the room is called where nothing better is known. */
  readonly name: string;
  /** Told instead of the network's topic where set. */
  readonly subject: string | undefined;
  readonly nicknames: boolean;
  readonly privateMessages: boolean;
  readonly distribute: 'after-irc' | 'immediately';
  /** Messages that are kept for those who come in. */
  readonly history: number;
  /** Nicknames that nobody may have, as those of the gateway itself. */
  readonly reservedNicknames: readonly string[];
  /** The id that stands for the operators of the room, where the network's side takes messages to them. */
  readonly operators: ParticipantId | undefined;
}

/** From the focus' side. */
export type FocusInput =
  | { type: 'join'; request: RequestId; newcomer: Newcomer; endpoint: EndpointInfo }
  /** The join is no longer wanted, or is undone. */
  | { type: 'cancel'; request: RequestId }
  | {
      type: 'leave';
      participant: ParticipantId;
      endpoint: EndpointId;
      cause: 'left' | 'lost';
      reason: string;
    }
  | { type: 'say'; request: RequestId; from: ParticipantId; endpoint: EndpointId; content: Content }
  | {
      type: 'whisper';
      request: RequestId;
      from: ParticipantId;
      endpoint: EndpointId;
      to: readonly Recipient[];
      content: Content;
    }
  /** A file has come in whole that was said before its size was known; or its author has given it up. */
  | { type: 'complete'; request: RequestId }
  | { type: 'given-up'; request: RequestId }
  /** Without a nick: the default one is asked for. */
  | { type: 'rename'; request: RequestId; participant: ParticipantId; nick: string | undefined }
  /** The device has shown, or says now, whether it takes private messages. */
  | { type: 'takes-private'; participant: ParticipantId; endpoint: EndpointId; takes: boolean }
  /** What `from`, of the network's side, wrote to a participant in private could be sent to none of its devices. */
  | { type: 'missed'; participant: ParticipantId; from: ParticipantId };

/** From the network's side. */
export type NetworkInput =
  | { type: 'settled'; request: RequestId; outcome: Outcome }
  /** All people of the network's side, in place of those known before. */
  | { type: 'people'; people: readonly Person[] }
  | { type: 'arrived'; person: Person }
  | { type: 'departed'; id: ParticipantId }
  | { type: 'changed'; id: ParticipantId; nick?: string; roles?: readonly Role[]; away?: boolean }
  | { type: 'heard'; from: ParticipantId; nick: string; content: Content; at: number }
  | {
      type: 'whispered';
      from: ParticipantId;
      nick: string;
      to: ParticipantId;
      /** The group of people that it was addressed to, where it was not to the participant alone. */
      group?: ParticipantId;
      content: Content;
      at: number;
    }
  | { type: 'topic'; text: string }
  /** A participant of the focus' side was removed by somebody over there. */
  | { type: 'expelled'; participant: ParticipantId; text: string }
  /** Something to be told to one participant, or to all of the focus' side. */
  | { type: 'told'; to: ParticipantId | undefined; text: string }
  /** Whether the network can be reached. */
  | { type: 'reach'; up: boolean; text: string };

export type RoomInput =
  FocusInput | NetworkInput | { type: 'configure'; settings: RoomSettings } | { type: 'close'; text: string };
