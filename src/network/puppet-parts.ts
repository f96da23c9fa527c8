/** What puppets need of their network. */
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { IrcEvent } from '../irc/events.ts';
import type { Governor } from '../irc/governor.ts';
import type { LinkServer } from '../irc/link.ts';
import type { Loss } from '../irc/losses.ts';
import type { BridgedRoom } from './bridged-room.ts';
import type { NickShape } from './nicks.ts';
import type { Puppet } from './puppet.ts';
import type { NetworkSettings } from './settings.ts';

export interface PuppetParts {
  readonly settings: () => NetworkSettings;
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly governor: Governor;
  /** Where the reader is. */
  readonly server: () => LinkServer;
  readonly readerUp: () => boolean;
  readonly shape: () => NickShape;
  /** Whether somebody in sight, or another puppet, has a nick. */
  readonly taken: (nick: string, puppet: Puppet) => boolean;
  readonly room: (channel: string) => BridgedRoom | undefined;
  /** A message to the puppet, or to a group of a channel that it is in. */
  readonly message: (puppet: Puppet, event: Extract<IrcEvent, { type: 'message' }>) => void;
  /** The server takes no more connections: whoever this is will be relayed. */
  readonly limited: (puppet: Puppet, loss: Loss) => void;
  /** It takes part in nothing any more; its link may still be closing. */
  readonly left: (puppet: Puppet) => void;
  /** Its link is closed and there will be no other. */
  readonly closed: (puppet: Puppet) => void;
}
