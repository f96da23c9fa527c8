/** Log records for somebody who sits at a terminal: only what went wrong, in words. */
import type { DestinationStream } from 'pino';

/** pino's numbers of the levels that are shown. */
const WORDS: Readonly<Record<number, string>> = { 40: 'warning', 50: 'error', 60: 'fault' };

/** Takes records and shows those of warnings and worse with `show`, a line each. */
export function terminalLog(show: (line: string) => void): DestinationStream {
  return {
    write(text) {
      const record = JSON.parse(text) as {
        level: number;
        msg?: string;
        reason?: unknown;
        err?: { message?: string };
      };
      const word = WORDS[record.level];
      if (word === undefined) return;
      const why = [record.reason, record.err?.message].filter((part) => typeof part === 'string').join(' ');
      show(`${word}: ${record.msg ?? ''}${why === '' ? '' : ` (${why})`}`);
    },
  };
}
