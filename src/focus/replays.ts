/**
 * What was said before somebody came, sent to its device behind the 200 and before anything newer. A device whose SDP is
 * not known yet, as its INVITE had none, hears nothing new either before it is.
 */
import type { FocusEffect } from '../room/effects.ts';
import type { Said } from '../room/history.ts';
import type { Endpoint } from './endpoint.ts';
import type { FocusState } from './state.ts';
import type { Switch } from './switch.ts';

export class Replays {
  readonly #state: FocusState;
  readonly #switch: Switch;
  /** For devices of which it is not known what they take. */
  readonly #waiting = new WeakMap<Endpoint, readonly Said[]>();

  constructor(state: FocusState, theSwitch: Switch) {
    this.#state = state;
    this.#switch = theSwitch;
  }

  replay({ participant, endpoint: id, messages }: Extract<FocusEffect, { type: 'replay' }>): void {
    // Its call may have failed at once.
    const endpoint = this.#state.participants.find(participant, id);
    if (!endpoint) return;
    if (endpoint.types) this.#switch.replay(endpoint, messages);
    else this.#waiting.set(endpoint, messages);
  }

  /** The SDP of a device has come. */
  described(endpoint: Endpoint): void {
    this.#switch.replay(endpoint, this.#waiting.get(endpoint) ?? []);
    this.#waiting.delete(endpoint);
  }
}
