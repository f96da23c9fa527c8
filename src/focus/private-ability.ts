/** Whether a device takes private messages: by its SDP (RFC 7701 section 8), or because it has shown that it knows them. */
import type { PeerMedia } from './offer-answer.ts';

export class PrivateAbility {
  #declared = false;
  #takes = false;

  /** `peer`: its first description, where it is known already. */
  constructor(peer: PeerMedia | undefined) {
    if (peer) this.described(peer);
  }

  get takes(): boolean {
    return this.#takes;
  }

  /** It has shown that it knows private messages; false where that is nothing new. */
  prove(): boolean {
    if (this.#takes) return false;
    this.#takes = true;
    return true;
  }

  /** Takes in a description; whether anything is different now. */
  described({ media }: PeerMedia): boolean {
    const before = this.#takes;
    const declares = media.chatroom?.has('private-messages') === true;
    // What is left out of a later description is withdrawn. Whoever has never declared it has shown it otherwise, and
    // takes nothing back by saying nothing.
    this.#takes = declares || (this.#takes && !this.#declared);
    this.#declared = declares;
    return this.#takes !== before;
  }
}
