/**
 * Whom a roster document lists. A room of up to 300 people lists them all; above that those who are from the
 * focus' side or have a role, and the others are only counted (contract, `roster: auto`; RFC 4575 section 5.5.1
 * allows a count above what is listed).
 */
import type { Entry, RosterView } from '../room/roster.ts';

/** People; a room above it lists some of them only. */
export const MOST_LISTED = 300;

/** Those to list, in the order in which they came; those to keep first where even they are too many stand in front. */
export function listedEntries(roster: RosterView): Entry[] {
  const entries = [...roster.entries()];
  const first = entries.filter(standsOut);
  return roster.size > MOST_LISTED ? first : [...first, ...entries.filter((entry) => !standsOut(entry))];
}

function standsOut(entry: Entry): boolean {
  return entry.side === 'focus' || entry.roles.length > 0;
}
