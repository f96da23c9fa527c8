/** Lines of IRC: reading and writing them (RFC 2812 section 2.3, IRCv3 message-tags). */

export interface IrcLine {
  /** Unescaped; empty where there are none. */
  readonly tags: ReadonlyMap<string, string>;
  /** `nick!user@host` or a server's name, without the colon; empty where there is none. */
  readonly source: string;
  /** In upper case; three digits for a numeric. */
  readonly command: string;
  readonly params: readonly string[];
}

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** RFC 2812 section 2.3 has 15; some servers send more, and nobody needs many more. */
const MOST_PARAMS = 64;

/** Reads a line without its end; undefined where there is no command in it. Linear time. */
export function parseLine(text: string): IrcLine | undefined {
  let at = 0;
  const word = (): string => {
    const end = text.indexOf(' ', at);
    const found = end < 0 ? text.slice(at) : text.slice(at, end);
    at = end < 0 ? text.length : end + 1;
    while (text.charCodeAt(at) === 0x20) at += 1;
    return found;
  };
  while (text.charCodeAt(at) === 0x20) at += 1;
  const tags = text.startsWith('@', at) ? parseTags(word().slice(1)) : NO_TAGS;
  const source = text.startsWith(':', at) ? word().slice(1) : '';
  const command = word().toUpperCase();
  if (command === '') return undefined;
  const params: string[] = [];
  while (at < text.length && params.length < MOST_PARAMS) {
    if (text.startsWith(':', at)) {
      params.push(text.slice(at + 1));
      break;
    }
    params.push(word());
  }
  return { tags, source, command, params };
}

const UNESCAPED: Readonly<Record<string, string>> = { ':': ';', s: ' ', r: '\r', n: '\n' };
function parseTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    if (name === '') continue;
    const value = equals < 0 ? '' : part.slice(equals + 1);
    // message-tags: an unknown escape is the character itself, a lone backslash at the end is nothing.
    tags.set(
      name,
      value.includes('\\')
        ? value.replace(/\\(.?)/gs, (_, character: string) => UNESCAPED[character] ?? character)
        : value,
    );
  }
  return tags;
}

// oxlint-disable-next-line no-control-regex -- these end a line or cut it short
const LINE_BREAKER = /[\r\n\0]/;
// oxlint-disable-next-line no-control-regex
const LINE_BREAKERS = /[\r\n\0]/g;

/** A text without CR, LF and NUL. */
export function withoutBreakers(text: string): string {
  return LINE_BREAKER.test(text) ? text.replace(LINE_BREAKERS, '') : text;
}

/**
 * A line without its end. CR, LF and NUL are taken out of every parameter. The last parameter may hold anything else; the
 * others must be words: throws RangeError where one is empty, has a space or begins with a colon.
 */
export function formatLine(command: string, ...params: readonly string[]): string {
  const clean = params.map(withoutBreakers);
  const last = clean.pop();
  for (const param of clean) {
    if (param === '' || param.startsWith(':') || param.includes(' ')) {
      throw new RangeError(`not a parameter in the middle of a line: ${JSON.stringify(param)}`);
    }
  }
  const words = [command, ...clean].join(' ');
  if (last === undefined) return words;
  const plain = last !== '' && !last.startsWith(':') && !last.includes(' ');
  return `${words} ${plain ? '' : ':'}${last}`;
}
