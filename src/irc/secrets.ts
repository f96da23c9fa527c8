/** Lines of ours as they may stand in a log. */
import { parseLine } from './line.ts';

const SECRET = new Set(['PASS', 'AUTHENTICATE', 'OPER', 'WEBIRC']);

/** What may hold a password or a key is left out. */
export function withoutSecrets(line: string): string {
  const { command = '', params = [] } = parseLine(line) ?? {};
  if (SECRET.has(command)) return command;
  return command === 'JOIN' && params.length > 1 ? `JOIN ${params[0] ?? ''}` : line;
}
