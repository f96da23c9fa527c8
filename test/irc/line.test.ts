/** Lines of IRC, read and written (RFC 2812 section 2.3, IRCv3 message-tags). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatLine, parseLine, withoutBreakers } from '../../src/irc/line.ts';

/** A parameter that can stand in the middle of a line. */
const middle = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => !/[\r\n\0 ]/.test(text) && !text.startsWith(':'));
const last = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\0]/.test(text));
const command = fc.constantFrom('PRIVMSG', 'JOIN', 'MODE', '001', '433');

test('law: what is written is read back', () => {
  fc.assert(
    fc.property(command, fc.array(middle, { maxLength: 10 }), last, (name, words, text) => {
      const line = parseLine(formatLine(name, ...words, text));
      assert.equal(line?.command, name);
      assert.deepEqual(line?.params, [...words, text]);
    }),
  );
});

test('law: nothing that ends a line survives in one, and it stays one command', () => {
  const nasty = fc.string({ unit: fc.constantFrom('a', ' ', ':', '\r', '\n', '\0', '\x01', 'é') });
  fc.assert(
    fc.property(middle, nasty, (word, text) => {
      const line = formatLine('PRIVMSG', word, text);
      assert.doesNotMatch(line, /[\r\n\0]/);
      assert.deepEqual(parseLine(line)?.params, [word, withoutBreakers(text)]);
    }),
  );
  assert.equal(formatLine('PRIVMSG', '#a', 'x\r\nQUIT :y\0'), 'PRIVMSG #a :xQUIT :y');
});

test('law: reading never throws, and a command is never empty', () => {
  const soup = fc.string({ unit: fc.constantFrom('@', ':', ' ', ';', '=', '\\', 'a', 'B', '\0', '\r', '€') });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), soup), (text) => {
      assert.notEqual(parseLine(text)?.command, '');
    }),
  );
});

test('what cannot stand in the middle of a line is an error', () => {
  for (const word of ['', 'two words', ':colon', '\r\n']) {
    assert.throws(() => formatLine('KICK', word, 'bye'), RangeError);
  }
  assert.equal(formatLine('QUIT'), 'QUIT');
  assert.equal(formatLine('TOPIC', '#a', ''), 'TOPIC #a :');
});

test('examples', () => {
  const rows: [string, string, string, string[]][] = [
    [':ann!a@h PRIVMSG #a :hello you', 'ann!a@h', 'PRIVMSG', ['#a', 'hello you']],
    ['ping x', '', 'PING', ['x']],
    [':s 353 me = #a :@ann +bob ', 's', '353', ['me', '=', '#a', '@ann +bob ']],
    [':s  JOIN   #a', 's', 'JOIN', ['#a']],
    ['  PING  a  ', '', 'PING', ['a']],
    ['TOPIC #a :', '', 'TOPIC', ['#a', '']],
    ['PRIVMSG #a ::)', '', 'PRIVMSG', ['#a', ':)']],
    [':s MODE #a +b *!*@h:1', 's', 'MODE', ['#a', '+b', '*!*@h:1']],
  ];
  for (const [text, source, name, params] of rows) {
    const line = parseLine(text);
    assert.deepEqual([line?.source, line?.command, line?.params], [source, name, params], text);
  }
  for (const none of ['', ' ', ':source', '@tags', '@tags :source', '@tags :source ']) {
    assert.equal(parseLine(none), undefined, none);
  }
  assert.equal(parseLine(`X ${'a '.repeat(1000)}`)?.params.length, 64);
});

test('tags are unescaped; the last of one name counts', () => {
  const tagsOf = (text: string) => [...(parseLine(`@${text} X`)?.tags ?? [])];
  assert.deepEqual(tagsOf('a=1;b;c='), [
    ['a', '1'],
    ['b', ''],
    ['c', ''],
  ]);
  assert.deepEqual(tagsOf('+v/k=\\:\\s\\\\\\r\\n\\b\\'), [['+v/k', '; \\\r\nb']]);
  assert.deepEqual(tagsOf('a=1;a=2;;=x'), [['a', '2']]);
});
