/** The files of the section `tls`. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Certificate } from './config.ts';
import { reasonOf } from './environment.ts';
import type { Report } from './problems.ts';
import type { Settings } from './schema.ts';

/** The file of the authorities that are believed; null where it is none, which is then in the report. */
export function caFile(file: string | null, report: Report): string | null {
  if (file === null) return null;
  try {
    if (/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(readFileSync(file, 'latin1'))) return file;
    report.add(['tls', 'ca'], `${file} holds no PEM certificate`);
  } catch (error) {
    report.add(['tls', 'ca'], `${file} cannot be read: ${reasonOf(error)}`);
  }
  return null;
}

/** The certificate of the TLS listeners and its key, which fits; null where none is set or something is wrong. */
export function certificateOf({ cert, key }: Settings['tls'], report: Report): Certificate | null {
  if (cert === null && key === null) return null;
  if (cert === null || key === null) {
    report.add(['tls', cert === null ? 'cert' : 'key'], 'must be set where the other of the two is');
    return null;
  }
  const pem = pemOf(cert, 'cert', report);
  const keyPem = pemOf(key, 'key', report);
  if (pem === undefined || keyPem === undefined || !isPair(pem, keyPem, { cert, key }, report)) return null;
  return { cert: pem, key: keyPem };
}

const KINDS = {
  cert: { form: /-----BEGIN CERTIFICATE-----/, name: 'certificate' },
  key: { form: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, name: 'private key' },
} as const;

function pemOf(file: string, key: 'cert' | 'key', report: Report): string | undefined {
  const { form, name } = KINDS[key];
  try {
    const text = readFileSync(file, 'latin1');
    if (form.test(text)) return text;
    report.add(['tls', key], `${file} holds no PEM ${name}`);
  } catch (error) {
    report.add(['tls', key], `${file} cannot be read: ${reasonOf(error)}`);
  }
  return undefined;
}

function isPair(
  pem: string,
  keyPem: string,
  files: { readonly cert: string; readonly key: string },
  report: Report,
): boolean {
  const certificate = attempt(() => new X509Certificate(pem));
  const key = attempt(() => createPrivateKey(keyPem));
  if (!certificate) report.add(['tls', 'cert'], `${files.cert} holds a certificate that cannot be read`);
  // One with a password is such a key.
  if (!key) report.add(['tls', 'key'], `${files.key} holds a private key that cannot be read`);
  if (!certificate || !key) return false;
  if (certificate.checkPrivateKey(key)) return true;
  report.add(['tls', 'key'], `${files.key} is not the key of the certificate in ${files.cert}`);
  return false;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
