/**
 * Patterns of SIP addresses, as `allow` and `deny` of a room have them: `*` stands for any characters, letters count in
 * any case. A pattern may name the scheme (`sip:*@example.com`) or leave it out; it needs no port to match an address
 * that has one.
 */
import { formatSipUri, parseSipUri } from '../sip/index.ts';

/** Whether one of the patterns matches an address. Takes time linear in the pattern, for each place of a `*` in the address. */
export function matchesAny(address: string, patterns: readonly string[]): boolean {
  const forms = formsOf(address);
  return patterns.some((pattern) => forms.some((form) => matches(form, pattern.toLowerCase())));
}

function formsOf(address: string): string[] {
  const uri = parseSipUri(address);
  const texts = uri ? [address, formatSipUri({ ...uri, port: undefined })] : [address];
  return [...new Set(texts.flatMap((text) => [text, text.replace(/^[a-z][a-z0-9+.-]*:/i, '')]))].map((text) =>
    text.toLowerCase(),
  );
}

function matches(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
