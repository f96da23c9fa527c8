/** What is said to all (RFC 7701 section 6.1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Content, textContent } from '../../src/room/content.ts';
import { heard, leave, reach, refusedBy, roomOf, say, settled, thing } from './transcript.ts';

const typing = thing('signal', 'application/im-iscomposing+xml');
const picture = thing('file', 'image/png');

test('checklist 55: a text goes to IRC first, and to the others when IRC has it', () => {
  roomOf(['alice', 'bob']).plays(
    [say('m1', 'alice', 'hello'), 'taken m1', 'relay m1 alice: hello'],
    [say('m2', 'bob', 'hi'), 'taken m2', 'relay m2 bob: hi'],
    [settled('m2', undefined), 'deliver bob: hi to all but bob/phone', 'answer m2 ok'],
    [settled('m1', undefined), 'deliver alice: hello to all but alice/phone', 'answer m1 ok'],
    [settled('m1', undefined)],
  );
});

test('a text that IRC refuses goes to nobody, and its sender is told', () => {
  roomOf(['alice', 'bob']).plays(
    [say('m1', 'alice', 'hello'), 'taken m1', 'relay m1 alice: hello'],
    [refusedBy('m1', 'muted'), 'answer m1 muted'],
  );
});

test('a text is delivered under the nick that its author had when it was said', () => {
  roomOf(['alice']).plays(
    [say('m1', 'alice', 'hello'), 'taken m1', 'relay m1 alice: hello'],
    [{ type: 'changed', id: 'alice', nick: 'queen' }, 'roster'],
    [say('m2', 'alice', 'again'), 'taken m2', 'relay m2 queen: again'],
    [settled('m1', undefined), 'deliver alice: hello to all but alice/phone', 'answer m1 ok'],
  );
});

test('what somebody said who has left since is still delivered', () => {
  roomOf(['alice', 'bob']).plays(
    [say('m1', 'alice', 'good night'), 'taken m1', 'relay m1 alice: good night'],
    [leave('alice'), 'release alice (left): bye', 'roster'],
    [settled('m1', undefined), 'deliver alice: good night to all but alice/phone', 'answer m1 ok'],
  );
});

test('with distribute: immediately the others do not wait', () => {
  roomOf(['alice'], { distribute: 'immediately' }).plays(
    [
      say('m1', 'alice', 'hello'),
      'taken m1',
      'deliver alice: hello to all but alice/phone',
      'relay m1 alice: hello',
    ],
    [refusedBy('m1', 'muted'), 'answer m1 muted'],
  );
});

test('while IRC is away the others hear at once, and the line still goes its way', () => {
  const room = roomOf(['alice']);
  room.plays(
    [reach(false), 'tell all: IRC is away', 'roster'],
    [
      say('m1', 'alice', 'anybody?'),
      'taken m1',
      'deliver alice: anybody? to all but alice/phone',
      'relay m1 alice: anybody?',
    ],
    [reach(true), 'tell all: IRC is there', 'roster'],
    [say('m2', 'alice', 'back'), 'taken m2', 'relay m2 alice: back'],
    [refusedBy('m1', 'unavailable'), 'answer m1 unavailable'],
    [settled('m2', undefined), 'deliver alice: back to all but alice/phone', 'answer m2 ok'],
  );
});

test('a text that was on its way when IRC went is delivered or refused, never both', () => {
  roomOf(['alice']).plays(
    [say('m1', 'alice', 'hello'), 'taken m1', 'relay m1 alice: hello'],
    [reach(false), 'tell all: IRC is away', 'roster'],
    [refusedBy('m1', 'lost'), 'answer m1 lost'],
    [settled('m1', undefined)],
  );
});

test('a picture is seen at once, and IRC is told of it', () => {
  roomOf(['alice']).plays(
    [
      say('m1', 'alice', picture),
      'taken m1',
      'deliver alice: image/png to all but alice/phone',
      'relay m1 alice: image/png',
    ],
    [settled('m1', undefined), 'answer m1 ok'],
  );
});

test('that somebody is typing is for the others here only', () => {
  roomOf(['alice']).plays([
    say('m1', 'alice', typing),
    'deliver alice: application/im-iscomposing+xml to all but alice/phone',
    'answer m1 ok',
  ]);
});

test('a room without a network delivers everything at once', () => {
  const deliver = (what: string): string => `deliver alice: ${what} to all but alice/phone`;
  roomOf(['alice'], { networked: false }).plays(
    [say('m1', 'alice', 'hello'), deliver('hello'), 'answer m1 ok'],
    [say('m2', 'alice', picture), deliver('image/png'), 'answer m2 ok'],
    [say('m3', 'alice', typing), deliver('application/im-iscomposing+xml'), 'answer m3 ok'],
  );
});

test('checklist 53: whoever is not in the room says nothing in it', () => {
  const room = roomOf(['alice']);
  room.plays(
    [say('m1', 'mallory', 'hello'), 'answer m1 forbidden'],
    [leave('alice'), 'release alice (left): bye', 'roster'],
    [say('m2', 'alice', 'one more thing'), 'answer m2 forbidden'],
  );
});

test('what is heard on IRC goes to all', () => {
  roomOf(['alice']).plays([heard('ann', 'hello'), 'deliver ann: hello to all']);
});

test('of what is on its way when the room closes, nothing will be heard', () => {
  roomOf(['alice']).plays(
    [say('m1', 'alice', 'hello'), 'taken m1', 'relay m1 alice: hello'],
    [
      { type: 'close', text: 'closed' },
      'answer m1 lost',
      'expel alice (closed): closed',
      'release alice (left): closed',
    ],
    [settled('m1', undefined)],
    [say('m2', 'alice', 'hello?'), 'answer m2 no-room'],
  );
});

test('the size of a text is its bytes', () => {
  const lines = [
    [
      { text: 'né', style: {} },
      { text: '☕', style: { bold: true } },
    ],
    [],
  ];
  const content = textContent({ action: true, lines });
  assert.deepEqual([content.kind, content.type, content.size], ['text', 'text/plain', 6]);
  assert.equal(content.text()?.action, true);
});

const endless: Content = { ...picture, size: undefined };

test('checklist 60: of a picture whose end is open IRC hears when it is whole, and nothing when it is given up', () => {
  roomOf(['alice', 'bob']).plays(
    [say('m1', 'alice', endless), 'taken m1', 'deliver alice: image/png to all but alice/phone'],
    [{ type: 'given-up', request: 'm1' }],
    [{ type: 'complete', request: 'm1' }],
    [say('m2', 'alice', endless), 'taken m2', 'deliver alice: image/png to all but alice/phone'],
    [{ type: 'complete', request: 'm2' }, 'relay m2 alice: image/png'],
    [settled('m2', undefined), 'answer m2 ok'],
  );
});

test('of a picture that is still coming in when the room closes, its sender is told', () => {
  roomOf(['alice']).plays(
    [say('m1', 'alice', endless), 'taken m1', 'deliver alice: image/png to all but alice/phone'],
    [
      { type: 'close', text: 'closed' },
      'answer m1 lost',
      'expel alice (closed): closed',
      'release alice (left): closed',
    ],
  );
});
