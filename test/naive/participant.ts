/** A person with a phone in a chat room: talks, listens, leaves. Every wait is for an answer. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Inbox } from '../support/inbox.ts';
import { Conference } from './conference.ts';
import { addressOf, contentType, cpimHeader, readCpim, writeCpim, type CpimMessage } from './cpim.ts';
import { field, type MsrpFrame } from './msrp-frame.ts';
import type { MsrpEnd, SendOptions } from './msrp.ts';
import type { MessageMedia } from './sdp.ts';
import type { Call } from './sip-call.ts';
import { header, parameterOf, type SipMessage } from './sip-message.ts';
import type { Dialog, Headers, Phone } from './sip.ts';
import { Subscription } from './subscription.ts';

/** A message that came, unwrapped. */
export interface Heard {
  readonly text: string;
  /** Without parameters. */
  readonly type: string;
  readonly from: string;
  readonly name: string;
  readonly to: string;
  readonly cpim: CpimMessage;
  /** The bytes of the whole wrapper. */
  readonly raw: Buffer;
}

export interface HeardWanted {
  readonly from?: string;
  readonly name?: string;
  readonly to?: string;
  readonly type?: string;
}

export interface SayOptions extends SendOptions {
  /** The URI in To; the room's without it. */
  readonly to?: string;
  readonly cc?: readonly string[];
  /** The type of the content; text/plain; charset=utf-8 without it. */
  readonly content?: string;
  /** The URI in From; the own address without it. */
  readonly as?: string;
  /** The response that is right; 200 without it. */
  readonly expect?: number;
  readonly cpimHeaders?: Headers;
}

/** What a phone and an INVITE are made of, before anybody has answered. */
export interface Caller {
  readonly phone: Phone;
  readonly msrp: MsrpEnd;
  readonly call: Call;
  readonly roomUri: string;
}

export class Participant {
  readonly name: string;
  readonly address: string;
  readonly roomUri: string;
  readonly phone: Phone;
  readonly msrp: MsrpEnd;
  readonly call: Call;
  /** The 200 to the INVITE. */
  readonly answer: SipMessage;
  /** What the room says of itself in SDP. */
  readonly media: MessageMedia;
  readonly heard: Inbox<Heard>;
  #subscription: Subscription | undefined;

