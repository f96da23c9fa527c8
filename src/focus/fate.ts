/** What becomes of a message of a participant: a response as soon as it is known whether it is taken, a REPORT when its outcome is (RFC 4975 section 7.1.4). */
import type { Enclosure, MessageReply } from '../msrp/index.ts';
import type { Outcome } from '../room/refusals.ts';
import { type MsrpAnswer, msrpAnswer } from './answers.ts';
import type { Asked } from './requests.ts';

export class Fate implements Asked {
  readonly #reply: MessageReply;
  /** What its REPORT holds. */
  readonly #enclosure: Enclosure | undefined;
  readonly #refused: (answer: MsrpAnswer) => void;
  #taken = false;

  constructor(reply: MessageReply, enclosure: Enclosure | undefined, refused: (answer: MsrpAnswer) => void) {
    this.#reply = reply;
    this.#enclosure = enclosure;
    this.#refused = refused;
  }

  /** Whoever refuses it at once still does so in the response. */
  taken(): void {
    queueMicrotask(() => this.#take());
  }

  answered(outcome: Outcome): void {
    if (outcome.ok) {
      this.#take();
      this.#reply.report(200, undefined, this.#enclosure);
      return;
    }
    const { status, comment } = msrpAnswer(outcome);
    this.#refused({ status, comment });
    if (this.#taken) this.#reply.report(status, comment, this.#enclosure);
    else this.#reply.respond(status, comment);
  }

  #take(): void {
    this.#taken = true;
    this.#reply.respond(200);
  }
}
