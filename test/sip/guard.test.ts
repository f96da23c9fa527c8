import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datagramFrame } from '../../src/sip/frame.ts';
import { examineRequest, examineResponse } from '../../src/sip/guard.ts';

const LINES = [
  'INVITE sip:lobby@x SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport, SIP/2.0/TCP p.example.org;branch=z9hG4bK2',
  'From: "A" <sip:a@x>;tag=1',
  'To: <sip:lobby@x>',
  'Call-ID: c1@x',
  'CSeq: 1 INVITE',
  'Contact: <sip:a@192.0.2.1>',
  'Max-Forwards: 70',
];

type Change = (lines: string[]) => string[];
const drop =
  (name: string): Change =>
  (lines) =>
    lines.filter((line) => !line.startsWith(`${name}:`));
const put =
  (name: string, value: string): Change =>
  (lines) =>
    lines.map((line) => (line.startsWith(`${name}:`) ? `${name}: ${value}` : line));
const add =
  (...more: string[]): Change =>
  (lines) => [...lines, ...more];
const first =
  (line: string): Change =>
  (lines) => [line, ...lines.slice(1)];

function judged(change: Change, body = ''): number | 'fine' | 'none' {
  const frame = datagramFrame(Buffer.from(`${change(LINES).join('\r\n')}\r\n\r\n${body}`));
  if (!frame) return 'none';
  const result = examineRequest(frame);
  return 'status' in result ? result.status : 'fine';
}

const rows: [string, Change, number | 'fine' | 'none'][] = [
  ['nothing wrong', (lines) => lines, 'fine'],
  ['a lower-case version', first('INVITE sip:lobby@x sip/2.0'), 'fine'],
  ['another version', first('INVITE sip:lobby@x SIP/3.0'), 505],
  [
    'another version before other faults',
    (lines) => drop('Via')(first('INVITE sip:lobby@x SIP/7.0')(lines)),
    505,
  ],
  ['another protocol', first('INVITE sip:lobby@x HTTP/1.1'), 400],
  ['two spaces', first('INVITE  sip:lobby@x SIP/2.0'), 400],
  ['a space at the end', first('INVITE sip:lobby@x SIP/2.0 '), 400],
  ['a URI in brackets', first('INVITE <sip:lobby@x> SIP/2.0'), 400],
  ['a URI with headers', first('INVITE sip:lobby@x?a=b SIP/2.0'), 400],
  ['a malformed URI', first('INVITE sip:lobby@x;; SIP/2.0'), 400],
  ['another scheme', first('INVITE tel:+1 SIP/2.0'), 416],
  ['a long URI', first(`INVITE sip:${'x'.repeat(1100)}@x SIP/2.0`), 414],
  ['no Via', drop('Via'), 400],
  ['no From', drop('From'), 400],
  ['no To', drop('To'), 400],
  ['no Call-ID', drop('Call-ID'), 400],
  ['no CSeq', drop('CSeq'), 400],
  ['no Contact', drop('Contact'), 400],
  ['no Max-Forwards', drop('Max-Forwards'), 'fine'],
  ['two From', add('f: <sip:b@x>;tag=2'), 400],
  ['two To', add('To: <sip:b@x>'), 400],
  ['two Call-ID', add('i: c2'), 400],
  ['two CSeq', add('CSeq: 1 INVITE'), 400],
  ['two Content-Length', add('l: 0', 'Content-Length: 0'), 400],
  ['two Max-Forwards', add('Max-Forwards: 70'), 400],
  ['two Content-Type', add('c: a/b', 'c: a/b'), 400],
  ['another method in CSeq', put('CSeq', '1 BYE'), 400],
  ['a CSeq that is too large', put('CSeq', '2147483648 INVITE'), 400],
  ['the largest CSeq', put('CSeq', '2147483647 INVITE'), 'fine'],
  ['a CSeq without number', put('CSeq', 'INVITE'), 400],
  ['a From without tag (RFC 2543)', put('From', '<sip:a@x>'), 400],
  ['a From without value of the tag', put('From', '<sip:a@x>;tag'), 400],
  ['a malformed To tag', put('To', '<sip:a@x>;tag="x"'), 400],
  ['a malformed From', put('From', '"A <sip:a@x>;tag=1'), 400],
  ['a From of another scheme', put('From', '<http://x>;tag=1'), 'fine'],
  ['a Via without address', put('Via', 'SIP/2.0/UDP'), 400],
  ['a Via of another version', put('Via', 'SIP/7.0/UDP x;branch=z9hG4bK1'), 400],
  ['a Via of an unknown transport', put('Via', 'SIP/2.0/PIGEON x;branch=z9hG4bK1'), 'fine'],
  ['a branch without the cookie', put('Via', 'SIP/2.0/UDP x;branch=1'), 'fine'],
  ['a Max-Forwards of 255', put('Max-Forwards', '0255'), 'fine'],
  ['a Max-Forwards of 256', put('Max-Forwards', '256'), 400],
  ['a Contact that is none', put('Contact', 'nobody'), 400],
  ['a Contact of another scheme', put('Contact', '<tel:+1>'), 400],
  ['a malformed Record-Route', add('Record-Route: sip:p@x;lr'), 400],
  ['a header without colon', add('Nonsense'), 400],
  ['a header without name', add(': x'), 400],
  ['a bare line feed in a header', add('Subject: a\nVia: b'), 400],
  ['a bare carriage return in a header', add('Subject: a\rb'), 400],
  ['a folded header', add('Subject: a', '\tb'), 'fine'],
  ['a long line', add(`Subject: ${'x'.repeat(4000)}`), 'fine'],
  ['too long a line', add(`Subject: ${'x'.repeat(4100)}`), 400],
  ['too long a line that is parsed', add(`Record-Route: <sip:${'x'.repeat(1020)}>`), 400],
  ['many lines', add(...Array.from({ length: 190 }, () => 'X: y')), 'fine'],
  ['too many lines', add(...Array.from({ length: 200 }, () => 'X: y')), 400],
  ['too large a head', add(...Array.from({ length: 5 }, () => `X: ${'y'.repeat(4000)}`)), 513],
  ['a Content-Length that is none', add('Content-Length: x'), 400],
  ['a Content-Length beyond the end', add('Content-Length: 1'), 400],
  ['a huge Content-Length', add('Content-Length: 70000'), 513],
];

