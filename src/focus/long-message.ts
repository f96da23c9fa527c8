/**
 * A file of a participant that is distributed while it comes in (RFC 7701 section 6.1), from its beginning to what its sender
 * is told of it.
 *
 * The room decides at the beginning, as for any message: the recipients are those of that moment. What it refuses then is
 * the answer to the chunk. What goes wrong later, when others have got some of it already, does not take it from them:
 * the sender is told when it is whole (RFC 4975 section 7.1.4).
 */
import type { Enclosure, MessageFlow, MessageOpening } from '../msrp/index.ts';
import type { RequestId } from '../room/inputs.ts';
import type { Outcome } from '../room/refusals.ts';
import { type MsrpAnswer, msrpAnswer } from './answers.ts';
import type { CpimContent } from './cpim-content.ts';
import { GrowingContent } from './growing-content.ts';
import type { Asked } from './requests.ts';
import type { FocusState } from './state.ts';

export interface LongMessageParts {
  readonly opening: MessageOpening;
  /** The headers of its wrapper. */
  readonly head: CpimContent;
  /** What a REPORT on it holds. */
  readonly enclosure: Enclosure | undefined;
  readonly state: Pick<FocusState, 'clock' | 'push' | 'requests'>;
  readonly refused: (answer: MsrpAnswer) => void;
}

export class LongMessage implements MessageFlow, Asked {
  readonly content: GrowingContent;
  /** To ask the room with. */
  readonly request: RequestId;
  readonly #parts: LongMessageParts;
  /** The room does not know its size yet. */
  readonly #isOpenEnded: boolean;
  #outcome: Outcome | undefined;
  #ended = false;

  constructor(parts: LongMessageParts) {
    const { opening, head, state } = parts;
    this.#parts = parts;
    const resume = (): void => opening.resume();
    this.content = new GrowingContent(head, opening.total, { clock: state.clock, resume });
    this.#isOpenEnded = opening.total === undefined;
    this.request = state.requests.ask(this);
  }

  /** What the room has said against it before anybody got some of it. */
  get refusal(): MsrpAnswer | undefined {
    const outcome = this.#outcome;
    return !outcome || outcome.ok || this.content.isDelivered ? undefined : msrpAnswer(outcome);
  }

  /** To be called when the room has been asked: hands on what has come already. */
  start(): MessageFlow {
    const first = this.#parts.opening.body.subarray(this.content.head.bytes.length);
    if (first.length > 0) this.data(first);
    return this;
  }

  data(bytes: Buffer): void {
    if (!this.content.body.append(bytes)) this.#parts.opening.pause();
  }

  end(size: number): void {
    const { push } = this.#parts.state;
    this.#ended = true;
    this.content.whole(size);
    if (this.#isOpenEnded) push({ type: 'complete', request: this.request });
    this.#report();
  }

  aborted(): void {
    const { push, requests } = this.#parts.state;
    requests.forget(this.request);
    this.content.body.abort();
    if (this.#isOpenEnded) push({ type: 'given-up', request: this.request });
  }

  answered(outcome: Outcome): void {
    this.#outcome = outcome;
    if (!outcome.ok) this.#parts.refused(msrpAnswer(outcome));
    this.#report();
  }

  /** Its sender hears of it when it is whole and its outcome is known. */
  #report(): void {
    const { opening, enclosure } = this.#parts;
    const outcome = this.#outcome;
    if (!this.#ended || !outcome) return;
    const { status, comment } = outcome.ok ? { status: 200, comment: undefined } : msrpAnswer(outcome);
    opening.report(status, comment, enclosure);
  }
}
