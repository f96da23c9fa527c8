/** Certificates made at start: read by Node and by openssl, believed by a client that knows them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { makeSelfSigned } from '../../src/transport/self-signed.ts';

const NOW = Date.UTC(2026, 10, 26, 12, 30, 15);

test('the certificate has its hosts, its dates and its key, and is signed by it', () => {
  const { cert, key } = makeSelfSigned(['chat.example.org', '192.0.2.1', '2001:db8::1:2', '::1'], NOW);
  const read = new X509Certificate(cert);
  assert.equal(read.subject, 'CN=chat.example.org');
  assert.equal(
    read.subjectAltName,
    'DNS:chat.example.org, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:1:2, IP Address:0:0:0:0:0:0:0:1',
  );
  assert.equal(read.validFrom, 'Nov 25 12:30:15 2026 GMT');
  assert.equal(read.validTo, 'Nov 25 12:30:15 2036 GMT');
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.checkIssued(read));
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.equal(read.checkHost('chat.example.org'), 'chat.example.org');
  assert.equal(read.checkIP('192.0.2.1'), '192.0.2.1');
  assert.equal(read.checkIP('::1'), '::1');
  createSecureContext({ cert, key });
});

test('each is another one; openssl finds nothing to say, also to dates after 2049', () => {
  for (const now of [NOW, Date.UTC(2049, 5, 1)]) {
    const [one, two] = [makeSelfSigned(['a.test'], now), makeSelfSigned(['a.test'], now)];
    assert.notEqual(new X509Certificate(one.cert).serialNumber, new X509Certificate(two.cert).serialNumber);
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: one.cert, encoding: 'utf8' });
    assert.match(text, /Version: 3 \(0x2\)/);
    assert.match(text, /Signature Algorithm: ecdsa-with-SHA256/);
    assert.match(text, new RegExp(`Not After : .* ${new Date(now).getUTCFullYear() + 10} GMT`));
  }
});
