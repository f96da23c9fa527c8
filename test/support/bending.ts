/** Bends messages at random. */
import { oneOf, type Random } from './random.ts';

// prettier-ignore
const PIECES = ['\r\n', '\r\n ', '\r\n\r\n', '\n', '\r', '\0', '\t', ' ', '"', '\\', '<', '>', ';', ';;', ',', ':', '@', '%', '%00', '=', '?', '*', '$', '+', '#', 'é', '\u{1f469}'];
// prettier-ignore
const OF_MSRP = ['-------', '999999999999', 'MSRP ', 'SEND', 'REPORT', '200 ', '1-*/*', '\r\nByte-Range: 1-*/*\r\n', '\r\nFailure-Report: no\r\n'];
// prettier-ignore
const OF_SIP = [';tag=1', ';lr', ';x-flow=t1', ';maddr=127.0.0.1', ';__proto__', ';constructor=x', '\r\nRequire: x\r\n', '\r\nContent-Length: 5\r\n', '\r\nEvent: conference\r\n', '\r\nRecord-Route: <sip:127.0.0.1:9;lr>\r\n', '\r\nPrivacy: id\r\n', '\r\nExpires: 0\r\n'];
// prettier-ignore
const OF_TEXTS = ['\x01', '\x02', '\x03', '\x0f', '\x03,1', '\\u000', '<b>', '</', '<!--', '&#0;', '&amp', '__proto__', 'constructor'];
const TOO_MUCH = ['A'.repeat(2000), ' '.repeat(500), '\r\n'.repeat(100)];
/** What no message should have there, or not as much of. */
const SALT = [...PIECES, ...OF_MSRP, ...OF_SIP, ...OF_TEXTS, ...TOO_MUCH].map((text) => Buffer.from(text));

/** One to `most` changes: bytes changed, taken away, doubled, or something put between. */
export function bent(message: Buffer, random: Random, most = 4): Buffer {
  let bytes = message;
  for (let changes = 1 + random(most); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const to = Math.min(bytes.length, at + random(30));
    const middle = oneOf(random, [
      () => Buffer.concat([Buffer.from([random(256)]), bytes.subarray(at + 1, to)]),
      () => Buffer.alloc(0),
      () => Buffer.concat([bytes.subarray(at, to), bytes.subarray(at, to)]),
      () => Buffer.concat([oneOf(random, SALT), bytes.subarray(at, to)]),
    ]);
    bytes = Buffer.concat([bytes.subarray(0, at), middle(), bytes.subarray(to)]);
  }
  return bytes;
}
