/** The files of `tls`: read when the configuration is, and held against each other. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { faults, GOOD, parse } from './good.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const [one, other] = [makeCertificate(), makeCertificate()];
const cert = file('cert.pem', one.cert);
const key = file('key.pem', one.key);
const locked = file(
  'locked.pem',
  execFileSync('openssl', ['ec', '-aes128', '-passout', 'pass:x'], {
    input: one.key,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  }),
);
const broken = file('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');

const TABLE: readonly [what: string, cert: string, key: string, fault: string | undefined][] = [
  ['a pair', cert, key, undefined],
  [
    'a key of another certificate',
    cert,
    file('other.pem', other.key),
    'key: other.pem is not the key of the certificate in cert.pem',
  ],
  [
    'a key file that is missing',
    cert,
    join(folder, 'none.pem'),
    'key: none.pem cannot be read: there is no such file',
  ],
  [
    'a certificate file that is missing',
    join(folder, 'none.pem'),
    key,
    'cert: none.pem cannot be read: there is no such file',
  ],
  ['a key with a password', cert, locked, 'key: locked.pem holds a private key that cannot be read'],
  ['a certificate that is broken', broken, key, 'cert: broken.pem holds a certificate that cannot be read'],
  ['the one in place of the other', key, key, 'cert: key.pem holds no PEM certificate'],
];

for (const [what, certFile, keyFile, fault] of TABLE) {
  test(`tls: ${what}`, () => {
    const found = faults(`${GOOD}tls: { cert: ${certFile}, key: ${keyFile} }\n`);
    assert.deepEqual(
      found.map((line) => line.replaceAll(`${folder}/`, '')),
      fault === undefined ? [] : [`10 tls.${fault}`],
    );
  });
}

test('tls: one file alone is too little', () => {
  assert.deepEqual(faults(`${GOOD}tls: { cert: ${cert} }\n`), [
    '10 tls.key: must be set where the other of the two is',
  ]);
});

test('msrp.listen: tls:// has the usual port, and is taken by nobody else', () => {
  const { config } = parse(`${GOOD}msrp: { listen: [tls://127.0.0.1, tcp://127.0.0.1:2856] }\n`);
  assert.deepEqual(config.msrp.listen, [
    { scheme: 'tls', host: '127.0.0.1', port: 2855 },
    { scheme: 'tcp', host: '127.0.0.1', port: 2856 },
  ]);
  assert.deepEqual(faults(`${GOOD}msrp: { listen: [tls://127.0.0.1, tcp://127.0.0.1] }\n`), [
    '10 msrp.listen[2]: tcp://127.0.0.1:2855 is taken by msrp.listen already',
  ]);
});
