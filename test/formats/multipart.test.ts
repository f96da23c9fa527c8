/** Objects made of parts, as messages bring them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CpimError } from '../../src/formats/cpim.ts';
import { EntityTree } from '../../src/formats/multipart.ts';

function tree(contentType: string, lines: readonly string[], end = '\r\n'): EntityTree {
  return new EntityTree({ contentType, contentHeaders: [], body: Buffer.from(lines.join(end)) });
}

const isText = (type: string): boolean => type.startsWith('text/');
const shown = (of: EntityTree): string[] =>
  of.shown(isText).map(({ contentType, body }) => `${contentType}: ${body.toString()}`);

const BOTH = ['--b', 'Content-Type: text/plain', '', 'plain', '--b', 'Content-Type: text/html', '', '<b>html</b>', '--b--', 'epilogue']; // prettier-ignore

for (const end of ['\r\n', '\n']) {
  test(`checklist 40: of alternatives the last that can be read is shown (lines end in ${JSON.stringify(end)})`, () => {
    assert.deepEqual(shown(tree('multipart/alternative; boundary=b', BOTH, end)), ['text/html: <b>html</b>']);
    const unread = [...BOTH.slice(0, -2), '--b', 'Content-Type: application/x', '', '?', '--b--'];
    assert.deepEqual(shown(tree('Multipart/Alternative; boundary="b"', unread, end)), ['text/html: <b>html</b>']); // prettier-ignore
    assert.deepEqual(shown(tree('multipart/mixed; boundary=b', ['preamble', ...BOTH], end)), ['text/plain: plain', 'text/html: <b>html</b>']); // prettier-ignore
  });
}

test('checklist 40: parts within parts, with all types that are in them', () => {
  const inner = ['--b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', '', 'no type', '--c--', '--b', 'Content-Type: image/png', '', 'png', '--b--']; // prettier-ignore
  const whole = tree('multipart/related; boundary=b', inner);
  assert.deepEqual(whole.types, ['multipart/related', 'multipart/alternative', 'text/plain', 'image/png']);
  assert.deepEqual(shown(whole), ['text/plain: no type', 'image/png: png']);
});

const edges: readonly [what: string, type: string, lines: readonly string[], result: readonly string[] | RegExp][] = [
  ['it breaks off', 'multipart/mixed; boundary=b', ['--b', '', 'one', '--b', '', 'tw'], ['text/plain: one', 'text/plain: tw']],
  ['near delimiters', 'multipart/mixed; boundary=b', ['--b  ', '', 'x--b', '--bb', '--b -', '--b-- '], ['text/plain: x--b\r\n--bb\r\n--b -']],
  ['an empty part', 'multipart/mixed; boundary=b', ['--b', '', '--b--'], ['text/plain: ']],
  ['no part', 'multipart/alternative; boundary=b', ['--b--'], ['multipart/alternative; boundary=b: --b--']],
  ['what is signed', 'multipart/signed; boundary=b', BOTH, [`multipart/signed; boundary=b: ${BOTH.join('\r\n')}`]],
  ['no boundary', 'multipart/mixed', BOTH, /without a boundary/],
  ['a boundary of 71', `multipart/mixed; boundary=${'b'.repeat(71)}`, BOTH, /without a boundary/],
  ['another boundary', 'multipart/mixed; boundary=c', BOTH, /without parts/],
  ['a part of headers only', 'multipart/mixed; boundary=b', ['--b', 'Content-Type: x/y', '--b--'], ['x/y: ']],
]; // prettier-ignore

for (const [what, type, lines, result] of edges) {
  test(`parts: ${what}`, () => {
    if (result instanceof RegExp)
      assert.throws(
        () => tree(type, lines),
        (error) => error instanceof CpimError && result.test(error.message),
      );
    else assert.deepEqual(shown(tree(type, lines)), result);
  });
}

/** So many multiparts in each other. */
function nested(deep: number): EntityTree {
  let body = 'x';
  for (let depth = deep - 1; depth > 0; depth -= 1)
    body = `--b${depth}\r\nContent-Type: multipart/mixed; boundary=b${depth + 1}\r\n\r\n--b${depth + 1}\r\n\r\n${body}\r\n`;
  return tree('multipart/mixed; boundary=b1', [`--b1\r\n\r\n${body}`]);
}

/** So many parts, half of them one level deeper. */
function many(parts: number): EntityTree {
  const some = (boundary: string): string[] =>
    Array.from({ length: parts / 2 }, () => `--${boundary}\r\n\r\nx`);
  const inner = ['--b', 'Content-Type: multipart/mixed; boundary=c', '', ...some('c')];
  return tree('multipart/mixed; boundary=b', [...inner, ...some('b').slice(1)]);
}

test('checklist 46: too deep or too many to look at each part is refused, as an unseen one may be of any type', () => {
  assert.deepEqual(nested(4).types, ['multipart/mixed', 'text/plain']);
  assert.throws(() => nested(5), /4 deep/);
  assert.equal(many(100).types.length, 2);
  assert.throws(() => many(102), /more than 100 parts/);
});

test('parts that are put together are read again, and whatever bytes come, nothing else is thrown', () => {
  const body = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 5 }), (bodies) => {
      fc.pre(bodies.every((text) => !text.includes('--frontier')));
      const text = bodies.map((part) => `--frontier\r\nContent-Type: image/png\r\n\r\n${part}\r\n`).join('');
      const whole = new EntityTree({
        contentType: 'multipart/mixed; boundary=frontier',
        contentHeaders: [],
        body: Buffer.from(`${text}--frontier--`, 'latin1'),
      });
      assert.deepEqual(
        whole.parts.map(({ entity }) => entity.body.toString('latin1')),
        bodies,
      );
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom('--b', '--', 'b', '\r\n', '\n', ' ', 'Content-Type: multipart/mixed; boundary=b', ':', 'x'), { maxLength: 40 }), (pieces) => {
      try {
        tree('multipart/alternative; boundary=b', pieces, '').shown(isText);
      } catch (error) {
        if (!(error instanceof CpimError)) throw error;
      }
    }),
  ); // prettier-ignore
});
