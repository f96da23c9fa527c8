/** When two names are the same to a server (CASEMAPPING of RPL_ISUPPORT). */

/** Gives the form in which names that are the same are equal. */
export type Fold = (name: string) => string;

const RFC1459: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' };

function ascii(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The fold of a CASEMAPPING value; RFC 1459's own (section 2.2) where the value is missing or nobody knows it. */
export function foldOf(mapping: string | undefined): Fold {
  switch (mapping?.toLowerCase()) {
    case 'ascii':
      return ascii;
    case 'rfc1459-strict':
    case 'strict-rfc1459':
      return (name) => ascii(name).replace(/[[\]\\]/g, (character) => RFC1459[character] ?? character);
    case 'rfc7613':
    case 'rfc8265':
    case 'precis':
      return (name) => name.normalize('NFC').toLowerCase();
    default:
      return (name) => ascii(name).replace(/[[\]\\~]/g, (character) => RFC1459[character] ?? character);
  }
}
