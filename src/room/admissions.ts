/** Coming into a room and leaving it. */
import type { RoomEffect } from './effects.ts';
import type { EndpointInfo, Newcomer, ParticipantId, RequestId } from './inputs.ts';
import type { Messages } from './messages.ts';
import { refused } from './refusals.ts';
import type { Renames } from './renames.ts';
import { answer, rosterChanged, type Input, type RoomState } from './state.ts';

/** Somebody whom the network's side has been asked to let in, with the devices that wait. */
interface Pending {
  readonly newcomer: Newcomer;
  /** The request that the network's side will settle. */
  readonly asked: RequestId;
  readonly waiting: Map<RequestId, EndpointInfo>;
}

export class Admissions {
  readonly #state: RoomState;
  readonly #renames: Renames;
  readonly #messages: Messages;
  readonly #pending = new Map<ParticipantId, Pending>();

  constructor(state: RoomState, renames: Renames, messages: Messages) {
    this.#state = state;
    this.#renames = renames;
    this.#messages = messages;
  }

  join({ request, newcomer, endpoint }: Input<'join'>, now: number): RoomEffect[] {
    const here = this.#state.roster.entry(newcomer.id);
    if (here?.side === 'network') {
      return [answer(request, refused('forbidden', 'this is the address of somebody else'))];
    }
    if (here) {
      this.#state.roster.change(newcomer.id, { endpoints: [...here.endpoints, endpoint] });
      return [...this.#letIn(request, newcomer.id, here.nick, endpoint), rosterChanged];
    }
    const pending = this.#pending.get(newcomer.id);
    if (pending) {
      pending.waiting.set(request, endpoint);
      return [];
    }
    const waiting = new Map([[request, endpoint]]);
    if (!this.#state.networked) {
      return this.#enter(newcomer, this.#renames.firstNick(newcomer, now), waiting, now);
    }
    this.#pending.set(newcomer.id, { newcomer, asked: request, waiting });
    return [{ type: 'admit', request, newcomer }];
  }

  cancel({ request }: Input<'cancel'>): RoomEffect[] {
    for (const [id, pending] of this.#pending) {
      if (!pending.waiting.delete(request)) continue;
      if (pending.waiting.size > 0) return [];
      this.#pending.delete(id);
      return [{ type: 'release', participant: id, cause: 'left', reason: 'cancelled' }];
    }
    return [];
  }

  /** The network's side has let somebody in, or has not. */
  settled({ request, outcome }: Input<'settled'>, now: number): RoomEffect[] {
    const pending = [...this.#pending.values()].find(({ asked }) => asked === request);
    if (!pending) return [];
    this.#pending.delete(pending.newcomer.id);
    if (!outcome.ok) return [...pending.waiting.keys()].map((waiting) => answer(waiting, outcome));
    const nick = outcome.nick ?? this.#renames.firstNick(pending.newcomer, now);
    return this.#enter(pending.newcomer, nick, pending.waiting, now);
  }

  #enter(
    newcomer: Newcomer,
    nick: string,
    waiting: ReadonlyMap<RequestId, EndpointInfo>,
    now: number,
  ): RoomEffect[] {
    this.#state.roster.put({
      id: newcomer.id,
      side: 'focus',
      nick,
      roles: [],
      away: false,
      since: now,
      endpoints: [...waiting.values()],
    });
    this.#renames.entered(newcomer);
    const answers = [...waiting].flatMap(([request, endpoint]) =>
      this.#letIn(request, newcomer.id, nick, endpoint),
    );
    return [...answers, rosterChanged];
  }

  /** Each device that comes in is told what was said before, a second one of somebody too: it has not heard it. */
  #letIn(request: RequestId, participant: ParticipantId, nick: string, endpoint: EndpointInfo): RoomEffect[] {
    const messages = this.#state.history.all();
    return [
      answer(request, { ok: true, nick }),
      ...(messages.length === 0
        ? []
        : [{ type: 'replay', participant, endpoint: endpoint.id, messages } as const]),
    ];
  }

  /** One device goes; with its last one the participant. */
  leave({ participant, endpoint, cause, reason }: Input<'leave'>, now: number): RoomEffect[] {
    const entry = this.#state.roster.entry(participant);
    if (!entry?.endpoints.some(({ id }) => id === endpoint)) return [];
    const endpoints = entry.endpoints.filter(({ id }) => id !== endpoint);
    if (endpoints.length > 0) {
      this.#state.roster.change(participant, { endpoints });
      return [rosterChanged];
    }
    this.#gone(participant, now);
    if (!this.#state.networked) return [rosterChanged];
    return [{ type: 'release', participant, cause, reason }, rosterChanged];
  }

  /** Somebody on the network's side removed a participant. */
  expelled({ participant, text }: Input<'expelled'>, now: number): RoomEffect[] {
    if (!this.#state.roster.entry(participant)) return [];
    this.#gone(participant, now);
    return [{ type: 'expel', participant, text, cause: 'expelled' }, rosterChanged];
  }

  takesPrivate({ participant, endpoint, takes }: Input<'takes-private'>): RoomEffect[] {
    const entry = this.#state.roster.entry(participant);
    const endpoints = entry?.endpoints.map((other) =>
      other.id === endpoint ? { ...other, takesPrivate: takes } : other,
    );
    if (endpoints) this.#state.roster.change(participant, { endpoints });
    return [];
  }

  /** The room ends: whoever still waits is told. */
  abandon(text: string): RoomEffect[] {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    return waiting.flatMap((pending): RoomEffect[] => [
      ...[...pending.waiting.keys()].map((request) => answer(request, refused('no-room', text))),
      { type: 'release', participant: pending.newcomer.id, cause: 'left', reason: text },
    ]);
  }

  #gone(participant: ParticipantId, now: number): void {
    const entry = this.#state.roster.entry(participant);
    if (entry) this.#renames.left(entry, now);
    this.#messages.left(participant);
    this.#state.roster.remove(participant);
  }
}
