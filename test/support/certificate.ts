/** Certificates for tests, made by openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate of 127.0.0.1 and localhost, signed by itself, and its key; PEM. `newKey` and `more`: as `openssl req` takes them. */
export function makeCertificate(
  newKey = 'ec',
  more: readonly string[] = [],
): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  try {
    const cert = join(folder, 'cert.pem');
    const key = join(folder, 'key.pem');
    const curve = newKey === 'ec' ? ['-pkeyopt', 'ec_paramgen_curve:prime256v1'] : [];
    const request = ['req', '-x509', '-newkey', newKey, ...curve, '-nodes', ...more];
    const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
    const subject = ['-days', '2', '-subj', '/CN=localhost', '-addext', names, '-keyout', key, '-out', cert];
    execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
