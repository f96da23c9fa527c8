/** Messages of a chat room in their message/cpim wrappers: what came, and what is sent (RFC 7701 section 6). */
import { plainText } from '../../../src/common/spans.ts';
import { parseCpim, readText, writeCpim, type Cpim } from '../../../src/formats/cpim.ts';
import { htmlToLines } from '../../../src/formats/html.ts';
import { mediaType } from '../../../src/formats/media-type.ts';
import { canonicalUri, canonicalUser, parseSipUri } from '../../../src/sip/index.ts';

/** Who we are, and where. */
export interface Place {
  /** Our address. */
  readonly self: string;
  /** The room as we dialled it, without port and parameters. */
  readonly room: string;
}

export interface Heard {
  readonly nick: string;
  readonly text: string;
  /** It tells what somebody does (`/me`). */
  readonly action: boolean;
  readonly fromRoom: boolean;
  /** Nothing: to the room; '': to us alone; else to whom it went, us among them or not. */
  readonly to: string | undefined;
}

/** What a wrapper says to a reader; nothing for signals such as "is composing". Throws CpimError. */
export function hear(body: Buffer, place: Place): Heard | undefined {
  const cpim = parseCpim(body);
  const text = textOf(cpim);
  if (text === undefined) return undefined;
  const from = canonicalUri(cpim.from.uri) ?? cpim.from.uri;
  const to = canonicalUri(cpim.to[0]?.uri ?? '') ?? '';
  const action = /^\/me\s/.test(text);
  return {
    nick: cpim.from.name || userOf(from),
    text: action ? text.slice('/me '.length) : text,
    action,
    fromRoom: isRoom(from, place),
    to: isRoom(to, place) ? undefined : to === place.self ? '' : userOf(to),
  };
}

/** A text to the room or to somebody, wrapped. */
export function wrap(text: string, from: { name: string; uri: string }, to: string): Buffer {
  return writeCpim({
    from,
    to: { name: '', uri: to },
    dateTime: new Date(),
    contentType: 'text/plain; charset=utf-8',
    body: text,
  });
}

function textOf(cpim: Cpim): string | undefined {
  const type = mediaType(cpim.contentType);
  switch (type) {
    case 'text/plain':
      return readText(cpim);
    case 'text/html':
      return htmlToLines(readText(cpim)).map(plainText).join('\n');
    case 'application/im-iscomposing+xml':
    case 'message/imdn+xml':
      return undefined;
    default:
      return `[${type} ${sizeOf(cpim.body.length)}]`;
  }
}

function sizeOf(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`;
}

/** A room may be known by several hosts: its name decides. */
function isRoom(uri: string, { self, room }: Place): boolean {
  return uri !== self && parseSipUri(uri) !== undefined && userOf(uri) === userOf(room);
}

function userOf(uri: string): string {
  return canonicalUser(parseSipUri(uri)?.user ?? uri);
}
