/** What real clients do that no RFC foresees, one rule each. */
import type { CpimContent } from './cpim-content.ts';

/**
 * Off-the-record messaging asks by a line of text whether the other end knows it, and the real client asks so in every
 * room. In a room it can only spread nonsense, so it stops here.
 */
export function isOtrQuery(content: CpimContent): boolean {
  return content.begins('?OTR');
}

/**
 * The types that somebody takes in a wrapper, given all that its SDP lists. Clients that list the wrapper and nothing to
 * put into it have forgotten to; all of them read plain text.
 */
export function typesOrText(types: readonly string[]): readonly string[] {
  return types.length > 0 ? types : ['text/plain'];
}
