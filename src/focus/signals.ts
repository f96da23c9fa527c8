/**
 * What is for programs and not for people: that somebody is typing (RFC 3994), that somebody has got or read something
 * (RFC 5438). It goes to those who take it, until they say that they do not; IRC, the history and the author's other
 * devices have no use for it.
 */
import type { Clock } from '../common/clock.ts';
import type { MediaTypes } from '../formats/media-type.ts';
import type { Copies } from './copies.ts';
import type { Endpoint } from './endpoint.ts';

/** What has to be known of a device. */
type Listener = Pick<Endpoint, 'types' | 'dialled' | 'send'>;

/** Milliseconds in which a refusal comes, if one does: the transaction timer of RFC 4975 section 7.1.1. */
const PATIENCE = 30_000;

export class Signals {
  readonly #clock: Clock;
  /**
   * For what a device has said that it takes: when a signal of a type was last watched, or that it was refused. A new
   * description is a new list, so it begins anew.
   */
  readonly #watched = new WeakMap<MediaTypes, Map<string, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends one to a device that takes it, and has not refused it. `to` is the URI of To; the room as the device knows it without one. */
  send(copies: Copies, device: Listener, to?: string): void {
    const { types } = device;
    const [type] = copies.types;
    if (type === undefined || !types?.takes(type)) return;
    const message = to === undefined ? copies.toRoom(device.dialled) : copies.toPerson(to);
    const watched = this.#watched.get(types) ?? new Map<string, number>();
    const since = watched.get(type) ?? -Infinity;
    // RFC 3994 section 4: who has answered 415 gets no more of them.
    if (since === Infinity) return;
    const now = this.#clock.now();
    // One at a time is enough to hear it, and a room full of people who type costs no more than that.
    if (now - since < PATIENCE) {
      device.send(message, 'signal');
      return;
    }
    this.#watched.set(types, watched.set(type, now));
    const sent = device.send(message, 'signal', (status) => {
      if (status === 415) watched.set(type, Infinity);
    });
    if (!sent) watched.delete(type);
  }
}
