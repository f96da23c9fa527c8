/** What a test can ask of an IRC server. */

export interface Oper {
  readonly name: string;
  readonly password: string;
}

/** The operator that every server knows unless `opers` says otherwise. */
export const operator: Oper = { name: 'overseer', password: 'watchful' };

export interface IrcServerOptions {
  /** Connections allowed from one address; without it there is room for thousands. */
  readonly maxPerAddress?: number;
  /** True leaves the flood protection as the server is shipped; the default has none. */
  readonly flood?: boolean;
  /** The server password (PASS) that clients must give. */
  readonly password?: string;
  /** Seconds of silence after which the server sends PING; 60 without it. */
  readonly pingSeconds?: number;
  readonly opers?: readonly Oper[];
  /** True adds a TLS port with a certificate for 127.0.0.1 and localhost, signed by itself. */
  readonly tls?: boolean;
  /** The password of WEBIRC from loopback; without it there is none. */
  readonly webirc?: string;
  /** inspircd only: a text whose lines are dropped in silence. */
  readonly swallow?: string;
  /** inspircd only: its name among other servers, and the one other that it may be linked with. */
  readonly linked?: Linked;
  /** inspircd only: lines of configuration added at the end. */
  readonly extra?: string;
}

/** One of two servers of a network. */
export interface Linked {
  readonly name: string;
  /** A digit and two digits or letters, its own among the servers (SID). */
  readonly id: string;
  /** Where it listens for the other. */
  readonly port: number;
  readonly other: { readonly name: string; readonly port: number };
}

/** What a configuration is written from. */
export interface IrcServerPlace extends IrcServerOptions {
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
}
