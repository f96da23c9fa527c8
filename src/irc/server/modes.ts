/** MODE: of whom (modern-irc MODE). */
import { channelMode } from './channel-modes.ts';
import type { Handler } from './command.ts';
import { userMode } from './user-modes.ts';

export const mode: Handler = (client, line, world) => {
  const handler = line.params[0]?.startsWith('#') === true ? channelMode : userMode;
  handler(client, line, world);
};
