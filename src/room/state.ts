/** What the features of a room share. */
import type { History } from './history.ts';
import type { FocusEffect, RoomEffect } from './effects.ts';
import type { RequestId, RoomInput, RoomSettings } from './inputs.ts';
import type { Outcome } from './refusals.ts';
import type { Roster } from './roster.ts';

/** The input of one type. */
export type Input<T extends RoomInput['type']> = Extract<RoomInput, { type: T }>;

/** The state of one room, owned by its `Room`. */
export interface RoomState {
  settings: RoomSettings;
  readonly roster: Roster;
  readonly history: History;
  /** Whether there is another side at all. */
  readonly networked: boolean;
  /** Whether the network's side can be reached now. */
  up: boolean;
}

/** The one effect that needs no more words: whoever shows the roster looks at it anew. */
export const rosterChanged: FocusEffect = { type: 'roster' };

/** Tells the focus' side how a request has ended. */
export function answer(request: RequestId, outcome: Outcome): RoomEffect {
  return { type: 'answer', request, outcome };
}
