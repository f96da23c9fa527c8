/** The configuration of a run without a file: everything on this host, with the built-in IRC server. */
import { parseConfig, type Loaded } from './loader.ts';

const TEXT = `
networks:
  local:
    servers: [embedded]
rooms:
  lobby:
    network: local
    channel: "#lobby"
`;

/** Environment variables count as with a file. Throws `ConfigError` where one of them is wrong. */
export function defaultConfig(env: NodeJS.ProcessEnv): Loaded {
  return parseConfig(TEXT, env);
}
