/** What can wait in the queue of a connection. */
import type { Backlog, Share } from './backlog.ts';
import { CopyRun } from './copy-run.ts';
import type { Sending } from './sending.ts';

/** A frame that is whole and short. */
export interface Frame {
  readonly share: Share;
  readonly text: string;
  /** The transaction whose time begins when this is written; empty where none is looked out for. */
  readonly transactionId: string;
}

/** A message that is written in parts. */
export interface LongMessage {
  readonly share: Share;
  readonly sending: Sending;
  /** The source of a growing body had no more for it when it was last written. */
  starved: boolean;
  /** It is not in the queue until there is more of it. */
  parked: boolean;
}

export type Item = Frame | CopyRun | LongMessage;

/** What an item counts in the backlog, in bytes. */
export function bytesOf(item: Item, backlog: Backlog): number {
  if (item instanceof CopyRun) return item.bytes;
  return 'sending' in item ? backlog.weightOf(item.sending) : item.text.length;
}
