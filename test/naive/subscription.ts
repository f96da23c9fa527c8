/** A subscription to the conference event package (RFC 4575 section 3, RFC 6665). */
import assert from 'node:assert/strict';
import { Inbox } from '../support/inbox.ts';
import { Conference } from './conference.ts';
import { fromOf } from './sip-call.ts';
import { header, type SipMessage } from './sip-message.ts';
import { Dialog, token, type Phone } from './sip.ts';

export class Subscription {
  readonly conference = new Conference();
  /** The NOTIFYs of this subscription, in order. */
  readonly notifies: Inbox<SipMessage>;
  readonly #callId = token();
  readonly #phone: Phone;
  #dialog: Dialog | undefined;
  #waiting: (() => void)[] = [];
  #open = true;

  /** Subscribes, and waits for the first document. */
  static async start(phone: Phone, uri: string, expires: number): Promise<Subscription> {
    const subscription = new Subscription(phone);
    const from = `${fromOf(phone)};tag=${token()}`;
    const subscribe = await phone.request('SUBSCRIBE', {
      uri,
      from,
      to: `<${uri}>`,
      callId: subscription.#callId,
      cseq: 1,
      headers: headersFor(expires),
    });
    void subscription.#listen();
    const answer = await subscribe.final();
    assert.equal(answer.status, 200, `the answer to the SUBSCRIBE of ${phone.name}`);
    subscription.#dialog = new Dialog(phone, subscribe, answer);
    await subscription.until('a whole document', ({ version }) => version >= 0);
    return subscription;
  }

  private constructor(phone: Phone) {
    this.#phone = phone;
    this.notifies = new Inbox(`${phone.name} (roster)`, phone.transcript);
  }

  async until(what: string, holds: (conference: Conference) => boolean, timeout?: number): Promise<void> {
    const deadline = Date.now() + (timeout ?? 15_000);
    while (!holds(this.conference)) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(this.#describe(what));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    assert.deepEqual(this.conference.faults, [], 'faults in the documents');
  }

  /** Asks again; the answer. With 0 the subscription ends after one more NOTIFY. */
  async refresh(expires: number): Promise<SipMessage> {
    assert.ok(this.#dialog, 'a subscription that was answered');
    return (await this.#dialog.request('SUBSCRIBE', headersFor(expires))).final();
  }

  /** Waits for the NOTIFY that ends the subscription. */
  ends(timeout?: number): Promise<SipMessage> {
    const over = (notify: SipMessage): boolean => /^terminated/.test(header(notify, 'subscription-state'));
    return this.notifies.takes('the end of the subscription', over, timeout);
  }

  close(): void {
    this.#open = false;
    this.notifies.end('the subscription was closed');
  }

  async #listen(): Promise<void> {
    const ours = (request: SipMessage): boolean =>
      request.method === 'NOTIFY' && header(request, 'call-id') === this.#callId;
    while (this.#open) {
      // The whole test takes less than this.
      const notify = await this.#phone.requests.takes('a NOTIFY', ours, 120_000).catch(() => undefined);
      if (!notify) return;
      if (notify.body !== '') this.conference.apply(notify.body);
      this.notifies.add(notify);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    }
  }

  #describe(what: string): string {
    const people = [...this.conference.people.values()].map(
      ({ entity, nickname, roles }) => `  ${entity} ${nickname} [${roles.join(' ')}]`,
    );
    const state = `version ${this.conference.version}, subject ${this.conference.subject}`;
    return `${this.#phone.name} waited for the roster to have ${what}; it has ${state}\n${people.join('\n')}\n${this.#phone.transcript.tail()}`;
  }
}

function headersFor(expires: number): [string, string][] {
  return [
    ['Event', 'conference'],
    ['Accept', 'application/conference-info+xml'],
    ['Expires', String(expires)],
  ];
}
