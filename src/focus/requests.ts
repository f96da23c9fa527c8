/** What was asked of a room and is not answered yet. The answer comes as an effect with the same id. */
import type { RequestId } from '../room/inputs.ts';
import type { Outcome } from '../room/refusals.ts';

export interface Asked {
  /** It was taken and goes on its way; its outcome follows. */
  taken?(): void;
  answered(outcome: Outcome): void;
}

interface Request {
  readonly id: RequestId;
  readonly asked: Asked;
  /** How it has failed on our own side. */
  failed: Outcome | undefined;
}

export class Requests {
  readonly #newId: () => RequestId;
  /** What was asked last: most is answered at once, and never gets into the map. */
  #last: Request | undefined;
  readonly #others = new Map<RequestId, Request>();

  /** `newId` makes an id that no other room has either. */
  constructor(newId: () => RequestId) {
    this.#newId = newId;
  }

  /** The id to ask with. */
  ask(asked: Asked): RequestId {
    if (this.#last) this.#others.set(this.#last.id, this.#last);
    const id = this.#newId();
    this.#last = { id, asked, failed: undefined };
    return id;
  }

  taken(id: RequestId): void {
    this.#find(id)?.asked.taken?.();
  }

  /** Our own side could not carry it out, or not wholly: that is its outcome, whatever else becomes of it. */
  failed(id: RequestId, outcome: Outcome): void {
    const request = this.#find(id);
    if (request) request.failed = outcome;
  }

  answered(id: RequestId, outcome: Outcome): void {
    const request = this.#find(id);
    if (!request) return;
    this.forget(id);
    request.asked.answered(outcome.ok && request.failed ? request.failed : outcome);
  }

  /** No answer is expected any more. */
  forget(id: RequestId): void {
    if (this.#last?.id === id) this.#last = undefined;
    else this.#others.delete(id);
  }

  #find(id: RequestId): Request | undefined {
    return this.#last?.id === id ? this.#last : this.#others.get(id);
  }
}
