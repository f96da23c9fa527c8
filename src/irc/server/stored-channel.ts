/** A channel as plain values, for the file that keeps it. What is read is checked: a file may have been edited. */
import { Channel, type Entry, type Flag, type ListMode, type Topic } from './channel.ts';
import { isChannelName } from './limits.ts';

export interface StoredChannel {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly usedAt: number;
  readonly topic?: Topic;
  /** Letters of the modes without a parameter. */
  readonly modes: string;
  readonly key?: string;
  readonly limit?: number;
  readonly lists: Readonly<Record<ListMode, readonly Entry[]>>;
  /** Who is operator again on coming back: `account:NAME` or `nick!user@host`. */
  readonly operators: readonly string[];
}

/** What is kept of a channel. */
export function toStored(channel: Channel): StoredChannel {
  const { name, created, usedAt, topic, key, limit, flags, lists, remembered } = channel;
  return {
    name,
    created,
    usedAt,
    ...(topic === undefined ? {} : { topic }),
    modes: [...flags].join(''),
    ...(key === undefined ? {} : { key }),
    ...(limit === undefined ? {} : { limit }),
    lists: { b: [...lists.b.values()], e: [...lists.e.values()], I: [...lists.I.values()] },
    operators: [...remembered],
  };
}

/** The channel, with nobody in it. */
export function fromStored(stored: StoredChannel): Channel {
  const channel = new Channel(stored.name, stored.created);
  channel.usedAt = stored.usedAt;
  channel.topic = stored.topic;
  channel.key = stored.key;
  channel.limit = stored.limit;
  channel.flags.clear();
  for (const flag of stored.modes) if ('imnst'.includes(flag)) channel.flags.add(flag as Flag);
  for (const list of ['b', 'e', 'I'] as const) {
    for (const entry of stored.lists[list]) channel.lists[list].set(entry.mask, entry);
  }
  for (const operator of stored.operators) channel.remembered.add(operator);
  return channel;
}

/** What a file says; undefined where it is not what was written. */
export function readStored(value: unknown): StoredChannel[] | undefined {
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.channels)) return undefined;
  return value.channels.every(isStored) ? value.channels : undefined;
}

function isStored(value: unknown): value is StoredChannel {
  if (!isRecord(value) || !isRecord(value.lists)) return false;
  const { name, created, usedAt, topic, modes, key, limit, lists, operators } = value;
  return (
    isText(name) &&
    isChannelName(name) &&
    isNumber(created) &&
    isNumber(usedAt) &&
    (topic === undefined ||
      (isRecord(topic) && isText(topic.text) && isText(topic.by) && isNumber(topic.at))) &&
    isText(modes) &&
    (key === undefined || isText(key)) &&
    (limit === undefined || isNumber(limit)) &&
    [lists.b, lists.e, lists.I].every((list) => Array.isArray(list) && list.every(isEntry)) &&
    Array.isArray(operators) &&
    operators.every(isText)
  );
}

function isEntry(value: unknown): value is Entry {
  return isRecord(value) && isText(value.mask) && isText(value.by) && isNumber(value.at);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
