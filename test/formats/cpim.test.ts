import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CpimError,
  parseAnyCpim,
  parseCpim,
  readText,
  reportWrapper,
  rewriteFrom,
  rewriteTo,
  writeCpim,
} from '../../src/formats/cpim.ts';
import type { Cpim } from '../../src/formats/cpim.ts';

const samples = new URL('../torture/cpim/', import.meta.url);
const sample = (name: string): Buffer => readFileSync(new URL(name, samples));

const ALICE = { name: 'Alice', uri: 'sip:alice@example.org' };
const ROOM = { name: '', uri: 'sip:lobby@127.0.0.1' };

/** A wrapper with these message headers, lines ending in CRLF. */
function wrapper(...headers: readonly string[]): Buffer {
  return Buffer.from([...headers, '', 'Content-Type: text/plain', '', 'hello'].join('\r\n'));
}

function read(...headers: readonly string[]): Cpim {
  return parseCpim(wrapper(...headers));
}

test('the example of RFC 3862 section 5.1', () => {
  const cpim = parseCpim(sample('rfc3862-5.1.cpim'));
  assert.deepEqual(cpim.from, { name: 'MR SANDERS', uri: 'im:piglet@100akerwood.com' });
  assert.deepEqual(cpim.to, [{ name: 'Depressed Donkey', uri: 'im:eeyore@100akerwood.com' }]);
  assert.equal(cpim.dateTime, '2000-12-13T13:40:00-08:00');
  assert.equal(cpim.subject, 'the weather will be fine today');
  assert.deepEqual(cpim.headers[4], ['Subject', "beau temps prevu pour aujourd'hui", 'fr']);
  assert.deepEqual(cpim.headers.at(-1), ['MyFeatures.WackyMessageOption', 'Use-silly-font']);
  assert.equal(cpim.contentType, 'text/xml; charset=utf-8');
  assert.deepEqual(cpim.contentHeaders[1], ['Content-ID', '<1234567890@foo.com>']);
  assert.equal(readText(cpim), '<body>\r\nHere is the text of my message.\r\n</body>');
});

test('checklist 50: Require names what must be understood', () => {
  assert.deepEqual(parseCpim(sample('rfc3862-5.1.cpim')).require, ['MyFeatures.VitalMessageOption']);
  assert.deepEqual(read('From: <im:a@b>', 'To: <im:c@d>', 'Require: A.b, C', 'Require: D').require, [
    'A.b',
    'C',
    'D',
  ]);
});

test('checklist 49: the examples of RFC 7701 put Content-Type among the message headers', () => {
  const cpim = parseCpim(sample('rfc7701-9.3.cpim'));
  assert.deepEqual(cpim.to, [{ name: '', uri: 'sip:chatroom22@chat.example.com;transport=tcp' }]);
  assert.deepEqual(cpim.headers.map(([name]) => name), ['To', 'From', 'DateTime']); // prettier-ignore
  assert.equal(cpim.contentType, 'text/plain');
  assert.equal(readText(cpim), 'Hello guys, how are you today?');
  assert.equal(readText(parseCpim(sample('rfc7701-9.4.cpim'))), 'Hello Bob.');
});

const sent: readonly [file: string, name: string, to: string, type: string, text: RegExp][] = [
  ['0007', 'Conference Room', 'sip:lobby@127.0.0.1', 'text/plain; charset="utf8"', /^Welcome! [^]*\n\nSIP: lobby@127\.0\.0\.1$/],
  ['0054', 'Alice', 'sip:lobby@127.0.0.1', 'text/plain; charset="utf8"', /^hello wörld$/],
  ['0056', 'Ali é', 'sip:lobby@127.0.0.1', 'text/plain; charset="utf8"', /^hello wörld$/],
  ['0060', 'Alice', 'sip:lobby@127.0.0.1', 'application/im-iscomposing+xml', /^<\?xml [^]*<\/isComposing>$/],
  ['0070', 'Alice', 'sip:bob@example.org', 'text/plain; charset="utf8"', /^psst, only bob$/],
  ['0073', 'Ali é', 'sip:bob@example.org', 'text/plain; charset="utf8"', /^psst, only bob$/],
  ['0076', 'Alice', 'sip:lobby@127.0.0.1', 'text/plain; charset="utf8"', /^line one of a long message é\nx+\nlast line\n$/],
  ['0082', 'Bob', 'sip:alice@example.org', 'text/plain; charset="utf8"', /^got it$/],
  ['0084', 'bobby', 'sip:alice@example.org', 'text/plain; charset="utf8"', /^got it$/],
]; // prettier-ignore

