/**
 * The SIP side of all rooms (RFC 4353, RFC 4579, RFC 7701): the focus, which has a dialog with each device of a
 * participant, and the switch, which distributes what they send.
 */
import type { RoomLoop } from '../room/loop.ts';
import { Addresses } from './addresses.ts';
import type { FocusOptions, FocusRoom, FocusSettings } from './api.ts';
import { Identities } from './identities.ts';
import { Room } from './room.ts';

export type { FocusLimits, FocusOptions, FocusRoom, FocusSettings } from './api.ts';
export type { MsrpPlace } from './places.ts';

export class Focus {
  readonly #options: FocusOptions;
  readonly #addresses: Addresses;
  readonly #identities: Identities;
  readonly #rooms = new Set<string>();
  #requests = 0;

  constructor(options: FocusOptions) {
    this.#options = options;
    this.#identities = new Identities(options.clock);
    this.#addresses = new Addresses({
      domain: options.domain,
      networks: options.networks,
      isRoomName: (name) => this.#rooms.has(name),
    });
  }

  /** Takes calls for a room from now on. Throws when there is a room of that name. */
  openRoom(name: string, settings: FocusSettings, loop: RoomLoop): FocusRoom {
    const room = new Room({
      name,
      settings,
      loop,
      options: this.#options,
      addresses: this.#addresses,
      identities: this.#identities,
      newRequestId: () => `${name}#${(this.#requests += 1)}`,
      closed: () => this.#rooms.delete(name),
    });
    this.#rooms.add(name);
    return room;
  }
}
