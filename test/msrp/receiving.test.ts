/** Messages, reports and nicknames as a session takes them, and what it answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame } from './pipe.ts';
import { EMPTY, opened, statuses } from './scene.ts';

for (const [failureReport, message, wrongType, unknown] of [
  ['', ['200'], ['415'], ['481']],
  ['Failure-Report: yes', ['200'], ['415'], ['481']],
  ['Failure-Report: partial', [], ['415'], ['481']],
  ['Failure-Report: no', [], [], []],
] as const) {
  test(`checklist 35: what is answered with ${failureReport || 'no Failure-Report'}`, async () => {
    const { peer, paths, listener } = await opened();
    const headers = (id: string) => [`Message-ID: ${id}`, ...(failureReport ? [failureReport] : [])];
    const send = (to: string[], type: string) =>
      peer.says(frame('tran0001', 'SEND', [...to, ...headers(`id-${type}`), `Content-Type: ${type}`], 'hi'));
    assert.deepEqual(statuses(await send(paths, 'text/plain')), [...message]);
    assert.deepEqual(statuses(await send(paths, 'image/png')), [...wrongType]);
    assert.deepEqual(statuses(await send(['To-Path: msrp://h:1/none;tcp', paths[1] ?? ''], 'text/plain')), [
      ...unknown,
    ]);
    assert.equal(listener.messages.length, 1);
  });
}

test('checklist 36: reports come only as they are wanted, once, and never after an error', async () => {
  const { peer, paths, listener } = await opened();
  const post = async (id: string, ...headers: string[]) => {
    const text = frame(
      'tran0001',
      'SEND',
      [...paths, `Message-ID: ${id}`, ...headers, 'Content-Type: text/plain'],
      'hi',
    );
    await peer.says(text);
    return listener.messages.at(-1) ?? assert.fail();
  };
  const quiet = await post('quiet');
  quiet.report(200);
  assert.equal(await peer.hears(), '');
  const loud = await post('loud', 'Success-Report: yes');
  loud.report(200);
  loud.report(200);
  assert.deepEqual(statuses(await peer.hears()), ['REPORT']);
  const failing = await post('failing');
  failing.report(408, 'IRC said nothing');
  assert.match(await peer.hears(), /Byte-Range: 1-2\/2\r\nStatus: 000 408 IRC said nothing\r\n/);
  const mute = await post('mute', 'Failure-Report: no');
  mute.report(408);
  assert.equal(await peer.hears(), '');
  listener.answer = (message) => message.respond(403);
  const refused = await post('refused', 'Success-Report: yes');
  refused.report(403);
  refused.report(200);
  assert.equal(await peer.hears(), '');
});

test('checklist 69: a REPORT may have a body, in both directions', async () => {
  const { peer, session, paths, listener } = await opened();
  await peer.says(
    frame('priv0001', 'SEND', [...paths, 'Message-ID: priv', 'Content-Type: text/plain'], 'hi'),
  );
  const body = Buffer.from('From: <sip:a@b>\r\n\r\né');
  listener.messages[0]?.report(404, 'nobody', { contentType: 'message/cpim', body });
  const text = await peer.hears();
  assert.match(
    text,
    /Status: 000 404 nobody\r\nContent-Type: message\/cpim\r\n\r\nFrom: <sip:a@b>\r\n\r\n\xc3\xa9\r\n-------\w+\$\r\n$/,
  );
  const report = (headers: string[], content?: string) =>
    peer.says(
      frame('rep00001', 'REPORT', [...paths, 'Message-ID: m1', 'Status: 000 200 OK', ...headers], content),
    );
  assert.equal(await report(['Content-Type: message/cpim'], 'From: x'), '');
  assert.equal(await report(['Content-Type: message/cpim'], 'y'.repeat(20_000)), '');
  assert.equal(await report([], 'no type'), '');
  assert.equal(await report([]), '');
  assert.deepEqual(
    listener.reports.map((each) => each.body?.body.toString()),
    ['From: x', undefined, undefined, undefined],
  );
  assert.equal(session.state, 'open');
});

test('checklist 33: chunks out of order are answered one by one, and shown once', async () => {
  const { peer, paths, listener } = await opened();
  const chunk = (id: string, range: string, body: string, flag: string) =>
    frame(
      id,
      'SEND',
      [...paths, 'Message-ID: whole', `Byte-Range: ${range}`, 'Content-Type: text/plain'],
      body,
      flag,
    );
  assert.deepEqual(statuses(await peer.says(chunk('chunk003', '7-9/9', 'ghi', '$'))), ['200']);
  assert.deepEqual(statuses(await peer.says(chunk('chunk001', '1-*/9', 'abc', '+'))), ['200']);
  assert.equal(listener.messages.length, 0);
  assert.deepEqual(statuses(await peer.says(chunk('chunk002', '4-6/9', 'def', '+'))), ['200']);
  assert.equal(listener.messages[0]?.body.toString(), 'abcdefghi');
});