for (const [file, name, to, type, text] of sent) {
  test(`a real client's wrapper is read: ${file}`, () => {
    const cpim = parseCpim(sample(`${file}-sipsimple.cpim`));
    assert.equal(cpim.from.name, name);
    assert.equal(cpim.to[0]?.uri, to);
    assert.equal(cpim.contentType, type);
    assert.match(cpim.dateTime ?? '', /^2026-11-22T23:30:\d\d\.\d{6}\+00:00$/);
    assert.match(readText(cpim), text);
  });
}

test('checklist 47: header names are compared with their case', () => {
  const cpim = read('From: <im:a@b>', 'from: <im:x@y>', 'To: <im:c@d>', 'Cc: <im:e@f>', 'cc: E <im:e@f>');
  assert.equal(cpim.from.uri, 'im:a@b');
  assert.deepEqual(cpim.cc, [{ name: 'E', uri: 'im:e@f' }]);
  assert.equal(cpim.headers.length, 5);
});

test('line ends may be LF, and mixed', () => {
  const bytes = Buffer.from('From: <im:a@b>\nTo: <im:c@d>\r\n\nContent-Type:text/plain\n\r\nx\ny');
  assert.equal(parseCpim(bytes).body.toString(), 'x\ny');
});

test('folded MIME headers are unfolded', () => {
  const bytes = Buffer.from(
    'From: <im:a@b>\r\nTo: <im:c@d>\r\n\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n\r\nx',
  );
  assert.equal(parseCpim(bytes).contentType, 'text/plain; charset=utf-8');
});

const names: readonly [what: string, value: string, name: string][] = [
  ['none', '<im:a@b>', ''],
  ['tokens', 'Winnie the Pooh <im:a@b>', 'Winnie the Pooh'],
  ['quoted', '"A \\"b\\" <im:x@y>" <im:a@b>', 'A "b" <im:x@y>'],
  ['checklist 48: escapes', '"\\\\ \\\' \\b\\t\\n\\r \\u00e9\\ud83d\\ude00"  <im:a@b>', "\\ ' \b\t\n\r é😀"],
  ['checklist 48: an unknown escape is the character', '"\\x\\u12" <im:a@b>', 'xu12'],
  ['half of a surrogate pair', '"\\ud83d" <im:a@b>', '\uFFFD'],
  ['raw UTF-8 without quotes', "Ali é's (x) <im:a@b>", "Ali é's (x)"],
  ['an open quote', '"Ali <im:a@b>', '"Ali'],
  ['a quote in the middle', 'Al "x" B <im:a@b>', 'Al "x" B'],
];

for (const [what, value, name] of names) {
  test(`names of addresses: ${what}`, () => {
    assert.deepEqual(read(`From: ${value}`, 'To: <im:c@d>').from, { name, uri: 'im:a@b' });
  });
}

const required: readonly [what: string, headers: readonly string[], names: readonly string[]][] = [
  ['a prefix of RFC 3862', ['NS: c <urn:ietf:params:cpim-headers:>', 'Require: c.DateTime, Subject'], ['DateTime', 'Subject']],
  ['a prefix that comes too late', ['Require: c.DateTime', 'NS: c <urn:ietf:params:cpim-headers:>'], ['c.DateTime']],
  ['a prefix of another namespace', ['NS: c <urn:other>', 'Require: c.DateTime'], ['c.DateTime']],
  ['another default namespace', ['NS: <urn:other>', 'Require: DateTime'], ['urn:other DateTime']],
  ['the default namespace by its name', ['NS: <urn:other>', 'NS: <urn:ietf:params:cpim-headers:>', 'Require: DateTime'], ['DateTime']],
  ['several, spaces and nothing', ['Require:  A.b ,, C ', 'Require:'], ['A.b', 'C']],
]; // prettier-ignore

for (const [what, headers, names] of required) {
  test(`checklist 50: Require with ${what}`, () => {
    assert.deepEqual(read('From: <im:a@b>', 'To: <im:c@d>', ...headers).require, names);
  });
}

