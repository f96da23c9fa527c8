/** What the built-in IRC server is told: who it is, whom it lets in, how much of everything. */
import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../common/log.ts';
import type { ChannelStore } from './store.ts';

export interface IrcServerOptions {
  /** The server's name in prefixes, e.g. `irc.parley.localhost`. */
  readonly name: string;
  /** NETWORK in RPL_ISUPPORT. */
  readonly network: string;
  /** E.g. `parley-0.1.0`. */
  readonly version: string;
  /** Lines of the message of the day; undefined: there is none (422). */
  readonly motd: readonly string[] | undefined;
  /** PASS; undefined: none is asked for. */
  readonly password: string | undefined;
  /** SASL PLAIN: account and password. */
  readonly accounts: ReadonlyMap<string, string>;
  /** OPER: name and password. */
  readonly operators: ReadonlyMap<string, string>;
  /** WEBIRC: password and gateway; from this host only. */
  readonly webirc: ReadonlyMap<string, string>;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  /** Channels kept over restarts; undefined: none. */
  readonly state: ChannelStore | undefined;
}

export interface Limits {
  readonly clients: number;
  readonly perAddress: number;
  /** Channels of one client. */
  readonly channels: number;
  /** Octets that may wait for one client. */
  readonly sendQueue: number;
}

/** What may change while the server runs. */
export type IrcServerChanges = Partial<
  Pick<IrcServerOptions, 'motd' | 'password' | 'accounts' | 'operators' | 'webirc' | 'limits'>
>;
