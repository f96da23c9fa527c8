/** What an operator says of a network and of the channels behind rooms. */
import type { Rate } from '../common/bucket.ts';
import type { LinkServer } from '../irc/link.ts';

/** The section `networks.NAME` of the configuration. */
export interface NetworkSettings {
  readonly name: string;
  /** At least one; tried in order. */
  readonly servers: readonly LinkServer[];
  readonly nick: string;
  readonly username: string;
  readonly realname: string;
  readonly password: string | null;
  readonly sasl: { readonly account: string; readonly password: string } | null;
  /**
   * What the server knows us by as a gateway: puppets then have the addresses of their users. With `own`, our address as the
   * server may show it, the reader and who asks for privacy come in that way too.
   */
  readonly webirc: { readonly password: string; readonly gateway: string; readonly own?: string } | null;
  readonly puppets: boolean;
  /** Contains `{nick}`. */
  readonly puppetNick: string;
  /** May contain `{address}` and `{nick}`. */
  readonly puppetRealname: string;
  readonly puppetLimit: number;
  readonly pace: Rate | null;
  /** Seconds. */
  readonly grace: number;
  /** Masks of those whose lines are not bridged; what a mask leaves out is `*`. */
  readonly ignore: readonly string[];
  /** What lines are read in that are not UTF-8: a name that TextDecoder takes. */
  readonly encoding: string | null;
}

/** The channel behind a room. */
export interface ChannelSettings {
  readonly channel: string;
  readonly key: string | null;
  /** IRC lines that one message may become. */
  readonly maxLines: number;
}
