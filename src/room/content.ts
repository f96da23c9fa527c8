/** What a message carries, as far as a room and the other side may ask. The bytes stay outside. */
import type { Line } from '../common/spans.ts';

/** Readable text, and whether it says what its author does ("/me") rather than says. */
export interface StyledText {
  readonly action: boolean;
  readonly lines: readonly Line[];
}

/** Something beside a text. */
export interface Attached {
  /** The media type in lower case, without parameters. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
}

export interface Content {
  /**
   * `text` is read by people; `file` is shown where it can be (an image); `signal` is for
   * programs (somebody is typing) and is worth nothing later.
   */
  readonly kind: 'text' | 'file' | 'signal';
  /** The media type in lower case, without parameters. */
  readonly type: string;
  /** Bytes of what is carried, without its wrapper; undefined as long as it is coming in and nobody has said how large it is. */
  readonly size: number | undefined;
  /** Bytes that stay in memory as long as somebody has it, its wrapper among them; Infinity where it is not there as a whole. */
  readonly held: number;
  /** Of a text: what comes along with it and is no text (an image); nothing without it. */
  readonly attached?: readonly Attached[];
  /** The text; nothing for what is no text. */
  text(): StyledText | undefined;
}

/** Text as a message of the room's own, or of somebody on the other side. */
export function textContent(text: StyledText): Content {
  const size = text.lines.reduce(
    (sum, line) => sum + line.reduce((length, span) => length + Buffer.byteLength(span.text), 0),
    0,
  );
  return { kind: 'text', type: 'text/plain', size, held: size, text: () => text };
}
