/** A person in a chat room: the call, the MSRP session and the roster, as one thing that can be joined and left. */
import { systemClock } from '../../../src/common/clock.ts';
import { silentLog } from '../../../src/common/log.ts';
import { quoteNickname } from '../../../src/formats/nickname-header.ts';
import { parseSdp } from '../../../src/formats/sdp.ts';
import { MsrpEndpoint, type IncomingMessage, type MsrpSession } from '../../../src/msrp/index.ts';
import { SipStack, type CallEnd, type SipCall, type SipRoom } from '../../../src/sip/index.ts';
import { acceptedAgain, offerOf } from './description.ts';
import { heardLines, nicknameRefused, reasonOf, refusedText, safeLine } from './lines.ts';
import { People } from './people.ts';
import { SentMessages } from './sent-messages.ts';
import type { Target } from './target.ts';
import { hear } from './wrapping.ts';

/** Milliseconds that leaving takes at most. */
const LEAVING = 2_000;
/** Milliseconds for the last messages of the room after its BYE. */
const LAST_WORDS = 300;
/** Milliseconds for the MSRP connection; a room may take its time with the answer before. */
const BINDING = 60_000;
/** Bytes of one message. */
const LARGEST = 10 * 1_048_576;

export interface SessionOptions {
  readonly target: Target;
  /** What we call ourselves. */
  readonly name: string;
  /** Something to show in the conversation. */
  readonly show: (line: string) => void;
  /** How joining goes on. */
  readonly progress: (text: string) => void;
}

/** How it ended. `wanted`: we left. */
export interface Ending {
  readonly wanted: boolean;
  readonly text: string;
}

/** The room was not joined; the message says why. */
export class JoinError extends Error {
  override readonly name = 'JoinError';
}

export class RoomSession {
  /** Resolves when it is over and everything is closed, also when joining failed. */
  readonly ended: Promise<Ending>;
  readonly #options: SessionOptions;
  readonly #stack: SipStack;
  readonly #endpoint: MsrpEndpoint;
  readonly #msrp: MsrpSession;
  readonly #people: People;
  readonly #sent: SentMessages;
  #sip: SipRoom | undefined;
  #attempt: { cancel(): void } | undefined;
  #call: SipCall | undefined;
  #leaving = false;
  /** The room has sent its BYE. */
  #hungUpOn = false;
  #over = false;
  #resolve: (ending: Ending) => void = () => {};
  #joined: { resolve: () => void; reject: (error: JoinError) => void } | undefined;
  #answered: () => void = () => {};

