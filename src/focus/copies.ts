/**
 * The copies of one message that go to SIP participants: one object for each run of bytes that differs, however many
 * get it, since msrp makes the frames of an object once.
 */
import { parseCpim, rewriteFrom, rewriteTo } from '../formats/cpim.ts';
import type { GrowingBody, OutgoingMessage } from '../msrp/index.ts';
import { addressKey } from '../sip/index.ts';
import { sameBareUri } from './addresses.ts';
import type { CpimContent } from './cpim-content.ts';

/** The copies of a message, by the URI that each recipient should find in To. */
export interface Copies {
  /** What the message carries: media types of which its recipients must take each. */
  readonly types: readonly string[];
  /** The same for those who do not take these types, where it may be written in another way: where it is ours. */
  readonly other?: Copies | undefined;
  /** To the room, for those who know it by this URI. */
  toRoom(dialled: string): OutgoingMessage;
  /** To one participant, or to a group, with this URI. */
  toPerson(uri: string): OutgoingMessage;
}

/** What a participant has sent: its very bytes (RFC 7701 section 6.1), but for two exceptions. */
export class PassedOn implements Copies {
  readonly types: readonly string[];
  readonly #content: CpimContent;
  readonly #rest: GrowingBody | undefined;
  readonly #original: OutgoingMessage;
  /** There are none where everybody knows the room by the URI in To. */
  #others: Map<string, OutgoingMessage> | undefined;

  /**
   * `author`: the address by which others know the sender, and its nickname. `rest`: what follows the bytes and is still
   * coming in.
   */
  constructor(
    content: CpimContent,
    author: { readonly id: string; readonly nick: string },
    rest?: GrowingBody,
  ) {
    this.types = content.types;
    this.#content = content;
    this.#rest = rest;
    this.#original = asMessage(withAnonymousFrom(content, author), rest);
  }

  toRoom(dialled: string): OutgoingMessage {
    const [to] = this.#content.cpim.to;
    if (this.#content.isSealed || (to && (to.uri === dialled || sameBareUri(to.uri, dialled))))
      return this.#original;
    this.#others ??= new Map();
    return kept(this.#others, dialled, () =>
      asMessage(withDialledTo(this.#original.body, dialled), this.#rest),
    );
  }

  /** To stays: it may name several. */
  toPerson(): OutgoingMessage {
    return this.#original;
  }
}

/** First exception: the sender asked for privacy, and its wrapper names it. */
function withAnonymousFrom(
  content: CpimContent,
  author: { readonly id: string; readonly nick: string },
): Buffer {
  const { bytes, cpim } = content;
  // Whoever is not anonymous can only speak with the address by which others know it.
  const { uri } = cpim.from;
  if (content.isSealed || uri === author.id || addressKey(uri) === addressKey(author.id)) return bytes;
  return rewriteFrom(bytes, cpim, { name: author.nick, uri: author.id });
}

/** Second exception. COMPAT: who knows the room by another URI than the one in To would take the message for a private one. */
function withDialledTo(bytes: Buffer, dialled: string): Buffer {
  const cpim = parseCpim(bytes);
  return rewriteTo(bytes, cpim, { name: cpim.to[0]?.name ?? '', uri: dialled });
}

/** Errors come back, 200s do not (RFC 4975 section 7.1.1; RFC 7701 section 6.3 leaves the choice). */
export function asMessage(body: Buffer, rest?: GrowingBody): OutgoingMessage {
  return { contentType: 'message/cpim', body, failureReport: 'partial', ...(rest && { rest }) };
}

/** What a map has for a key, made where it has nothing. */
export function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
