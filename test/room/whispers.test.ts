/** Private messages (RFC 7701 section 6.2). */
import { test } from 'node:test';
import {
  arrived,
  join,
  leave,
  refusedBy,
  roomOf,
  settled,
  thing,
  whisper,
  whispered,
  type Stage,
} from './transcript.ts';

const picture = thing('file', 'image/png');
const typing = thing('signal', 'application/im-iscomposing+xml');

/** Alice and Bob with phones, old with one that knows no private messages, Ann on IRC. */
function company(options: Parameters<typeof roomOf>[1] = {}): Stage {
  const room = roomOf(['alice', 'bob'], options);
  room.room.handle(join('join-old', 'old', { takesPrivate: false }), room.now);
  room.room.handle(settled('join-old', 'old'), room.now);
  room.room.handle(arrived('ann-id', 'ann'), room.now);
  return room;
}

test('checklist 70: between participants nothing goes to IRC', () => {
  company().plays([whisper('m1', 'alice', ['bob'], 'psst'), 'whisper alice: psst to [bob]', 'answer m1 ok']);
});

test('to somebody on IRC: the answer waits for IRC, the other devices of the author have it at once', () => {
  company().plays(
    [
      whisper('m1', 'alice', ['ann-id'], 'psst'),
      'taken m1',
      'whisper alice: psst to []',
      'relay m1 alice: psst to [ann-id]',
    ],
    [settled('m1', undefined), 'answer m1 ok'],
    [
      whisper('m2', 'alice', ['ann-id'], 'psst'),
      'taken m2',
      'whisper alice: psst to []',
      'relay m2 alice: psst to [ann-id]',
    ],
    [refusedBy('m2', 'forbidden'), 'answer m2 forbidden'],
  );
});

test('to some: each once, whatever address means it', () => {
  company().plays([
    whisper('m1', 'alice', ['bob', 'ann-id', 'bob', 'somebody or ann'], 'you two'),
    'taken m1',
    'whisper alice: you two to [bob]',
    'relay m1 alice: you two to [ann-id]',
  ]);
});

test('checklist 67: to nobody: 404, also where only one of several is nobody', () => {
  company().plays(
    [whisper('m1', 'alice', ['cyd'], 'psst'), 'answer m1 nobody'],
    [whisper('m2', 'alice', ['bob', 'cyd or cyd'], 'psst'), 'answer m2 nobody'],
    [whisper('m3', 'alice', ['x or bob'], 'psst'), 'answer m3 nobody'],
    [whisper('m4', 'mallory', ['bob'], 'psst'), 'answer m4 forbidden'],
    [leave('bob'), 'release bob (left): bye', 'roster'],
    [whisper('m5', 'alice', ['bob'], 'psst'), 'answer m5 nobody'],
  );
});

test('checklist 68: to who cannot take it: 428, until one of its devices can', () => {
  const takes = { type: 'takes-private', participant: 'old', endpoint: 'old/phone', takes: true } as const;
  company().plays(
    [whisper('m1', 'alice', ['old'], 'psst'), 'answer m1 no-private'],
    [whisper('m2', 'alice', ['bob', 'old'], 'psst'), 'answer m2 no-private'],
    [takes],
    [whisper('m3', 'alice', ['old'], 'psst'), 'whisper alice: psst to [old]', 'answer m3 ok'],
    [{ ...takes, takes: false }],
    [whisper('m4', 'alice', ['old'], 'psst'), 'answer m4 no-private'],
    [{ type: 'takes-private', participant: 'nobody', endpoint: 'nobody/phone', takes: true }],
  );
  company().plays(
    [join('j1', 'old', { device: 'tablet' }), 'answer j1 ok old', 'roster'],
    [whisper('m1', 'alice', ['old'], 'psst'), 'whisper alice: psst to [old]', 'answer m1 ok'],
    [leave('old', 'tablet'), 'roster'],
    [whisper('m2', 'alice', ['old'], 'psst'), 'answer m2 no-private'],
  );
});

test('checklist 66: where the room has none: 403', () => {
  company({ privateMessages: false }).plays([
    whisper('m1', 'alice', ['bob'], 'psst'),
    'answer m1 private-off',
  ]);
});

