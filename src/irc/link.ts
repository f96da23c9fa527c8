/**
 * One connection to an IRC server, from dialling to its end. irc-framework negotiates capabilities, logs in by SASL and
 * answers PINGs; everything that we are told comes from the raw lines through one table (`messages.ts`), so there
 * are not two truths. A link never comes back: who wants another one makes it.
 */
import framework, { type ConnectWebIrc } from 'irc-framework';
import type { Clock, Timer } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { IrcEvent } from './events.ts';
import { ISupport } from './isupport.ts';
import { isForFramework, isForPuppet } from './leaner.ts';
import { formatLine, parseLine } from './line.ts';
import { lossOf, type Loss } from './losses.ts';
import { eventOf } from './messages.ts';
import { withoutSecrets } from './secrets.ts';
import { IrcSocket } from './socket.ts';

export interface LinkServer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface WebIrc {
  readonly password: string;
  readonly gateway: string;
  readonly address: string;
}

export interface LinkOptions {
  readonly server: LinkServer;
  /** Certificates in PEM that are believed instead of the system's. */
  readonly ca: string | undefined;
  /** Nicks to try in their order until the server takes one; when it ends the link is given up. */
  readonly nicks: Iterator<string>;
  readonly username: string;
  readonly realname: string;
  readonly password: string | undefined;
  readonly sasl: { readonly account: string; readonly password: string } | undefined;
  /** Tells the server whose connection this is (IRCv3 webirc): the secret that it has for us, our name, the user's IP address. */
  readonly webirc?: WebIrc | undefined;
  /** Also wanted beside those that every link asks for. */
  readonly capabilities: readonly string[];
  /** True drops what other people do in channels before it is looked at: the reader hears it already. */
  readonly lean: boolean;
  /** What a line is read in that is not UTF-8, now; a name that TextDecoder takes, or null. */
  readonly encoding: () => string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a link tells. Nothing after `lost`. */
export interface LinkHandler {
  /** The server knows us: our nick and its limits are known. */
  registered(): void;
  event(event: IrcEvent): void;
  /** Told once. */
  lost(loss: Loss): void;
}

/** Milliseconds for the connection to stand, and for the server to know us from then on. */
const CONNECT_TIME = 15_000;
const REGISTER_TIME = 45_000;
/** After so many milliseconds of silence the server is asked whether it is there; after the second it is taken for dead. */
const SILENCE = 60_000;
const ANSWER_TIME = 30_000;

/** Beside what irc-framework asks for: `batch`, `server-time`, `multi-prefix`, `account-tag` and so on. */
const CAPABILITIES = ['chghost', 'labeled-response', 'standard-replies'];

/** A nick was refused while registering: another one is to be tried (RFC 2812 section 5.2; 437 by RFC 2811's servers). */
const NICK_REFUSED = new Set(['432', '433', '436', '437']);

export class Link {
  readonly isupport = new ISupport();
  readonly #options: LinkOptions;
  readonly #handler: LinkHandler;
  readonly #socket: IrcSocket;
  readonly #client: InstanceType<typeof framework.Client>;
  #nick = '';
  #user: string | undefined;
  #host: string | undefined;
  #registered = false;
  #refusal: Loss | undefined;
  #ended = false;
  #timer: Timer | undefined;

