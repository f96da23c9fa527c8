/** What the configuration says of WebSockets: their listeners, and whose pages may open them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, GOOD, parse } from './good.ts';

test('ws:// and wss:// listeners, with the usual ports of HTTP', () => {
  const sip = GOOD.replace('tcp://127.0.0.1:5060]', 'ws://127.0.0.1, "wss://[::1]"]');
  const { config } = parse(`${sip}msrp: { listen: ["ws://127.0.0.1:8081", wss://127.0.0.1] }\n`);
  assert.deepEqual(config.sip.listen.slice(1), [
    { scheme: 'ws', host: '127.0.0.1', port: 80 },
    { scheme: 'wss', host: '::1', port: 443 },
  ]);
  assert.deepEqual(config.msrp.listen, [
    { scheme: 'ws', host: '127.0.0.1', port: 8081 },
    { scheme: 'wss', host: '127.0.0.1', port: 443 },
  ]);
});

test('a WebSocket listener cannot share a port', () => {
  assert.deepEqual(faults(`${GOOD}msrp: { listen: ["ws://127.0.0.1:5060", "ws://127.0.0.1:8080"] }\n`), [
    '10 msrp.listen[1]: ws://127.0.0.1:5060 is taken by sip.listen already',
    '- http.listen: http://127.0.0.1:8080 is taken by msrp.listen already',
  ]);
});

test('http.origins are origins and nothing else', () => {
  const good = '[https://chat.example.org, "http://127.0.0.1:3000", "https://[::1]:8443"]';
  const { config } = parse(`${GOOD}http: { origins: ${good} }\n`);
  assert.deepEqual(config.http?.origins, [
    'https://chat.example.org',
    'http://127.0.0.1:3000',
    'https://[::1]:8443',
  ]);
  for (const bad of ['chat.example.org', '"*"', 'wss://chat.example.org', 'https://a.test/page', '"null"']) {
    const [fault, ...others] = faults(`${GOOD}http: { origins: [${bad}] }\n`);
    assert.match(fault ?? '', /^10 http\.origins\[1\]: must be a URL like http:\/\/ or https:\/\/HOST:PORT/);
    assert.deepEqual(others, []);
  }
});
