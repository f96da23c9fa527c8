/**
 * A certificate that is signed by its own key (RFC 5280), for peers who know it by its fingerprint (RFC 8122). Node makes
 * keys and signatures, and no certificates: this is the form around them, in DER.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { Certificate } from './tls.ts';

/** Tags of ASN.1. */
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
/** Of a GeneralName (RFC 5280 section 4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** Object identifiers, as they stand in DER. */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex');

const DAY = 86_400_000;
/** It may be a day older than a peer's clock, and lasts for ten years: the process that made it will not. */
const BEFORE = DAY;
const AFTER = 3652 * DAY;

/**
 * Makes a key on P-256 and a certificate for some hosts (names in ASCII, IP addresses without brackets), the first of
 * which is its subject. `now` is in milliseconds since 1970.
 */
export function makeSelfSigned(hosts: readonly [string, ...string[]], now: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text(UTF8_STRING, hosts[0]))));
  const names = der(SEQUENCE, ...hosts.map(generalName));
  const extension = der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, names));
  const body = der(
    SEQUENCE,
    // Version 3, which is written as 2.
    der(explicit(0), der(INTEGER, Buffer.of(2))),
    der(INTEGER, serial()),
    algorithm,
    subject,
    der(SEQUENCE, time(now - BEFORE), time(now + AFTER)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(explicit(3), der(SEQUENCE, extension)),
  );
  const signature = der(BIT_STRING, Buffer.of(0), sign('sha256', body, privateKey));
  return {
    cert: pem('CERTIFICATE', der(SEQUENCE, body, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function explicit(number: number): number {
  return 0xa0 + number;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), value]);
}

function text(tag: number, value: string): Buffer {
  return der(tag, Buffer.from(value));
}

/** RFC 5280 section 4.1.2.5: to the second, and two digits of the year until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
  return digits < '2050' ? text(UTC_TIME, `${digits.slice(2)}Z`) : text(GENERALIZED_TIME, `${digits}Z`);
}

function generalName(host: string): Buffer {
  if (isIPv4(host)) return der(IP_ADDRESS, Buffer.from(host.split('.').map(Number)));
  return isIPv6(host) ? der(IP_ADDRESS, ipv6Bytes(host)) : text(DNS_NAME, host);
}

function ipv6Bytes(host: string): Buffer {
  // In its shortest form, with hexadecimal digits only.
  const [head = '', tail = ''] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const [front, back] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  const all = [...front, ...zeros, ...back].map((group) => group.padStart(4, '0'));
  return Buffer.from(all.join(''), 'hex');
}

/** A positive number of 16 bytes without a zero in front (RFC 5280 section 4.1.2.2). */
function serial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
