/**
 * What the subscribers of a room are told: the roster at one moment, and the documents made of two such moments
 * (RFC 4575). All subscriptions of a room share them, so each is made and written once, however many there are.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type ConferenceInfo,
  type ConferenceUri,
  type ConferenceUser,
  fullDocument,
  partialDocument,
} from '../formats/conference-info.ts';
import type { Entry, RosterView } from '../room/roster.ts';
import { listedEntries } from './roster-view.ts';

/** A partial document above this part of a full one gives way to it. */
const WORTH_A_FULL_ONE = 0.6;

/** Documents are written with this version, and stamped with that of each subscription. */
const UNSTAMPED = 'version="0"';

export interface DocumentParts {
  readonly roster: RosterView;
  /** The room's URI. */
  readonly entity: string;
  readonly describe: () => { readonly displayText: string; readonly uris?: readonly ConferenceUri[] };
  /** A roster entry as the documents have it. Depends on the entry alone: it is asked once for each. */
  readonly user: (entry: Entry) => ConferenceUser;
}

/** All there is to tell at one moment; never changed. The same moment is the same object. */
export interface Snapshot {
  readonly info: ConferenceInfo;
  readonly users: ReadonlyMap<string, ConferenceUser>;
}

export class RosterDocuments {
  readonly #parts: DocumentParts;
  readonly #largest: number;
  readonly #users = new WeakMap<Entry, ConferenceUser>();
  #latest: Snapshot | undefined;
  #outdated = true;
  /** The full document of the latest snapshot. */
  #full = '';
  /** What leads from earlier snapshots to the latest. */
  readonly #changes = new Map<Snapshot, string>();

  /** `largest`: bytes of a full document; above it some people are counted only. */
  constructor(parts: DocumentParts, largest: number) {
    this.#parts = parts;
    this.#largest = largest;
  }

  /** The room is not what it was. It is looked at when somebody is to be told. */
  outdate(): void {
    this.#outdated = true;
  }

  now(): Snapshot {
    const before = this.#latest;
    if (before && !this.#outdated) return before;
    this.#outdated = false;
    const { snapshot, full } = this.#take();
    if (before && isSame(before, snapshot)) return before;
    this.#latest = snapshot;
    this.#full = full;
    this.#changes.clear();
    return snapshot;
  }

  /** The full document of now. */
  full(version: number): string {
    this.now();
    return stamped(this.#full, version);
  }

  /** What leads from a snapshot to now: a partial document, or the full one where that is hardly more. */
  change(from: Snapshot, version: number): string {
    const to = this.now();
    const known = this.#changes.get(from);
    if (known !== undefined) return stamped(known, version);
    const users = changedUsers(from.users, to.users);
    const description = !sameDescription(from.info, to.info);
    const partial = partialDocument({ ...to.info, users }, 0, { description });
    const change = partial.length > this.#full.length * WORTH_A_FULL_ONE ? this.#full : partial;
    this.#changes.set(from, change);
    return stamped(change, version);
  }

  #take(): { snapshot: Snapshot; full: string } {
    let entries = listedEntries(this.#parts.roster);
    for (;;) {
      const snapshot = this.#snapshot(entries);
      const full = fullDocument(snapshot.info, 0);
      const bytes = Buffer.byteLength(full);
      if (bytes <= this.#largest || entries.length === 0) return { snapshot, full };
      const fitting = Math.floor((entries.length * this.#largest) / bytes);
      entries = entries.slice(0, Math.min(fitting, entries.length - 1));
    }
  }

  #snapshot(entries: readonly Entry[]): Snapshot {
    const { roster, entity, describe } = this.#parts;
    // By entity: RFC 4575 section 4.5 wants each key once.
    const users = new Map(entries.map((entry) => this.#user(entry)).map((user) => [user.entity, user]));
    const { subject, active, size } = roster;
    const info = { entity, ...describe(), subject, active, userCount: size, users: [...users.values()] };
    return { info, users };
  }

  #user(entry: Entry): ConferenceUser {
    const known = this.#users.get(entry);
    if (known) return known;
    const user = this.#parts.user(entry);
    this.#users.set(entry, user);
    return user;
  }
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  return (
    a.info.active === b.info.active &&
    a.info.userCount === b.info.userCount &&
    sameDescription(a.info, b.info) &&
    changedUsers(a.users, b.users).length === 0
  );
}

function sameDescription(a: ConferenceInfo, b: ConferenceInfo): boolean {
  return a.subject === b.subject && a.displayText === b.displayText && isDeepStrictEqual(a.uris, b.uris);
}

/** Those that came or changed, as they are, and those that left, as `deleted`. */
function changedUsers(
  from: ReadonlyMap<string, ConferenceUser>,
  to: ReadonlyMap<string, ConferenceUser>,
): ConferenceUser[] {
  const changed = [...to.values()].filter((user) => {
    const before = from.get(user.entity);
    return before !== user && !isDeepStrictEqual(before, user);
  });
  const left = [...from.values()].filter(({ entity }) => !to.has(entity));
  return [...changed, ...left.map((user): ConferenceUser => ({ ...user, state: 'deleted' }))];
}

/** Only the root has a version, and what stands before it has no bare quotes: the first one found is it. */
function stamped(document: string, version: number): string {
  return document.replace(UNSTAMPED, `version="${version}"`);
}
