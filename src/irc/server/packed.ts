/** Long lists as the words of several lines. */

/** Octets of a reply without its CRLF. */
const LONGEST = 510;

/** Words put together to texts that each fit into a line which has `taken` octets of something else. */
export function packed(words: Iterable<string>, taken: number, separator = ' '): string[] {
  const texts: string[] = [];
  let text = '';
  for (const word of words) {
    const longer = text === '' ? word : `${text}${separator}${word}`;
    if (text !== '' && Buffer.byteLength(longer) > LONGEST - taken) {
      texts.push(text);
      text = word;
    } else text = longer;
  }
  if (text !== '') texts.push(text);
  return texts;
}