test('checklist 30, 32: chunks may have no bytes, and the first one no Byte-Range', async () => {
  const { peer, paths, listener } = await opened();
  const chunk = (range: string | undefined, body: string, flag: string) => {
    const ranges = range === undefined ? [] : [`Byte-Range: ${range}`];
    const headers = [...paths, 'Message-ID: odd1', ...ranges, 'Content-Type: text/plain'];
    return peer.says(frame('chunk001', 'SEND', headers, body, flag));
  };
  assert.deepEqual(statuses(await chunk(undefined, 'abc', '+')), ['200']);
  assert.deepEqual(statuses(await chunk('4-3/*', '', '+')), ['200']);
  assert.deepEqual(statuses(await chunk('4-4/*', 'd', '+')), ['200']);
  assert.equal(listener.messages.length, 0);
  assert.deepEqual(statuses(await chunk('5-*/4', '', '$')), ['200']);
  assert.equal(listener.messages[0]?.body.toString(), 'abcd');
});

test('checklist 36: a report covers what has come, whatever the chunks said of themselves', async () => {
  const { peer, paths, listener } = await opened();
  const chunk = (range: string, body: string, flag: string) => {
    const headers = [
      'Message-ID: cover1',
      `Byte-Range: ${range}`,
      'Success-Report: yes',
      'Content-Type: text/plain',
    ];
    return peer.says(frame('chunk001', 'SEND', [...paths, ...headers], body, flag));
  };
  await chunk('1-9/9', 'abc', '+');
  await chunk('4-*/9', 'de', '$');
  listener.messages[0]?.report(200);
  assert.match(await peer.hears(), /Byte-Range: 1-5\/5\r\nStatus: 000 200 OK/);
});

test('a message given up with # is not shown', async () => {
  const { peer, paths, listener } = await opened();
  const headers = [...paths, 'Message-ID: given-up', 'Byte-Range: 1-*/9', 'Content-Type: text/plain'];
  await peer.says(frame('chunk001', 'SEND', headers, 'abc', '#'));
  assert.deepEqual(listener.messages, []);
});

test('checklist 40: 415 comes while the body still does', async () => {
  const { peer, paths } = await opened();
  const text = frame(
    'image001',
    'SEND',
    [...paths, 'Message-ID: image', 'Content-Type: image/png'],
    'x'.repeat(500),
  );
  assert.deepEqual(statuses(await peer.says(text.slice(0, -100))), ['415']);
  assert.equal(await peer.says(text.slice(-100)), '');
});

test('checklist 43: 413 comes at once where the announced total is too large, and in the middle where it is not', async () => {
  const { peer, paths, listener } = await opened();
  const headers = (id: string, range: string) => [
    ...paths,
    `Message-ID: ${id}`,
    `Byte-Range: ${range}`,
    'Content-Type: text/plain',
  ];
  const announced = frame('large001', 'SEND', headers('l1ll', '1-*/1001'), 'x'.repeat(1001));
  assert.deepEqual(statuses(await peer.says(announced.slice(0, -900))), ['413']);
  assert.equal(await peer.says(announced.slice(-900)), '');
  const unknown = frame('large002', 'SEND', headers('l2ll', '1-*/*'), 'x'.repeat(3000));
  assert.deepEqual(statuses(await peer.says(unknown.slice(0, -1000))), ['413']);
  assert.equal(await peer.says(unknown.slice(-1000)), '');
  assert.deepEqual(statuses(await peer.says(frame('large003', 'SEND', headers('l2ll', '1001-*/*'), 'x'))), [
    '413',
  ]);
  assert.deepEqual(listener.told, ['opened']);
});

