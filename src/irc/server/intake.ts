/** Octets from a client, taken apart into lines (RFC 2812 section 2.3, message-tags Size limit, utf8-only). */
import { isUtf8 } from 'node:buffer';

/** With the `@` and the space after them. */
const MOST_TAGS = 4096;
/** Without CRLF. */
const MOST_REST = 510;

export type Taken =
  | { readonly kind: 'line'; readonly text: string }
  /** `text` is for finding the command and the label, and for nothing else. */
  | { readonly kind: 'not-utf8'; readonly text: string }
  | { readonly kind: 'too-long' };

const NOTHING = Buffer.alloc(0);
// oxlint-disable-next-line no-control-regex
const BREAKERS = /[\r\0]/g;

export class Intake {
  #bytes: Buffer = NOTHING;
  /** Inside of a line that was too long: the rest of it is dropped. */
  #skipping = false;

  /** Octets that are not taken yet. */
  get waiting(): number {
    return this.#bytes.length;
  }

  add(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** The next whole line; undefined when there is none yet. */
  next(): Taken | undefined {
    const end = this.#bytes.indexOf(0x0a);
    if (end < 0) {
      if (this.#bytes.length <= MOST_TAGS + MOST_REST + 2) return undefined;
      this.#bytes = NOTHING;
      if (this.#skipping) return undefined;
      this.#skipping = true;
      return { kind: 'too-long' };
    }
    const line = this.#bytes.subarray(0, this.#bytes[end - 1] === 0x0d ? end - 1 : end);
    this.#bytes = this.#bytes.subarray(end + 1);
    if (this.#skipping) {
      this.#skipping = false;
      return this.next();
    }
    return take(line);
  }
}

function take(line: Buffer): Taken {
  let tags = 0;
  if (line[0] === 0x40) {
    const space = line.indexOf(0x20);
    tags = space < 0 ? line.length : space + 1;
  }
  if (tags > MOST_TAGS || line.length - tags > MOST_REST) return { kind: 'too-long' };
  if (!isUtf8(line)) return { kind: 'not-utf8', text: line.toString('latin1').replace(BREAKERS, '') };
  return { kind: 'line', text: line.toString('utf8').replace(BREAKERS, '') };
}
