/** What became of a line: heard by the reader, refused, swallowed, or passed by the fence (design: decisions 2 and 3). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Talk } from './talk.ts';

const swallowed = 'lost: IRC took this and nobody there saw it';
const broken = 'lost: the connection to IRC broke before this was confirmed';

test('a line goes out with a fence behind it, and is done when the reader hears it', () => {
  const talk = new Talk();
  talk.say('one');
  talk.wasSent('PRIVMSG #a one', 'PING fence-1');
  talk.ended();
  assert.equal(talk.hears('one'), true);
  talk.ended('one: ok');
  talk.answers();
  assert.equal(talk.hears('one'), false, 'once is enough');
  talk.ended();
});

test('heard after the PONG is as good', () => {
  const talk = new Talk();
  talk.say('one');
  talk.answers();
  talk.clock.advance(9_999);
  talk.ended();
  talk.hears('one');
  talk.ended('one: ok');
  talk.clock.advance(60_000);
  talk.ended();
});

test('a message of several lines has one fence, behind its last line, and one outcome', () => {
  const talk = new Talk();
  talk.say(['1', '2', '3']);
  talk.wasSent('PRIVMSG #a 1', 'PRIVMSG #a 2', 'PRIVMSG #a 3', 'PING fence-1');
  talk.hears('1');
  talk.hears('2');
  talk.ended();
  talk.hears('3');
  talk.ended('1: ok');
});

test('one fence is on its way at a time, and the next covers all that came meanwhile', () => {
  const talk = new Talk();
  talk.say('one');
  talk.say('two');
  talk.say('three');
  talk.wasSent('PRIVMSG #a one', 'PING fence-1', 'PRIVMSG #a two', 'PRIVMSG #a three');
  talk.answers();
  talk.wasSent('PING fence-2');
  talk.answers('fence-9');
  talk.answers();
  talk.wasSent();
});

test('a refusal before the PONG is of a line before the fence', () => {
  const talk = new Talk();
  talk.say('one');
  talk.refuses('404', '#A', 'Cannot send to channel (+m)');
  talk.ended();
  talk.answers();
  talk.ended('one: muted: IRC says: Cannot send to channel (+m)');
});

test('one refused of three: the one that is not heard, and the message says how much is missing', () => {
  const talk = new Talk();
  talk.say('one');
  talk.say('two');
  talk.say('three');
  talk.say(['a', 'b', 'c']);
  talk.answers();
  talk.hears('one');
  talk.refuses('404');
  talk.answers();
  talk.hears('three');
  talk.hears('a');
  talk.hears('c');
  talk.ended('one: ok', 'three: ok');
  talk.hears('two');
  talk.ended('two: ok', 'a: muted: 1 of 3 lines did not get through: IRC says: no');
});

test('refused while the others were heard before the PONG: known with the PONG', () => {
  const talk = new Talk();
  talk.say(['a', 'b', 'c']);
  talk.hears('a');
  talk.refuses('404');
  talk.hears('c');
  talk.ended();
  talk.answers();
  talk.ended('a: muted: 1 of 3 lines did not get through: IRC says: no');
});

test('all refused is no partial failure', () => {
  const talk = new Talk();
  talk.say(['a', 'b']);
  talk.refuses('404');
  talk.refuses('404');
  talk.answers();
  talk.ended('a: muted: IRC says: no');
});

test('a refusal of what nobody waits for is nobody’s', () => {
  const talk = new Talk();
  talk.refuses('404');
  talk.say('one');
  talk.refuses('404', '#b');
  talk.refuses('401', 'ann');
  talk.answers();
  talk.ended();
  talk.hears('one');
  talk.ended('one: ok');
});

test('taken and heard by nobody: lost ten seconds after its fence', () => {
  const talk = new Talk();
  talk.say('one');
  talk.clock.advance(60_000);
  talk.ended();
  talk.answers();
  talk.clock.advance(9_999);
  talk.ended();
  talk.clock.advance(1);
  talk.ended(`one: ${swallowed}`);
});

test('swallowed between two that are heard', () => {
  const talk = new Talk();
  talk.say(['a', 'b', 'c']);
  talk.answers();
  talk.hears('a');
  talk.hears('c');
  talk.clock.advance(10_000);
  talk.ended('a: lost: 1 of 3 lines did not get through: IRC took this and nobody there saw it');
});

test('what the server has changed is the oldest line that is still waited for', () => {
  const talk = new Talk();
  talk.say('a damn line');
  talk.say('another');
  assert.equal(talk.hears('a **** line'), true);
  talk.ended('a damn line: ok');
  assert.equal(talk.hears('another', '#b'), false, 'in that channel nothing is waited for');
  talk.hears('another', '#A');
  talk.ended('another: ok');
});

test('where the reader cannot hear, the PONG confirms', () => {
  const talk = new Talk();
  talk.say('psst', { target: 'ann', confirm: 'fence' });
  talk.wasSent('PRIVMSG ann psst', 'PING fence-1');
  talk.answers();
  talk.ended('psst: ok');
  talk.say('psst', { target: 'ann', confirm: 'fence' });
  talk.refuses('401', 'Ann', 'No such nick');
  talk.answers();
  talk.ended('psst: nobody: IRC says: No such nick');
});

test('a PONG that never comes settles nothing until the link is lost', () => {
  const talk = new Talk();
  talk.say('one');
  talk.say('psst', { target: 'ann', confirm: 'fence' });
  talk.clock.advance(80_000);
  talk.ended();
  talk.speaker.lost();
  talk.ended(`psst: ${broken}`);
  talk.clock.advance(3_000);
  talk.ended(`one: ${broken}`);
});

test('the link is lost with lines open: for three seconds they may still be heard', () => {
  const talk = new Talk();
  talk.say('one');
  talk.say('two');
  talk.answers();
  talk.say('three');
  talk.speaker.lost();
  assert.equal(talk.hears('two'), true);
  talk.ended('two: ok');
  talk.clock.advance(2_999);
  talk.ended();
  talk.clock.advance(1);
  talk.ended(`one: ${broken}`, `three: ${broken}`);
  assert.equal(talk.hears('one'), false);
});

test('lines of the lost link are not confirmed by the fence of the next one', () => {
  const talk = new Talk();
  talk.say('old');
  talk.speaker.lost();
  talk.link();
  talk.say('new');
  talk.wasSent('PRIVMSG #a old', 'PING fence-1', 'PRIVMSG #a new', 'PING fence-2');
  talk.answers('fence-1');
  talk.answers('fence-2');
  talk.hears('new');
  talk.ended('new: ok');
  talk.clock.advance(3_000);
  talk.ended(`old: ${broken}`);
});

test('the reader hears nothing any more: the fence alone has to do, also for what waits for it', () => {
  const talk = new Talk({ pace: { burst: 3, perSecond: 1 } });
  talk.say('passed');
  talk.answers();
  talk.say('sent');
  talk.say('waiting');
  talk.speaker.notHeard();
  talk.ended('passed: ok');
  talk.answers();
  talk.ended('sent: ok');
  talk.clock.advance(5_000);
  talk.answers();
  talk.ended('waiting: ok');
});

test('the reader is thrown out of one channel: only lines to that one are confirmed by the fence alone', () => {
  const talk = new Talk();
  talk.say('here');
  talk.say('there', { target: '#b' });
  talk.answers();
  talk.answers();
  talk.ended();
  talk.say('here too');
  talk.speaker.notHeard('#A');
  talk.ended('here: ok');
  talk.answers();
  talk.ended('here too: ok');
  talk.clock.advance(10_000);
  talk.ended(`there: ${swallowed}`);
});

test('without the reader a refusal is still a refusal', () => {
  const talk = new Talk();
  talk.say(['a', 'b']);
  talk.refuses('404');
  talk.answers();
  talk.speaker.notHeard('#a');
  talk.ended('a: muted: 1 of 2 lines did not get through: IRC says: no');
});

test('law: each message has one outcome, whatever happens, and ok only if each line was heard', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('say' as const), lines: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant('hear' as const), line: fc.nat(30) }),
    fc.record({ do: fc.constant('answer' as const) }),
    fc.record({ do: fc.constant('refuse' as const) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 5_000, 20_000) }),
    fc.record({ do: fc.constantFrom('lose' as const, 'link' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const talk = new Talk({ pace: { burst: 5, perSecond: 2 } });
      const said: string[][] = [];
      let heard = 0;
      let number = 0;
      for (const one of steps) {
        if (one.do === 'say') {
          const lines = Array.from({ length: one.lines }, () => `line ${number++}`);
          said.push(lines);
          talk.say(lines);
        } else if (one.do === 'hear') {
          const text = `line ${one.line}`;
          if (talk.sent.includes(`PRIVMSG #a ${text}`) && talk.hears(text)) heard += 1;
        } else if (one.do === 'answer') {
          const ping = talk.sent.findLast((line) => line.startsWith('PING '));
          if (ping) talk.speaker.event({ type: 'pong', token: ping.slice(5) });
        } else if (one.do === 'refuse') talk.refuses('404');
        else if (one.do === 'wait') talk.clock.advance(one.ms);
        else if (one.do === 'lose') talk.speaker.lost();
        else talk.link({ burst: 5, perSecond: 2 });
      }
      talk.speaker.close();
      talk.clock.advance(60_000);
      assert.deepEqual(
        new Set(talk.outcomes.map((outcome) => outcome.split(':')[0])),
        new Set(said.map(([first]) => first)),
      );
      assert.equal(talk.outcomes.length, said.length);
      for (const outcome of talk.outcomes.filter((text) => text.endsWith(': ok'))) {
        const lines = said.find(([first]) => outcome === `${first}: ok`) ?? [];
        // A line heard twice stands for another one, as servers may change texts.
        assert.ok(heard >= lines.length, outcome);
      }
    }),
  );
});
