/** A file of a SIP participant that is still coming in: the headers of its wrapper, and what is behind them. */
import type { Clock } from '../common/clock.ts';
import { GrowingBody } from '../msrp/index.ts';
import type { Content } from '../room/content.ts';
import type { CpimContent } from './cpim-content.ts';

/** What a room is asked about before the whole message is there. */
export class GrowingContent implements Content {
  readonly kind = 'file';
  readonly type: string;
  /** It is gone when all have it, so nobody can have it later. */
  readonly held = Infinity;
  /** The wrapper up to where its content begins. */
  readonly head: CpimContent;
  /** The content. */
  readonly body: GrowingBody;
  /** Whether somebody may have got some of it. */
  isDelivered = false;
  #size: number | undefined;

  /** `total`: bytes of the whole message, where its sender says so. `resume` as `GrowingBody` has it. */
  constructor(head: CpimContent, total: number | undefined, tools: { clock: Clock; resume: () => void }) {
    this.type = head.type;
    this.head = head;
    this.#size = total === undefined ? undefined : Math.max(0, total - head.bytes.length);
    this.body = new GrowingBody({ ...tools, total: this.#size });
  }

  get size(): number | undefined {
    return this.#size;
  }

  /** The message has come in whole, with so many bytes. */
  whole(size: number): void {
    this.#size = size - this.head.bytes.length;
    this.body.end();
  }

  text(): undefined {
    return undefined;
  }
}
