/** Documents of any bytes: read, or refused with the one error that says so; what is rendered for IRC is lines of IRC. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { plainText } from '../../src/common/spans.ts';
import { CpimContent } from '../../src/focus/cpim-content.ts';
import {
  CpimError,
  parseCpim,
  readText,
  reportWrapper,
  rewriteFrom,
  rewriteTo,
} from '../../src/formats/cpim.ts';
import { htmlToLines } from '../../src/formats/html.ts';
import { mediaParameters, MediaTypes, mediaType } from '../../src/formats/media-type.ts';
import { parseUseNickname, quoteNickname } from '../../src/formats/nickname-header.ts';
import { parseSdp, SdpError } from '../../src/formats/sdp.ts';
import { renderContent } from '../../src/network/rendering.ts';
import { nicknameKey, prepareNickname } from '../../src/room/nicknames.ts';
import { bent } from '../support/bending.ts';
import { oneOf, type Random } from '../support/random.ts';
import type { Target } from './target.ts';

function filesOf(folder: string): Buffer[] {
  const place = new URL(`../torture/${folder}/`, import.meta.url);
  return readdirSync(place).map((name) => readFileSync(new URL(name, place)));
}

/** Something that begins as one of these, or as nothing known; now and then with one piece of it very often. */
function anyOf(random: Random, all: readonly Buffer[]): Buffer {
  const kind = random(10);
  if (kind === 0) return Buffer.from(Array.from({ length: random(300) }, () => random(256)));
  const base = oneOf(random, all);
  if (kind > 1) return bent(base, random, 6);
  const at = random(base.length + 1);
  const piece = base.subarray(at, at + 1 + random(8));
  const many = Buffer.concat(Array.from({ length: 1 + random(20_000) }, () => piece));
  return Buffer.concat([base.subarray(0, at), many, base.subarray(at)]);
}

const wrappers = filesOf('cpim');
const ROOM = { name: 'Room', uri: 'sip:lobby@chat.example.com' };

/** Bytes of an IRC line: none that ends it, and no more than there is room for. */
function assertLines(lines: readonly string[], budget: number): void {
  for (const line of lines) {
    assert.doesNotMatch(line, /[\r\n\0]/);
    assert.ok(Buffer.byteLength(line) <= budget, `a line of ${Buffer.byteLength(line)} bytes`);
  }
}

export const cpim: Target = {
  name: 'cpim',
  round(random) {
    const html = 'From: <sip:a@x>\r\nTo: <sip:b@x>\r\n\r\nContent-Type: text/html\r\n\r\n<b>x</b><p>y';
    const bytes = anyOf(random, [...wrappers, Buffer.from(html)]);
    const before = Buffer.from(bytes);
    try {
      const read = parseCpim(bytes);
      assert.equal(typeof readText(read), 'string');
      assert.deepEqual(parseCpim(rewriteTo(bytes, read, ROOM)).to[0], ROOM);
      assert.deepEqual(parseCpim(rewriteFrom(bytes, read, ROOM)).from, ROOM);
      // Bytes that are no UTF-8 become longer.
      assert.ok(reportWrapper(bytes, read).length <= 3 * bytes.length + 50);
    } catch (error) {
      assert.ok(error instanceof CpimError, `${String(error)} ${(error as Error).stack}`);
      return;
    }
    const content = new CpimContent(bytes);
    const budget = 60 + random(400);
    const lines = renderContent(content, {
      budget,
      most: 8,
      ...(random(2) === 0 && { speaker: 'somebody' }),
    });
    assert.ok(lines.length <= 9);
    assertLines(lines, budget);
    assert.deepEqual(bytes, before, 'not a byte is changed');
  },
};

const sessions = filesOf('sdp');

export const sdp: Target = {
  name: 'sdp',
  round(random) {
    try {
      for (const media of parseSdp(anyOf(random, sessions).toString()).messages()) {
        assert.ok(media.path.length > 0);
        assert.ok(media.port > 0 && media.port < 65_536);
      }
    } catch (error) {
      assert.ok(error instanceof SdpError, `${String(error)} ${(error as Error).stack}`);
    }
  },
};

const values = [
  '"Alice"',
  '"A \\" é"',
  'text/plain; charset="utf-8"; x=y',
  'text/* image/png *',
  '<b>a</b>&lt;',
];

export const headerValues: Target = {
  name: 'values',
  round(random) {
    const text = anyOf(
      random,
      values.map((value) => Buffer.from(value)),
    ).toString();
    for (const line of htmlToLines(text)) assert.doesNotMatch(plainText(line), /[\r\n\0]/);
    mediaParameters(text);
    const types = new MediaTypes([text, ...text.split(' ')]);
    types.takes(mediaType(text));
    const nickname = parseUseNickname(text);
    if (nickname === undefined) return;
    const prepared = prepareNickname(nickname);
    if (prepared === undefined) return;
    assert.equal(parseUseNickname(quoteNickname(prepared)), prepared);
    assert.equal(prepareNickname(prepared), prepared);
    assert.equal(nicknameKey(nicknameKey(prepared)), nicknameKey(prepared));
  },
};
