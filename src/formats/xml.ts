/** XML that is built, never pasted together: whatever is text gets escaped here and nowhere else. */

/** A piece of finished XML. Only `element` makes one. */
export interface Xml {
  readonly xml: string;
}

/** What XML 1.0 section 2.2 does not allow, and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\u{D800}-\u{DFFF}]/gu;

/** `"` too, because attributes stand in such; the white space because attribute values lose it unescaped. */
const SPECIAL = /[&<>"\t\n\r]/g;

/**
 * An element. `content` is text, or elements; nothing makes an empty element. An attribute without
 * a value is left out. Characters that XML cannot carry are dropped. Names must be XML names.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content: string | readonly Xml[] = [],
): Xml {
  let head = name;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) head += ` ${attribute}="${escape(value)}"`;
  }
  const inner = typeof content === 'string' ? escape(content) : content.map((child) => child.xml).join('');
  return { xml: inner === '' ? `<${head}/>` : `<${head}>${inner}</${name}>` };
}

/** A whole document. */
export function document(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

function escape(text: string): string {
  return text.replace(ILLEGAL, '').replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);
}
