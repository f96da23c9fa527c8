/**
 * Every way in which something asked of a room can fail, in the room's own words. Each side has a
 * table that says what its protocol calls it: `focus/answers.ts`, `network/refusals.ts`.
 */
export const refusals = [
  /** The one who asks may not be here, or may not do this. */
  'forbidden',
  /** Banned from the channel or from the network. */
  'banned',
  /** Only invited people, holders of a key, or registered people may come in. */
  'closed',
  /** No more people, or no more channels for this one. */
  'full',
  /** There is no such room or channel. */
  'no-room',
  /** The other side cannot be reached now; later it may. */
  'unavailable',
  /** Nothing was heard of it in time: it must be taken for lost. */
  'lost',
  /** A message of more lines, or a queue longer, than is allowed. */
  'too-long',
  /** More than is taken at this rate. */
  'too-many',
  /** May listen but not speak. */
  'muted',
  /** Who was addressed is not here. */
  'nobody',
  /** Who was addressed cannot take private messages. */
  'no-private',
  /** The room has no private messages, or this participant has none with that one. */
  'private-off',
  'nickname-in-use',
  'nickname-malformed',
  /** The room lets nobody choose a nickname. */
  'nicknames-off',
  /** Something went wrong on our side. */
  'broken',
] as const;

export type Refusal = (typeof refusals)[number];

/** How something that was asked has ended. */
export type Outcome =
  | { readonly ok: true; readonly nick?: string }
  | { readonly ok: false; readonly refusal: Refusal; readonly text: string };

export function refused(refusal: Refusal, text: string): Outcome {
  return { ok: false, refusal, text };
}

export const done: Outcome = { ok: true };