  /** Dials at once. Throws where `nicks` is empty. */
  constructor(options: LinkOptions, handler: LinkHandler) {
    this.#options = options;
    this.#handler = handler;
    this.#nick = this.#nextNick() ?? '';
    if (this.#nick === '') throw new RangeError('a link needs a nick');
    const { server, ca } = options;
    const socket = new IrcSocket({
      ...server,
      ca,
      timeout: CONNECT_TIME,
      clock: options.clock,
      encoding: options.encoding,
      line: (text) => this.#line(text),
      closed: (error) => this.#closed(error),
    });
    this.#socket = socket;
    this.#client = new framework.Client();
    this.#client.requestCap([...CAPABILITIES, ...options.capabilities]);
    this.#client.on('sasl failed', ({ reason }) => this.#saslFailed(reason));
    this.#timer = options.clock.after(CONNECT_TIME + REGISTER_TIME, () => {
      this.#refusal ??= { kind: 'net', text: 'the server did not let us in in time' };
      socket.close(true);
    });
    this.#client.connect({
      host: server.host,
      port: server.port,
      nick: this.#nick,
      username: options.username,
      gecos: options.realname,
      ...(options.password === undefined ? {} : { password: options.password }),
      account: options.sasl ?? {},
      ...(options.webirc === undefined ? {} : { webirc: webircOf(options.webirc) }),
      // irc-framework makes its transport itself; it gets the one that is made already.
      transport: function transport() {
        return socket;
      } as unknown as new () => IrcSocket,
      auto_reconnect: false,
      ping_interval: 0,
      ping_timeout: 0,
      enable_echomessage: options.capabilities.includes('echo-message'),
      enable_chghost: true,
    });
  }

  /** The nick in force. */
  get nick(): string {
    return this.#nick;
  }

  get registered(): boolean {
    return this.#registered;
  }

  /** Our mask as others see it, as far as it was shown to us. */
  get mask(): { nick: string; user: string | undefined; host: string | undefined } {
    return { nick: this.#nick, user: this.#user, host: this.#host };
  }

  hasCapability(name: string): boolean {
    return this.#client.network.cap.enabled.includes(name);
  }

  isOwn(nick: string): boolean {
    return this.isupport.fold(nick) === this.isupport.fold(this.#nick);
  }

  /** Sends a line at once. Throws RangeError on what cannot be one (`formatLine`). */
  send(command: string, ...params: readonly string[]): void {
    if (this.#ended) return;
    const line = formatLine(command, ...params);
    this.#options.log.trace({ line: withoutSecrets(line) }, 'to IRC');
    this.#socket.writeLine(line);
  }

  /** Says goodbye and ends the link; `lost` is told with `own`. */
  quit(reason: string): void {
    if (this.#ended) return;
    this.#refusal = { kind: 'own', text: reason };
    if (this.#registered) this.send('QUIT', reason);
    this.#socket.close(!this.#registered);
    // The server closes when it has read the QUIT; one that is dead does not.
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(2_000, () => this.#socket.close(true));
  }

  /** Never throws. */
  #line(text: string): void {
    if (this.#ended) return;
    try {
      if (this.#registered && this.#options.lean && !isForPuppet(text, this.#nick)) return this.#alive();
      const line = parseLine(text);
      if (!line) return;
      this.#options.log.trace({ line: text }, 'from IRC');
      this.#alive();
      if (line.command === '005') this.isupport.apply(line.params.slice(1, -1));
      const event = eventOf(line, this.isupport);
      if (event) this.#event(event);
      // irc-framework fails on some lines that lack what they must have; that is no reason for more.
      if (isForFramework(line)) this.#socket.emit('line', text);
    } catch (error) {
      this.#options.log.error({ err: error, line: text.slice(0, 600) }, 'a fault at a line of IRC');
    }
  }

  #event(event: IrcEvent): void {
    switch (event.type) {
      case 'welcome':
        this.#nick = event.nick;
        this.#registered = true;
        if (this.#options.sasl && !this.hasCapability('sasl'))
          this.#saslFailed('the server does not offer it');
        this.#alive();
        this.#handler.registered();
        return;
      case 'refused':
        if (!this.#registered && this.#refusedAtStart(event)) return;
        break;
      case 'nick':
        if (this.isOwn(event.who.nick)) this.#nick = event.nick;
        break;
      case 'join':
      case 'host':
        if (this.isOwn(event.who.nick)) this.#learnMask(event);
        break;
      case 'own-host':
        this.#host = event.host;
        break;
      case 'error':
        this.#refusal ??= { kind: lossOf(event.text), text: event.text };
        break;
      case 'kill':
        if (this.isOwn(event.target)) this.#refusal = { kind: 'killed', text: event.reason };
        break;
      default:
        break;
    }
    this.#handler.event(event);
  }

  /** True where the numeric was about the login. */
  #refusedAtStart({ numeric, text }: Extract<IrcEvent, { type: 'refused' }>): boolean {
    if (NICK_REFUSED.has(numeric)) {
      const next = this.#nextNick();
      if (next === undefined) this.#giveUp({ kind: 'refused', text });
      else {
        this.#nick = next;
        this.send('NICK', next);
      }
      return true;
    }
    if (numeric === '464') this.#refusal = { kind: 'refused', text };
    if (numeric === '465') this.#refusal = { kind: 'banned', text };
    return false;
  }

  /** It goes on without: what needs the account will be refused by the server, in words that we pass on. */
  #saslFailed(reason: string): void {
    this.#options.log.warn({ reason }, 'the SASL login failed');
  }

  #learnMask(event: Extract<IrcEvent, { type: 'join' | 'host' }>): void {
    const { user, host } = event.type === 'host' ? event : event.who;
    this.#user = user || this.#user;
    this.#host = host || this.#host;
  }

  #giveUp(loss: Loss): void {
    this.#refusal ??= loss;
    this.#socket.close(true);
  }

  #nextNick(): string | undefined {
    const next = this.#options.nicks.next();
    return next.done === true ? undefined : next.value;
  }

  /** The server has said something. */
  #alive(): void {
    if (!this.#registered || this.#refusal?.kind === 'own') return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(SILENCE, () => {
      this.send('PING', 'are-you-there');
      this.#timer = this.#options.clock.after(ANSWER_TIME, () =>
        this.#giveUp({ kind: 'net', text: 'the server says nothing more' }),
      );
    });
  }

  #closed(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.cancel();
    this.#handler.lost(
      this.#refusal ?? { kind: 'net', text: error ? error.message : 'the server closed the connection' },
    );
  }
}

/** As irc-framework has it. Nobody looks up the name of the address, so it stands for itself; it must not begin with a colon. */
function webircOf({ password, gateway, address }: WebIrc): ConnectWebIrc {
  const hostname = address.startsWith(':') ? `0${address}` : address;
  return { password, username: gateway, hostname, address };
}