test('the guard lets through what sip.js can take, and says what is wrong with the rest', () => {
  for (const [about, change, wanted] of rows) assert.equal(judged(change), wanted, about);
});

test('a body needs a type, but for the ACK; too large a body is refused', () => {
  const ack: Change = (lines) => put('CSeq', '1 ACK')(first('ACK sip:lobby@x SIP/2.0')(lines));
  assert.equal(
    judged((lines) => lines, 'x'),
    400,
  );
  assert.equal(judged(add('c: a/b'), 'x'), 'fine');
  assert.equal(judged(ack, 'x'), 'fine');
  assert.equal(judged(add('c: a/b'), 'x'.repeat(65_537)), 513);
});

test('compact names, folding and white space are understood, and our private mark is taken off', () => {
  const text = [
    'SUBSCRIBE sip:lobby@x;x-flow=u1.2 SIP/2.0',
    'v :  SIP / 2.0 /UDP  host ; branch = z9hG4bK1;x-flow=t1',
    'F: A <sip:a@x>;tag=1',
    't: sip:lobby@x;tag=2',
    'I: c',
    'cSEQ: 0009\r\n  SUBSCRIBE',
    'm: "x" <sip:a@h;x-flow=u1.2;p>;q=1',
    'o: conference',
    'Record-Route: <sip:p@h;lr;x-flow=t1>',
    '',
    '',
  ].join('\r\n');
  const frame = datagramFrame(Buffer.from(text));
  assert.ok(frame);
  const facts = examineRequest(frame);
  assert.ok(!('status' in facts));
  assert.equal(facts.cseq, 9);
  assert.equal(facts.toTag, '2');
  assert.equal(facts.contact?.uri, 'sip:a@h;p');
  assert.deepEqual(facts.recordRoute, ['<sip:p@h;lr>']);
  assert.deepEqual([...facts.via.parameters], [['branch', 'z9hG4bK1']]);
  assert.equal(facts.head.first('event'), 'conference');
});

test('responses that could not be ours, or cannot be read, are dropped', () => {
  const lines = ['SIP/2.0 200 OK', 'Via: SIP/2.0/UDP x;branch=z9hG4bK1', ...LINES.slice(2)];
  const status = (text: string): number | undefined => {
    const frame = datagramFrame(Buffer.from(text));
    return frame && examineResponse(frame)?.status;
  };
  const whole = `${lines.join('\r\n')}\r\n\r\n`;
  assert.equal(status(whole), 200);
  assert.equal(status(whole.replace('200 OK', '200')), 200);
  assert.equal(status(whole.replace('200 OK', '4294967301 x')), undefined);
  assert.equal(status(whole.replace('200 OK', '099 x')), undefined);
  assert.equal(status(whole.replace('x;branch', 'x;branch=z9hG4bK0, SIP/2.0/UDP y;branch')), undefined);
  assert.equal(status(whole.replace('CSeq', 'X')), undefined);
});

test('the worst input takes little time', () => {
  const bad = [
    `From: ${'"\\'.repeat(500)}`,
    `From: ${'<'.repeat(1000)}`,
    `From: <sip:a@x>${' ;a'.repeat(330)}`,
    `From: ${' '.repeat(1000)}x`,
    `Via: SIP/2.0/UDP ${' '.repeat(1000)}`,
    `Via: ${'SIP/2.0/UDP x,'.repeat(70)}`,
    `X: ${'\r\n '.repeat(4000)}`,
    `Record-Route: ${'<sip:x>,'.repeat(120)}`,
  ];
  const started = performance.now();
  for (const line of bad) {
    const name = line.slice(0, line.indexOf(':'));
    for (let i = 0; i < 20; i++) judged((lines) => add(line)(drop(name)(lines)));
  }
  assert.ok(performance.now() - started < 1000, `took ${performance.now() - started} ms for 160 messages`);
});
