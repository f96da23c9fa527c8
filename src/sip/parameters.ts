/** The pieces that many header fields are made of: comma lists, `;name=value` parameters, quoted strings (RFC 3261 section 25.1). */

/** Names in lower case; values as written, quotes and all; undefined where there is no `=`. */
export type Parameters = ReadonlyMap<string, string | undefined>;

export const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

const PARAMETER =
  /[ \t]*;[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)(?:[ \t]*=[ \t]*("(?:[^"\\]|\\[^])*"|[^\s;,"<>]+))?/y;

/** Reads `;a=b;c`; '' has none. Undefined when it is malformed. Of two with one name the first counts. */
export function parseParameters(text: string): Parameters | undefined {
  const found = new Map<string, string | undefined>();
  let at = 0;
  for (;;) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (!match) return text.slice(at).trim() === '' ? found : undefined;
    at = PARAMETER.lastIndex;
    const name = (match[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, match[2]);
  }
}

/** Parameters as they stand behind a value, each with its semicolon; their values as they were read. */
export function formatParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** Cuts a header value at the commas that stand outside of quotes and angle brackets. Empty elements are left out. */
export function splitList(value: string): string[] {
  const elements: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let i = 0; i < value.length; i++) {
    const character = value[i];
    if (quoted) {
      if (character === '\\') i++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '<') bracketed = true;
    else if (character === '>') bracketed = false;
    else if (character === ',' && !bracketed) {
      elements.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  elements.push(value.slice(start).trim());
  return elements.filter((element) => element !== '');
}

/** The elements of a list over all its header lines, in lower case, without parameters: option tags, media types. */
export function listOfNames(values: readonly string[]): string[] {
  return values
    .flatMap(splitList)
    .map((element) => element.replace(/;.*$/s, '').trim().toLowerCase())
    .filter((element) => element !== '');
}

/** Undoes a quoted string; what is not quoted stays as it is. */
export function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\([^])/g, '$1') : text;
}

/** Text that can stand in a line of ours: nothing in it ends the line. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it is for
  return text.replace(/[\r\n\0]+/g, ' ').trim();
}

/** Half a surrogate pair, which cannot be written as UTF-8, becomes U+FFFD. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
