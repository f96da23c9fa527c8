/** The log: what a record looks like, and what never comes into one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type Level, type ProgramLog } from '../../src/ops/log.ts';

function written(level: Level, write: (log: ProgramLog) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => {
    assert.match(line, /^[^\n]+\n$/);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

test('a record is one line of JSON with level, time, message and fields', () => {
  const [record] = written('info', (log) => log.info({ room: 'lobby', text: 'a\nb' }, 'opened'));
  assert.deepEqual(Object.keys(record ?? {}), ['level', 'time', 'room', 'text', 'msg']);
  assert.equal(record?.['level'], 30);
  assert.equal(record['msg'], 'opened');
  assert.match(String(record['time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('levels below the one that was set are left out', () => {
  const messages = written('warn', (log) => {
    log.trace({}, 'trace');
    log.debug({}, 'debug');
    log.info({}, 'info');
    log.warn({}, 'warn');
    log.error({}, 'error');
    log.fatal({}, 'fatal');
  }).map(({ msg, level }) => `${level as number} ${msg as string}`);
  assert.deepEqual(messages, ['40 warn', '50 error', '60 fatal']);
});

test('what others wait for is written at every level', () => {
  const [record] = written('error', (log) => log.announce({ listeners: ['udp://127.0.0.1:1'] }, 'ready'));
  assert.deepEqual(
    [record?.['level'], record?.['listeners'], record?.['msg']],
    [30, ['udp://127.0.0.1:1'], 'ready'],
  );
});

test('a child carries its fields and follows a change of the level', () => {
  const records = written('info', (log) => {
    const child = log.child({ network: 'local' }).child({ nick: 'ann' });
    child.debug({}, 'before');
    log.setLevel('debug');
    child.debug({}, 'after');
  });
  assert.equal(records.length, 1);
  assert.deepEqual(
    [records[0]?.['network'], records[0]?.['nick'], records[0]?.['msg']],
    ['local', 'ann', 'after'],
  );
});

test('what is called a secret is hidden', () => {
  const [record] = written('info', (log) =>
    log
      .child({ password: 'sesame' })
      .info({ sasl: { account: 'a', password: 'sesame' }, key: 'sesame' }, 'login'),
  );
  assert.doesNotMatch(JSON.stringify(record), /sesame/);
  assert.deepEqual(record?.['sasl'], { account: 'a', password: '[hidden]' });
});

test('an error is shown with its message and its cause', () => {
  const error = new Error('outer', { cause: new Error('inner') });
  const [record] = written('info', (log) => log.error({ err: error }, 'failed'));
  assert.match(JSON.stringify(record?.['err']), /outer.*inner/);
});
