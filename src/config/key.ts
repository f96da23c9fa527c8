/** The parts a schema is made of: keys, groups of keys, and named entries of one kind. */
import type { Format } from './formats.ts';

/** One key. `doc`, `default`, `format`, `nullable` and `sensitive` are convict's; the rest is for the reader and the reference. */
export interface Key<T> {
  readonly kind: 'key';
  readonly doc: string;
  readonly default: T;
  readonly format: Format<unknown>;
  readonly nullable: boolean;
  /** A secret: never shown, and taken from a file too. */
  readonly sensitive: boolean;
  /** The feature is not built: anything but the default is refused. */
  readonly unsupported: boolean;
}

/** Keys under one name. */
export interface Group<M extends Members> {
  readonly kind: 'group';
  readonly doc: string;
  readonly members: M;
}

/** A group that may be null. */
export interface OptionalGroup<M extends Members> {
  readonly kind: 'optional';
  readonly doc: string;
  readonly members: M;
  /** Whether the group is there where the file does not name it. */
  readonly present: boolean;
  readonly unsupported: boolean;
}

/** A map from names, which the operator chooses, to groups of one kind. */
export interface Entries<M extends Members> {
  readonly kind: 'entries';
  readonly doc: string;
  /** What an entry is called in the reference: `NETWORK`. */
  readonly placeholder: string;
  readonly members: M;
}

export type Node = Key<unknown> | Group<Members> | OptionalGroup<Members> | Entries<Members>;

export interface Members {
  readonly [name: string]: Node;
}

/** What reading a node gives. */
type Value<N> =
  N extends Key<infer T>
    ? T
    : N extends Group<infer M>
      ? Values<M>
      : N extends OptionalGroup<infer M>
        ? Values<M> | null
        : N extends Entries<infer M>
          ? ReadonlyMap<string, Values<M>>
          : never;

export type Values<M> = { readonly [K in keyof M]: Value<M[K]> };

interface KeyOptions<T> {
  readonly doc: string;
  readonly default: T;
  readonly sensitive?: true;
  readonly unsupported?: true;
}

/** A key that always has a value of its format. */
export function key<T>(format: Format<T>, options: KeyOptions<NoInfer<T>>): Key<T> {
  return { kind: 'key', format, nullable: false, sensitive: false, unsupported: false, ...options };
}

/** A key that may be null. */
export function nullable<T>(format: Format<T>, options: KeyOptions<NoInfer<T> | null>): Key<T | null> {
  return { kind: 'key', format, nullable: true, sensitive: false, unsupported: false, ...options };
}

/** A section that is always there. */
export function group<M extends Members>(doc: string, members: M): Group<M> {
  return { kind: 'group', doc, members };
}

/** A section that may be null, which turns its feature off. */
export function optional<M extends Members>(
  doc: string,
  options: { present?: true; unsupported?: true },
  members: M,
): OptionalGroup<M> {
  return { kind: 'optional', doc, members, present: false, unsupported: false, ...options };
}

/** A section whose keys are names that the operator chooses, each with the same members. */
export function entries<M extends Members>(doc: string, placeholder: string, members: M): Entries<M> {
  return { kind: 'entries', doc, placeholder, members };
}

/** The environment variable of a key: its path in capitals, with `-` and `.` of a name as `_`. */
export function variableOf(path: readonly string[]): string {
  return ['PARLEY', ...path].join('_').toUpperCase().replaceAll(/[-.]/g, '_');
}
