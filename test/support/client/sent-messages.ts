/** What we have sent, until it is known to have arrived. What has not is shown. */
import { randomHex } from '../../../src/common/ids.ts';
import type { IncomingReport, MsrpSession } from '../../../src/msrp/index.ts';
import { notSent } from './lines.ts';
import { wrap } from './wrapping.ts';

/** Messages on which no REPORT has come yet; more are not remembered. */
const MOST_UNREPORTED = 1_000;

export class SentMessages {
  readonly #show: (line: string) => void;
  /** By Message-ID: the text of what was not reported on. */
  readonly #unreported = new Map<string, string>();
  #waiting: () => void = () => {};

  constructor(show: (line: string) => void) {
    this.#show = show;
  }

  /** Resolves when the message is answered, whatever the answer. */
  send(msrp: MsrpSession, text: string, from: { name: string; uri: string }, to: string): Promise<void> {
    const messageId = randomHex(10);
    if (this.#unreported.size < MOST_UNREPORTED) this.#unreported.set(messageId, text);
    const message = {
      contentType: 'message/cpim',
      body: wrap(text, from, to),
      messageId,
      failureReport: 'yes',
      successReport: true,
    } as const;
    return new Promise((resolve) => {
      msrp.send(message, (status, comment) => {
        if (status !== 200) this.report({ messageId, status, comment }, text);
        resolve();
      });
    });
  }

  /** The room's last word on a message (RFC 4975 section 7.1.2). */
  report(
    report: Omit<IncomingReport, 'byteRange' | 'body'>,
    text = this.#unreported.get(report.messageId),
  ): void {
    const { messageId, status, comment } = report;
    this.#unreported.delete(messageId);
    if (status !== 200) this.#show(notSent(status, comment, text ?? ''));
    if (this.#unreported.size === 0) this.#waiting();
  }

  /** Resolves when everything has been reported on. One may wait at a time. */
  async reported(): Promise<void> {
    if (this.#unreported.size > 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
  }
}
