/** What can wait in the queue of a connection, and whom that queue asks and tells. */
import type { Clock } from '../common/clock.ts';
import type { Backlog, BacklogEvents, Share } from './backlog.ts';
import { CopyRun } from './copy-run.ts';
import type { Sending } from './sending.ts';
import type { Tick } from './tick.ts';
import type { Transactions } from './transactions.ts';

/** The connection that it is the queue of. */
export interface QueueEvents extends BacklogEvents {
  readonly transactions: Transactions;
  /** Told each time when the last item has been handed over. */
  emptied(): void;
}

/** The endpoint of that connection. */
export interface QueueOwner {
  readonly tick: Tick;
  readonly clock: Clock;
  readonly limits: { readonly sendBudgetBytes: number };
}

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
