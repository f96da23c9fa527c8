/** The part of irc-framework that we use; the package has no types of its own. */
declare module 'irc-framework' {
  import type { EventEmitter } from 'node:events';

  /** What irc-framework asks of a transport (its src/transports). */
  interface Transport extends EventEmitter {
    connect(): void;
    writeLine(line: string, written?: () => void): void;
    close(force?: boolean): void;
    disposeSocket(): void;
    setEncoding(encoding: string): boolean;
  }

  export interface ConnectWebIrc {
    password: string;
    username: string;
    hostname: string;
    address: string;
  }

  interface ConnectOptions {
    host: string;
    port: number;
    nick: string;
    username: string;
    gecos: string;
    password?: string;
    webirc?: ConnectWebIrc;
    /** Without `account` in it the password is not taken for SASL. */
    account: { account?: string; password?: string };
    transport: new () => Transport;
    auto_reconnect: boolean;
    ping_interval: number;
    ping_timeout: number;
    enable_echomessage: boolean;
    enable_chghost: boolean;
  }

  class Client {
    readonly network: { readonly cap: { readonly enabled: readonly string[] } };
    requestCap(capabilities: readonly string[]): void;
    connect(options: ConnectOptions): void;
    on(event: 'sasl failed', listener: (failure: { reason: string }) => void): void;
  }

  const framework: { Client: typeof Client };
  export default framework;
}
