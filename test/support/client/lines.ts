/** What the client shows, as lines. Pure. Nothing that came from others moves the cursor or starts a line. */
import type { Heard } from './wrapping.ts';

/** A text that came from somewhere as lines that a terminal takes: no control characters, none that turn the writing around. */
export function safeLines(text: string): string[] {
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => line.replace(/[\p{Cc}\p{Bidi_Control}\p{Cs}]/gu, ' '));
}

/** The same as one line. */
export function safeLine(text: string): string {
  return safeLines(text).join(' ').trim();
}

/** A message that came. */
export function heardLines(heard: Heard): string[] {
  const nick = safeLine(heard.nick);
  const where = heard.to === undefined ? '' : heard.to === '' ? '[private] ' : `[to ${safeLine(heard.to)}] `;
  const who = heard.fromRoom ? '-- ' : heard.action ? `* ${nick} ` : `<${nick}> `;
  return safeLines(heard.text)
    .filter((line, index) => line !== '' || index === 0)
    .map((line) => `${where}${who}${line}`);
}

/** A message that did not arrive; `text` may be cut. */
export function notSent(status: number, comment: string, text: string): string {
  const why = status === 0 ? 'the connection ended' : `${status} ${safeLine(comment) || meaning(status)}`;
  const [line = ''] = safeLines(text);
  return `! not sent: ${why.trim()} ("${line.length > 40 ? `${line.slice(0, 40)}...` : line}")`;
}

export function nicknameRefused(status: number, comment: string, nick: string): string {
  return `! nickname "${safeLine(nick)}" refused: ${`${status} ${safeLine(comment) || meaning(status)}`.trim()}`;
}

/** Why an INVITE was refused, for somebody who wants to come in. */
export function refusedText(status: number, reason: string, room: string, place: string): string {
  const said = safeLine(reason);
  switch (status) {
    case 401:
    case 407:
      return `${place} wants a password, which this client cannot give`;
    case 403:
      return `you may not come in: ${said}`;
    case 404:
      return `there is no room "${room}" at ${place}`;
    case 408:
      return `no answer from ${place}`;
    case 486:
    case 600:
      return `the room is full or busy: ${said}`;
    case 488:
      return `${place} wants another kind of session: ${said}`;
    case 503:
      return `the room cannot be entered now: ${said}`;
    default:
      return `refused: ${status} ${said}`;
  }
}

/** The text of a Reason header (RFC 3326 section 2), '' where it has none. */
export function reasonOf(header: string | undefined): string {
  const quoted = /;\s*text\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header ?? '')?.[1];
  return safeLine(quoted?.replace(/\\(.)/g, '$1') ?? '');
}

/** RFC 4975 section 10, RFC 7701 sections 6 and 7. */
function meaning(status: number): string {
  const meanings: Readonly<Record<number, string>> = {
    400: 'the message was not understood',
    403: 'not allowed',
    404: 'nobody of that address is here',
    408: 'no answer in time',
    413: 'too long',
    415: 'the room does not take that kind of message',
    424: 'that cannot be a nickname',
    425: 'somebody else has that nickname',
    428: 'the other client takes no private messages',
    481: 'the session is over',
  };
  return meanings[status] ?? '';
}
