/** Nicknames: how they are prepared and compared, and which of them rest after use. */
import { isFreeform } from './freeform.ts';
import type { ParticipantId } from './inputs.ts';

/** Milliseconds for which a nickname that was given up is kept from others (RFC 7701 sections 4.1 and 11). */
const QUARANTINE = 10 * 60_000;

/** Octets of a prepared nickname at most (RFC 7701 section 7.1). */
const LONGEST = 1023;

/** Nicknames that rest at most; above it the oldest is let go. */
const RESTING = 1000;
/** Of these so many of one participant, so that who changes it again and again takes the rest of no other's away. */
const RESTING_EACH = 20;

/** What services of IRC networks are called: NickServ and its like, and those of a whole network. */
const SERVICES = /serv$|^services$|^global$/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A nickname as it may be shown: spaces mapped, trimmed and collapsed, then NFKC, repeated until
 * it stays as it is (RFC 8266 section 2.3). Nothing for what cannot be a nickname: empty, too
 * long, or with characters that nicknames may not have. These are looked for in what comes out, so that what can be
 * mapped to something better is (RFC 8266 section 4).
 */
export function prepareNickname(text: string): string | undefined {
  const prepared = stable(text, (value) => spaced(value).normalize('NFKC'));
  if (prepared === undefined || prepared === '' || !isFreeform(prepared)) return undefined;
  return Buffer.byteLength(prepared) > LONGEST ? undefined : prepared;
}

/** As much of a prepared nickname as leaves `room` octets of what a nickname may have. */
export function cutNickname(nickname: string, room: number): string {
  let left = LONGEST - room;
  if (Buffer.byteLength(nickname) <= left) return nickname;
  let cut = '';
  for (const { segment } of graphemes.segment(nickname)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut.trimEnd();
}

/** What two nicknames have in common when they count as the same (RFC 8266 section 2.4). */
export function nicknameKey(nickname: string): string {
  return stable(nickname, (value) => lowered(spaced(value)).normalize('NFKC')) ?? nickname;
}

/** Each character by itself: of a sigma the whole text says which small one it gets, and that is another one in another form of it. */
function lowered(text: string): string {
  return Array.from(text, (character) => character.toLowerCase()).join('');
}

/** Whether nobody may have a nickname, as people trust whoever has it with their passwords (RFC 7701 section 7.1: reserved words). */
export function isReservedNickname(nickname: string): boolean {
  return SERVICES.test(nicknameKey(nickname));
}

/** The additional mapping rule: all spaces are SPACE, none at the ends, one between (RFC 8266 section 2.1). */
function spaced(text: string): string {
  return text
    .replace(/\p{Zs}/gu, ' ')
    .replace(/ +/g, ' ')
    .replace(/^ | $/g, '');
}

/** Repeats a rule until it changes nothing; RFC 8266 gives up after the fourth time. */
function stable(text: string, rule: (value: string) => string): string | undefined {
  let value = text;
  for (let round = 0; round < 4; round++) {
    const next = rule(value);
    if (next === value) return value;
    value = next;
  }
  return rule(value) === value ? value : undefined;
}

/** Remembers who gave up which nickname, so that nobody slips into another's conversations. */
export class Quarantine {
  readonly #left = new Map<string, { by: ParticipantId; until: number }>();

  /** `by` has given up a nickname. */
  add(nickname: string, by: ParticipantId, now: number): void {
    for (const [key, { until }] of this.#left) {
      if (until > now && this.#left.size < RESTING) break;
      this.#left.delete(key);
    }
    this.#left.delete(nicknameKey(nickname));
    const own = [...this.#left].filter(([, rest]) => rest.by === by);
    if (own[0] && own.length >= RESTING_EACH) this.#left.delete(own[0][0]);
    this.#left.set(nicknameKey(nickname), { by, until: now + QUARANTINE });
  }

  /** Whether a nickname rests, and may not be had by `whom`. */
  holds(nickname: string, whom: ParticipantId, now: number): boolean {
    const rest = this.#left.get(nicknameKey(nickname));
    return rest !== undefined && rest.until > now && rest.by !== whom;
  }
}

/**
 * First nicknames to try for somebody, best first and without end: what it calls itself, the name
 * in its address, else `guest` and a number; with `_` and then digits where these are taken.
 */
export function* nicknameCandidates(
  names: readonly string[],
  fits: (name: string) => boolean,
  cut: (name: string, room: number) => string,
): Generator<string> {
  const base = names.map((name) => cut(name, 0)).find(fits);
  // What was cut may come out as something that was there before.
  const tried = new Set<string>();
  for (const candidate of variants(base, cut)) {
    if (!tried.has(candidate)) yield candidate;
    tried.add(candidate);
  }
}

function* variants(base: string | undefined, cut: (name: string, room: number) => string): Generator<string> {
  if (base !== undefined) {
    yield base;
    yield `${cut(base, 1)}_`;
  }
  for (let number = base === undefined ? 1 : 2; ; number++) {
    const digits = String(number);
    yield cut(base ?? 'guest', digits.length) + digits;
  }
}
