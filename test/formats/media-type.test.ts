import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MediaTypes, mediaParameters, mediaType } from '../../src/formats/media-type.ts';

test('the type is lower case and without parameters', () => {
  assert.equal(mediaType('Text/Plain; charset=UTF-8'), 'text/plain');
  assert.equal(mediaType('  Message/CPIM  '), 'message/cpim');
  assert.equal(mediaType(''), '');
});

test('parameters lose their quotes, and their names are lower case', () => {
  const cases: readonly [string, readonly (readonly [string, string])[]][] = [
    ['text/plain', []],
    ['text/plain; charset="utf8"', [['charset', 'utf8']]],
    ['text/plain;Charset=UTF-8;format=flowed', [['charset', 'UTF-8'], ['format', 'flowed']]],
    ['a/b; x="a;b \\"c\\""; y=', [['x', 'a;b "c"'], ['y', '']]],
    ['a/b;; ; x=1; x=2', [['x', '1']]],
    ['a/b; x="open', [['x', '"open']]],
  ]; // prettier-ignore
  for (const [header, parameters] of cases)
    assert.deepEqual([...mediaParameters(header)], parameters, header);
});

test('any string has a type and parameters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(typeof mediaType(text), 'string');
      for (const [name] of mediaParameters(`a/b;${text}`)) assert.equal(name, name.toLowerCase());
    }),
  );
});

test('checklist 3: types are compared without case, and with wildcards', () => {
  const cases: readonly [types: readonly string[], type: string, taken: boolean][] = [
    [['message/cpim', 'text/*'], 'Message/CPIM', true],
    [['Message/CPIM'], 'message/cpim', true],
    [['message/cpim', 'text/*'], 'text/html; charset=utf-8', true],
    [['message/cpim', 'text/*'], 'image/png', false],
    [['*'], 'image/png', true],
    [['*/*'], 'image/png', true],
    [['text/plain;format=flowed'], 'text/plain', true],
    [['text/*'], 'textual/x', false],
    [['text/*'], 'nothing', false],
    [[], 'text/plain', false],
  ];
  for (const [types, type, taken] of cases)
    assert.equal(new MediaTypes(types).takes(type), taken, `${types.join(' ')}: ${type}`);
});

test('checklist 5: what may be wrapped is what either list takes', () => {
  const types = new MediaTypes(['message/cpim', 'text/plain']).union(
    new MediaTypes(['text/html', 'text/plain']),
  );
  assert.deepEqual(types.list, ['message/cpim', 'text/plain', 'text/html']);
  assert.ok(types.takes('text/html'));
});
