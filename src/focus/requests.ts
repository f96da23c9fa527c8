/** What was asked of a room and is not answered yet. The answer comes as an effect with the same id. */
import type { RequestId } from '../room/inputs.ts';
import type { Outcome } from '../room/refusals.ts';

export interface Asked {
  /** It was taken and goes on its way; its outcome follows. */
  taken?(): void;
  answered(outcome: Outcome): void;
}

export class Requests {
  readonly #newId: () => RequestId;
  readonly #asked = new Map<RequestId, Asked>();
  /** What has failed on our own side, and is not answered yet. */
  readonly #failed = new Map<RequestId, Outcome>();

  /** `newId` makes an id that no other room has either. */
  constructor(newId: () => RequestId) {
    this.#newId = newId;
  }

  /** The id to ask with. */
  ask(asked: Asked): RequestId {
    const id = this.#newId();
    this.#asked.set(id, asked);
    return id;
  }

  taken(id: RequestId): void {
    this.#asked.get(id)?.taken?.();
  }

  /** Our own side could not carry it out, or not wholly: that is its outcome, whatever else becomes of it. */
  failed(id: RequestId, outcome: Outcome): void {
    if (this.#asked.has(id)) this.#failed.set(id, outcome);
  }

  answered(id: RequestId, outcome: Outcome): void {
    const asked = this.#asked.get(id);
    const failed = this.#failed.get(id);
    this.forget(id);
    asked?.answered(outcome.ok && failed ? failed : outcome);
  }

  /** No answer is expected any more. */
  forget(id: RequestId): void {
    this.#asked.delete(id);
    this.#failed.delete(id);
  }
}
