/**
 * What tells the addresses of people apart. One person's may be written in several ways: with another scheme, and a
 * telephone number with other separators.
 */
import { canonicalUri } from './uri.ts';

const TEL = /^tel:(\+?[0-9a-f*#().-]+)((?:;[^;]+)*)$/i;
const SEPARATORS = /[-.()]/g;
/** Parameters whose values are numbers (RFC 3966 section 3); the context of a number may also be a domain. */
const DIALLED = /^(ext=|phone-context=\+)(.*)$/;

/**
 * The same text for all URIs that name the same person; never shown to anybody. A sips URI names whom the sip URI does
 * (RFC 3261 section 19.1), an im URI the inbox of a user of a domain (RFC 3860 section 3), who is the one that a sip URI
 * names so. Telephone numbers are compared by RFC 3966 section 4. A number in a SIP URI (`user=phone`) is one that the host
 * gives out: it is not the tel URI, of which nobody can know here whose it is.
 */
export function addressKey(text: string): string {
  const tel = TEL.exec(text);
  if (tel) return telKey(tel[1] ?? '', tel[2] ?? '');
  const plain = text.replace(/^(?:sips|im):/i, 'sip:');
  return canonicalUri(plain) ?? text;
}

function telKey(number: string, parameters: string): string {
  const sorted = parameters
    .toLowerCase()
    .split(';')
    .map((parameter) => parameter.replace(DIALLED, (_, name: string, value: string) => name + digits(value)))
    .sort();
  return `tel:${digits(number.toLowerCase())}${sorted.join(';')}`;
}

function digits(number: string): string {
  return number.replace(SEPARATORS, '');
}
