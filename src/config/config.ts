/** The configuration as the program uses it: checked, with all defaults, addresses taken apart. */
import type { Rate } from '../common/bucket.ts';
import type { HostPort } from './listeners.ts';
import type { Settings } from './schema.ts';

export interface SipListener extends HostPort {
  readonly scheme: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';
}

export interface MsrpListener extends HostPort {
  /** `tcp` takes TLS too. */
  readonly scheme: 'tcp' | 'tls' | 'ws' | 'wss';
}

export interface SipConfig {
  /** The host part of our URIs, in lower case; an IPv6 address in brackets. */
  readonly domain: string;
  /** At least one. Port 0: any free port. */
  readonly listen: readonly SipListener[];
  /** For Via and Contact, without brackets. null: the listener's address, which is then not 0.0.0.0 or ::. */
  readonly host: string | null;
  readonly limits: Settings['sip']['limits'];
}

export interface MsrpConfig {
  /** At least one. Port 0: any free port. */
  readonly listen: readonly MsrpListener[];
  /** For the path, without brackets. null: the listener's address, which is then not 0.0.0.0 or ::. */
  readonly host: string | null;
  /** Bytes of one whole message. */
  readonly maxMessageSize: number;
  /** Seconds; 0: never. */
  readonly keepAlive: number;
  /** As the file has them: bytes, seconds, counts. */
  readonly limits: Settings['msrp']['limits'];
}

export interface ServerAddress extends HostPort {
  readonly tls: boolean;
}

export interface NetworkConfig {
  readonly name: string;
  /** The built-in server is the network's only one; `servers` is empty then. */
  readonly embedded: boolean;
  /** Tried in order. */
  readonly servers: readonly ServerAddress[];
  readonly nick: string;
  readonly username: string;
  readonly realname: string;
  readonly password: string | null;
  readonly sasl: { readonly account: string; readonly password: string } | null;
  readonly webirc: { readonly password: string; readonly gateway: string } | null;
  readonly puppets: boolean;
  /** Contains `{nick}`. */
  readonly puppetNick: string;
  /** May contain `{address}` and `{nick}`. */
  readonly puppetRealname: string;
  readonly puppetLimit: number;
  /** null: as fast as the server reads. */
  readonly pace: Readonly<Rate> | null;
  /** Seconds. */
  readonly grace: number;
  /** `nick!user@host` with `*` and `?`; parts may be missing. */
  readonly ignore: readonly string[];
  /** The WHATWG name of an encoding in which ASCII is ASCII. */
  readonly encoding: string | null;
}

export interface RoomConfig {
  readonly name: string;
  /** A name in `networks`; null where no IRC is behind the room, and then `channel` is null too. */
  readonly network: string | null;
  /** Never null where `network` is not. */
  readonly channel: string | null;
  readonly key: string | null;
  readonly subject: string | null;
  readonly nicknames: boolean;
  readonly privateMessages: boolean;
  /** Media types in lower case: `type/subtype`, `type/*` or `*`. At least one. */
  readonly types: readonly string[];
  readonly distribute: 'after-irc' | 'immediately';
  /** Messages replayed to who joins; 0 for none. */
  readonly history: number;
  readonly maxLines: number;
  /** Patterns of SIP addresses with `*`; `deny` is checked first. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export interface IrcListener extends HostPort {
  readonly scheme: 'irc' | 'ircs';
}

/** The built-in IRC server. */
export interface EmbeddedConfig {
  /** At least one of them irc://. Port 0: any free port. */
  readonly listen: readonly IrcListener[];
  readonly name: string;
  readonly network: string;
  /** Lines of the message of the day; null: there is none. */
  readonly motd: readonly string[] | null;
  /** A file. */
  readonly state: string | null;
  readonly password: string | null;
  readonly accounts: ReadonlyMap<string, string>;
  readonly operators: ReadonlyMap<string, string>;
  readonly limits: {
    readonly clients: number;
    readonly perAddress: number;
    readonly channels: number;
    /** Bytes a client. */
    readonly sendQueue: number;
  };
}

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Keys whose feature is not built have no place here: they can only have their default. */
export interface Config {
  readonly sip: SipConfig;
  readonly msrp: MsrpConfig;
  /** `ca`: a file with the authorities that are believed for those whom we dial; null: the system's. `certificate` fits its key. */
  readonly tls: { readonly ca: string | null; readonly certificate: Certificate | null };
  readonly networks: ReadonlyMap<string, NetworkConfig>;
  readonly rooms: ReadonlyMap<string, RoomConfig>;
  /** null: no network names it. */
  readonly embedded: EmbeddedConfig | null;
  /** null: no health pages. Port 0: any free port. `origins`: as `https://chat.example.org`. */
  readonly http: { readonly listen: HostPort; readonly origins: readonly string[] } | null;
  readonly log: { readonly level: LogLevel };
}
