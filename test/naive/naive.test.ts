/** The naive peers read what the RFCs print, and understand each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conference } from './conference.ts';
import { addressOf, contentType, cpimHeader, readCpim, writeCpim } from './cpim.ts';
import { field, readMsrp, writeMsrp } from './msrp-frame.ts';
import { MsrpEnd } from './msrp.ts';
import { readSdp, writeSdp } from './sdp.ts';
import { header, listed, parameterOf, parseSip, splitAtCommas, uriOf, writeSip } from './sip-message.ts';

function lines(...all: string[]): string {
  return all.join('\r\n');
}

const SEND = lines(
  'MSRP a786hjs2 SEND',
  'To-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp',
  'From-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp',
  'Message-ID: 87652491',
  'Byte-Range: 1-25/25',
  'Content-Type: text/plain',
  '',
  'Hey Bob, are you there?',
  '-------a786hjs2$',
  '',
);
const OK = lines(
  'MSRP a786hjs2 200 OK',
  'To-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp',
  'From-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp',
  '-------a786hjs2$',
  '',
);

test('MSRP: the exchange of RFC 4975 figure 2, wherever the bytes are cut', () => {
  const bytes = Buffer.from(SEND + OK);
  for (let cut = 0; cut < SEND.length; cut += 1) assert.equal(readMsrp(bytes.subarray(0, cut)), undefined);
  const first = readMsrp(bytes);
  assert.equal(first?.frame.method, 'SEND');
  assert.equal(first.frame.transaction, 'a786hjs2');
  assert.equal(first.frame.body?.toString(), 'Hey Bob, are you there?');
  assert.equal(first.frame.flag, '$');
  assert.equal(field(first.frame, 'message-id'), '87652491');
  const second = readMsrp(bytes.subarray(first.length));
  assert.deepEqual(
    [second?.frame.method, second?.frame.status, second?.frame.comment],
    [undefined, 200, 'OK'],
  );
  assert.equal(first.length + (second?.length ?? 0), bytes.length);
});

test('MSRP: without a blank line there is no body, with one there may be an empty one (RFC 4975 section 9)', () => {
  const head = {
    transaction: 'd93kswow',
    what: 'SEND',
    toPath: 'msrp://a:1/x;tcp',
    fromPath: 'msrp://b:2/y;tcp',
  };
  assert.equal(readMsrp(writeMsrp(head))?.frame.body, undefined);
  assert.equal(
    readMsrp(writeMsrp(head, [['Content-Type', 'text/plain']], Buffer.alloc(0)))?.frame.body?.length,
    0,
  );
  const near = Buffer.from('-------d93kswow is no end\r\n-------d93ksw$\r\n');
  const read = readMsrp(writeMsrp(head, [['Content-Type', 'text/plain']], near, '+'));
  assert.deepEqual([read?.frame.body, read?.frame.flag], [near, '+']);
});

test('MSRP: what is none is an error', () => {
  for (const wrong of [
    'HTTP/1.1 200 OK\r\n',
    'MSRP x SEND\r\n',
    'MSRP a786hjs2 send\r\n',
    'MSRP a786hjs2 SEND\r\nTo Path\r\n',
  ]) {
    assert.throws(() => readMsrp(Buffer.from(wrong)), Error, wrong);
  }
});

test('CPIM: the example of RFC 3862 section 5.1', () => {
  const message = readCpim(
    Buffer.from(
      lines(
        'From: MR SANDERS <im:piglet@100akerwood.com>',
        'To: Depressed Donkey <im:eeyore@100akerwood.com>',
        'DateTime: 2000-12-13T13:40:00-08:00',
        'Subject: the weather will be fine today',
        "Subject:;lang=fr beau temps prevu pour aujourd'hui",
        'NS: MyFeatures <mid:MessageFeatures@id.foo.com>',
        'Require: MyFeatures.VitalMessageOption',
        'MyFeatures.VitalMessageOption: Confirmation-requested',
        'MyFeatures.WackyMessageOption: Use-silly-font',
        '',
        'Content-type: text/xml; charset=utf-8',
        'Content-ID: <1234567890@foo.com>',
        '',
        '<body>',
        'Here is the text of my message.',
        '</body>',
      ),
    ),
  );
  const from = addressOf(cpimHeader(message, 'From') ?? '');
  assert.deepEqual(from, { name: 'MR SANDERS', uri: 'im:piglet@100akerwood.com' });
  assert.equal(contentType(message), 'text/xml');
  assert.equal(message.content.toString(), '<body>\r\nHere is the text of my message.\r\n</body>');
  assert.equal(cpimHeader(message, 'subject'), undefined);
});

test('CPIM: names with quotes and escapes, and what lacks its blank lines', () => {
  assert.equal(addressOf('"J\\"o\\\\e \\u00e9" <sip:joe@x>').name, 'J"o\\e é');
  assert.equal(addressOf('<sip:joe@x>').name, '');
  const written = writeCpim({
    from: '<sip:a@x>',
    to: '<sip:r@x>',
    cc: ['<sip:c@x>'],
    type: 'text/plain',
    content: 'é',
  });
  const read = readCpim(written);
  assert.deepEqual([cpimHeader(read, 'cc'), read.content.toString()], ['<sip:c@x>', 'é']);
  assert.throws(() => readCpim(Buffer.from('From: <sip:a@x>\r\n\r\nhello')), /blank line/);
  assert.throws(
    () => readCpim(Buffer.from('From: <sip:a@x>\r\n\r\nSubject: x\r\n\r\nhello')),
    /Content-Type/,
  );
  assert.throws(() => readCpim(Buffer.from('From:<sip:a@x>\r\n\r\nContent-Type: a/b\r\n\r\n')), /RFC 3862/);
});

test('SIP: a message with folded, compact and listed headers (RFC 3261 section 7.3)', () => {
  const message = parseSip(
    lines(
      'INVITE sip:lobby@example.com SIP/2.0',
      'v: SIP/2.0/TCP first.example.com;branch=z9hG4bK1 ,',
      '  SIP/2.0/UDP second.example.com;branch=z9hG4bK2',
      'f: "Lee, \\"L\\" <x>" <sip:lee@example.com;user=ip>;tag=9',
      'Content-Length: 4',
      '',
      'body',
    ),
  );
  assert.equal(message.method, 'INVITE');
  assert.deepEqual(
    listed(message, 'via').map((via) => parameterOf(via, 'branch')),
    ['z9hG4bK1', 'z9hG4bK2'],
  );
  assert.equal(uriOf(header(message, 'from')), 'sip:lee@example.com;user=ip');
  assert.equal(parameterOf(header(message, 'from'), 'tag'), '9');
  assert.equal(message.body, 'body');
  assert.deepEqual(splitAtCommas('<sip:a,b@x>, "c, d" <sip:e@x>;f'), ['<sip:a,b@x>', '"c, d" <sip:e@x>;f']);
  const again = parseSip(writeSip('SIP/2.0 200 OK', [['To', '<sip:a@x>']], 'é'));
  assert.deepEqual([again.status, header(again, 'content-length'), again.body], [200, '2', 'é']);
  assert.throws(() => parseSip('INVITE sip:x\r\n\r\n'), /start line/);
});

test('SDP: what is offered is read back; RFC 7701 section 9.1 has it without a=setup', () => {
  const offer = {
    host: '127.0.0.1',
    port: 7777,
    path: 'msrp://127.0.0.1:7777/s;tcp',
    acceptTypes: 'message/cpim',
  };
  const media = readSdp(writeSdp({ ...offer, wrapped: 'text/plain *', chatroom: '', setup: 'actpass' }));
  assert.deepEqual([media.port, media.protocol, media.setup], [7777, 'TCP/MSRP', 'actpass']);
  assert.deepEqual([media.path, media.chatroom], [[offer.path], []]);
  assert.deepEqual(media.acceptWrappedTypes, ['text/plain', '*']);
  const bare = readSdp(writeSdp({ ...offer, wrapped: null, chatroom: null, setup: null }));
  assert.deepEqual([bare.setup, bare.chatroom, bare.acceptWrappedTypes], [undefined, undefined, []]);
  assert.throws(() => readSdp('v=0\r\n'), /no message line/);
});

const FULL = `<?xml version="1.0" encoding="UTF-8"?>
<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sips:conf233@example.com" state="full" version="1">
 <!-- CONFERENCE INFO -->
 <conference-description><subject>Agenda: This month&apos;s goals &lt;1&gt;</subject></conference-description>
 <conference-state><user-count>33</user-count></conference-state>
 <users>
  <user entity="sip:bob@example.com" state="full" x:nickname="bob &amp; co" xmlns:x="urn:x">
   <display-text>Bob Hoskins</display-text>
   <roles><entry>participant</entry></roles>
   <endpoint entity="sip:bob@pc33.example.com"><status>connected</status>
    <media id="1"><type>message</type><status>sendrecv</status></media></endpoint>
  </user>
  <user entity="sip:alice@example.com"><display-text>Alice</display-text></user>
 </users>
</conference-info>`;

test('conference-info: a whole document after the manner of RFC 4575 section 7.1, and parts that change it', () => {
  const conference = new Conference();
  conference.apply(FULL);
  assert.equal(conference.subject, "Agenda: This month's goals <1>");
  assert.equal(conference.userCount, 33);
  assert.equal(conference.called('bob & co')?.devices.get('sip:bob@pc33.example.com')?.media, 'sendrecv');
  const part = (version: number, users: string): string =>
    `<c:conference-info xmlns:c='urn:ietf:params:xml:ns:conference-info' entity='sips:conf233@example.com' state='partial' version='${version}'><c:users state='partial'>${users}</c:users></c:conference-info>`;
  conference.apply(
    part(
      2,
      `<c:user entity="sip:alice@example.com" state="deleted"/>
       <c:user entity="sip:bob@example.com" state="partial"><c:roles><c:entry>moderator</c:entry></c:roles></c:user>`,
    ),
  );
  assert.deepEqual([...conference.people.keys()], ['sip:bob@example.com']);
  const bob = conference.people.get('sip:bob@example.com');
  assert.deepEqual([bob?.displayText, bob?.roles], ['Bob Hoskins', ['moderator']]);
  assert.deepEqual(conference.faults, []);
  conference.apply(part(4, ''));
  assert.deepEqual(conference.faults, ['partial version 4 after 2']);
  assert.throws(() => conference.apply('<conference-info>'), /no XML/);
});

test('two MSRP ends talk: chunks, reports, a bodiless SEND, NICKNAME, and silence where it is asked for', async (t) => {
  const alice = await MsrpEnd.open(t, 'alice', { listen: false });
  const bob = await MsrpEnd.open(t, 'bob', { listen: true });
  alice.peer = bob.uri;
  bob.peer = alice.uri;
  await alice.dial();
  assert.equal((await alice.greet()).status, 200);
  await bob.isDialled();

  const text = Buffer.from('abcdEFGH and more');
  const responses = await alice.send(text, {
    type: 'text/plain',
    chunk: 4,
    messageId: 'm1',
    successReport: 'yes',
  });
  assert.deepEqual(
    responses.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
  const message = await bob.messages.takes('the message', () => true);
  assert.deepEqual([message.body, message.frames.length], [text, 5]);
  const report = await alice.reports.takes('a report', () => true);
  assert.deepEqual([field(report, 'Message-ID'), field(report, 'Byte-Range')], ['m1', '1-17/17']);

  bob.responds = (frame) =>
    frame.method === 'NICKNAME' ? { status: 425, comment: 'taken' } : { status: 200, comment: 'OK' };
  const taken = await alice.request('NICKNAME', [['Use-Nickname', '"bob"']]);
  assert.deepEqual([taken.status, taken.comment], [425, 'taken']);

  const [silent = ''] = alice.postMessage(text, { type: 'text/plain', failureReport: 'no' });
  await bob.messages.takes('the message that is not answered', () => true);
  // The response to what is sent behind it would come after its own.
  await alice.greet();
  assert.ok(!alice.frames.all.some(({ transaction }) => transaction === silent));

  bob.vanish();
  await alice.closed;
});
