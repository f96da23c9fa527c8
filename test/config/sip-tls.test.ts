/** What the configuration says of SIP over TLS. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, GOOD, parse } from './good.ts';

const WITH_TLS = GOOD.replace('tcp://127.0.0.1:5060', 'tls://127.0.0.1');

test('tls:// listeners of SIP, with the usual port', () => {
  const { config } = parse(WITH_TLS);
  assert.deepEqual(config.sip.listen[1], { scheme: 'tls', host: '127.0.0.1', port: 5061 });
});

test('a tls:// listener cannot share a TCP port', () => {
  const sip = GOOD.replace(']', ', tls://127.0.0.1:5060]');
  assert.deepEqual(faults(sip), ['2 sip.listen[3]: tls://127.0.0.1:5060 is taken by sip.listen already']);
});

test('a certificate that nobody can verify is warned of: SIP has no fingerprints', () => {
  const { warnings } = parse(WITH_TLS.replace(']', ', wss://127.0.0.1:443]'));
  assert.deepEqual(
    warnings.map((warning) =>
      /^sip\.listen: \S+ shows a certificate that is made at the start/.test(warning),
    ),
    [true, true],
  );
});
