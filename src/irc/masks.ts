/** Masks: `nick!user@host` with `*` and `?` in it (RFC 2812 section 2.5). */
import type { Fold } from './casemapping.ts';

/** Whether a text fits a mask, under a casemapping. No mask makes it slow: time is their lengths multiplied. */
export function matches(mask: string, text: string, fold: Fold): boolean {
  const pattern = fold(mask);
  const subject = fold(text);
  let p = 0;
  let s = 0;
  // Where to go on when what followed the last star did not fit.
  let star = -1;
  let from = 0;
  while (s < subject.length) {
    if (pattern[p] === '*') {
      star = p++;
      from = s;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === subject[s])) {
      p += 1;
      s += 1;
    } else if (star >= 0) {
      p = star + 1;
      s = ++from;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** A mask as it is kept: all three parts, `*` for what was not said. */
export function wholeMask(text: string): string {
  const at = text.lastIndexOf('@');
  const host = at < 0 ? '' : text.slice(at + 1);
  const name = at < 0 ? text : text.slice(0, at);
  const bang = name.indexOf('!');
  const nick = bang < 0 ? (at < 0 ? name : '') : name.slice(0, bang);
  const user = bang < 0 ? (at < 0 ? '' : name) : name.slice(bang + 1);
  return `${nick || '*'}!${user || '*'}@${host || '*'}`;
}
