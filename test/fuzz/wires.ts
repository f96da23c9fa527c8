/** Lines of IRC and heads of SIP, of any bytes: read without a fault, and never in two ways. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { plainText } from '../../src/common/spans.ts';
import { cutLine } from '../../src/irc/budget.ts';
import { plainOf, readCodes } from '../../src/irc/codes.ts';
import { formatCtcp, parseCtcp } from '../../src/irc/ctcp.ts';
import { ISupport } from '../../src/irc/isupport.ts';
import { isForPuppet } from '../../src/irc/leaner.ts';
import { formatLine, parseLine } from '../../src/irc/line.ts';
import { eventOf } from '../../src/irc/messages.ts';
import { datagramFrame, SipStream, type Frame } from '../../src/sip/frame.ts';
import { examineRequest, examineResponse, isResponse } from '../../src/sip/guard.ts';
import { bent } from '../support/bending.ts';
import { oneOf, type Random } from '../support/random.ts';
import type { Target } from './target.ts';

const LINES = [
  '@time=2026-11-26T10:00:00.000Z;account=ann;msgid=x\\:y :ann!a@h PRIVMSG #lobby :hello \x02all\x0f \x0304,1red',
  ':ann!a@h PRIVMSG #lobby :\x01ACTION waves\x01',
  ':irc.test 005 me PREFIX=(qaohv)~&@%+ CHANMODES=beI,k,l,imnst CASEMAPPING=rfc1459 NICKLEN=30 :are supported',
  ':irc.test 353 me = #lobby :@ann +bob!b@h carol',
  ':irc.test 354 me 152 #lobby a h ann H@ acc',
  ':ann!a@h MODE #lobby +ov-b+k bob carol *!*@x key',
  ':ann!a@h KICK #lobby bob :out',
  ':irc.test BATCH +1 netsplit a.test b.test',
  ':irc.test 433 * bob :in use',
  'CAP * LS :multi-prefix sasl=PLAIN,EXTERNAL',
];

/** Text with, now and then, very many of one piece. */
function textOf(random: Random): string {
  const text = bent(Buffer.from(oneOf(random, LINES)), random, 6).toString();
  if (random(10) > 0) return text;
  const at = random(text.length + 1);
  return text.slice(0, at) + text.slice(at, at + 1 + random(5)).repeat(random(10_000)) + text.slice(at);
}

export const ircLines: Target = {
  name: 'irc-lines',
  round(random) {
    // What ends a line is in none.
    const text = textOf(random).replace(/[\r\n\0]/g, '');
    const support = new ISupport();
    const line = parseLine(text);
    isForPuppet(text, 'bob');
    if (line) {
      if (line.command === '005') support.apply(line.params.slice(1, -1));
      eventOf(line, support);
      assert.ok(line.params.length <= 64);
      const written = formatLine(line.command, ...line.params);
      assert.doesNotMatch(written.slice(0, -2), /[\r\n\0]/);
    }
    const said = textOf(random);
    const spans = readCodes(said);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(plainText(spans), /[\0-\x08\x0a-\x1f\x7f]/);
    assert.equal(plainOf(said), plainText(spans));
    const budget = 20 + random(400);
    for (const part of cutLine(spans, budget, 9)) assert.ok(Buffer.byteLength(part) <= budget);
    const ctcp = parseCtcp(said);
    if (ctcp) assert.equal(parseCtcp(formatCtcp(ctcp.verb, ctcp.text))?.verb, ctcp.verb);
  },
};

const place = new URL('../torture/sip/', import.meta.url);
const messages = readdirSync(place).map((name) => readFileSync(new URL(name, place)));

/** What the guard makes of a frame, in a word. */
function verdict(frame: Frame): string {
  if (frame.fault) return `fault ${frame.fault.status}`;
  if (isResponse(frame.head)) return examineResponse(frame) ? 'response' : 'dropped';
  const facts = examineRequest(frame);
  if ('status' in facts) {
    assert.ok(facts.status >= 400 && facts.status < 600);
    return `refused ${facts.status}`;
  }
  return `request ${facts.method} ${facts.key} ${facts.body.length}`;
}

function streamed(bytes: Buffer, cuts: readonly number[]): string[] {
  const told: string[] = [];
  const stream = new SipStream({
    frame: (frame) => told.push(verdict(frame)),
    ping: () => told.push('ping'),
    broken: () => told.push('broken'),
  });
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (let at = 1; at < edges.length; at++) stream.push(bytes.subarray(edges[at - 1], edges[at]));
  return told;
}

export const sipHeads: Target = {
  name: 'sip-heads',
  round(random) {
    const bytes = bent(oneOf(random, messages), random);
    const frame = datagramFrame(bytes);
    if (frame) verdict(frame);
    const several = Buffer.concat(
      Array.from({ length: 1 + random(3) }, () => bent(oneOf(random, messages), random, 2)),
    );
    const cuts = Array.from({ length: random(8) }, () => random(several.length + 1));
    assert.deepEqual(streamed(several, cuts), streamed(several, []), 'however the stream is cut');
  },
};
