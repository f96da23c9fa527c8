/** Header lines that callers of the stack give: nothing in them may end a line. */
import { oneLine, wellFormed } from './parameters.ts';

/** Header lines of somebody else's making, each on one line; what is none is left out. */
export function headerLines(lines: readonly string[] = []): string[] {
  return lines.map(oneLine).filter((line) => line !== '');
}

/** A reason phrase; sip.js writes its own where there is none. */
export function reasonPhrase(reason: string): { reasonPhrase: string } {
  return { reasonPhrase: oneLine(wellFormed(reason)) };
}

/** sip.js counts the bytes of a body in a way that throws on half a surrogate pair. */
export function bodyOf(contentType: string, content: string) {
  const disposition = contentType === SDP ? 'session' : 'render';
  return {
    contentDisposition: disposition,
    contentType: oneLine(contentType),
    content: wellFormed(content),
  };
}

export const SDP = 'application/sdp';
