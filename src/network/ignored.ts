/** Whose lines are not bridged (`networks.*.ignore`): other bridges, bots. */
import type { Log } from '../common/log.ts';
import type { Fold } from '../irc/casemapping.ts';
import { matches, wholeMask } from '../irc/masks.ts';
import type { Source } from '../irc/source.ts';

export interface IgnoredParts {
  /** Masks as the operator wrote them; what holds now. */
  readonly masks: () => readonly string[];
  /** The casemapping in force. */
  readonly fold: Fold;
  /** Whether it is one of our puppets: what they say is never left out. */
  readonly isOurs: (who: Source) => boolean;
  readonly log: Log;
}

/** Tells of who said something whether it is left out. A user or host that the line does not name fits `*` only. */
export function ignoring({ masks, fold, isOurs, log }: IgnoredParts): (who: Source) => boolean {
  return (who) => {
    const whole = `${who.nick}!${who.user}@${who.host}`;
    const mask = masks().find((one) => matches(wholeMask(one), whole, fold));
    if (mask === undefined || isOurs(who)) return false;
    log.debug({ from: who.nick, ignore: mask }, 'not bridged, as the configuration says');
    return true;
  };
}
