/** What a server says of itself by RPL_ISUPPORT (005), with what holds where it says nothing. */
import { foldOf, type Fold } from './casemapping.ts';

/** A status in a channel: its mode letter and the character before a nick. */
export interface Prefix {
  readonly mode: string;
  readonly symbol: string;
}

/** The kinds of channel modes (CHANMODES): how many parameters each letter takes. */
interface ChannelModes {
  /** Lists: always a parameter. */
  readonly list: string;
  readonly always: string;
  /** A parameter only when set. */
  readonly whenSet: string;
}

const ESCAPE = /\\x([0-9A-Fa-f]{2})/g;

export class ISupport {
  #tokens = new Map<string, string>();
  #prefixes = prefixesOf('(ov)@+');
  #modes: ChannelModes = { list: 'beI', always: 'k', whenSet: 'l' };
  #fold: Fold = foldOf(undefined);

  /** Takes the tokens of a 005 line: its parameters without the first (our nick) and the last (a remark). */
  apply(tokens: readonly string[]): void {
    for (const token of tokens) {
      const equals = token.indexOf('=');
      const name = (equals < 0 ? token : token.slice(0, equals)).toUpperCase();
      if (name.startsWith('-')) this.#tokens.delete(name.slice(1));
      else
        this.#tokens.set(
          name,
          (equals < 0 ? '' : token.slice(equals + 1)).replace(ESCAPE, (_, hex: string) =>
            String.fromCharCode(parseInt(hex, 16)),
          ),
        );
    }
    this.#fold = foldOf(this.#tokens.get('CASEMAPPING'));
    const prefix = this.#tokens.get('PREFIX');
    this.#prefixes = prefixesOf(prefix ?? '(ov)@+');
    const [list = 'beI', always = 'k', whenSet = 'l'] = this.#tokens.get('CHANMODES')?.split(',') ?? [];
    this.#modes = { list, always, whenSet };
  }

  /** Whether the server has said this token. */
  has(name: string): boolean {
    return this.#tokens.has(name);
  }

  /** What stands behind a token; undefined where the server has not said it, '' where nothing stands there. */
  value(name: string): string | undefined {
    return this.#tokens.get(name);
  }

  /** What the network calls itself; undefined where it does not. */
  get network(): string | undefined {
    return this.#tokens.get('NETWORK') || undefined;
  }

  /** Bytes of a nick at most; RFC 2812 section 1.2.1 has 9. */
  get nickLength(): number {
    return this.#number('NICKLEN') ?? this.#number('MAXNICKLEN') ?? 9;
  }

  /** Bytes of a line with its end and without tags (RFC 2812 section 2.3). */
  get lineLength(): number {
    return this.#number('LINELEN') ?? 512;
  }

  /** The statuses, highest first. */
  get prefixes(): readonly Prefix[] {
    return this.#prefixes;
  }

  /** The characters before a channel that address only people of that status or above. */
  get statusMessage(): string {
    return this.#tokens.get('STATUSMSG') ?? '';
  }

  /** The server reads as fast as we send. */
  get safeRate(): boolean {
    return this.#tokens.has('SAFERATE') || this.#tokens.has('SOJU.IM/SAFERATE');
  }

  /** The form in which two names that are one to the server are equal. */
  fold(name: string): string {
    return this.#fold(name);
  }

  isChannel(name: string): boolean {
    return name !== '' && (this.#tokens.get('CHANTYPES') ?? '#&').includes(name.charAt(0));
  }

  /** Takes the status characters from the front of `@+nick` or `@#channel`. */
  splitStatus(name: string): { readonly status: string; readonly rest: string } {
    let at = 0;
    while (at < name.length && this.#prefixes.some(({ symbol }) => symbol === name[at])) at += 1;
    return { status: name.slice(0, at), rest: name.slice(at) };
  }

  /** The changes of a MODE line of a channel, each with its parameter where it takes one (RFC 2812 section 3.2.3). */
  modeChanges(params: readonly string[]): ModeChange[] {
    const [letters = '', ...rest] = params;
    const changes: ModeChange[] = [];
    let add = true;
    for (const letter of letters) {
      if (letter === '+' || letter === '-') add = letter === '+';
      else
        changes.push({ add, mode: letter, param: this.#takesParam(letter, add) ? rest.shift() : undefined });
    }
    return changes;
  }

  #takesParam(letter: string, add: boolean): boolean {
    const { list, always, whenSet } = this.#modes;
    if (this.#prefixes.some(({ mode }) => mode === letter)) return true;
    return list.includes(letter) || always.includes(letter) || (add && whenSet.includes(letter));
  }

  #number(name: string): number | undefined {
    const value = this.#tokens.get(name);
    return value !== undefined && /^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined;
  }
}

export interface ModeChange {
  readonly add: boolean;
  readonly mode: string;
  readonly param: string | undefined;
}

function prefixesOf(value: string): readonly Prefix[] {
  const [, modes = '', symbols = ''] = /^\(([^)]*)\)(.*)$/.exec(value) ?? [];
  return modes.split('').flatMap((mode, at) => {
    const symbol = symbols[at];
    return symbol === undefined ? [] : [{ mode, symbol }];
  });
}
