/** What a server's refusals mean to a room: numerics (research: modern-irc, RFC 2812 section 5.2) to the closed list of the room. */
import { refused, type Outcome, type Refusal } from '../room/refusals.ts';

/** What was asked when the numeric came. */
export type Asked = 'join' | 'channel-message' | 'private-message' | 'nick';

const JOIN: Readonly<Record<string, Refusal>> = {
  '403': 'no-room',
  '405': 'full',
  '437': 'unavailable',
  '465': 'banned',
  '470': 'forbidden',
  '471': 'full',
  '473': 'closed',
  '474': 'banned',
  '475': 'closed',
  '476': 'no-room',
  '477': 'closed',
  '480': 'closed',
  '489': 'closed',
  '520': 'closed',
};

const CHANNEL_MESSAGE: Readonly<Record<string, Refusal>> = {
  '403': 'no-room',
  '404': 'muted',
  '439': 'too-many',
  '442': 'muted',
  '477': 'muted',
  '482': 'forbidden',
};

const PRIVATE_MESSAGE: Readonly<Record<string, Refusal>> = {
  '401': 'nobody',
  '402': 'nobody',
  '404': 'no-private',
  '439': 'too-many',
  '477': 'no-private',
  '482': 'forbidden',
  '486': 'no-private',
  '531': 'no-private',
  '716': 'no-private',
  '717': 'no-private',
};

const NICK: Readonly<Record<string, Refusal>> = {
  '431': 'nickname-malformed',
  '432': 'nickname-malformed',
  '433': 'nickname-in-use',
  '436': 'nickname-in-use',
  '437': 'nickname-in-use',
  '438': 'nickname-in-use',
  '447': 'nickname-in-use',
  '484': 'nickname-in-use',
};

const TABLES: Readonly<Record<Asked, Readonly<Record<string, Refusal>>>> = {
  join: JOIN,
  'channel-message': CHANNEL_MESSAGE,
  'private-message': PRIVATE_MESSAGE,
  nick: NICK,
};

/** Whether a numeric is one that refuses what was asked. */
export function refuses(asked: Asked, numeric: string): boolean {
  return Object.hasOwn(TABLES[asked], numeric);
}

/** The refusal that a numeric is; `forbidden` for one that is in no table. The server's text stands behind it. */
export function refusalOf(asked: Asked, numeric: string, text: string): Outcome {
  return refused(TABLES[asked][numeric] ?? 'forbidden', `IRC says: ${text || numeric}`);
}
