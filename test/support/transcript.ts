/** What was said in a test, by whom and in which order; shown when something expected does not come. */
import type { TestContext } from 'node:test';

const SHOWN_ENTRIES = 60;
const SHOWN_CHARACTERS = 1200;
const HEADING = '--- what was said';

export class Transcript {
  readonly #entries: string[] = [];

  /** `arrow` is `>` for what the speaker sends and `<` for what it gets. */
  add(who: string, arrow: '<' | '>' | '!', text: string): void {
    const short = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} ...` : text;
    const lines = short.trimEnd().split(/\r?\n/);
    this.#entries.push(lines.map((line, i) => `${i === 0 ? `${who} ${arrow}` : '    '} ${line}`).join('\n'));
  }

  /** The last entries, one under the other. */
  tail(): string {
    const left = Math.max(0, this.#entries.length - SHOWN_ENTRIES);
    return [`${HEADING} (${left} entries before):`, ...this.#entries.slice(-SHOWN_ENTRIES)].join('\n');
  }
}

const transcripts = new WeakMap<TestContext, Transcript>();

/** The one transcript of a test. */
export function transcriptOf(t: TestContext): Transcript {
  let transcript = transcripts.get(t);
  if (transcript === undefined) {
    transcript = new Transcript();
    transcripts.set(t, transcript);
    const written = transcript;
    t.after(() => {
      // Known to Node 20, not yet to its types.
      const { passed, error } = t as { passed?: boolean; error?: Error };
      const shown = `${error?.message}`.includes(HEADING);
      if (passed === false && !shown) console.error(written.tail());
    });
  }
  return transcript;
}
