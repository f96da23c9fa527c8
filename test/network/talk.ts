/** A speaker on a link that writes down what is sent over it, with a clock that stands still; outcomes as short words. */
import assert from 'node:assert/strict';
import type { Rate } from '../../src/common/bucket.ts';
import type { IrcEvent } from '../../src/irc/events.ts';
import { ISupport } from '../../src/irc/isupport.ts';
import { Speaker, type SpeakerLink } from '../../src/network/speaker.ts';
import type { Speech } from '../../src/network/utterance.ts';
import type { Outcome } from '../../src/room/refusals.ts';
import { FakeClock } from '../support/fake-clock.ts';

export function outcomeText(outcome: Outcome): string {
  if (outcome.ok) return outcome.nick === undefined ? 'ok' : `ok ${outcome.nick}`;
  return `${outcome.refusal}: ${outcome.text}`;
}

/** A link that is only written to. */
export function wireTo(sent: string[], ...tokens: string[]): SpeakerLink {
  const isupport = new ISupport();
  isupport.apply(tokens);
  return {
    isupport,
    send: (command, ...params) => {
      sent.push([command, ...params].join(' '));
    },
  };
}

export class Talk {
  readonly clock = new FakeClock();
  readonly speaker = new Speaker(this.clock);
  /** Lines sent and not looked at yet. */
  readonly sent: string[] = [];
  /** `message: outcome`, not looked at yet. */
  readonly outcomes: string[] = [];
  #fences = 0;

  /** With a link, unless told otherwise. */
  constructor(options: { linked?: boolean; pace?: Rate } = {}) {
    if (options.linked !== false) this.link(options.pace);
  }

  link(pace?: Rate, ...tokens: string[]): void {
    this.speaker.use(wireTo(this.sent, ...tokens), pace);
  }

  /** The message is called by its first line. */
  say(texts: string | readonly string[], more: Partial<Speech> = {}): void {
    const lines = typeof texts === 'string' ? [texts] : texts;
    this.speaker.say({
      target: '#a',
      texts: lines,
      author: 'alice',
      confirm: 'heard',
      settled: (outcome) => this.outcomes.push(`${lines[0]}: ${outcomeText(outcome)}`),
      ...more,
    });
  }

  hears(text: string, channel = '#a'): boolean {
    return this.speaker.heard(channel, text);
  }

  /** The server answers the fence that is on its way. */
  answers(token = `fence-${(this.#fences += 1)}`): void {
    this.speaker.event({ type: 'pong', token });
  }

  refuses(numeric: string, subject = '#a', text = 'no'): void {
    const event: IrcEvent = { type: 'refused', numeric, subject, text };
    this.speaker.event(event);
  }

  /** What has been sent since the last time. */
  wasSent(...lines: string[]): void {
    assert.deepEqual(this.sent.splice(0), lines);
  }

  ended(...outcomes: string[]): void {
    assert.deepEqual(this.outcomes.splice(0), outcomes);
  }
}
