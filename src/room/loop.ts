/**
 * Runs one room: inputs wait in a queue, each is handled to its end, its effects go in order to
 * the two sides. A side may push inputs while it carries out an effect; they wait their turn.
 */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { FocusEffect, NetworkEffect, RoomEffect } from './effects.ts';
import type { RoomInput, RoomSettings } from './inputs.ts';
import { Room } from './room.ts';
import type { RosterView } from './roster.ts';

/** What carries out a room's effects. */
export interface Sides {
  focus(effect: FocusEffect): void;
  network(effect: NetworkEffect): void;
}

export class RoomLoop {
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #queue: RoomInput[] = [];
  #sides: Sides | undefined;
  #running = false;

  constructor(options: { settings: RoomSettings; networked: boolean }, tools: { clock: Clock; log: Log }) {
    this.#room = new Room(options);
    this.#clock = tools.clock;
    this.#log = tools.log;
  }

  get roster(): RosterView {
    return this.#room;
  }

  /** Says who carries out the effects; before that, inputs wait. */
  connect(sides: Sides): void {
    this.#sides = sides;
    this.#run();
  }

  push(input: RoomInput): void {
    this.#queue.push(input);
    this.#run();
  }

  #run(): void {
    if (this.#running || !this.#sides) return;
    this.#running = true;
    try {
      for (let input = this.#queue.shift(); input; input = this.#queue.shift()) {
        for (const effect of this.#room.handle(input, this.#clock.now())) this.#carryOut(effect, this.#sides);
      }
    } finally {
      this.#running = false;
    }
  }

  /** An effect that cannot be carried out is our fault and nobody else's: the next ones go on. */
  #carryOut(effect: RoomEffect, sides: Sides): void {
    try {
      switch (effect.type) {
        case 'admit':
        case 'release':
        case 'relay':
        case 'relay-private':
        case 'rename':
        case 'unheard':
          sides.network(effect);
          return;
        default:
          sides.focus(effect);
      }
    } catch (error) {
      this.#log.error({ err: error, effect: effect.type }, 'an effect could not be carried out');
    }
  }
}
