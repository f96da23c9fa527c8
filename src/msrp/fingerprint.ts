/** Fingerprints of certificates (RFC 8122 section 5): ours written, a peer's held against what it shows. */
import { createHash, X509Certificate } from 'node:crypto';

/** One a=fingerprint. */
export interface Fingerprint {
  /** The hash function in lower case, as `sha-256`. */
  readonly algorithm: string;
  /** Upper case, as `4A:AD:...`. */
  readonly value: string;
}

/**
 * The hash functions in our order. MD5 and MD2 must not be used (RFC 8122 section 5). SHA-1 is the last: RFC 4975 section
 * 14.4 has it in its example, and what breaks it does not find a second certificate to a given fingerprint.
 */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
  ['sha-384', 'sha384'],
  ['sha-224', 'sha224'],
  ['sha-1', 'sha1'],
]);

/** Object identifiers of signatures, as they stand in a certificate, and the hash functions of these. */
const SIGNATURES: readonly (readonly [oid: Buffer, algorithm: string])[] = [
  [Buffer.from('06092a864886f70d01010c', 'hex'), 'sha-384'],
  [Buffer.from('06092a864886f70d01010d', 'hex'), 'sha-512'],
  [Buffer.from('06082a8648ce3d040303', 'hex'), 'sha-384'],
  [Buffer.from('06082a8648ce3d040304', 'hex'), 'sha-512'],
  // As the parameter of RSASSA-PSS.
  [Buffer.from('0609608648016503040202', 'hex'), 'sha-384'],
  [Buffer.from('0609608648016503040203', 'hex'), 'sha-512'],
];

/**
 * The fingerprints of the first certificate of a PEM text: by SHA-256 and by the hash function of its signature (RFC 8122
 * section 5.1; that of a signature by SHA-1 is left out, as stronger ones may be asked for). Throws Node's error where it
 * is none.
 */
export function fingerprintsOf(pem: string): Fingerprint[] {
  const { raw } = new X509Certificate(pem);
  const signed = SIGNATURES.filter(([oid]) => raw.includes(oid)).map(([, algorithm]) => algorithm);
  return [...new Set(['sha-256', ...signed])].map((algorithm) => ({
    algorithm,
    value: fingerprint(raw, algorithm),
  }));
}

/**
 * Whether a certificate, in DER, fits the fingerprints of a description: one of those by the best hash function that they
 * have (RFC 8122 section 5.1). Those by other functions than ours are as if they were not there.
 */
export function fitsFingerprints(certificate: Buffer, fingerprints: readonly Fingerprint[]): boolean {
  for (const algorithm of FUNCTIONS.keys()) {
    const values = fingerprints.filter((each) => each.algorithm === algorithm).map(({ value }) => value);
    if (values.length > 0) return values.includes(fingerprint(certificate, algorithm));
  }
  return false;
}

/** Whether there is one among them that a certificate can be held against: by a hash function of ours. */
export function canBeVerified(fingerprints: readonly Fingerprint[]): boolean {
  return fingerprints.some(({ algorithm }) => FUNCTIONS.has(algorithm));
}

function fingerprint(certificate: Buffer, algorithm: string): string {
  const hash = createHash(FUNCTIONS.get(algorithm) ?? 'sha256');
  const digits = hash.update(certificate).digest('hex').toUpperCase();
  return (digits.match(/../g) ?? []).join(':');
}
