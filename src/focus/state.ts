/** What the features of a room's SIP side share. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { FocusInput } from '../room/inputs.ts';
import type { RosterView } from '../room/roster.ts';
import type { Addresses } from './addresses.ts';
import type { FocusSettings } from './api.ts';
import type { Participants } from './participants.ts';
import type { Requests } from './requests.ts';

/** Owned by the `Room` of focus/room.ts. */
export interface FocusState {
  readonly name: string;
  settings: FocusSettings;
  readonly addresses: Addresses;
  readonly participants: Participants;
  readonly requests: Requests;
  readonly roster: RosterView;
  readonly clock: Clock;
  readonly log: Log;
  /** Hands something to the room. */
  readonly push: (input: FocusInput) => void;
}