test('RFC 3862 section 3.4: a default namespace is obeyed, but nobody becomes sender or recipient by it', () => {
  const addressed = ['From: <im:a@b>', 'To: <im:c@d>'];
  const cpim = read(...addressed, 'NS: <http://id.acme.widgets/wily-headers/>', 'runner-trap: set', 'Subject: theirs');
  assert.equal(cpim.subject, undefined);
  assert.deepEqual(cpim.headers.at(-1), ['Subject', 'theirs']);
  assert.equal(read(...addressed, 'NS: <urn:other>', 'NS: c <urn:ietf:params:cpim-headers:>', 'c.Subject: ours').subject, 'ours');
  for (const name of ['From', 'To', 'cc'])
    assert.throws(() => read(...addressed, 'NS: <urn:other>', `${name}: <im:x@y>`), /belongs to another namespace/);
}); // prettier-ignore

test('RFC 3862 section 3.3: the language of a header, among other parameters', () => {
  const cpim = read(
    'From:;x="é;\\" y" <im:a@b>',
    'To: <im:c@d>',
    'Subject:;lang=fr Objet de message',
    'Subject:;q=1;lang=zh-Hant 主題',
  );
  assert.deepEqual(cpim.from, { name: '', uri: 'im:a@b' });
  assert.deepEqual(cpim.headers.slice(2), [['Subject', 'Objet de message', 'fr'], ['Subject', '主題', 'zh-Hant']]); // prettier-ignore
  const broken = Buffer.concat([Buffer.from('X:;a="'), Buffer.of(0xff), Buffer.from('" y\r\n'), wrapper()]);
  assert.throws(() => parseCpim(broken), /not UTF-8/);
});

test('checklist 69: the wrapper of a REPORT has From and To as they stood, and nothing else', () => {
  const bytes = Buffer.from(
    'X: y\nTo:Bob  <sip:bob@b;x=y> \nNS: c <urn:ietf:params:cpim-headers:>\nc.From: "\\u0041" <sip:a@b>\n\nContent-Type: image/png\n\nx',
  );
  const wrapped = reportWrapper(bytes, parseCpim(bytes));
  assert.equal(
    wrapped.toString(),
    'From: "\\u0041" <sip:a@b>\r\nTo: Bob  <sip:bob@b;x=y>\r\n\r\nContent-Type: text/plain\r\n\r\n',
  );
  assert.equal(parseCpim(wrapped).from.name, 'A');
});

test('a prefix of the namespace of RFC 3862 says the same as none', () => {
  const ns = 'NS: c <urn:ietf:params:cpim-headers:>';
  assert.equal(read(ns, 'c.From: <im:a@b>', 'c.To: <im:c@d>').from.uri, 'im:a@b');
  assert.throws(() => read(ns, 'From: <im:a@b>', 'c.From: <im:x@y>', 'To: <im:c@d>'), CpimError);
  assert.equal(
    read('NS: c <urn:other>', 'From: <im:a@b>', 'c.From: <im:x@y>', 'To: <im:c@d>').from.uri,
    'im:a@b',
  );
});

