/** Who a line comes from, and when two names are one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldOf } from '../../src/irc/casemapping.ts';
import { isPerson, parseSource } from '../../src/irc/source.ts';

test('law: a mask is read back into its parts, and nothing is lost of any text', () => {
  const part = fc.string({ minLength: 1 }).filter((text) => !/[!@ ]/.test(text));
  fc.assert(
    fc.property(part, part, part, (nick, user, host) => {
      assert.deepEqual(parseSource(`${nick}!${user}@${host}`), { nick, user, host });
      assert.deepEqual(parseSource(`${nick}@${host}`), { nick, user: '', host });
      assert.deepEqual(parseSource(nick), { nick, user: '', host: '' });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '!', '@', '.', '~') }), (text) => {
      const { nick, user, host } = parseSource(text);
      const rest = text.replace(nick, '').replace(user, '').replace(host, '');
      assert.match(rest, /^[!@]*$/);
    }),
  );
});

test('sources as servers write them', () => {
  const rows: [string, string, string, string, boolean][] = [
    ['ann!~ann@host.example', 'ann', '~ann', 'host.example', true],
    ['ann!a!b@h', 'ann', 'a!b', 'h', true],
    ['ann!a@b@h', 'ann', 'a@b', 'h', true],
    ['irc.example.net', 'irc.example.net', '', '', false],
    ['ann', 'ann', '', '', true],
    ['', '', '', '', false],
  ];
  for (const [text, nick, user, host, person] of rows) {
    assert.deepEqual(parseSource(text), { nick, user, host });
    assert.equal(isPerson(parseSource(text)), person, text);
  }
});

const MAPPINGS = [undefined, 'ascii', 'rfc1459', 'rfc1459-strict', 'strict-rfc1459', 'rfc7613', 'new-one'];

test('law: folding twice is folding once, and case in ASCII never tells two names apart', () => {
  for (const mapping of MAPPINGS) {
    const fold = foldOf(mapping);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => fold(fold(name)) === fold(name)));
    fc.assert(fc.property(fc.string(), (name) => fold(name.toUpperCase()) === fold(name.toLowerCase())));
  }
});

test('which names are one under which mapping', () => {
  const rows: [string | undefined, string, string, boolean][] = [
    ['ascii', 'Ann', 'aNN', true],
    ['ascii', 'a[b', 'a{b', false],
    ['ascii', 'Ä', 'ä', false],
    ['rfc1459', 'a[b]\\~', 'A{B}|^', true],
    [undefined, 'a[b]\\~', 'A{B}|^', true],
    ['rfc1459-strict', 'a[b]\\', 'A{B}|', true],
    ['rfc1459-strict', '~', '^', false],
    ['RFC1459', '~', '^', true],
    ['rfc7613', 'Ä', 'ä', true],
    ['rfc7613', 'a\u0308', 'ä', true],
    ['rfc7613', '[', '{', false],
  ];
  for (const [mapping, one, other, same] of rows) {
    assert.equal(foldOf(mapping)(one) === foldOf(mapping)(other), same, `${mapping}: ${one} ${other}`);
  }
});