test('a nick is understood where just one on IRC has it', () => {
  const relay = (id: string): string[] => [
    `taken ${id}`,
    'whisper alice: psst to []',
    `relay ${id} alice: psst to [ann-id]`,
  ];
  company().plays(
    [whisper('m1', 'alice', ['old-id or ann'], 'psst'), ...relay('m1')],
    [arrived('other', 'ann'), 'roster'],
    [whisper('m2', 'alice', ['old-id or ann'], 'psst'), 'answer m2 nobody'],
    [whisper('m3', 'alice', ['ann-id or other'], 'psst'), ...relay('m3')],
  );
});

test('pictures and typing pass between participants and do not go to IRC', () => {
  company().plays(
    [whisper('m1', 'alice', ['bob'], picture), 'whisper alice: image/png to [bob]', 'answer m1 ok'],
    [whisper('m2', 'alice', ['bob', 'ann-id'], picture), 'answer m2 forbidden'],
    [
      whisper('m3', 'alice', ['bob', 'ann-id'], typing),
      'whisper alice: application/im-iscomposing+xml to [bob]',
      'answer m3 ok',
    ],
  );
});

test('who wrote from IRC is answered also when it is no longer in the room, while the participant stays', () => {
  company().plays(
    [whispered('cleo', 'alice', 'psst'), 'whisper cleo: psst to [alice]'],
    [
      whisper('m1', 'alice', ['cleo'], 'yes?'),
      'taken m1',
      'whisper alice: yes? to []',
      'relay m1 alice: yes? to [cleo]',
    ],
    [whisper('m2', 'bob', ['cleo'], 'you?'), 'answer m2 nobody'],
    [leave('alice'), 'release alice (left): bye', 'roster'],
    [whispered('cleo', 'alice', 'too late')],
    [join('j1', 'alice'), 'admit j1 alice'],
    [settled('j1', 'alice'), 'answer j1 ok alice', 'roster'],
    [whisper('m3', 'alice', ['cleo'], 'yes?'), 'answer m3 nobody'],
  );
});

test('from IRC to who cannot take it: the sender is told, and is no contact', () => {
  const takes = { type: 'takes-private', participant: 'old', endpoint: 'old/phone', takes: true } as const;
  company().plays(
    [whispered('ann-id', 'old', 'psst'), 'unheard old: ann-id'],
    [whispered('cleo', 'old', 'psst'), 'unheard old: cleo'],
    [takes],
    [whisper('m1', 'old', ['cleo'], 'yes?'), 'answer m1 nobody'],
    [whispered('cleo', 'old', 'psst'), 'whisper cleo: psst to [old]'],
  );
  company({ privateMessages: false }).plays([whispered('ann-id', 'alice', 'psst'), 'unheard alice: ann-id']);
});

test('checklist 64: from IRC to who cannot be sent anything now: the sender is told', () => {
  const missed = { type: 'missed', participant: 'alice', from: 'ann-id' } as const;
  company().plays(
    [whispered('ann-id', 'alice', 'psst'), 'whisper ann-id: psst to [alice]'],
    [missed, 'unheard alice: ann-id'],
    [leave('alice'), 'release alice (left): bye', 'roster'],
    [missed],
  );
});

test('from IRC to a group: whoever of it cannot take it is passed over', () => {
  company({ operators: 'ops' }).plays([whispered('ann-id', 'old', 'help', 'ops')]);
});

test('of those who wrote, the last 200 are remembered', () => {
  const room = company();
  for (let i = 0; i < 201; i++) room.room.handle(whispered(`c${i}`, 'alice', 'psst'), room.now);
  room.plays(
    [whisper('m1', 'alice', ['c0'], 'yes?'), 'answer m1 nobody'],
    [
      whisper('m2', 'alice', ['c1'], 'yes?'),
      'taken m2',
      'whisper alice: yes? to []',
      'relay m2 alice: yes? to [c1]',
    ],
  );
});

test('the operators are addressed as one, and address a participant as one of them', () => {
  company({ operators: 'ops' }).plays(
    [
      whisper('m1', 'alice', ['ops', 'bob'], 'help'),
      'taken m1',
      'whisper alice: help to [bob]',
      'relay m1 alice: help to [ops]',
    ],
    [whispered('ann', 'alice', 'coming', 'ops'), 'whisper ann: coming to [alice] as one of ops'],
  );
  company().plays([whisper('m1', 'alice', ['ops'], 'help'), 'answer m1 nobody']);
});
