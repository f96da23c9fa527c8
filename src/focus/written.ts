/**
 * Texts of which we are the author: what is said on a network, and what the room says. They are plain text, or HTML for those
 * who list that and no plain text: nobody who can read misses them.
 */
import { type Line, plainText } from '../common/spans.ts';
import { writeCpim } from '../formats/cpim.ts';
import { linesToHtml } from '../formats/html-writer.ts';
import type { MediaTypes } from '../formats/media-type.ts';
import type { OutgoingMessage } from '../msrp/index.ts';
import type { StyledText } from '../room/content.ts';
import { asMessage, type Copies, kept } from './copies.ts';

/** How a text of ours is written. */
interface TextForm {
  readonly types: readonly string[];
  readonly contentType: string;
  readonly write: (lines: readonly Line[]) => string;
}

const PLAIN: TextForm = {
  types: ['text/plain'],
  contentType: 'text/plain; charset=utf-8',
  write: (lines) => lines.map((line) => plainText(line)).join('\r\n'),
};

const HTML: TextForm = {
  types: ['text/html'],
  contentType: 'text/html; charset=utf-8',
  write: linesToHtml,
};

/** Whether somebody can be sent any text of ours. */
export function takesText(types: MediaTypes): boolean {
  return types.takesAll(PLAIN.types) || types.takesAll(HTML.types);
}

/** What somebody on a network has said. We are the author of its wrapper. */
export class Written implements Copies {
  readonly types: readonly string[];
  readonly #form: TextForm;
  readonly #text: StyledText;
  readonly #from: { readonly name: string; readonly uri: string };
  readonly #date: Date;
  readonly #messages = new Map<string, OutgoingMessage>();

  #other: Written | undefined;

  /** `at` in milliseconds since 1970. */
  constructor(
    text: StyledText,
    from: { readonly name: string; readonly uri: string },
    at: number,
    form: TextForm = PLAIN,
  ) {
    this.types = form.types;
    this.#form = form;
    this.#text = text;
    this.#from = from;
    this.#date = new Date(at);
  }

  get other(): Written | undefined {
    if (this.#form !== PLAIN) return undefined;
    this.#other ??= new Written(this.#text, this.#from, this.#date.getTime(), HTML);
    return this.#other;
  }

  toRoom(dialled: string): OutgoingMessage {
    return this.toPerson(dialled);
  }

  toPerson(uri: string): OutgoingMessage {
    const { contentType, write } = this.#form;
    return kept(this.#messages, uri, () =>
      asMessage(
        writeCpim({
          from: this.#from,
          to: { name: '', uri },
          dateTime: this.#date,
          contentType,
          body: write(spoken(this.#text)),
        }),
      ),
    );
  }
}

/** What the room itself says: from the room to the room, as each knows it. */
export class Announcement implements Copies {
  readonly types: readonly string[];
  readonly #form: TextForm;
  readonly #text: string;
  readonly #name: string;
  readonly #at: number;
  readonly #written = new Map<string, Written>();

  /** `name`: what the room is called. `at` in milliseconds since 1970. */
  constructor(text: string, name: string, at: number, form: TextForm = PLAIN) {
    this.types = form.types;
    this.#form = form;
    this.#text = text;
    this.#name = name;
    this.#at = at;
  }

  get other(): Announcement | undefined {
    return this.#form === PLAIN ? new Announcement(this.#text, this.#name, this.#at, HTML) : undefined;
  }

  toRoom(dialled: string): OutgoingMessage {
    const text = { action: false, lines: [[{ text: this.#text, style: {} }]] };
    const from = { name: this.#name, uri: dialled };
    return kept(this.#written, dialled, () => new Written(text, from, this.#at, this.#form)).toRoom(dialled);
  }

  toPerson(uri: string): OutgoingMessage {
    return this.toRoom(uri);
  }
}

/** With the `/me` of who says what it does. */
function spoken({ action, lines }: StyledText): readonly Line[] {
  if (!action) return lines;
  const [first = [], ...others] = lines;
  return [[{ text: '/me ', style: {} }, ...first], ...others];
}
