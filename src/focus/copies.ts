/**
 * The copies of one message that go to SIP participants: one object for each run of bytes that differs, however many
 * get it, since msrp makes the frames of an object once.
 */
import { type Line, plainText } from '../common/spans.ts';
import { parseCpim, rewriteFrom, rewriteTo, writeCpim } from '../formats/cpim.ts';
import type { GrowingBody, OutgoingMessage } from '../msrp/index.ts';
import type { StyledText } from '../room/content.ts';
import { addressKey } from '../sip/index.ts';
import { sameBareUri } from './addresses.ts';
import type { CpimContent } from './cpim-content.ts';

const TEXT: readonly string[] = ['text/plain'];

/** The copies of a message, by the URI that each recipient should find in To. */
export interface Copies {
  /** What the message carries: media types of which its recipients must take each. */
  readonly types: readonly string[];
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
  readonly #others = new Map<string, OutgoingMessage>();

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

/** What somebody on a network has said. We are the author of its wrapper. */
export class Written implements Copies {
  readonly types = TEXT;
  readonly #text: StyledText;
  readonly #from: { readonly name: string; readonly uri: string };
  readonly #date: Date;
  readonly #messages = new Map<string, OutgoingMessage>();

  /** `at` in milliseconds since 1970. */
  constructor(text: StyledText, from: { readonly name: string; readonly uri: string }, at: number) {
    this.#text = text;
    this.#from = from;
    this.#date = new Date(at);
  }

  toRoom(dialled: string): OutgoingMessage {
    return this.toPerson(dialled);
  }

  toPerson(uri: string): OutgoingMessage {
    return kept(this.#messages, uri, () => writtenMessage(this.#text, this.#from, uri, this.#date));
  }
}

/** What the room itself says: from the room to the room, as each knows it. */
export class Announcement implements Copies {
  readonly types = TEXT;
  readonly #text: StyledText;
  readonly #name: string;
  readonly #date: Date;
  readonly #messages = new Map<string, OutgoingMessage>();

  /** `name`: what the room is called. `at` in milliseconds since 1970. */
  constructor(text: string, name: string, at: number) {
    this.#text = { action: false, lines: [[{ text, style: {} }]] };
    this.#name = name;
    this.#date = new Date(at);
  }

  toRoom(dialled: string): OutgoingMessage {
    const from = { name: this.#name, uri: dialled };
    return kept(this.#messages, dialled, () => writtenMessage(this.#text, from, dialled, this.#date));
  }

  toPerson(uri: string): OutgoingMessage {
    return this.toRoom(uri);
  }
}

function writtenMessage(
  { action, lines }: StyledText,
  from: { readonly name: string; readonly uri: string },
  to: string,
  dateTime: Date,
): OutgoingMessage {
  const text = lines.map((line: Line) => plainText(line)).join('\r\n');
  const contentType = 'text/plain; charset=utf-8';
  const body = action ? `/me ${text}` : text;
  return asMessage(writeCpim({ from, to: { name: '', uri: to }, dateTime, contentType, body }));
}

/** Errors come back, 200s do not (RFC 4975 section 7.1.1; RFC 7701 section 6.3 leaves the choice). */
function asMessage(body: Buffer, rest?: GrowingBody): OutgoingMessage {
  return { contentType: 'message/cpim', body, failureReport: 'partial', ...(rest && { rest }) };
}

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
