/** What is made of messages that are large or strange, before and after all of them is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Addresses } from '../../src/focus/addresses.ts';
import { CpimContent } from '../../src/focus/cpim-content.ts';
import { type InboundContext, readFront, readInbound } from '../../src/focus/inbound.ts';
import { MediaTypes } from '../../src/formats/media-type.ts';

const ALICE = 'sip:alice@example.org';

const context: InboundContext = {
  addresses: new Addresses({
    domain: 'chat.example.com',
    networks: () => [],
    isRoomName: (name) => name === 'lobby',
  }),
  room: 'lobby',
  sender: { id: ALICE, address: ALICE, anonymous: false, displayName: '', userName: 'alice' },
  dialled: 'sip:lobby@chat.example.com',
  known: () => undefined,
  types: new MediaTypes(['text/plain', 'image/png']),
};

function cpim(type: string, body: string): Buffer {
  const head = [`From: <${ALICE}>`, 'To: <sip:lobby@chat.example.com>', '', `Content-Type: ${type}`, '', ''];
  return Buffer.from(head.join('\r\n') + body);
}

const PARTS = ['--b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', '', 'text', '--c--', '--b', 'Content-Type: image/png', '', 'png', '--b--'].join('\r\n'); // prettier-ignore

test('checklist 40, 59: the beginning of a long multipart is no fault, wherever it breaks off', () => {
  const whole = cpim('multipart/mixed; boundary=b', PARTS);
  assert.equal(readInbound(whole, context).kind, 'say');
  const kinds = new Set<string>();
  for (let length = 0; length <= whole.length; length += 1)
    kinds.add(readFront(whole.subarray(0, length), context).kind);
  assert.deepEqual([...kinds], ['later', 'keep']);
});

test('the beginning of a picture says what it is, as soon as the wrapper is there', () => {
  const whole = cpim('image/png', 'png');
  const fronts = Array.from(
    { length: whole.length + 1 },
    (_, length) => readFront(whole.subarray(0, length), context).kind,
  );
  assert.deepEqual(fronts.slice(-5), ['later', 'say', 'say', 'say', 'say']);
  assert.deepEqual(new Set(fronts), new Set(['later', 'say']));
  assert.equal(readFront(cpim('image/jpeg', 'jp'), context).kind, 'refused');
});

test('a text of very many lines is read as far as a room would let it through', () => {
  const linesOf = (type: string, body: string): number | undefined =>
    new CpimContent(cpim(type, body)).text()?.lines.length;
  assert.equal(linesOf('text/plain', 'a\n'.repeat(10_000)), 10_000);
  assert.equal(linesOf('text/plain', '\n'.repeat(100_000)), 0);
  assert.equal(linesOf('text/plain', `${'\n'.repeat(100_000)}a${'\n'.repeat(100_000)}b`), 2);
  assert.equal(linesOf('text/plain', 'a\n'.repeat(50_000)), 10_001);
  assert.equal(linesOf('multipart/mixed; boundary=b', `--b\n\n${'a\n'.repeat(9_000)}`.repeat(5)), 10_001);
  assert.equal(linesOf('text/html', '<p>a</p>'.repeat(20_000)), 10_001);
});
