/**
 * Nicknames that look alike and are not the same ("BOY" and "B0Y", RFC 7701 sections 7.1 and 11), by the skeletons of
 * Unicode Technical Standard 39 section 4.
 *
 * The table is the part of that standard's data that mixes digits, Latin, Cyrillic and Greek, which is what people are
 * deceived with: a nick on IRC is ASCII, and all the rest of the data is thousands of rows for rooms without a network.
 */
import { nicknameKey } from './nicknames.ts';

/** What looks like each of these, as code points. */
const LOOKS_LIKE: Readonly<Record<string, readonly number[]>> = {
  a: [0x0430, 0x03b1, 0x0251],
  A: [0x0410, 0x0391],
  b: [0x042c],
  B: [0x0412, 0x0392],
  c: [0x0441, 0x03f2],
  C: [0x0421, 0x03f9],
  d: [0x0501],
  e: [0x0435],
  E: [0x0415, 0x0395],
  g: [0x0261],
  G: [0x050c],
  h: [0x04bb],
  H: [0x041d, 0x0397],
  i: [0x0456, 0x03b9, 0x0131, 0x0269, 0x026a],
  j: [0x0458, 0x03f3],
  J: [0x0408, 0x037f],
  K: [0x041a, 0x039a],
  l: [0x31, 0x49, 0x7c, 0x0406, 0x0399, 0x04c0, 0x04cf, 0x01c0],
  M: [0x041c, 0x039c, 0x03fa],
  N: [0x039d],
  o: [0x043e, 0x03bf, 0x03c3],
  O: [0x30, 0x041e, 0x039f],
  p: [0x0440, 0x03c1],
  P: [0x0420, 0x03a1],
  q: [0x051b],
  Q: [0x051a],
  r: [0x0433],
  rn: [0x6d],
  s: [0x0455],
  S: [0x0405],
  T: [0x0422, 0x03a4],
  u: [0x03c5, 0x028b],
  v: [0x0475, 0x03bd],
  V: [0x0474],
  w: [0x051d],
  W: [0x051c],
  x: [0x0445],
  X: [0x0425, 0x03a7],
  y: [0x0443, 0x03b3],
  Y: [0x0423, 0x03a5],
  Z: [0x0396],
  3: [0x0417],
};

const prototypes: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKS_LIKE).flatMap(([prototype, points]) =>
    points.map((point) => [String.fromCodePoint(point), prototype] as const),
  ),
);

/** Whether one nickname may be taken for another that compares as different. */
export function looksLike(one: string, other: string): boolean {
  return skeletonOf(one) === skeletonOf(other) && nicknameKey(one) !== nicknameKey(other);
}

/** Two nicknames with the same skeleton look alike. Capital letters are no difference, as they are none in comparing. */
export function skeletonOf(nickname: string): string {
  const mapped = nickname
    .normalize('NFD')
    .replace(/./gsu, (character) => prototypes.get(character) ?? character);
  return mapped.normalize('NFD').toLowerCase();
}