const many = Array.from({ length: 99 }, (_, index) => `X-${index}: y`);
const malformed: readonly [what: string, bytes: Buffer, message: RegExp][] = [
  ['nothing', Buffer.alloc(0), /no blank line/],
  ['text without a wrapper', Buffer.from('hello'), /no blank line/],
  ['no From', wrapper('To: <im:c@d>'), /0 From/],
  ['two From', wrapper('From: <im:a@b>', 'From: <im:a@b>', 'To: <im:c@d>'), /2 From/],
  ['no To', wrapper('From: <im:a@b>'), /no To/],
  ['checklist 49: no inner Content-Type', Buffer.from('From: <im:a@b>\r\nTo: <im:c@d>\r\n\r\nX: y\r\n\r\nhello'), /no Content-Type/],
  ['an empty Content-Type', Buffer.from('From: <im:a@b>\r\nTo: <im:c@d>\r\n\r\nContent-Type: \r\n\r\nx'), /no Content-Type/],
  ['text instead of MIME headers', Buffer.from('From: <im:a@b>\r\nTo: <im:c@d>\r\n\r\nhello\r\n\r\n'), /no header/],
  ['MIME headers without an end', Buffer.from('From: <im:a@b>\r\nTo: <im:c@d>\r\n\r\nContent-Type: text/plain\r\n'), /no blank line/],
  ['a folded message header', wrapper('From: <im:a@b>', ' x', 'To: <im:c@d>'), /no header/],
  ['a NUL', wrapper('From: A\0 <im:a@b>', 'To: <im:c@d>'), /control character/],
  ['a CR', wrapper('From: A\rTo: <im:a@b>', 'To: <im:c@d>'), /control character/],
  ['no brackets', wrapper('From: im:a@b', 'To: <im:c@d>'), /no address/],
  ['no URI', wrapper('From: A <>', 'To: <im:c@d>'), /no address/],
  ['a relative URI', wrapper('From: A <alice>', 'To: <im:c@d>'), /no address/],
  ['white space in a URI', wrapper('From: A <sip:a b>', 'To: <im:c@d>'), /no address/],
  ['something behind the URI', wrapper('From: <im:a@b> x', 'To: <im:c@d>'), /no address/],
  ['101 headers', wrapper('From: <im:a@b>', 'To: <im:c@d>', ...many), /more than 100 headers/],
  ['a header on 101 lines', Buffer.from(`From: <im:a@b>\r\nTo: <im:c@d>\r\n\r\nContent-Type: x/y\r\n${' z\r\n'.repeat(98)}\r\n`), /more than 100 headers/],
  ['an address in the name, which others take for the sender', wrapper('From: B <im:b@b> <im:a@b>', 'To: <im:c@d>'), /no address/],
  ['headers longer than 16 KiB', wrapper('From: <im:a@b>', `X: ${'y'.repeat(17_000)}`), /16384 bytes/],
  ['a long line without an end', Buffer.alloc(1_000_000, 'x'), /16384 bytes/],
]; // prettier-ignore

for (const [what, bytes, message] of malformed) {
  test(`refused: ${what}`, () => {
    assert.throws(() => parseCpim(bytes), (error) => error instanceof CpimError && message.test(error.message)); // prettier-ignore
  });
}

/** Line ends that only some readers know are written as spaces (RFC 3862 section 2.3.1 forbids to escape them). */
const clean = (text: string): string => text.replace(/[\u0080-\u009F\u2028\u2029]/g, ' ');

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const awkward = fc.string({
  unit: fc.constantFrom('"', '\\', '<', '>', '\r', '\n', '\0', '\u0085', '\u2028', ' ', 'a'),
});
const name = fc.oneof(anyText, awkward);
const uri = fc.constantFrom(
  'sip:alice@example.org',
  'tel:+1234',
  'sip:%23dev+net;2@gw.example',
  'im:a@[2001:db8::1]',
);
const address = fc.record({ name, uri }, { noNullPrototype: true });
const header = fc.oneof(
  fc.tuple(fc.constantFrom('X-a', 'agp.Message-Type', 'Subject'), name),
  fc.tuple(fc.constant('Subject'), name, fc.constantFrom('fr', 'i-default', 'zh-Hant')),
);

test('what is written is read again, whatever the names and the bytes', () => {
  fc.assert(
    fc.property(
      address,
      address,
      fc.array(address, { maxLength: 3 }),
      fc.array(header, { maxLength: 3 }),
      fc.uint8Array({ maxLength: 200 }),
      (from, to, cc, headers, bytes) => {
        const dateTime = new Date(Date.UTC(2026, 10, 24, 12));
        const body = Buffer.from(bytes);
        const written = writeCpim({ from, to, cc, dateTime, contentType: 'text/plain', headers, body });
        const cpim = parseCpim(written);
        const cleaned = [from, to, ...cc].map((who) => ({ ...who, name: clean(who.name) }));
        assert.deepEqual([cpim.from, ...cpim.to, ...cpim.cc], cleaned);
        assert.deepEqual(
          cpim.headers.slice(3 + cc.length),
          headers.map(([key, value, ...language]) => [key, clean(value).trim(), ...language]),
        );
        assert.equal(cpim.dateTime, '2026-11-24T12:00:00.000Z');
        assert.deepEqual(cpim.contentHeaders, [['Content-Type', 'text/plain']]);
        assert.ok(cpim.body.equals(body));
        // However a reader splits lines, each begins with a header of ours.
        const head = written.subarray(0, written.length - body.length).toString();
        for (const line of head.split(/[\p{Cc}\u2028\u2029]+/u).filter((text) => text !== '')) {
          assert.match(
            line,
            /^(?:From|To|cc|DateTime|X-a|agp\.Message-Type|Subject|Content-Type):(?:;lang=[a-zA-Z-]+)? ?/,
          );
        }
      },
    ),
  );
});

