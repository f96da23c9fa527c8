/** What rooms say, as the texts of IRC lines. */
import { ACTION_BYTES, formatCtcp } from '../irc/ctcp.ts';
import { cutLine } from '../irc/budget.ts';
import type { Line } from '../common/spans.ts';
import type { Content } from '../room/content.ts';

export interface RenderOptions {
  /** Bytes that one text may have. */
  readonly budget: number;
  /** Texts that are taken: where there are more of them, one more than these is given and the rest is not looked at. */
  readonly most: number;
  /** The name before each line, where somebody else speaks for its author. */
  readonly speaker?: string;
}

/** The texts that a message becomes, none of them empty; no text at all for a message that has none. */
export function renderContent(content: Content, { budget, most, speaker }: RenderOptions): string[] {
  const text = content.text() ?? { action: false, lines: [noteOf(content)] };
  const name = speaker === undefined ? undefined : short(speaker, budget / 3);
  const lines: string[] = [];
  for (const line of [...text.lines, ...(content.attached ?? []).map(noteOf)]) {
    // What somebody does is done by who speaks; who speaks for others says of whom it is.
    const does = text.action && lines.length === 0;
    const prefix = name === undefined ? '' : does ? `* ${name} ` : `<${name}> `;
    const ctcp = does && name === undefined;
    const room = budget - Buffer.byteLength(prefix) - (ctcp ? ACTION_BYTES : 0);
    for (const part of cutLine(line, Math.max(room, 20), most)) {
      if (part.trim() === '') continue;
      lines.push(ctcp ? formatCtcp('ACTION', part) : prefix + part);
    }
    if (lines.length > most) break;
  }
  return lines.slice(0, most + 1);
}

/** What stands for what is no text. */
function noteOf({ type, size }: Pick<Content, 'type' | 'size'>): Line {
  const what = size === undefined ? short(type, 100) : `${short(type, 100)}, ${sizeText(size)}`;
  return [{ text: `[${what}: shown on SIP only]`, style: {} }];
}

/** The front of a text, at most so many bytes. */
function short(text: string, bytes: number): string {
  return cutLine([{ text, style: {} }], Math.max(bytes, 1), 1)[0] ?? '';
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
