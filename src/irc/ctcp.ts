/** Messages inside of messages: `\x01VERB text\x01` (modern-irc ctcp). */

export interface Ctcp {
  /** In upper case. */
  readonly verb: string;
  readonly text: string;
}

/** The CTCP message that the text of a PRIVMSG or NOTICE is; undefined where it is plain text. */
export function parseCtcp(text: string): Ctcp | undefined {
  if (!text.startsWith('\x01')) return undefined;
  // COMPAT: the end is left out by some clients.
  const inside = text.slice(1, text.length > 1 && text.endsWith('\x01') ? -1 : undefined);
  const space = inside.indexOf(' ');
  return space < 0
    ? { verb: inside.toUpperCase(), text: '' }
    : { verb: inside.slice(0, space).toUpperCase(), text: inside.slice(space + 1) };
}

/** Writes a CTCP message as the text of a PRIVMSG (a question) or NOTICE (an answer). */
export function formatCtcp(verb: string, text: string): string {
  return text === '' ? `\x01${verb}\x01` : `\x01${verb} ${text}\x01`;
}

/** Bytes that it adds to its text. */
export const ACTION_BYTES = formatCtcp('ACTION', ' ').length - 1;
