/**
 * What values a key can have. Each format is registered with convict under the words that the
 * reference shows for it, and takes a string as it is: convict by itself would read "huge" for a
 * number as NaN and "perhaps" for a boolean as true.
 */
import convict from 'convict';

/** `T` is what a value that passed is known to be. */
export interface Format<T> {
  /** What the reference calls it, and convict. */
  readonly name: string;
  /** A value from the text of an environment variable; the check follows. */
  readonly fromText: (text: string) => unknown;
  /** Never set: carries `T` for the compiler. */
  readonly value?: T;
}

const registered = new Map<string, Format<unknown>>();

// A name says all about its format (it holds the limits or the words), so the same name is the same format.
function format<T>(
  name: string,
  fits: (value: unknown) => boolean,
  complaint: string,
  fromText: (text: string) => unknown = (text) => text,
): Format<T> {
  const known = registered.get(name);
  if (known) return known as Format<T>;
  convict.addFormat({
    name,
    validate: (value: unknown) => {
      if (!fits(value)) throw new Error(complaint);
    },
    coerce: (value: unknown) => value,
  });
  const made: Format<T> = { name, fromText };
  registered.set(name, made);
  return made;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

// What goes into a line of a text protocol must not end that line.
function isLine(value: unknown): value is string {
  return isText(value) && !/[\r\n\0]/.test(value);
}

/** Text on one line. */
export const text = format<string>(
  'text',
  isLine,
  'must be text on one line (in quotes where it looks like a number)',
);

/** Text on one line with at least one character. */
export const filledText = format<string>(
  'text, not empty',
  (value) => isLine(value) && value.trim() !== '',
  'must be text on one line, not empty (in quotes where it looks like a number)',
);

/** Text that matches a pattern. Throws when the name is taken. */
export function textLike(name: string, pattern: RegExp, complaint: string): Format<string> {
  if (registered.has(name)) throw new Error(`two formats are called "${name}"`);
  return format(name, (value) => isLine(value) && pattern.test(value), complaint);
}

/** One of some words. */
export function choice<const T extends string>(...words: readonly T[]): Format<T> {
  const name = words.join(', ');
  return format(name, (value) => (words as readonly unknown[]).includes(value), `must be one of ${name}`);
}

/** true or false. */
export const flag = format<boolean>(
  'true or false',
  (value) => typeof value === 'boolean',
  'must be true or false',
  (given) => (given === 'true' ? true : given === 'false' ? false : given),
);

function fromDigits(given: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
}

/** A whole number from `least` to `most`. */
export function count(least: number, most: number): Format<number> {
  const name = `whole number, ${least} to ${most}`;
  return format(
    name,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    `must be a ${name}`,
    fromDigits,
  );
}

/** A number from `least` to `most`, fractions too. */
export function number(least: number, most: number): Format<number> {
  const name = `number, ${least} to ${most}`;
  return format(
    name,
    (value) => typeof value === 'number' && value >= least && value <= most,
    `must be a ${name}`,
    fromDigits,
  );
}

/** A list of texts; in a variable they stand between commas. What each text must be is said by `rules.ts`. */
export const list = format<readonly string[]>(
  'list',
  (value) => Array.isArray(value) && value.every((item) => isLine(item) && item !== ''),
  'must be a list of texts',
  (given) =>
    given
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
);

/** Names with texts; in a variable, JSON. */
export const texts = format<ReadonlyMap<string, string>>(
  'map of texts',
  (value) =>
    value instanceof Map &&
    [...(value as ReadonlyMap<unknown, unknown>)].every(
      ([name, text]) => isLine(name) && name !== '' && isLine(text) && text !== '',
    ),
  'must be a map of names to texts (in quotes where they look like numbers)',
  (given) => {
    try {
      return new Map(Object.entries(JSON.parse(given) as object));
    } catch {
      return given;
    }
  },
);

/** Names with values of any kind. Only keys that are not built yet have it. */
export const map = format<Readonly<Record<string, never>>>('map', () => true, 'must be a map');
