/** Bends messages at random, the same way each time for the same seed. */

/** A whole number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** The seed of this run: SEED of the environment, or one of the time. Print it. */
export function seedOfRun(): number {
  return Number(process.env['SEED'] ?? Date.now() % 1_000_000);
}

/** mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What no message should have there, or not as much of. */
const SALT = [
  ...[
    '\r\n',
    '\r\n ',
    '\r\n\r\n',
    '\n',
    '\r',
    '\0',
    '"',
    '\\',
    '<',
    '>',
    ';',
    ',',
    ':',
    '@',
    '%00',
    '=',
    '?',
    '*',
  ],
  ...[
    'é',
    '\u{1f469}',
    ' ',
    '-------',
    '$',
    '+',
    '#',
    '999999999999',
    'MSRP ',
    'SEND',
    '200 ',
    ';tag=1',
    ';lr',
  ],
  ...[
    '__proto__',
    'constructor',
    '\r\nRequire: x\r\n',
    '\r\nContent-Length: 5\r\n',
    '\r\nByte-Range: 1-*/*\r\n',
  ],
  ...['A'.repeat(2000), ' '.repeat(500), '\r\n'.repeat(100)],
].map((text) => Buffer.from(text));

/** One to four changes: bytes changed, taken away, doubled, or something put between. */
export function bent(message: Buffer, random: Random): Buffer {
  let bytes = message;
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const to = Math.min(bytes.length, at + random(30));
    const middle = [
      () => Buffer.concat([Buffer.from([random(256)]), bytes.subarray(at + 1, to)]),
      () => Buffer.alloc(0),
      () => Buffer.concat([bytes.subarray(at, to), bytes.subarray(at, to)]),
      () => Buffer.concat([SALT[random(SALT.length)] ?? Buffer.alloc(0), bytes.subarray(at, to)]),
    ][random(4)];
    bytes = Buffer.concat([bytes.subarray(0, at), middle?.() ?? Buffer.alloc(0), bytes.subarray(to)]);
  }
  return bytes;
}
