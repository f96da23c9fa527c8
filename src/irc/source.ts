/** Who a line comes from: `nick!user@host`, or a server. */

export interface Source {
  /** The nick, or the server's name. */
  readonly nick: string;
  /** Empty for a server. */
  readonly user: string;
  readonly host: string;
}

/** Reads the source of a line (RFC 2812 section 2.3.1). */
export function parseSource(text: string): Source {
  const at = text.lastIndexOf('@');
  const nameEnd = at < 0 ? text.length : at;
  const bang = text.indexOf('!');
  const host = at < 0 ? '' : text.slice(at + 1);
  if (bang < 0 || bang > nameEnd) return { nick: text.slice(0, nameEnd), user: '', host };
  return { nick: text.slice(0, bang), user: text.slice(bang + 1, nameEnd), host };
}

/** Whether it is a person and no server: a server has no user part, and mostly a dot in its name. */
export function isPerson(source: Source): boolean {
  return source.user !== '' || (source.nick !== '' && !source.nick.includes('.'));
}
