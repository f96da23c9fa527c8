/** What somebody at a terminal sees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/ops/log.ts';
import { terminalLog } from '../../src/ops/terminal-log.ts';
import { welcomeText } from '../../src/ops/welcome.ts';

const LISTENERS = [
  'udp://127.0.0.1:5070',
  'tcp://127.0.0.1:5070',
  'tcp://127.0.0.1:2855',
  'irc://127.0.0.1:6668',
  'http://127.0.0.1:8080',
];

test('the welcome has the commands to paste, with the real ports', () => {
  const text = welcomeText({ listeners: LISTENERS, room: 'sip:lobby@127.0.0.1', channel: '#lobby' });
  assert.match(text, /irssi -c 127\.0\.0\.1 -p 6668/);
  assert.match(text, /\/join #lobby/);
  assert.match(text, /npm run client -- sip:lobby@127\.0\.0\.1:5070 --name Alice/);
  assert.match(text, /http:\/\/127\.0\.0\.1:8080\/healthz/);
  assert.ok(text.split('\n').every((line) => line.length <= 80));
});

test('an IPv6 address stands as each command wants it', () => {
  const listeners = LISTENERS.map((listener) => listener.replace('127.0.0.1', '[::1]'));
  const text = welcomeText({ listeners, room: 'sip:lobby@[::1]', channel: '#lobby' });
  assert.match(text, /irssi -c ::1 -p 6668/);
  assert.match(text, /client -- sip:lobby@\[::1\]:5070 /);
});

test('without health pages it names none', () => {
  const text = welcomeText({
    listeners: LISTENERS.slice(0, 4),
    room: 'sip:lobby@127.0.0.1',
    channel: '#lobby',
  });
  assert.doesNotMatch(text, /healthz/);
});

test('of the log, a terminal shows what went wrong, and why, in a line', () => {
  const lines: string[] = [];
  const log = createLog(
    'trace',
    terminalLog((line) => lines.push(line)),
  );
  log.info({}, 'all is well');
  log.warn({ reason: 'it is raining' }, 'no picnic');
  log.error({ err: new Error('a hole') }, 'the boat sinks');
  log.announce({ listeners: [] }, 'ready');
  assert.deepEqual(lines, ['warning: no picnic (it is raining)', 'error: the boat sinks (a hole)']);
});
