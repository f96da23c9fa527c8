/** Lines that are not UTF-8. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readNotUtf8 } from '../../src/irc/charset.ts';

/** A line written one byte a character. */
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** The same with some of it in UTF-8. */
const mixed = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));

const ROWS: readonly [what: string, line: Buffer, encoding: string | null, text: string][] = [
  ['none: what can be read', bytes(':a!b@c PRIVMSG #c :caf\xe9 ok'), null, ':a!b@c PRIVMSG #c :caf\ufffd ok'],
  ['none: UTF-8 beside it', mixed(':é!b@c PRIVMSG #c :ü', bytes('\xe9')), null, ':é!b@c PRIVMSG #c :ü\ufffd'],
  [
    'windows-1252, and what only it has',
    bytes(':a!b@c PRIVMSG #c :\x84caf\xe9\x93 \x80 \x81\xff'),
    'windows-1252',
    ':a!b@c PRIVMSG #c :„café“ € \x81ÿ',
  ],
  ['latin1 is windows-1252', bytes('PRIVMSG #c :\x80'), 'latin1', 'PRIVMSG #c :€'],
  ['iso-8859-15', bytes(':a PRIVMSG #c :\xa4'), 'iso-8859-15', ':a PRIVMSG #c :€'],
  ['koi8-r', bytes(':a PRIVMSG #c :\xd0\xd2\xc9\xd7\xc5\xd4'), 'koi8-r', ':a PRIVMSG #c :привет'],
  ['windows-1251', bytes(':a PRIVMSG #c :\xc5\xb8 \xe7'), 'windows-1251', ':a PRIVMSG #c :Её з'],
  ['shift_jis', bytes(':a PRIVMSG #c :\x93\xfa\x96{'), 'shift_jis', ':a PRIVMSG #c :日本'],
  ['gb18030', bytes(':a PRIVMSG #c :\xc4\xe3\xba\xc3'), 'gb18030', ':a PRIVMSG #c :你好'],
  ['a nick in it', bytes(':\xe9!b@c JOIN #c'), 'windows-1252', ':é!b@c JOIN #c'],
  ['a text of one word', bytes(':a PRIVMSG #c caf\xe9'), 'windows-1252', ':a PRIVMSG #c café'],
  [
    'a channel in UTF-8, a text that is not',
    mixed(':a!b@c PRIVMSG #çay :', bytes('th\xe9')),
    'windows-1252',
    ':a!b@c PRIVMSG #çay :thé',
  ],
  [
    'a nick that is not UTF-8, a text that is',
    mixed(bytes(':\xe9!b@c'), ' PRIVMSG #c :thé'),
    'windows-1252',
    ':é!b@c PRIVMSG #c :thé',
  ],
  [
    'tags in UTF-8',
    mixed('@account=é :a!b@c PRIVMSG #c :', bytes('th\xe9 :x')),
    'windows-1252',
    '@account=é :a!b@c PRIVMSG #c :thé :x',
  ],
  ['tags and no source', mixed('@a=é PING :', bytes('\xe9')), 'windows-1252', '@a=é PING :é'],
  ['nothing but a source behind tags', mixed('@a=b :', bytes('\xe9')), 'windows-1252', '@a=b :é'],
  [
    'a long text cut within a character',
    mixed(':a PRIVMSG #c :', Buffer.from('я'.repeat(150)).subarray(0, 299)),
    'windows-1251',
    `:a PRIVMSG #c :${'я'.repeat(149)}\ufffd`,
  ],
  [
    'a long text cut within a character of four octets',
    mixed(':a PRIVMSG #c :', Buffer.from('🍵'.repeat(75)).subarray(0, 299)),
    'windows-1251',
    `:a PRIVMSG #c :${'🍵'.repeat(74)}\ufffd`,
  ],
  [
    'a long text of ASCII that ends like half a character',
    bytes(`:a PRIVMSG #c :${'x'.repeat(300)} caf\xe9`),
    'windows-1252',
    `:a PRIVMSG #c :${'x'.repeat(300)} café`,
  ],
  ['utf-8 itself', bytes(':a PRIVMSG #c :caf\xe9'), 'utf-8', ':a PRIVMSG #c :caf\ufffd'],
];

for (const [what, line, encoding, text] of ROWS) {
  test(`${encoding}: ${what}`, () => assert.equal(readNotUtf8(line, encoding), text));
}

test('law: whatever a text is read in, the line keeps its source, command and channel', () => {
  const encoding = fc.constantFrom(
    ...['windows-1252', 'iso-8859-2', 'koi8-u', 'ibm866', 'macintosh', 'big5', 'gbk', 'gb18030', 'shift_jis'],
    ...['euc-jp', 'euc-kr', 'windows-1258', 'iso-8859-8-i', 'utf-8', null],
  );
  const text = fc.uint8Array({ maxLength: 400 }).filter((some) => !some.some((byte) => byte < 0x20));
  fc.assert(
    fc.property(encoding, text, (name, some) => {
      const read = readNotUtf8(mixed('@t=é :ann!a@h PRIVMSG #é :', Buffer.from(some)), name);
      assert.ok(read.startsWith('@t=é :ann!a@h PRIVMSG #é :'));
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(read, /[\0\r\n]/);
    }),
  );
});
