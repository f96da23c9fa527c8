/**
 * How a connection ends when the last line was said: the client is left a moment to close first, then we close, and whoever
 * does not follow is cut off. The end that closes first keeps the connection for a minute (TIME-WAIT, RFC 9293 section
 * 3.6.1), and on our side that is one more on the port that we listen on, which others then find taken.
 */
import type { Clock, Timer } from '../../common/clock.ts';
import type { Connection } from '../../transport/connection.ts';

/** Milliseconds that a client has for closing first, when it knows that nothing more will come. */
const MOMENT = 1000;

export interface FarewellOptions {
  readonly clock: Clock;
  /** False: nobody is waited for. */
  readonly peerFirst: boolean;
  /** Milliseconds for everything: for sending the rest, and for the peer's end. */
  readonly limit: number;
}

export class Farewell {
  readonly #connection: Connection;
  readonly #options: FarewellOptions;
  readonly #limit: Timer;
  #moment: Timer | undefined;
  #said = false;

  /** Begins when there is nothing more to say than what was said. */
  constructor(connection: Connection, options: FarewellOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#limit = options.clock.after(options.limit, () => {
      this.over();
      connection.destroy('reset');
    });
  }

  /** All of it has been written. Only the first time counts. */
  said(): void {
    if (this.#said) return;
    this.#said = true;
    if (!this.#options.peerFirst || !this.#connection.open) return this.#connection.end();
    this.#moment = this.#options.clock.after(MOMENT, () => this.#connection.end());
  }

  /** The connection is closed: nothing is waited for. */
  over(): void {
    this.#said = true;
    this.#moment?.cancel();
    this.#limit.cancel();
  }
}