test('checklist 45: the form that is written', () => {
  const bytes = writeCpim({
    from: { name: 'Al "x" \\ é', uri: 'sip:al@example.org' },
    to: ROOM,
    dateTime: new Date(Date.UTC(2026, 10, 24, 12)),
    contentType: 'text/plain; charset=utf-8\r\nX: y',
    headers: [['X: \r\n', 'a\r\nTo: <sip:x@y>'], ['(', 'left out']],
    body: 'hé',
  }); // prettier-ignore
  assert.equal(
    bytes.toString(),
    'From: "Al \\"x\\" \\\\ é" <sip:al@example.org>\r\nTo: <sip:lobby@127.0.0.1>\r\nDateTime: 2026-11-24T12:00:00.000Z\r\n' +
      'X: a\\r\\nTo: <sip:x@y>\r\n\r\nContent-Type: text/plain; charset=utf-8X: y\r\n\r\nhé',
  );
});

test('a URI cannot break out of its brackets', () => {
  const from = { name: '', uri: 'sip:a>\r\nTo: <sip:b\u0085' };
  const bytes = writeCpim({ from, to: ROOM, dateTime: new Date(0), contentType: 'text/plain', body: '' });
  assert.equal(parseCpim(bytes).from.uri, 'sip:a%3E%0D%0ATo:%20%3Csip:b%C2%85');
});

test('checklist 51: another To or From leaves all other bytes as they are', () => {
  for (const file of readdirSync(samples)) {
    const bytes = sample(file);
    const cpim = parseCpim(bytes);
    const text = bytes.toString('latin1');
    const to = rewriteTo(bytes, cpim, { name: 'R "1"', uri: 'sip:r@x' });
    assert.equal(to.toString('latin1'), text.replace(/^To: [^\r]*/m, 'To: "R \\"1\\"" <sip:r@x>'), file);
    assert.deepEqual(parseCpim(to).to, [{ name: 'R "1"', uri: 'sip:r@x' }]);
    const from = rewriteFrom(bytes, cpim, ALICE);
    assert.equal(
      from.toString('latin1'),
      text.replace(/^From: [^\r]*/m, 'From: "Alice" <sip:alice@example.org>'),
      file,
    );
  }
});

const IMDN = 'NS: i <urn:ietf:params:imdn>';
const notified: readonly [what: string, before: readonly string[], after: readonly string[]][] = [
  ['behind To', ['To: R <im:c@d>', IMDN, 'i.Disposition-Notification: display', 'X: y'], ['To: <sip:lobby@127.0.0.1>', IMDN, 'i.Disposition-Notification: display', 'i.Original-To: R <im:c@d>', 'X: y']],
  ['before To', [IMDN, 'i.Disposition-Notification: display', 'To: <im:c@d>'], [IMDN, 'i.Disposition-Notification: display', 'i.Original-To: <im:c@d>', 'To: <sip:lobby@127.0.0.1>']],
  ['but not twice', ['To: <im:c@d>', IMDN, 'i.Original-To: <im:e@f>', 'i.Disposition-Notification: display'], ['To: <sip:lobby@127.0.0.1>', IMDN, 'i.Original-To: <im:e@f>', 'i.Disposition-Notification: display']],
  ['but not where nothing is asked for', ['To: <im:c@d>', IMDN, 'i.Disposition-Notification: '], ['To: <sip:lobby@127.0.0.1>', IMDN, 'i.Disposition-Notification: ']],
  ['but not for another namespace', ['To: <im:c@d>', 'i.Disposition-Notification: display'], ['To: <sip:lobby@127.0.0.1>', 'i.Disposition-Notification: display']],
]; // prettier-ignore

