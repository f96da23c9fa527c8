/** What names may be and how long things may be: what RPL_ISUPPORT tells, and what the commands obey. */
import { foldOf } from '../casemapping.ts';

export const NICKLEN = 30;
export const USERLEN = 20;
export const HOSTLEN = 63;
/** Octets of a real name (setname); room for a SIP address. */
export const NAMELEN = 150;
export const CHANNELLEN = 64;
/** These three fit into a line of 512 octets beside the longest mask, names and server name. */
export const TOPICLEN = 300;
export const AWAYLEN = 200;
export const KICKLEN = 250;
export const KEYLEN = 23;
/** Modes with a parameter that one MODE may change. */
export const MODES = 12;
/** Entries of a channel's lists b, e and I together. */
export const MAXLIST = 100;
/** Nicks that one client may watch. */
export const MONITOR = 100;
/** Targets of one message. */
export const TARGETS = 4;

/**
 * `ascii`: what people see as two names are two names. The other mappings exist for old servers' sake
 * (modern-irc CASEMAPPING: servers should avoid `rfc1459`).
 */
export const CASEMAPPING = 'ascii';

/** The form in which names that are the same are equal. */
export const fold = foldOf(CASEMAPPING);

const NICK = /^[a-z[\]\\`_^{|}][a-z0-9[\]\\`_^{|}-]*$/i;
// oxlint-disable-next-line no-control-regex
const CHANNEL = /^#[^\0-\x20\x7f,:]+$/;

/** RFC 2812 section 2.3.1, with a longer length. */
export function isNick(text: string): boolean {
  return text.length <= NICKLEN && NICK.test(text);
}

/** RFC 2812 section 1.3; also in UTF-8, but without control characters. */
export function isChannelName(text: string): boolean {
  return Buffer.byteLength(text) <= CHANNELLEN && CHANNEL.test(text);
}

/** As much of a text as fits into `octets`, cut between characters (utf8-only, Implementation considerations). */
export function cut(text: string, octets: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= octets) return text;
  let end = octets;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** The parts of a list of targets; empty ones are left out. */
export function targets(list: string | undefined): string[] {
  return (list ?? '').split(',').filter((target) => target !== '');
}
