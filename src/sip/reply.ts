/** Answers written by ourselves, without a transaction of sip.js (RFC 3261 section 8.2.7). */
import type { Source } from './api.ts';
import type { Head } from './head.ts';
import { splitList } from './parameters.ts';
import type { Refusal } from './refusal.ts';
import { formatVia, parseVia, stampVia } from './via.ts';

export interface ReplyContext {
  readonly source: Source;
  /** Added to To where it has none. */
  readonly toTag: string;
  readonly userAgent: string;
}

/** The text of an answer to a request of which perhaps only the head could be read; undefined where it cannot be answered. */
export function replyText(head: Head, answer: Refusal, context: ReplyContext): string | undefined {
  const [topLine, ...viaLines] = head.all('via');
  if (topLine === undefined) return undefined;
  const lines = [`SIP/2.0 ${answer.status} ${answer.reason}`, ...topVias(topLine, context.source)];
  for (const line of viaLines) lines.push(`Via: ${line}`);
  const from = head.first('from');
  if (from !== undefined) lines.push(`From: ${from}`);
  const to = head.first('to');
  if (to !== undefined) lines.push(`To: ${/;\s*tag\s*=/i.test(to) ? to : `${to};tag=${context.toTag}`}`);
  for (const [name, written] of [
    ['call-id', 'Call-ID'],
    ['cseq', 'CSeq'],
  ] as const) {
    const value = head.first(name);
    if (value !== undefined) lines.push(`${written}: ${value}`);
  }
  lines.push(...(answer.headers ?? []), `User-Agent: ${context.userAgent}`, 'Content-Length: 0');
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The first line of Via as lines of one element each, the topmost stamped with where it came from. */
function topVias(line: string, source: Source): string[] {
  const [top = line, ...others] = splitList(line);
  const via = parseVia(top);
  const stamped = via ? formatVia(stampVia(via, source)) : top;
  return [stamped, ...others].map((element) => `Via: ${element}`);
}
