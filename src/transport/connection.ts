/** A stream of bytes, or of messages, to one peer, whatever carries it. */

/** Where one end of a connection is. */
export interface Address {
  /** An IP address without brackets; IPv4 addresses never in their IPv6-mapped form. */
  readonly host: string;
  readonly port: number;
}

/** What its user is told of a connection. Set once, before the first byte can come. */
export interface ConnectionHandler {
  /** Bytes came. The buffer is the receiver's to keep, in parts or whole. */
  data(bytes: Buffer): void;
  /** `pendingBytes` has fallen to 0 after a write that returned false. */
  drained(): void;
  /** It is over; said once, with the error where there was one. Nothing is told after it. */
  closed(error?: Error): void;
}

/** What a TLS handshake has shown. */
export interface Secured {
  /** The peer's certificate in DER; undefined where it has shown none. Nobody has looked who signed it. */
  readonly peerCertificate: Buffer | undefined;
}

export interface Connection {
  /** Undefined where there is no TLS. */
  readonly secured?: Secured | undefined;
  readonly local: Address;
  readonly remote: Address;
  /** True where each `write` is a message of its own, and `data` brings one whole message each time: a WebSocket. */
  readonly framed?: boolean;
  /** Bytes taken by `write` that the operating system has not taken yet. */
  readonly pendingBytes: number;
  /** False after `end`, `destroy` or the peer's end. */
  readonly open: boolean;
  /** Says who hears of the connection. Called once, in the tick in which the connection was given. */
  handle(handler: ConnectionHandler): void;
  /**
   * Sends bytes; on a connection that is not open they are dropped. Returns false when more is
   * pending than is good: wait for `drained` where you can. A text is UTF-8, or with `latin1` a byte for each character.
   */
  write(bytes: Buffer | string, encoding?: 'latin1'): boolean;
  /** Stops and starts again the coming of data: back-pressure to the peer. */
  pause(): void;
  resume(): void;
  /** Closes when everything written is sent. */
  end(): void;
  /**
   * Closes at once. `reset`: a TCP peer is told that it is cut off, where what it has not got yet is not to come; nothing is
   * left on our port then.
   */
  destroy(how?: 'reset'): void;
}
