import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isIdent, newMessageId, newTransactionId } from '../../src/msrp/idents.ts';
import { MsrpParser } from '../../src/msrp/parser.ts';
import {
  bodilessText,
  pathLines,
  reportHeaders,
  responseText,
  SendForm,
  wireText,
} from '../../src/msrp/writer.ts';
import { Transcript } from './events.ts';

const paths = pathLines('msrp://a:1/s;tcp', 'msrp://b:2/t;tcp');

function read(text: string): Transcript {
  const transcript = new Transcript();
  new MsrpParser(transcript).push(Buffer.from(text, 'latin1'));
  assert.equal(transcript.error, undefined);
  return transcript;
}

test('checklist 30: what is written is read as the same: a SEND with any body and any headers', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), anyText, fc.boolean(), (bytes, value, successReport) => {
      const form = new SendForm({
        contentType: 'text/plain; x="y"',
        body: Buffer.from(bytes),
        successReport,
        extraHeaders: [
          ['X-Any', value],
          ['Content-Type', 'not/this'],
          ['bad name', 'x'],
          ['X-\r\nEvil', 'x'],
        ],
      });
      const id = newTransactionId();
      const { frames } = read(form.whole(id, paths, 'mess-age'));
      assert.equal(frames.length, 1);
      const [{ head, body, flag } = assert.fail()] = frames;
      assert.deepEqual(body, Buffer.from(bytes));
      assert.equal(flag, '$');
      assert.equal(head.byteRange, `1-${bytes.length}/${bytes.length}`);
      assert.equal(head.contentType, 'text/plain; x="y"');
      assert.equal(head.failureReport, 'partial');
      assert.equal(head.successReport, successReport ? 'yes' : '');
      assert.deepEqual(
        head.extras?.map(([name]) => name),
        ['X-Any'],
      );
    }),
  );
});

test('checklist 29: Content-Type is the last header, and stands only where a body does', () => {
  const form = new SendForm({
    contentType: 'a/b',
    body: Buffer.from('x'),
    extraHeaders: [['Content-Disposition', 'inline']],
  });
  const headers = form
    .whole('tid12345', paths, 'm')
    .split('\r\n\r\n')[0]
    ?.split('\r\n')
    .map((line) => line.split(':')[0]);
  assert.deepEqual(headers, [
    'MSRP tid12345 SEND',
    'To-Path',
    'From-Path',
    'Message-ID',
    'Byte-Range',
    'Failure-Report',
    'Content-Disposition',
    'Content-Type',
  ]);
  assert.ok(!bodilessText('tid12345', 'SEND', paths, '').includes('Content-Type'));
});

test('wire: a request without a body has no blank line', () => {
  assert.equal(
    bodilessText('tid12345', 'SEND', paths, 'Message-ID: m\r\n'),
    'MSRP tid12345 SEND\r\nTo-Path: msrp://a:1/s;tcp\r\nFrom-Path: msrp://b:2/t;tcp\r\nMessage-ID: m\r\n-------tid12345$\r\n',
  );
});

test('checklist 36: a REPORT has namespace 000 and the range, and no report headers', () => {
  assert.equal(
    reportHeaders('m', { start: 1, end: 5, total: 5 }, 200),
    'Message-ID: m\r\nByte-Range: 1-5/5\r\nStatus: 000 200 OK\r\n',
  );
});

test('line breaks and control characters never pass', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.ok(
        !/\p{Cc}/u.test(
          Buffer.from(wireText(text), 'latin1')
            .toString()
            .replace(/[\t\u0080-\u009f]/g, ''),
        ),
      );
      const { frames } = read(responseText('tid12345', 425, text, pathLines('msrp://a:1/s;tcp', 'x')));
      assert.equal(frames.length, 1);
      assert.equal(frames[0]?.head.status, 425);
      assert.equal(frames[0]?.head.extras, undefined);
    }),
  );
});

test('comments are UTF-8', () => {
  assert.equal(read(responseText('tid12345', 424, 'no “é”', paths)).frames[0]?.head.comment, 'no “é”');
});

test('checklist 28: a transaction id whose end-line stands in the body is not used', () => {
  const form = new SendForm({ contentType: 'a/b', body: Buffer.from('x\r\n-------tid12345$\r\ny') });
  assert.equal(form.allows('tid12345'), false);
  assert.equal(form.allows('tid12346'), true);
});

test('checklist 28: identifiers are idents and do not repeat', () => {
  const ids = Array.from({ length: 2000 }, (_, i) => (i % 2 ? newTransactionId() : newMessageId()));
  assert.equal(new Set(ids).size, 2000);
  assert.ok(ids.every((id) => isIdent(id) && id.length >= 16));
});
