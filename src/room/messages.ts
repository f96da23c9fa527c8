/** What is said in a room: to all, to some, and by whom it is heard when. */
import type { Content } from './content.ts';
import type { RoomEffect } from './effects.ts';
import type { Author, EndpointId, ParticipantId, Recipient, RequestId } from './inputs.ts';
import { done, refused } from './refusals.ts';
import { answer, type Input, type RoomState } from './state.ts';

/** What is delivered when the network's side has settled it. */
interface Held {
  readonly from: Author;
  readonly origin: EndpointId;
  readonly content: Content;
}

/** People who wrote to a participant in private, remembered so that they can be answered. */
const CONTACTS = 200;

export class Messages {
  readonly #state: RoomState;
  /** Messages that the network's side has not settled yet; nothing is held of what the focus' side has already. */
  readonly #relayed = new Map<RequestId, Held | undefined>();
  /** Files of which the network's side is told when their size is known. */
  readonly #growing = new Map<RequestId, { readonly from: Author; readonly content: Content }>();
  readonly #contacts = new Map<ParticipantId, Set<ParticipantId>>();

  constructor(state: RoomState) {
    this.#state = state;
  }

  say({ request, from, endpoint, content }: Input<'say'>): RoomEffect[] {
    const entry = this.#state.roster.entry(from);
    if (!entry) return [answer(request, refused('forbidden', 'not in this room'))];
    const author = { id: from, nick: entry.nick };
    const deliver: RoomEffect = { type: 'deliver', content, from: author, origin: endpoint, at: undefined };
    // Whoever is typing is of no use to people who could not see it at once.
    if (!this.#state.networked || content.kind === 'signal') return [deliver, answer(request, done)];

    if (content.size === undefined) {
      this.#growing.set(request, { from: author, content });
      return [{ type: 'taken', request }, deliver];
    }
    // Only text waits for the network; while that is away the others here hear each other at once.
    const waits =
      content.kind === 'text' && this.#state.settings.distribute === 'after-irc' && this.#state.up;
    this.#relayed.set(request, waits ? { from: author, origin: endpoint, content } : undefined);
    return [
      { type: 'taken', request },
      ...(waits ? [] : [deliver]),
      { type: 'relay', request, from: author, content },
    ];
  }

  complete({ request }: Input<'complete'>): RoomEffect[] {
    const growing = this.#growing.get(request);
    if (!growing) return [];
    this.#growing.delete(request);
    this.#relayed.set(request, undefined);
    return [{ type: 'relay', request, ...growing }];
  }

  givenUp({ request }: Input<'given-up'>): RoomEffect[] {
    this.#growing.delete(request);
    return [];
  }

  /** A message that went to the network's side has been heard there, or has not. */
  settled({ request, outcome }: Input<'settled'>): RoomEffect[] {
    if (!this.#relayed.has(request)) return [];
    const held = this.#relayed.get(request);
    this.#relayed.delete(request);
    if (!outcome.ok || !held) return [answer(request, outcome)];
    return [{ type: 'deliver', ...held, at: undefined }, answer(request, outcome)];
  }

  heard({ from, nick, content, at }: Input<'heard'>): RoomEffect[] {
    return [{ type: 'deliver', content, from: { id: from, nick }, origin: undefined, at }];
  }

  whisper({ request, from, endpoint, to, content }: Input<'whisper'>): RoomEffect[] {
    const entry = this.#state.roster.entry(from);
    if (!entry) return [answer(request, refused('forbidden', 'not in this room'))];
    if (!this.#state.settings.privateMessages) {
      return [answer(request, refused('private-off', 'this room has no private messages'))];
    }
    const author = { id: from, nick: entry.nick };
    // Several addresses may mean the same person, who gets the message once.
    const near = new Set<ParticipantId>();
    const far = new Set<ParticipantId>();
    for (const recipient of to) {
      const found = this.#resolve(recipient, from);
      if (found === undefined) return [answer(request, refused('nobody', 'nobody here has this address'))];
      const there = this.#state.roster.entry(found);
      if (there?.side !== 'focus') far.add(found);
      else if (there.endpoints.some(({ takesPrivate }) => takesPrivate)) near.add(found);
      else return [answer(request, refused('no-private', `${there.nick} cannot take private messages`))];
    }
    if (far.size > 0 && content.kind === 'file') {
      return [answer(request, refused('forbidden', 'only text can be sent to people on IRC'))];
    }
    const deliver: RoomEffect = {
      type: 'whisper',
      request,
      content,
      from: author,
      origin: endpoint,
      to: [...near],
      group: undefined,
      at: undefined,
    };
    if (far.size === 0 || content.kind === 'signal') return [deliver, answer(request, done)];
    this.#relayed.set(request, undefined);
    return [
      { type: 'taken', request },
      deliver,
      { type: 'relay-private', request, from: author, to: [...far], content },
    ];
  }

  whispered({ from, nick, to, group, content, at }: Input<'whispered'>): RoomEffect[] {
    const entry = this.#state.roster.entry(to);
    if (!entry) return [];
    const takes =
      this.#state.settings.privateMessages && entry.endpoints.some(({ takesPrivate }) => takesPrivate);
    // Of what is for a group nobody is missed.
    if (!takes) return group === undefined ? [{ type: 'unheard', participant: to, from }] : [];
    this.#remember(to, from);
    return [
      {
        type: 'whisper',
        content,
        from: { id: from, nick },
        origin: undefined,
        to: [to],
        group,
        at,
      },
    ];
  }

  /** No device of a participant could be sent what somebody of the network's side wrote to it in private. */
  missed({ participant, from }: Input<'missed'>): RoomEffect[] {
    return this.#state.roster.entry(participant) ? [{ type: 'unheard', participant, from }] : [];
  }

  /** A participant is here no more: whom it knew is forgotten. */
  left(participant: ParticipantId): void {
    this.#contacts.delete(participant);
  }

  /** The room ends: of what is on its way nothing will be heard any more. */
  abandon(text: string): RoomEffect[] {
    const waiting = [...this.#relayed.keys(), ...this.#growing.keys()];
    this.#relayed.clear();
    this.#growing.clear();
    return waiting.map((request) => answer(request, refused('lost', text)));
  }

  #remember(participant: ParticipantId, contact: ParticipantId): void {
    const contacts = this.#contacts.get(participant) ?? new Set();
    contacts.delete(contact);
    contacts.add(contact);
    if (contacts.size > CONTACTS) contacts.delete([...contacts][0] ?? contact);
    this.#contacts.set(participant, contacts);
  }

  /**
   * Whom an address means: somebody in the room, the operators, somebody who wrote to the author
   * before (RFC 7701 section 6.2 knows the first only), or the one who has this nickname now.
   */
  #resolve({ id, nick }: Recipient, author: ParticipantId): ParticipantId | undefined {
    const { roster, settings } = this.#state;
    if (roster.entry(id) || id === settings.operators) return id;
    if (this.#contacts.get(author)?.has(id)) return id;
    if (nick === undefined) return undefined;
    const called = [...roster.entries()].filter((entry) => entry.side === 'network' && entry.nick === nick);
    return called.length === 1 ? called[0]?.id : undefined;
  }
}
