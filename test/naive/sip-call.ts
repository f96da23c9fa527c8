/** An INVITE of a phone, from its first line to its end (RFC 3261 sections 9, 13 and 15). */
import { Dialog, token, type Headers, type Phone, type Transaction } from './sip.ts';
import { header, type SipMessage } from './sip-message.ts';

export interface CallOptions {
  /** The body of the INVITE; empty: the other side makes the offer. */
  readonly sdp: string;
  readonly headers?: Headers;
  /** The From header without its tag; the phone's address and display name without it. */
  readonly from?: string | undefined;
  /** Makes the answer to an offer that came in the 200; it goes out in the ACK. */
  readonly answers?: (offer: string) => string;
}

export class Call {
  readonly uri: string;
  readonly callId = token();
  readonly #phone: Phone;
  readonly #options: CallOptions;
  readonly #from: string;
  #cseq = 1;
  #invite: Transaction;
  #dialog: Dialog | undefined;

  static async start(phone: Phone, uri: string, options: CallOptions): Promise<Call> {
    const call = new Call(phone, uri, options);
    call.#invite = await call.#send([]);
    return call;
  }

  #answered: Promise<SipMessage> | undefined;

  private constructor(phone: Phone, uri: string, options: CallOptions) {
    this.uri = uri;
    this.#phone = phone;
    this.#options = options;
    this.#from = `${options.from ?? fromOf(phone)};tag=${token()}`;
    this.#invite = undefined as unknown as Transaction;
  }

  /** The dialog; throws Error before the call was answered with 2xx. */
  get dialog(): Dialog {
    if (this.#dialog === undefined) throw new Error(`${this.#phone.name} is in no call`);
    return this.#dialog;
  }

  /** The INVITE as it was sent. */
  get invite(): Transaction {
    return this.#invite;
  }

  /** The final answer, acknowledged; the same one each time. A challenge is met once where the phone has a password. */
  answer(timeout?: number): Promise<SipMessage> {
    this.#answered ??= this.#awaitAnswer(timeout);
    return this.#answered;
  }

  async #awaitAnswer(timeout: number | undefined): Promise<SipMessage> {
    let answer = await this.#invite.final(timeout);
    if (answer.status === 401 || answer.status === 407) {
      const credentials = this.#phone.credentials(answer, 'INVITE', this.uri);
      if (credentials) {
        await this.#refusalSeen(answer);
        this.#cseq += 1;
        this.#invite = await this.#send(credentials);
        answer = await this.#invite.final(timeout);
      }
    }
    if (answer.status >= 300) {
      await this.#refusalSeen(answer);
      return answer;
    }
    this.#dialog = new Dialog(this.#phone, this.#invite, answer);
    const { sdp, answers } = this.#options;
    await this.#dialog.ack(sdp === '' && answers ? answers(answer.body) : '');
    return answer;
  }

  /** Resolves with a provisional answer, behind which a CANCEL may be sent. */
  async rings(): Promise<SipMessage> {
    return this.#invite.responses.takes('a provisional answer', ({ status }) => status < 200);
  }

  /** The answer to the CANCEL; that to the INVITE is still to be waited for. */
  async cancel(): Promise<SipMessage> {
    const { branch, uri } = this.#invite;
    const out = { uri, from: this.#from, to: `<${this.uri}>`, callId: this.callId, cseq: this.#cseq, branch };
    return (await this.#phone.request('CANCEL', out)).final();
  }

  /** The answer to our BYE. */
  async bye(headers: Headers = []): Promise<SipMessage> {
    return (await this.dialog.request('BYE', headers)).final();
  }

  /** A re-INVITE, acknowledged; its answer. */
  async again(sdp: string, headers: Headers = []): Promise<SipMessage> {
    const types: Headers = sdp === '' ? [] : [['Content-Type', 'application/sdp']];
    const answer = await (await this.dialog.request('INVITE', [...types, ...headers], sdp)).final();
    if (answer.status < 300) await this.dialog.ack(sdp === '' ? this.#phone.sdp : '');
    return answer;
  }

  #send(credentials: Headers): Promise<Transaction> {
    const { sdp, headers = [] } = this.#options;
    return this.#phone.request('INVITE', {
      uri: this.uri,
      from: this.#from,
      to: `<${this.uri}>`,
      callId: this.callId,
      cseq: this.#cseq,
      headers: [
        ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY'],
        ...(sdp === '' ? [] : ([['Content-Type', 'application/sdp']] as const)),
        ...headers,
        ...credentials,
      ],
      body: sdp,
    });
  }

  /** The ACK of a refusal belongs to the INVITE's transaction (RFC 3261 section 17.1.1.3). */
  async #refusalSeen(answer: SipMessage): Promise<void> {
    const { branch, uri } = this.#invite;
    const to = header(answer, 'to');
    await this.#phone.request('ACK', {
      uri,
      from: this.#from,
      to,
      callId: this.callId,
      cseq: this.#cseq,
      branch,
    });
  }
}

/** The From value of a phone, without a tag. */
export function fromOf(phone: Phone): string {
  const { displayName, address } = phone;
  return displayName === undefined
    ? `<${address}>`
    : `"${displayName.replace(/["\\]/g, '\\$&')}" <${address}>`;
}
