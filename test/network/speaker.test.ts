/** What waits to be spoken: its order, its pace, its limits, and what becomes of it while IRC is away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Talk } from './talk.ts';

const away = 'lost: IRC cannot be reached; this did not get there';
const full = 'too-many: IRC cannot be reached, and too much waits for it already';
const fast = 'too-many: IRC takes no more at this rate; try again later';

test('so many lines at once, then so many a second; the fence uses up what there is', () => {
  const talk = new Talk({ pace: { burst: 3, perSecond: 2 } });
  for (const text of ['1', '2', '3', '4']) talk.say(text);
  talk.wasSent('PRIVMSG #a 1', 'PING fence-1', 'PRIVMSG #a 2');
  talk.clock.advance(499);
  talk.wasSent();
  talk.clock.advance(1);
  talk.wasSent('PRIVMSG #a 3');
  talk.clock.advance(500);
  talk.wasSent('PRIVMSG #a 4');
  talk.clock.advance(10_000);
  talk.wasSent();
  assert.equal(talk.clock.pending, 0);
});

test('a fence does not wait for the pace: nothing would be known before it', () => {
  const talk = new Talk({ pace: { burst: 1, perSecond: 1 } });
  talk.say('1');
  talk.wasSent('PRIVMSG #a 1', 'PING fence-1');
});

test('without a pace all at once; so on a server that says SAFERATE; and after a new pace is set', () => {
  const many = ['1', '2', '3', '4', '5', '6', '7', '8'];
  const free = new Talk();
  free.say(many);
  assert.equal(free.sent.length, 9);
  const safe = new Talk({ linked: false });
  safe.link({ burst: 1, perSecond: 1 }, 'SAFERATE');
  safe.say(many);
  assert.equal(safe.sent.length, 9);
  const slow = new Talk({ pace: { burst: 1, perSecond: 1 } });
  slow.say(many);
  assert.equal(slow.sent.length, 1);
  slow.speaker.setPace(undefined);
  assert.equal(slow.sent.length, 9);
});

test('while IRC is away twenty lines of one author wait, of each author', () => {
  const talk = new Talk({ linked: false });
  talk.say(Array.from({ length: 19 }, (_, at) => `a${at}`));
  talk.say(['x', 'y']);
  talk.ended(`x: ${full}`);
  talk.say('last');
  talk.say('one more');
  talk.ended(`one more: ${full}`);
  talk.say('of bob', { author: 'bob' });
  talk.ended();
  talk.link();
  assert.equal(talk.sent.filter((line) => line.startsWith('PRIVMSG')).length, 21);
});

test('and for thirty seconds', () => {
  const talk = new Talk({ linked: false });
  talk.say('one');
  talk.clock.advance(10_000);
  talk.say('two');
  talk.clock.advance(19_999);
  talk.ended();
  talk.clock.advance(1);
  talk.ended(`one: ${away}`);
  talk.clock.advance(9_000);
  talk.link();
  talk.clock.advance(60_000);
  talk.wasSent('PRIVMSG #a two', 'PING fence-1');
});

test('what waited for the pace when the link was lost goes out over the next one, in its order', () => {
  const talk = new Talk({ pace: { burst: 1, perSecond: 1 } });
  talk.say(['1', '2']);
  talk.say('3');
  talk.wasSent('PRIVMSG #a 1');
  talk.speaker.lost();
  talk.clock.advance(29_999);
  talk.link();
  talk.wasSent('PRIVMSG #a 2', 'PING fence-1', 'PRIVMSG #a 3');
  talk.hears('2');
  talk.hears('3');
  talk.ended(
    '1: lost: 1 of 2 lines did not get through: the connection to IRC broke before this was confirmed',
    '3: ok',
  );
});

test('thirty seconds count from the loss of the link', () => {
  const talk = new Talk({ pace: { burst: 1, perSecond: 0.01 } });
  talk.say('0');
  talk.say('1');
  talk.clock.advance(40_000);
  talk.speaker.lost();
  talk.clock.advance(29_999);
  talk.ended('0: lost: the connection to IRC broke before this was confirmed');
  talk.clock.advance(1);
  talk.ended(`1: ${away}`);
});

test('fifty lines of one author wait while the link is there; one message alone may be longer', () => {
  const talk = new Talk({ pace: { burst: 1, perSecond: 1 } });
  talk.say('first');
  talk.say(Array.from({ length: 60 }, (_, at) => `long ${at}`));
  talk.ended();
  talk.say('too much');
  talk.ended(`too much: ${fast}`);
  talk.clock.advance(12_000);
  talk.say('now');
  talk.ended();
  talk.say('and this', { author: 'bob' });
  talk.ended();
});

test('not more than five hundred lines are on their way', () => {
  const talk = new Talk();
  for (let at = 0; at < 600; at++) talk.say(`${at}`, { author: `${at % 20}` });
  assert.equal(talk.sent.filter((line) => line.startsWith('PRIVMSG')).length, 500);
  talk.hears('0');
  assert.equal(talk.sent.at(-1), 'PRIVMSG #a 500');
  talk.answers();
  talk.answers();
  talk.clock.advance(10_000);
  assert.equal(talk.sent.filter((line) => line.startsWith('PRIVMSG')).length, 600);
});

test('idle: nothing waits to be sent, or nothing can be', () => {
  const talk = new Talk({ pace: { burst: 1, perSecond: 1 } });
  const idle: string[] = [];
  talk.speaker.whenIdle(() => idle.push('at once'));
  talk.say(['1', '2']);
  talk.speaker.whenIdle(() => idle.push('when said'));
  assert.deepEqual(idle, ['at once']);
  talk.clock.advance(1_000);
  assert.deepEqual(idle, ['at once', 'when said']);
  talk.say(['3', '4']);
  talk.speaker.whenIdle(() => idle.push('when lost'));
  assert.equal(idle.length, 2);
  talk.speaker.lost();
  assert.deepEqual(idle, ['at once', 'when said', 'when lost']);
});

test('closed: what waits is lost, what was sent may still be heard', () => {
  const talk = new Talk({ pace: { burst: 1, perSecond: 1 } });
  talk.say('1');
  talk.say('2');
  talk.speaker.close();
  talk.ended(`2: ${away}`);
  talk.hears('1');
  talk.ended('1: ok');
});

test('somebody who says the next thing when told of the last is not heard twice or too early', () => {
  const talk = new Talk();
  talk.say('one', { settled: () => talk.say('two') });
  talk.hears('one');
  talk.wasSent('PRIVMSG #a one', 'PING fence-1', 'PRIVMSG #a two');
  talk.answers();
  talk.wasSent('PING fence-2');
  talk.hears('two');
  talk.ended('two: ok');
});
