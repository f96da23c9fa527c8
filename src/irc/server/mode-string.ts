/** The letters of a mode string, each with its sign (modern-irc MODE). */

export interface ModeLetter {
  readonly on: boolean;
  readonly letter: string;
}

/** Reads `+o-v`; letters before the first sign are set. */
export function readModes(text: string): ModeLetter[] {
  const letters: ModeLetter[] = [];
  let on = true;
  for (const letter of text) {
    if (letter === '+' || letter === '-') on = letter === '+';
    else letters.push({ on, letter });
  }
  return letters;
}

/** Writes them with as few signs as there can be. */
export function writeModes(letters: readonly ModeLetter[]): string {
  let text = '';
  let last: boolean | undefined;
  for (const { on, letter } of letters) {
    if (on !== last) text += on ? '+' : '-';
    text += letter;
    last = on;
  }
  return text;
}
