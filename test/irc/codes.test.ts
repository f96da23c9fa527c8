/** Formatting codes and CTCP: read, written, and taken out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainText, type Line } from '../../src/common/spans.ts';
import { codesBetween, plainOf, readCodes, withoutControls } from '../../src/irc/codes.ts';
import { ACTION_BYTES, formatCtcp, parseCtcp } from '../../src/irc/ctcp.ts';

const coded = fc.string({
  unit: fc.constantFrom(
    ...['a', 'B', '7', ',', ' ', '\t', 'ä', '\0', '\r', '\n', '\x01', '\x02', '\x03', '\x04', '\x0f', '\x11'],
    ...['\x16', '\x1d', '\x1e', '\x1f', '\x7f'],
  ),
});

test('law: nothing that is read has a control character but the tab', () => {
  fc.assert(
    fc.property(coded, (text) => {
      for (const read of [plainText(readCodes(text)), plainOf(text), withoutControls(text)]) {
        // oxlint-disable-next-line no-control-regex
        assert.doesNotMatch(read, /[\0-\x08\x0a-\x1f\x7f]/);
      }
      assert.equal(plainOf(text), plainText(readCodes(text)));
      assert.ok(readCodes(text).every((span) => span.text !== ''));
    }),
  );
});

test('law: styles written are the styles read', () => {
  const flags = ['bold', 'italic', 'underline', 'strike', 'monospace'] as const;
  const style = fc
    .uniqueArray(fc.constantFrom(...flags))
    .map((on) => Object.fromEntries(on.map((f) => [f, true])));
  const spans = fc.array(
    fc.record({ text: fc.string({ minLength: 1, unit: fc.constantFrom('x', '1') }), style }),
  );
  fc.assert(
    fc.property(spans, (line) => {
      let before = {};
      let text = '';
      for (const span of line) {
        text += codesBetween(before, span.style) + span.text;
        before = span.style;
      }
      const flat = (read: Line): string[] =>
        read.flatMap((span) =>
          Array.from(span.text).map((c) => c + flags.filter((flag) => span.style[flag] === true).join(',')),
        );
      assert.deepEqual(flat(readCodes(text)), flat(line));
    }),
  );
});

test('examples', () => {
  assert.deepEqual(readCodes('plain'), [{ text: 'plain', style: {} }]);
  assert.deepEqual(readCodes(''), []);
  assert.deepEqual(readCodes('\x02\x0312,4\x0f'), []);
  assert.deepEqual(readCodes('\x02a\x1db\x0fc'), [
    { text: 'a', style: { bold: true } },
    { text: 'b', style: { bold: true, italic: true } },
    { text: 'c', style: {} },
  ]);
  assert.equal(plainOf('\x0304red\x03 \x0312,99blue \x04ff00FFhex \x033,x \x16rev'), 'red blue hex ,x rev');
  assert.equal(plainOf('\x03123'), '3', 'two digits at most');
});

test('law: a CTCP message written is read back', () => {
  const verb = fc.string({ minLength: 1, unit: fc.constantFrom('A', 'B', 'Z') });
  const inside = fc.string().filter((value) => !value.includes('\x01'));
  fc.assert(
    fc.property(verb, inside, (name, value) => {
      assert.deepEqual(parseCtcp(formatCtcp(name, value)), { verb: name, text: value });
    }),
  );
  fc.assert(fc.property(coded, (value) => (parseCtcp(value) !== undefined) === value.startsWith('\x01')));
});

test('CTCP as clients write it', () => {
  assert.deepEqual(parseCtcp('\x01ACTION waves\x01'), { verb: 'ACTION', text: 'waves' });
  assert.deepEqual(parseCtcp('\x01action waves'), { verb: 'ACTION', text: 'waves' });
  assert.deepEqual(parseCtcp('\x01VERSION\x01'), { verb: 'VERSION', text: '' });
  assert.deepEqual(parseCtcp('\x01'), { verb: '', text: '' });
  assert.equal(parseCtcp('hello \x01ACTION\x01'), undefined);
  assert.equal(ACTION_BYTES, Buffer.byteLength(formatCtcp('ACTION', 'waves')) - 5);
});