  constructor(options: SessionOptions) {
    const { target, show } = options;
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    const tools = { clock: systemClock, log: silentLog };
    const host = target.local;
    const transports = target.transport === 'tcp' ? (['tcp'] as const) : (['udp', 'tcp'] as const);
    this.#stack = new SipStack({
      ...tools,
      userAgent: 'parley-client',
      listen: transports.map((transport) => ({ transport, host, port: 0 })),
    });
    this.#endpoint = new MsrpEndpoint({ ...tools, maxMessageBytes: LARGEST, bindTimeoutMs: BINDING });
    this.#sent = new SentMessages(show);
    this.#people = new People({ target, name: options.name, show });
    this.#msrp = this.#endpoint.openSession({
      host,
      // RFC 6135 section 4.2.2: the port of who only dials.
      port: 9,
      accepts: (type) => type === 'message/cpim',
      handler: {
        opened: () => this.#opened(),
        message: (message) => this.#heard(message),
        nickname: (request) => request.respond(403),
        report: (report) => this.#sent.report(report),
        closed: (reason) => {
          if (reason === 'never-connected') this.#lost('the room cannot be reached by MSRP');
          else if (!this.#hungUpOn) this.#lost('the connection to the room was lost');
        },
      },
    });
  }

  /** Resolves in the room. Rejects with JoinError; then, too, everything is closed. */
  async join(): Promise<void> {
    const { target, name, progress } = this.#options;
    await this.#stack.start();
    this.#sip = this.#stack.addRoom(target.user, {
      domain: target.local,
      focus: false,
      handler: {
        invited: (invitation) => invitation.reject(486, 'Busy Here'),
        subscribed: (request) => request.reject(403, 'Forbidden'),
      },
    });
    progress(`calling ${target.room} at ${target.place}`);
    const joined = new Promise<void>((resolve, reject) => (this.#joined = { resolve, reject }));
    this.#attempt = this.#sip.call({
      to: target.uri,
      from: { uri: target.self, displayName: name },
      sdp: offerOf(target, this.#msrp),
      handler: {
        progress: (status) => {
          if (status >= 180) progress('the room takes its time to let you in');
        },
        accepted: (call, sdp) => this.#accepted(call, sdp),
        rejected: (status, reason) => {
          this.#attempt = undefined;
          this.#answered();
          this.#lost(refusedText(status, reason, target.roomName, target.place));
        },
        acked: () => {},
        reinvited: (request) => acceptedAgain(request, target, this.#msrp),
        ended: (cause) => this.#hungUp(cause),
      },
    });
    await joined.catch(async (error: unknown) => {
      await this.ended;
      throw error;
    });
    this.#people.subscribe(this.#sip);
  }

  /** Says something to the room; resolves when that is answered. What is refused is shown. */
  say(text: string): Promise<void> {
    return this.#send(this.#options.target.room, text);
  }

  /** Says something to somebody alone, by nickname or by address. */
  async whisper(nick: string, text: string): Promise<void> {
    const address = await this.#people.find(nick);
    if (address === undefined) this.#options.show(`! nobody here is called ${safeLine(nick)}`);
    else await this.#send(address, text);
  }

  /** Asks for a nickname; '' for the first one. */
  nickname(nick: string): Promise<void> {
    return new Promise((resolve) => {
      this.#msrp.sendNickname(quoteNickname(nick), (status, comment) => {
        if (status !== 200) this.#options.show(nicknameRefused(status, comment, nick));
        else if (nick !== '') this.#people.calledNow(nick);
        resolve();
      });
    });
  }

  names(): Promise<string> {
    return this.#people.names();
  }

  topic(): Promise<string> {
    return this.#people.topic();
  }

  /** Resolves when everything sent has been reported on, and after so many milliseconds in any case. */
  async reported(ms: number): Promise<void> {
    if (!this.#over) await Promise.race([this.#sent.reported(), wait(ms), this.ended]);
  }

  /** Hangs up, or gives up joining. `ended` follows. */
  async leave(reason = ''): Promise<void> {
    if (this.#leaving || this.#over) return;
    this.#leaving = true;
    const attempt = this.#attempt;
    if (attempt) {
      const answered = new Promise<void>((resolve) => (this.#answered = resolve));
      attempt.cancel();
      await Promise.race([answered, wait(LEAVING)]);
    }
    const said = safeLine(reason).replace(/["\\]/g, '\\$&');
    await this.#finish('', said === '' ? undefined : `SIP;cause=200;text="${said}"`);
  }

  #accepted(call: SipCall, sdp: string | undefined): void {
    this.#attempt = undefined;
    this.#call = call;
    const media = messageMediaOf(sdp);
    if (!media) return this.#lost('the room answered without a chat session');
    this.#options.progress(`the room has answered; connecting to ${media.path[0]}`);
    const { path, maxSize } = media;
    try {
      this.#msrp.setPeer({ path, ...(maxSize === undefined ? {} : { maxMessageBytes: maxSize }) });
      this.#msrp.connect();
    } catch {
      this.#lost('the room answered with an MSRP address that is none');
    }
  }

  #opened(): void {
    this.#joined?.resolve();
    this.#joined = undefined;
  }

  #heard(message: IncomingMessage): void {
    const { target, show } = this.#options;
    try {
      const heard = hear(message.body, { self: target.self, room: target.room });
      for (const line of heard ? heardLines(heard) : []) show(line);
      message.respond(200);
      message.report(200);
    } catch {
      message.respond(400, 'not a message/cpim object');
    }
  }

  #send(to: string, text: string): Promise<void> {
    return this.#sent.send(
      this.#msrp,
      text,
      { name: this.#people.ownNick, uri: this.#options.target.self },
      to,
    );
  }

  #hungUp({ by, reason }: CallEnd): void {
    if (by === 'us') return;
    this.#call = undefined;
    this.#hungUpOn = true;
    const said = reasonOf(reason);
    // What the room says of it comes by MSRP, and may come behind the BYE.
    systemClock.after(LAST_WORDS, () => this.#lost(`the room has hung up${said === '' ? '' : `: ${said}`}`));
  }

  #lost(text: string): void {
    if (!this.#leaving) void this.#finish(text);
  }

  /** Closes everything, with a BYE where there is a call. */
  async #finish(text: string, reasonHeader?: string): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const call = this.#call;
    if (call) {
      const hungUp = new Promise<void>((resolve) => call.bye(reasonHeader, resolve));
      // The room ends the subscription by itself, and its last NOTIFY wants an answer.
      await Promise.race([Promise.all([hungUp, this.#people.over]), wait(LEAVING)]);
    }
    this.#endpoint.close();
    await this.#stack.stop();
    this.#joined?.reject(new JoinError(this.#leaving ? 'given up' : text));
    this.#resolve({ wanted: this.#leaving, text });
  }
}

function messageMediaOf(sdp: string | undefined) {
  try {
    return sdp === undefined ? undefined : parseSdp(sdp).messages()[0];
  } catch {
    return undefined;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}
