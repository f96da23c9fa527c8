import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lossOf,
  msrpAnswer,
  nicknameAnswer,
  reasonHeader,
  reasonText,
  sipAnswer,
} from '../../src/focus/answers.ts';
import { type Refusal, refusals } from '../../src/room/refusals.ts';

const table: Readonly<Record<Refusal, readonly [sip: number, msrp: number, nickname: number]>> = {
  forbidden: [403, 403, 403],
  banned: [403, 403, 403],
  closed: [403, 403, 403],
  full: [486, 403, 403],
  'no-room': [404, 404, 403],
  unavailable: [503, 408, 425],
  lost: [480, 408, 425],
  'too-long': [403, 413, 424],
  'too-many': [503, 413, 425],
  muted: [403, 403, 403],
  nobody: [404, 404, 403],
  'no-private': [403, 428, 403],
  'private-off': [403, 403, 403],
  'nickname-in-use': [480, 425, 425],
  'nickname-malformed': [403, 424, 424],
  'nicknames-off': [403, 403, 403],
  broken: [500, 408, 425],
};

for (const refusal of refusals) {
  test(`${refusal} has its answers`, () => {
    const refused = { ok: false, refusal, text: 'because' } as const;
    const [sip, msrp, nickname] = table[refusal];
    const answer = sipAnswer(refused, 'chat.example.com');
    assert.equal(answer.status, sip);
    assert.equal(answer.reason, 'because');
    assert.ok(answer.headers.includes('Warning: 399 chat.example.com "because"'));
    const worthAnotherTry = ['unavailable', 'lost', 'too-many', 'nickname-in-use'].includes(refusal);
    assert.equal(
      answer.headers.some((line) => line.startsWith('Retry-After: ')),
      worthAnotherTry,
    );
    assert.deepEqual(msrpAnswer(refused), { status: msrp, comment: 'because' });
    assert.deepEqual(nicknameAnswer(refused), { status: nickname, comment: 'because' });
    assert.ok([403, 424, 425].includes(nickname), 'RFC 7701 section 7.1 knows no other');
  });
}

test('a refusal without words has those of RFC 3261', () => {
  assert.deepEqual(sipAnswer({ ok: false, refusal: 'full', text: '' }, 'x'), {
    status: 486,
    reason: 'Busy Here',
    headers: [],
  });
});

test('no text breaks out of its place', () => {
  const text = `a\r\nVia: "x" \\\u0000${'é'.repeat(500)}`;
  const { reason, headers } = sipAnswer({ ok: false, refusal: 'banned', text }, 'x');
  assert.doesNotMatch(reason, /[\r\n\0]/);
  assert.ok(reason.length < 210);
  assert.match(headers[0] ?? '', /^Warning: 399 x "a Via: \\"x\\" \\\\ é+\.\.\."$/);
});

test('a Reason is written and read (RFC 3326)', () => {
  const header = reasonHeader(403, 'kicked: "out" \\ é\r\n');
  assert.equal(header, 'SIP;cause=403;text="kicked: \\"out\\" \\\\ é"');
  assert.equal(reasonText(header), 'kicked: "out" \\ é');
  assert.equal(reasonText('Q.850 ; cause=16 ; TEXT = "bye"'), 'bye');
  for (const none of [
    undefined,
    '',
    'SIP;cause=200',
    'SIP;text="',
    'SIP;text=""',
    `SIP;text="${'\\'.repeat(5000)}`,
  ])
    assert.equal(reasonText(none), undefined);
});

test('each end of an MSRP session is a reason for a BYE', () => {
  for (const reason of ['never-connected', 'connection-lost', 'refused', 'undelivered', 'ended'] as const)
    assert.match(lossOf(reason).header, /^SIP;cause=4\d\d;text="the MSRP .*"$/);
});
