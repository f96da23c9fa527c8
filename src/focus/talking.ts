/** What participants send: messages and wishes for nicknames become inputs of the room, and its answers MSRP responses. */
import { reportWrapper } from '../formats/cpim.ts';
import { parseUseNickname } from '../formats/nickname-header.ts';
import { MediaTypes } from '../formats/media-type.ts';
import type {
  Beginning,
  Enclosure,
  IncomingMessage,
  MessageOpening,
  MessageReply,
  NicknameRequest,
} from '../msrp/index.ts';
import { type MsrpAnswer, nicknameAnswer } from './answers.ts';
import type { CpimContent } from './cpim-content.ts';
import type { Endpoint } from './endpoint.ts';
import { Fate } from './fate.ts';
import { type InboundContext, readFront, readInbound } from './inbound.ts';
import { LongMessage } from './long-message.ts';
import type { Asked } from './requests.ts';
import type { ParticipantId, Recipient } from '../room/inputs.ts';
import type { FocusState } from './state.ts';

export class Talking {
  readonly #state: FocusState;
  #types: MediaTypes;

  constructor(state: FocusState) {
    this.#state = state;
    this.#types = new MediaTypes(state.settings.types);
  }

  /** The settings of the room have changed. */
  configured(): void {
    this.#types = new MediaTypes(this.#state.settings.types);
  }

  message(endpoint: Endpoint, message: IncomingMessage): void {
    const { requests, push } = this.#state;
    const inbound = readInbound(ownBytes(message.body), this.#contextOf(endpoint));
    const from = endpoint.identity.id;
    switch (inbound.kind) {
      case 'refused':
        this.#noteRefusal(endpoint, inbound);
        message.respond(inbound.status, inbound.comment);
        return;
      case 'nothing':
        message.respond(200);
        message.report(200, undefined, inbound.content && enclosureOf(inbound.content));
        return;
      case 'say':
        push({
          type: 'say',
          request: requests.ask(this.#fateOf(endpoint, message.reply)),
          from,
          endpoint: endpoint.id,
          content: inbound.content,
        });
        return;
      case 'whisper': {
        this.provesPrivate(endpoint);
        const { to, content } = inbound;
        const deaf = this.#deafTo(content, to);
        if (deaf !== undefined) return message.respond(415, `${deaf} takes no ${content.type}`);
        push({
          type: 'whisper',
          request: requests.ask(this.#fateOf(endpoint, message.reply, enclosureOf(content))),
          from,
          endpoint: endpoint.id,
          to,
          content,
        });
      }
    }
  }

  /** A long message is coming in: what is no text goes to the others while it does (checklist 59). */
  begins(endpoint: Endpoint, opening: MessageOpening): Beginning {
    const front = readFront(opening.body, this.#contextOf(endpoint));
    switch (front.kind) {
      case 'later':
      case 'keep':
        return front.kind;
      case 'refused':
        this.#noteRefusal(endpoint, front);
        return front;
      default: {
        if (front.kind === 'whisper') {
          this.provesPrivate(endpoint);
          const deaf = this.#deafTo(front.content, front.to);
          if (deaf !== undefined) return { status: 415, comment: `${deaf} takes no ${front.content.type}` };
        }
        const long = new LongMessage({
          opening,
          head: front.content,
          enclosure: front.kind === 'whisper' ? enclosureOf(front.content) : undefined,
          state: this.#state,
          refused: (answer) => this.#noteRefusal(endpoint, answer),
        });
        const { content, request } = long;
        const said = { request, from: endpoint.identity.id, endpoint: endpoint.id, content };
        this.#state.push(
          front.kind === 'say' ? { type: 'say', ...said } : { type: 'whisper', ...said, to: front.to },
        );
        return long.refusal ?? long.start();
      }
    }
  }

  nickname(endpoint: Endpoint, request: NicknameRequest): void {
    const { requests, push, settings } = this.#state;
    this.provesPrivate(endpoint);
    // RFC 7701 section 7.1: the policy of the room comes first.
    if (!settings.nicknames) return request.respond(403, 'this room has no nicknames');
    const nick = parseUseNickname(request.value);
    if (nick === undefined) return request.respond(424, 'not a nickname');
    push({
      type: 'rename',
      request: requests.ask({
        answered: (outcome) => {
          if (outcome.ok) return request.respond(200);
          const { status, comment } = nicknameAnswer(outcome);
          request.respond(status, comment);
        },
      }),
      participant: endpoint.identity.id,
      // RFC 7701 section 7.3: an empty one gives the nickname up.
      nick: nick === '' ? undefined : nick,
    });
  }

  /** The device has shown that it knows private messages (design decision 9): the room is told once. */
  provesPrivate(endpoint: Endpoint): void {
    if (!endpoint.provePrivate()) return;
    this.#state.push({
      type: 'takes-private',
      participant: endpoint.identity.id,
      endpoint: endpoint.id,
      takes: true,
    });
  }

  #fateOf(endpoint: Endpoint, reply: MessageReply, enclosure?: Enclosure): Asked {
    return new Fate(reply, enclosure, (answer) => this.#noteRefusal(endpoint, answer));
  }

  /** Who would get a private message by none of its devices, since it is of no type that they take (checklist 58). */
  #deafTo({ kind, types: all }: CpimContent, to: readonly Recipient[]): ParticipantId | undefined {
    const { participants, settings } = this.#state;
    // What nobody reads is missed by nobody, and what is not allowed at all is refused by the room.
    if (kind === 'signal' || !settings.privateMessages) return undefined;
    const deaf = to.find(({ id }) => {
      const able = participants.of(id).filter(({ takesPrivate }) => takesPrivate);
      return able.length > 0 && !able.some(({ types }) => types?.takesAll(all));
    });
    return deaf?.id;
  }

  #contextOf({ identity: sender, dialled }: Endpoint): InboundContext {
    const { addresses, name, participants } = this.#state;
    const known = (address: string) => participants.known(address);
    return { addresses, room: name, sender, dialled, known, types: this.#types };
  }

  #noteRefusal(endpoint: Endpoint, { status, comment }: MsrpAnswer): void {
    this.#state.log.debug(
      { address: endpoint.identity.address, endpoint: endpoint.id, status, comment },
      'a message was refused',
    );
  }
}

/** What a REPORT on a private message holds: a wrapper with the original From and To (RFC 7701 section 6.2). */
function enclosureOf({ bytes, cpim }: CpimContent): Enclosure {
  return { contentType: 'message/cpim', body: reportWrapper(bytes, cpim) };
}

/** The bytes, without a larger buffer that they would keep alive. */
function ownBytes(body: Buffer): Buffer {
  return body.buffer.byteLength > 2 * body.length ? Buffer.from(body) : body;
}