  constructor(
    t: TestContext,
    { phone, msrp, call, roomUri }: Caller,
    answer: SipMessage,
    media: MessageMedia,
  ) {
    this.phone = phone;
    this.msrp = msrp;
    this.call = call;
    this.roomUri = roomUri;
    this.name = phone.name;
    this.address = phone.address;
    this.answer = answer;
    this.media = media;
    this.heard = new Inbox(this.name, phone.transcript);
    msrp.onMessage = (message) => {
      if (message.type.toLowerCase().startsWith('message/cpim')) this.heard.add(heardFrom(message.body));
    };
    for (const message of msrp.messages.all) msrp.onMessage(message);
    void msrp.closed.then(() => this.heard.end('the MSRP connection was closed'));
    t.after(() => this.#subscription?.close());
  }

  get dialog(): Dialog {
    return this.call.dialog;
  }

  /** What the subscription has told so far; throws Error without one. */
  get roster(): Conference {
    if (!this.#subscription) throw new Error(`${this.name} has not subscribed`);
    return this.#subscription.conference;
  }

  /** Sends to the room, or to whom the options name, and waits for the responses; the Message-ID. */
  async says(text: string | Buffer, options: SayOptions = {}): Promise<string> {
    const { expect = 200, messageId = `${this.name}${Math.random().toString(36).slice(2, 12)}` } = options;
    const responses = await this.msrp.send(this.wraps(text, options), { ...options, messageId });
    for (const response of responses)
      assert.equal(response.status, expect, `the response to "${String(text)}"`);
    return messageId;
  }

  /** The wrapper that `says` would send. */
  wraps(text: string | Buffer, options: SayOptions = {}): Buffer {
    const { to = this.roomUri, as = this.address, content = 'text/plain; charset=utf-8', cc = [] } = options;
    const { displayName } = this.phone;
    return writeCpim({
      from: displayName === undefined ? `<${as}>` : `"${displayName}" <${as}>`,
      to: `<${to}>`,
      cc: cc.map((uri) => `<${uri}>`),
      type: content,
      content: text,
      headers: options.cpimHeaders ?? [],
    });
  }

  /** A message that is refused, in the response or by a REPORT; the status. */
  async saysInVain(text: string, options: SayOptions = {}, timeout?: number): Promise<number> {
    const messageId = options.messageId ?? `${this.name}${Math.random().toString(36).slice(2, 12)}`;
    const responses = await this.msrp.send(this.wraps(text, options), { ...options, messageId });
    const refusal = responses.find(({ status }) => status >= 300);
    if (refusal) return refusal.status;
    const { status } = await this.getsReport(messageId, timeout);
    assert.ok(status >= 300, `a failure of "${text}", not ${status}`);
    return status;
  }

  /** A private message. */
  whispers(uri: string, text: string, options: SayOptions = {}): Promise<string> {
    return this.says(text, { ...options, to: uri });
  }

  /** The oldest message not heard before with that text, or a text that matches. */
  hears(text: string | RegExp, wanted: HeardWanted = {}, timeout?: number): Promise<Heard> {
    return this.heard.takes(
      `${String(text)} ${JSON.stringify(wanted)}`,
      (heard) => isHeard(heard, text, wanted),
      timeout,
    );
  }

  /** Fails when such a message has come. Follow what shows that it would be here by now. */
  heardNothing(text: string | RegExp, wanted: HeardWanted = {}): void {
    this.heard.none(String(text), (heard) => isHeard(heard, text, wanted));
  }

  /** The REPORT on a message of ours; its status, e.g. 200 or 403. */
  async getsReport(
    messageId: string,
    timeout?: number,
  ): Promise<{ status: number; comment: string; frame: MsrpFrame }> {
    const frame = await this.msrp.reports.takes(
      `a REPORT on ${messageId}`,
      (report) => field(report, 'Message-ID') === messageId,
      timeout,
    );
    const [, status, comment = ''] = /^000 (\d{3})(?: (.*))?$/.exec(field(frame, 'Status') ?? '') ?? [];
    return { status: Number(status), comment, frame };
  }

  /** Asks for a nickname, an empty one to give it up (RFC 7701 section 7); the response, which must have the status. */
  async nickname(value: string, expect = 200): Promise<MsrpFrame> {
    const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
    return this.nicknameAsWritten(quoted, expect);
  }

  /** The header's value with nothing put around it. */
  async nicknameAsWritten(value: string, expect = 200): Promise<MsrpFrame> {
    const response = await this.msrp.request('NICKNAME', [['Use-Nickname', value]]);
    assert.equal(response.status, expect, `the response to NICKNAME ${value}: ${response.comment}`);
    return response;
  }

  /** Subscribes to the roster and waits for the first whole document. */
  async subscribes(options: { expires?: number } = {}): Promise<Subscription> {
    this.#subscription = await Subscription.start(this.phone, this.roomUri, options.expires ?? 600);
    return this.#subscription;
  }

  /** Waits until the roster is as described; `what` completes "alice waited for". */
  async seesRoster(what: string, holds: (roster: Conference) => boolean, timeout?: number): Promise<void> {
    if (!this.#subscription) throw new Error(`${this.name} has not subscribed`);
    await this.#subscription.until(what, holds, timeout);
  }

  /** Hangs up in order. */
  async leaves(headers: Headers = []): Promise<void> {
    const answer = await this.call.bye(headers);
    assert.equal(answer.status, 200, `the answer to the BYE of ${this.name}`);
    this.msrp.vanish();
  }

  /** Is hung up on, and closes its MSRP connection; the BYE. */
  async isSentAway(timeout?: number): Promise<SipMessage> {
    const bye = await this.dialog.gets('BYE', timeout);
    this.msrp.hangUp();
    return bye;
  }

  /** Loses its MSRP connection; with `phone`, nobody answers SIP any more either. */
  vanishes(options: { phone?: boolean } = {}): void {
    this.msrp.vanish();
    if (options.phone) this.phone.close();
  }

  /** Whether the Contact of the room says that it is one (RFC 4579 section 5.1). */
  get isFocus(): boolean {
    return parameterOf(header(this.answer, 'contact'), 'isfocus') !== undefined;
  }
}

function heardFrom(raw: Buffer): Heard {
  const cpim = readCpim(raw);
  const from = addressOf(cpimHeader(cpim, 'From') ?? '');
  const to = addressOf(cpimHeader(cpim, 'To') ?? '');
  return {
    text: cpim.content.toString(),
    type: contentType(cpim),
    from: from.uri,
    name: from.name,
    to: to.uri,
    cpim,
    raw,
  };
}

function isHeard(heard: Heard, text: string | RegExp, { from, name, to, type }: HeardWanted): boolean {
  if (from !== undefined && heard.from !== from) return false;
  if (name !== undefined && heard.name !== name) return false;
  if (to !== undefined && heard.to !== to) return false;
  if (type !== undefined && heard.type !== type) return false;
  return typeof text === 'string' ? heard.text === text : text.test(heard.text);
}