for (const [what, before, after] of notified) {
  test(`RFC 5438 section 6.4: with another To, who asked for notifications finds Original-To: ${what}`, () => {
    const bytes = wrapper('From: <im:a@b>', ...before);
    const expected = wrapper('From: <im:a@b>', ...after);
    assert.equal(rewriteTo(bytes, parseCpim(bytes), ROOM).toString(), expected.toString());
  });
}

test('a rewritten header has a space behind its colon', () => {
  const bytes = wrapper('From:<im:a@b>', 'To:   <im:c@d>');
  const cpim = parseCpim(bytes);
  assert.ok(
    rewriteFrom(bytes, cpim, ALICE).includes('From: "Alice" <sip:alice@example.org>\r\nTo:   <im:c@d>\r\n'),
  );
});

test('any bytes are read or refused with CpimError', () => {
  const files = readdirSync(samples).map(sample);
  const mutated = fc
    .tuple(fc.constantFrom(...files), fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.nat(255)), { maxLength: 8 }))
    .map(([bytes, edits]) => edits.reduce(edit, bytes));
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    mutated,
  );
  fc.assert(
    fc.property(any, (bytes) => {
      try {
        const cpim = parseCpim(bytes);
        assert.equal(typeof readText(cpim), 'string');
        assert.equal(parseCpim(rewriteTo(bytes, cpim, ROOM)).to[0]?.uri, ROOM.uri);
        assert.deepEqual(parseCpim(rewriteFrom(bytes, cpim, ALICE)).from, ALICE);
      } catch (error) {
        if (!(error instanceof CpimError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

/** All that a reader says of a wrapper, or why it says nothing. */
function saidBy(reader: (bytes: Buffer) => Cpim, bytes: Buffer): unknown {
  let cpim: Cpim;
  try {
    cpim = reader(bytes);
  } catch (error) {
    if (!(error instanceof CpimError)) throw error;
    return error.message;
  }
  // Outside of the try: what was read once says all the rest without an error.
  const { from, to, cc, dateTime, subject, require, headers, contentType, contentHeaders, body } = cpim;
  const text = readText(cpim);
  return { from, to, cc, dateTime, subject, require, headers, contentType, contentHeaders, body, text };
}

/** Lines of wrappers that go the short way, lines that must not, and lines of the block behind them. */
const plain = ['From: <im:a@b>', 'To: <im:c@d>', 'From: A <im:a@b>', 'To: "\\u00e9" <im:c@d>', 'cc: é <im:e@f>', 'DateTime: now', 'DateTime: then', 'Subject: a \\u0041', 'Subject: b', 'X: y']; // prettier-ignore
const odd = ['NS: <urn:x>', 'NS: c <urn:x>', 'NS: From <urn:x>', 'NS: c <>', 'NS: c x', 'NS: c <urn:ietf:params:cpim-headers:>', 'Require: X', 'c.To: <im:g@h>', 'c.Require: X', 'c.Subject: z', 'To:;lang=fr <im:c@d>', 'To:<im:c@d>', 'cc: x', 'From: x', 'To: x', 'To: \x01 <im:c@d>', 'Subject: é', 'Subject:', 'DateTime:  x ', 'X:  y ', 'X;y: z', ' folded', 'none', 'content-type: a/b', 'MIME-Version: 1.0', 'To: a\rb <im:c@d>', 'To: <im:c@d>\nX: y', 'To: \xff <im:c@d>', 'X\xa0: y', 'X: \xff', 'T: x', 'Content-ID: <x>']; // prettier-ignore
const inner = ['Content-Type: text/plain', 'Content-Type: text/html; charset=utf-16le', 'content-type:\ttext/plain', 'Content-Transfer-Encoding: base64', 'Content-Transfer-Encoding: ', '\tcharset=latin1', 'MIME-Version: 1.0', 'X: é', 'x', 'NS: <urn:x>']; // prettier-ignore
const lineEnds = ['\n', '\r', '\n\r\n', ''];
const usual = ['From: <im:a@b>', 'To: <im:c@d>', '', 'Content-Type: text/plain', ''];

test('the short way says the same as the long one with any one line in its place or more, and any one line end', () => {
  const same = (lines: readonly string[], end = '\r\n', at = -1): void => {
    const text = lines.map((line, index) => line + (index === at ? end : '\r\n')).join('');
    for (const encoding of ['utf8', 'latin1'] as const) {
      const bytes = Buffer.from(`${text}hé`, encoding);
      assert.deepEqual(saidBy(parseCpim, bytes), saidBy(parseAnyCpim, bytes), text);
    }
  };
  for (const at of usual.keys()) {
    for (const line of ['', ...plain, ...odd, ...inner]) {
      same([...usual.slice(0, at), line, ...usual.slice(at)]);
      same([...usual.slice(0, at), line, ...usual.slice(at + 1)]);
    }
    for (const end of lineEnds) same(usual, end, at);
  }
});

test('the short way says the same as the long one, whatever was read before', () => {
  const end = fc.constantFrom(...Array.from({ length: 40 }, () => '\r\n'), ...lineEnds);
  /** These lines, and a few others among them. */
  const block = (lines: readonly string[], others: readonly string[]): fc.Arbitrary<string> =>
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(lines.length), fc.constantFrom(...others)), { maxLength: 3 }),
        fc.array(end, { minLength: 5, maxLength: 5 }),
      )
      .map(([more, ends]) => {
        const all = [...lines];
        for (const [at, line] of more) all.splice(at, 0, line);
        return all.map((line, index) => `${line}${ends[index] ?? ''}`).join('');
      });
  const text = fc.constantFrom(
    '',
    'aGVsbG8=',
    'h\xc3\xa9',
    '\xe9',
    '\xef\xbb\xbfx',
    '\r\n',
    'x'.repeat(2000),
  );
  const parts = fc.tuple(
    fc.oneof(block(usual.slice(0, 2), plain), block(usual.slice(0, 2), [...plain, ...odd])),
    end,
    fc.oneof(block(inner.slice(0, 1), inner), block([], inner)),
    end,
    text,
  );
  fc.assert(
    fc.property(parts, fc.constantFrom('utf8', 'latin1'), (all, encoding) => {
      const bytes = Buffer.from(all.join(''), encoding);
      assert.deepEqual(saidBy(parseCpim, bytes), saidBy(parseAnyCpim, bytes));
    }),
    { numRuns: 5000 },
  );
});

test('the short way counts lines as the long one does', () => {
  for (const lines of [18, 19, 20, 21, 99, 100]) {
    const many = Array.from({ length: lines }, () => 'X: y');
    const folded = ['Content-Type: a/b', ...Array.from({ length: lines }, () => ' z'), '', ''].join('\r\n');
    const addressed = 'From: <im:a@b>\r\nTo: <im:c@d>\r\n';
    for (const bytes of [
      wrapper('From: <im:a@b>', 'To: <im:c@d>', ...many),
      Buffer.from(`${addressed}\r\n${folded}`),
      Buffer.from(`${addressed}${'X: y\r\n'.repeat(100 - lines)}\r\n${folded}`),
    ]) {
      assert.deepEqual(saidBy(parseCpim, bytes), saidBy(parseAnyCpim, bytes));
    }
  }
});

test('what is read of one wrapper cannot be changed by who reads another', () => {
  const [first, second] = [
    wrapper('From: <im:a@b>', 'To: <im:c@d>'),
    wrapper('To: <im:c@d>', 'From: <im:a@b>'),
  ];
  const [one, other] = [parseCpim(first), parseCpim(second)];
  for (const shared of [one.from, one.to, one.to[0], one.cc, one.require, one.contentHeaders, one.contentHeaders[0]]) assert.ok(Object.isFrozen(shared)); // prettier-ignore
  assert.equal(one.from, other.from);
});

/** Cuts, doubles or changes what stands at `at`. */
function edit(bytes: Buffer, [at, kind, value]: readonly [number, number, number]): Buffer {
  const place = bytes.length === 0 ? 0 : at % Math.min(bytes.length, 300);
  const before = bytes.subarray(0, place);
  if (kind === 0) return before;
  if (kind === 1) return Buffer.concat([before, bytes.subarray(place + (value % 20))]);
  if (kind === 2) return Buffer.concat([bytes.subarray(0, place + value), bytes.subarray(place)]);
  const inserted = kind === 3 ? '\n' : kind === 4 ? '\r\n' : kind === 5 ? '"\\<>:;'.charAt(value % 6) : value;
  return Buffer.concat([
    before,
    typeof inserted === 'number' ? Buffer.of(inserted) : Buffer.from(inserted),
    bytes.subarray(place),
  ]);
}
