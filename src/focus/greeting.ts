/**
 * Who does not know what a chat room is gets told that it is in one, and who else is (RFC 7701 section 11; checklist 24).
 * Whoever subscribes to the roster knows, and so does whoever asks for a nickname or says so in a later description.
 */
import type { Timer } from '../common/clock.ts';
import type { Endpoint } from './endpoint.ts';
import type { FocusState } from './state.ts';
import type { Switch } from './switch.ts';

/** Milliseconds in which a device may still show that it knows. */
const PATIENCE = 2000;
/** Names in the list of participants. */
const MOST_NAMES = 50;

/** Greets the devices of one room. */
export class Greeting {
  readonly #state: FocusState;
  readonly #switch: Switch;
  readonly #waiting = new Map<Endpoint, Timer>();

  constructor(state: FocusState, theSwitch: Switch) {
    this.#state = state;
    this.#switch = theSwitch;
  }

  /** The session of a device is there. */
  opened(endpoint: Endpoint): void {
    if (knows(endpoint)) return;
    const timer = this.#state.clock.after(PATIENCE, () => {
      this.#waiting.delete(endpoint);
      if (knows(endpoint)) return;
      for (const text of this.#texts()) this.#switch.announce(text, [endpoint]);
    });
    this.#waiting.set(endpoint, timer);
  }

  /** It needs no greeting, or no more. */
  spare(endpoint: Endpoint): void {
    this.#waiting.get(endpoint)?.cancel();
    this.#waiting.delete(endpoint);
  }

  #texts(): string[] {
    const { name, settings, roster } = this.#state;
    const { network } = settings;
    const where = network ? `, which is ${network.channel} on ${network.name}` : '';
    return [
      `You are in the chat room ${name}${where}. What you send goes to everybody in it.`,
      participantsText([...roster.entries()].map(({ nick }) => nick)),
    ];
  }
}

function knows({ isAware, subscribed, takesPrivate }: Endpoint): boolean {
  return isAware || subscribed || takesPrivate;
}

/** The list of who is in the room, as a sentence. */
export function participantsText(nicks: readonly string[]): string {
  const shown = nicks.slice(0, MOST_NAMES).join(', ');
  const others = nicks.length - MOST_NAMES;
  const rest = others > 0 ? ` and ${others} more` : '';
  return `In the room: ${shown}${rest} (${nicks.length === 1 ? '1 person' : `${nicks.length} people`}).`;
}
