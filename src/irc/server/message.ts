/** A message as the server sends it: made once, written once for each kind of recipient (message-tags). */
import { formatLine, withoutBreakers } from '../line.ts';
import { cut } from './limits.ts';

/** Whom a message comes from. */
export interface Origin {
  /** `nick!user@host`, or the server's name; empty for a line without a source. */
  readonly prefix: string;
  readonly account?: string | undefined;
  readonly bot?: boolean;
}

/** The tags that a recipient takes, as bits. */
export const TIME = 1;
export const ACCOUNT = 2;
/** All tags, client-only ones among them: the recipient negotiated `message-tags`. */
export const TAGS = 4;

/** Octets of a line without its tags and its CRLF (RFC 2812 section 2.3). */
const LONGEST = 510;

export interface MessageOptions {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly msgid?: string;
  /** Client-only tags, with their `+`; unescaped. */
  readonly tags?: ReadonlyMap<string, string>;
}

/** One message, for any number of recipients. */
export class Message {
  readonly command: string;
  readonly #body: string;
  readonly #origin: Origin;
  readonly #options: MessageOptions;
  /** By the tags that the recipient takes. */
  readonly #lines: (string | undefined)[] = [];

  /**
   * `words` are what they say: one that could not stand in the middle of a line is written as `*`. `text` is always written
   * with a colon, as every old client expects it. What is too long is cut.
   */
  constructor(
    origin: Origin,
    command: string,
    words: readonly string[],
    text: string | undefined,
    options: MessageOptions,
  ) {
    this.command = command;
    this.#origin = { prefix: origin.prefix, account: origin.account, bot: origin.bot === true };
    this.#options = options;
    const source = origin.prefix === '' ? '' : `:${origin.prefix} `;
    const rest = text === undefined ? '' : ` :${withoutBreakers(text)}`;
    this.#body = `${cut(`${source}${formatLine(command, ...words.map(word))}${rest}`, LONGEST)}\r\n`;
  }

  /** The line with its CRLF for a recipient who takes the tags `kind`; `extra` goes before them, as in `label=1`. */
  line(kind: number, extra = ''): string {
    if (extra === '') return (this.#lines[kind] ??= this.#write(this.#tags(kind)));
    const tags = this.#tags(kind);
    return this.#write(tags === '' ? extra : `${extra};${tags}`);
  }

  #write(tags: string): string {
    return tags === '' ? this.#body : `@${tags} ${this.#body}`;
  }

  /** message-tags: the server's own come before those of the client. */
  #tags(kind: number): string {
    const { account, bot } = this.#origin;
    const { at, msgid, tags } = this.#options;
    const written: string[] = [];
    if ((kind & TAGS) !== 0 && msgid !== undefined) written.push(`msgid=${msgid}`);
    if ((kind & TIME) !== 0) written.push(`time=${new Date(at).toISOString()}`);
    if ((kind & ACCOUNT) !== 0 && account !== undefined) written.push(`account=${escape(account)}`);
    if ((kind & TAGS) !== 0 && bot === true) written.push('bot');
    if ((kind & TAGS) !== 0 && tags) {
      for (const [key, value] of tags) written.push(value === '' ? key : `${key}=${escape(value)}`);
    }
    return written.join(';');
  }
}

/** message-tags, Escaping values. */
const ESCAPED: Readonly<Record<string, string>> = {
  ';': '\\:',
  ' ': '\\s',
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
};

/** The value of a tag as it is written. */
export function escape(value: string): string {
  // NUL has no escape and ends a line for some.
  return value.replaceAll('\0', '').replace(/[; \\\r\n]/g, (character) => ESCAPED[character] ?? '');
}

function word(text: string): string {
  const cleaned = withoutBreakers(text);
  return cleaned === '' || cleaned.startsWith(':') || cleaned.includes(' ') ? '*' : cleaned;
}
