/** Reads the values of the schema's keys from the file and the environment; convict fills in defaults and checks. */
import { isDeepStrictEqual } from 'node:util';
import convict from 'convict';
import type { Environment } from './environment.ts';
import type { Entries, Group, Key, Members, Node, OptionalGroup, Values } from './key.ts';
import type { Report } from './problems.ts';

type Path = readonly string[];
type Raw = ReadonlyMap<unknown, unknown>;

const NAME = /^[A-Za-z0-9._-]+$/;
const NOT_SUPPORTED = 'not supported yet';

export class SettingsReader {
  readonly #environment: Environment;
  readonly #report: Report;

  constructor(environment: Environment, report: Report) {
    this.#environment = environment;
    this.#report = report;
  }

  /** Every value of the schema. What has a fault, which is then in the report, has its default. */
  read<M extends Members>(members: M, root: unknown): Values<M> {
    return this.#members(members, root, []) as Values<M>;
  }

  #members(members: Members, given: unknown, path: Path): Record<string, unknown> {
    const raw = this.#section(given, path);
    const keys: [string, Key<unknown>, unknown][] = [];
    const values: Record<string, unknown> = {};
    for (const [name, node] of Object.entries(members)) {
      const value = raw.get(name);
      const at = [...path, name];
      if (node.kind === 'key') keys.push([name, node, this.#keyValue(node, value, at)]);
      else values[name] = this.#node(node, value, at);
    }
    for (const name of raw.keys()) {
      if (!Object.hasOwn(members, String(name)))
        this.#report.add([...path, String(name)], 'is not a known key');
    }
    return { ...values, ...this.#checked(keys, path) };
  }

  #node(node: Exclude<Node, Key<unknown>>, value: unknown, path: Path): unknown {
    switch (node.kind) {
      case 'group':
        return this.#group(node, value, path);
      case 'optional':
        return this.#optional(node, value, path);
      case 'entries':
        return this.#entries(node, value, path);
    }
  }

  #group(node: Group<Members>, value: unknown, path: Path): unknown {
    return this.#members(node.members, value, path);
  }

  #optional(node: OptionalGroup<Members>, given: unknown, path: Path): unknown {
    let value = given === undefined && node.present ? new Map() : given;
    if (value === undefined || value === null) {
      value = this.#anyVariable(node.members, path) ? new Map() : null;
    }
    const text = this.#environment.text(path, false);
    if (text === '' || text === 'null') value = null;
    else if (text !== undefined)
      this.#report.add(path, 'can only be set to null; its keys have variables of their own');
    if (value === null) return null;
    if (!node.unsupported) return this.#members(node.members, value, path);
    this.#anyVariable(node.members, path);
    this.#report.add(path, NOT_SUPPORTED);
    return null;
  }

  #entries(node: Entries<Members>, value: unknown, path: Path): ReadonlyMap<string, unknown> {
    const found = new Map<string, unknown>();
    for (const [key, entry] of this.#section(value, path)) {
      const name = String(key);
      const at = [...path, name];
      if (NAME.test(name)) found.set(name, this.#members(node.members, entry, at));
      else this.#report.add(at, 'is not a name: letters, digits, - _ and .');
    }
    return found;
  }

  // A section whose keys are all commented out is null in YAML: it has its defaults.
  #section(value: unknown, path: Path): Raw {
    if (value instanceof Map) return value;
    if (value !== undefined && value !== null) {
      this.#report.add(
        path,
        path.length === 0 ? 'must hold keys and their values' : 'must be a section of keys and values',
      );
    }
    return new Map();
  }

  // The variable's value where there is one, else the file's; undefined for the default.
  #keyValue(node: Key<unknown>, given: unknown, path: Path): unknown {
    const text = this.#environment.text(path, node.sensitive);
    let value = given;
    if (text !== undefined) value = text === '' && node.nullable ? null : node.format.fromText(text);
    if (!node.unsupported || value === undefined) return value;
    if (!isDeepStrictEqual(plain(value), node.default)) this.#report.add(path, NOT_SUPPORTED);
    return undefined;
  }

  #checked(keys: readonly [string, Key<unknown>, unknown][], path: Path): Record<string, unknown> {
    const settings = convict<Record<string, unknown>>(
      Object.fromEntries(
        keys.map(([name, node]) => {
          const { doc, nullable, sensitive, format } = node;
          return [name, { doc, nullable, sensitive, format: format.name, default: node.default }];
        }),
      ) as convict.Schema<Record<string, unknown>>,
      { args: [], env: {} },
    );
    // One key at a time: convict tells all faults of a validation in one text. `load` would merge a
    // map into the default of a list and so take it for the default.
    for (const [name, node, value] of keys) {
      if (value === undefined) continue;
      settings.set(name, value);
      try {
        settings.validate({ allowed: 'strict' });
      } catch (error) {
        this.#report.add([...path, name], complaintOf(error, name));
        settings.set(name, node.default);
      }
    }
    return settings.getProperties();
  }

  #anyVariable(members: Members, path: Path): boolean {
    const found = Object.entries(members).map(([name, node]) => {
      const at = [...path, name];
      if (node.kind === 'key') return this.#environment.text(at, node.sensitive) !== undefined;
      return node.kind !== 'entries' && this.#anyVariable(node.members, at);
    });
    return found.includes(true);
  }
}

function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

// convict writes `name: what is wrong: value was "..."`.
function complaintOf(error: unknown, name: string): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;
}
