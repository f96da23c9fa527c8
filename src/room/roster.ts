/** Who is in a room. Changed by the room only; others read it through `RosterView`. */
import type { EndpointInfo, ParticipantId, Role } from './inputs.ts';

export interface Entry {
  readonly id: ParticipantId;
  /** The side that the participant came from. */
  readonly side: 'focus' | 'network';
  readonly nick: string;
  readonly roles: readonly Role[];
  readonly away: boolean;
  /** When it came, in milliseconds since 1970; unknown for those who were there before us. */
  readonly since: number | undefined;
  /** The devices, in the order in which they came; none for the network's side. */
  readonly endpoints: readonly EndpointInfo[];
}

/** What the focus may see of a room at any time. Entries are never changed in place. */
export interface RosterView {
  readonly subject: string;
  /** Whether the network behind the room can be reached (always, where there is none). */
  readonly active: boolean;
  entries(): Iterable<Entry>;
  entry(id: ParticipantId): Entry | undefined;
  readonly size: number;
}

export class Roster {
  readonly #entries = new Map<ParticipantId, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  entry(id: ParticipantId): Entry | undefined {
    return this.#entries.get(id);
  }

  put(entry: Entry): void {
    this.#entries.set(entry.id, entry);
  }

  /** Changes some fields of an entry; false when there is no such entry or nothing is different. */
  change(id: ParticipantId, fields: Partial<Omit<Entry, 'id' | 'side'>>): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    const changed = { ...entry, ...fields };
    if (sameEntry(entry, changed)) return false;
    this.#entries.set(id, changed);
    return true;
  }

  remove(id: ParticipantId): boolean {
    return this.#entries.delete(id);
  }
}

function sameEntry(a: Entry, b: Entry): boolean {
  return (
    a.nick === b.nick &&
    a.away === b.away &&
    a.since === b.since &&
    a.endpoints === b.endpoints &&
    a.roles.length === b.roles.length &&
    a.roles.every((role, index) => role === b.roles[index])
  );
}