test('a frame without end is cut off', async () => {
  const { peer, paths, listener } = await opened();
  await peer.says(
    `MSRP endless1 SEND\r\n${paths.join('\r\n')}\r\nMessage-ID: endless\r\nContent-Type: text/plain\r\n\r\n`,
  );
  const piece = Buffer.alloc(1_048_576, 'q');
  for (let i = 0; i < 17 && !peer.closed; i += 1) await peer.says(piece);
  assert.equal(peer.closed, true);
  assert.equal(listener.told.at(-1), 'closed connection-lost');
});

test('checklist 41: a duplicate is acknowledged and reported again, but not shown twice; what was refused may come again', async () => {
  const { peer, paths, listener } = await opened();
  const headers = [...paths, 'Message-ID: twice', 'Success-Report: yes', 'Content-Type: text/plain'];
  listener.answer = (message) => message.respond(403);
  assert.deepEqual(statuses(await peer.says(frame('dupl0001', 'SEND', headers, 'hi'))), ['403']);
  listener.answer = (message) => {
    message.respond(200);
    message.report(200);
  };
  assert.deepEqual(statuses(await peer.says(frame('dupl0002', 'SEND', headers, 'hi'))), ['200', 'REPORT']);
  assert.deepEqual(statuses(await peer.says(frame('dupl0003', 'SEND', headers, 'hi'))), ['200', 'REPORT']);
  assert.equal(listener.messages.length, 2);
});

const nicknames: [string, string[], string | undefined, string, string[]][] = [
  ['one', ['Use-Nickname: "Alice"'], undefined, '200', ['"Alice"']],
  ['an empty one', ['Use-Nickname: ""'], undefined, '200', ['""']],
  ['none', [], undefined, '424', []],
  ['two', ['Use-Nickname: "a"', 'Use-Nickname: "b"'], undefined, '424', []],
  ['control characters', ['Use-Nickname: "a\nb"'], undefined, '424', []],
  ['a NUL', ['Use-Nickname: "a\0b"'], undefined, '424', []],
  ['a report header', ['Use-Nickname: "a"', 'Success-Report: yes'], undefined, '400', []],
  ['Failure-Report: no', ['Use-Nickname: "a"', 'Failure-Report: no'], undefined, '400', []],
  ['a body', ['Use-Nickname: "a"', 'Content-Type: text/plain'], 'x', '400', []],
];
for (const [what, headers, body, status, told] of nicknames) {
  test(`checklist 73: NICKNAME with ${what} is answered ${status}`, async () => {
    const { peer, paths, listener } = await opened();
    assert.deepEqual(statuses(await peer.says(frame('nick0001', 'NICKNAME', [...paths, ...headers], body))), [
      status,
    ]);
    assert.deepEqual(
      listener.nicknames.map(({ value }) => value),
      told,
    );
  });
}

for (const [what, headers] of [
  ['two Message-IDs', ['Message-ID: a1aa', 'Message-ID: b1bb']],
  ['a broken Byte-Range', ['Message-ID: a1aa', 'Byte-Range: 0-5/5']],
  ['no Message-ID', ['Content-Type: text/plain']],
  ['a Message-ID that is none', ['Message-ID: a\tb', 'Content-Type: text/plain']],
  ['no Content-Type', ['Message-ID: a1aa']],
  ['a Content-Type that is none', ['Message-ID: a1aa', 'Content-Type: plain']],
] as [string, string[]][]) {
  test(`a SEND with ${what} is answered 400, and the session goes on`, async () => {
    const { peer, paths, listener } = await opened();
    assert.deepEqual(statuses(await peer.says(frame('bad00001', 'SEND', [...paths, ...headers], 'hi'))), [
      '400',
    ]);
    assert.deepEqual(statuses(await peer.says(frame('good0001', 'SEND', [...paths, ...EMPTY]))), ['200']);
    assert.deepEqual(listener.told, ['opened']);
  });
}
