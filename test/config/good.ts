/** Configurations to start tests from. */
import { ConfigError, type Problem } from '../../src/config/problems.ts';
import { parseConfig, type Loaded } from '../../src/config/loader.ts';

/** One network, one room. The line numbers are those that the tests count on. */
export const GOOD = `sip:
  listen: [udp://127.0.0.1:5060, tcp://127.0.0.1:5060]
networks:
  local:
    servers: [irc://127.0.0.1:6667]
rooms:
  lobby:
    network: local
    channel: '#lobby'
`;

export function parse(text: string, env: NodeJS.ProcessEnv = {}): Loaded {
  return parseConfig(text, env);
}

/** What is wrong with a text, as `LINE path: message`; empty when nothing is. */
export function faults(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  try {
    parseConfig(text, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(show);
  }
}

function show({ path, line, message }: Problem): string {
  return `${line ?? '-'} ${path}: ${message}`;
}
