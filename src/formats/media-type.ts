/** Media types, as Content-Type headers carry them and SDP lists them (RFC 2045 section 5.1, RFC 4975 section 8.6). */

/** The type and subtype of a Content-Type value, in lower case and without parameters. */
export function mediaType(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

const PARAMETER = /\s*;\s*(?:([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*)))?/y;

/** The parameters of a Content-Type value: names in lower case, values without quotes. The first of a name counts. */
export function mediaParameters(contentType: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const start = contentType.indexOf(';');
  if (start < 0) return parameters;
  PARAMETER.lastIndex = start;
  for (let match = PARAMETER.exec(contentType); match !== null; match = PARAMETER.exec(contentType)) {
    const [, name, quoted, plain] = match;
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  PARAMETER.lastIndex = 0;
  return parameters;
}

/**
 * The types that somebody takes: `text/plain`, all of a kind (`text/*`), or all (`*`).
 * An entry with parameters counts as the same entry without (RFC 4975 section 8.6).
 */
export class MediaTypes {
  /** The entries as given. */
  readonly list: readonly string[];
  readonly #entries: ReadonlySet<string>;

  constructor(types: readonly string[]) {
    this.list = [...types];
    this.#entries = new Set(types.map(mediaType));
  }

  /** Whether `type`, a Content-Type value with or without parameters, is taken. */
  takes(type: string): boolean {
    const wanted = mediaType(type);
    return (
      this.#entries.has('*') ||
      this.#entries.has('*/*') ||
      this.#entries.has(wanted) ||
      this.#entries.has(`${wanted.slice(0, Math.max(0, wanted.indexOf('/')))}/*`)
    );
  }

  /** Whether each of these is taken. */
  takesAll(types: readonly string[]): boolean {
    return types.every((type) => this.takes(type));
  }

  /** What either of the two takes. */
  union(other: MediaTypes): MediaTypes {
    return new MediaTypes([...new Set([...this.list, ...other.list])]);
  }
}
