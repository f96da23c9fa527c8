import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../src/formats/cpim.ts';

const cases: readonly [
  what: string,
  type: string,
  encoding: string | undefined,
  body: Buffer,
  text: string,
][] = [
  ['utf-8', 'text/plain; charset=utf-8', undefined, Buffer.from('wörld'), 'wörld'],
  ['utf8, as SIPSIMPLE spells it', 'text/plain; charset="utf8"', '', Buffer.from('wörld'), 'wörld'],
  ['no charset', 'text/plain', undefined, Buffer.from('wörld'), 'wörld'],
  ['no charset and no UTF-8', 'text/plain', undefined, Buffer.from('w\xf6rld', 'latin1'), 'wörld'],
  [
    'utf-8 that is none',
    'text/plain; charset=UTF-8',
    undefined,
    Buffer.from('\x80 w\xf6rld', 'latin1'),
    '€ wörld',
  ],
  ['us-ascii that is UTF-8', 'text/plain; charset=us-ascii', undefined, Buffer.from('wörld'), 'wörld'],
  ['iso-8859-15', 'text/plain; charset=iso-8859-15', undefined, Buffer.from('\xa4', 'latin1'), '€'],
  ['utf-16', 'text/plain; charset=utf-16', undefined, Buffer.from('\uFEFFwörld', 'utf16le'), 'wörld'],
  ['a charset nobody knows', 'text/plain; charset=x-klingon', undefined, Buffer.from('wörld'), 'wörld'],
  ['a byte order mark', 'text/plain', undefined, Buffer.from('\uFEFFhi'), 'hi'],
  ['base64', 'text/plain', 'Base64', Buffer.from('d8O2cmxk\r\n'), 'wörld'],
  ['broken base64', 'text/plain', 'base64', Buffer.from('d8O2!cmxk==='), 'wörld'],
  [
    'quoted-printable',
    'text/plain',
    'quoted-printable',
    Buffer.from('w=C3=B6r=\r\nld =3D =ZZ'),
    'wörld = =ZZ',
  ],
  ['8bit', 'text/plain', '8bit', Buffer.from('wörld=C3'), 'wörld=C3'],
  ['nothing', 'text/plain', undefined, Buffer.alloc(0), ''],
];

for (const [what, contentType, encoding, body, text] of cases) {
  test(`wrapped text: ${what}`, () => {
    const contentHeaders = encoding === undefined ? [] : [['content-transfer-encoding', encoding] as const];
    assert.equal(readText({ contentType, contentHeaders, body }), text);
  });
}
