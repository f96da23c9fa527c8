/** What was said in a room of late is replayed to who comes in (contract.md, `rooms.*.history`). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainLines } from '../../src/common/spans.ts';
import { type Content, textContent } from '../../src/room/content.ts';
import { History, type Said } from '../../src/room/history.ts';
import {
  arrived,
  heard,
  join,
  leave,
  reach,
  refusedBy,
  roomOf,
  say,
  settled,
  START,
  thing,
  whisper,
  whispered,
} from './transcript.ts';

const ann = { id: 'ann', nick: 'ann' };

function text(words: string): Content {
  return textContent({ action: false, lines: plainLines(words) });
}

function ids(said: readonly Said[]): number[] {
  return said.map(({ id }) => id);
}

test('who comes in gets the last messages, of IRC and of SIP, in the order in which they were heard', () => {
  const room = roomOf(['alice'], { history: 3 });
  room.plays(
    [heard('ann', 'one'), 'deliver ann: one to all'],
    [say('m1', 'alice', 'two'), 'taken m1', 'relay m1 alice: two'],
    [heard('ann', 'three'), 'deliver ann: three to all'],
    [settled('m1', undefined), 'deliver alice: two to all but alice/phone', 'answer m1 ok'],
    [heard('bea', 'four'), 'deliver bea: four to all'],
    [join('j1', 'bob'), 'admit j1 bob'],
    [
      settled('j1', 'bob'),
      'answer j1 ok bob',
      'replay to bob/phone: ann: three, alice: two, bea: four',
      'roster',
    ],
  );
});

test('each device that comes in gets them, once: a second one too, and one that comes back', () => {
  const room = roomOf(['alice'], { history: 5 });
  const replay = (device: string): string => `replay to alice/${device}: ann: hello`;
  room.plays(
    [heard('ann', 'hello'), 'deliver ann: hello to all'],
    [join('j1', 'alice', { device: 'tablet' }), 'answer j1 ok alice', replay('tablet'), 'roster'],
    [leave('alice', 'tablet'), 'roster'],
    [join('j2', 'alice', { device: 'tablet' }), 'answer j2 ok alice', replay('tablet'), 'roster'],
  );
});

test('devices that waited for the same membership each get them', () => {
  roomOf([], { history: 5 }).plays(
    [heard('ann', 'hello'), 'deliver ann: hello to all'],
    [join('j1', 'bob'), 'admit j1 bob'],
    [join('j2', 'bob', { device: 'tablet' })],
    [
      settled('j1', 'bob'),
      'answer j1 ok bob',
      'replay to bob/phone: ann: hello',
      'answer j2 ok bob',
      'replay to bob/tablet: ann: hello',
      'roster',
    ],
  );
});

test('what is on its way when somebody comes in is heard live and not replayed', () => {
  roomOf(['alice'], { history: 5 }).plays(
    [say('m1', 'alice', 'hello'), 'taken m1', 'relay m1 alice: hello'],
    [join('j1', 'bob'), 'admit j1 bob'],
    [settled('j1', 'bob'), 'answer j1 ok bob', 'roster'],
    [settled('m1', undefined), 'deliver alice: hello to all but alice/phone', 'answer m1 ok'],
  );
});

test('only what was delivered to the room is kept: nothing refused, private, or that somebody is typing', () => {
  const room = roomOf(['alice', 'bob'], { history: 5 });
  const typing = thing('signal', 'application/im-iscomposing+xml');
  room.plays(
    [say('m1', 'alice', 'muted'), 'taken m1', 'relay m1 alice: muted'],
    [refusedBy('m1', 'muted'), 'answer m1 muted'],
    [
      say('m2', 'alice', typing),
      'deliver alice: application/im-iscomposing+xml to all but alice/phone',
      'answer m2 ok',
    ],
    [whisper('m3', 'alice', ['bob'], 'psst'), 'whisper alice: psst to [bob]', 'answer m3 ok'],
    [arrived('ann'), 'roster'],
    [whispered('ann', 'alice', 'psst'), 'whisper ann: psst to [alice]'],
    [reach(false), 'tell all: IRC is away', 'roster'],
    [join('j1', 'bob', { device: 'tablet' }), 'answer j1 ok bob', 'roster'],
  );
});

test('without history nothing is kept, and a change of it takes hold at once', () => {
  const room = roomOf(['alice'], { history: 0 });
  const configure = (history: number) => {
    return { type: 'configure', settings: { ...room.settings, history } } as const;
  };
  const comes = (request: string) => join(request, 'alice', { device: 'tablet' });
  const goes = leave('alice', 'tablet');
  const told = 'replay to alice/tablet: ';
  room.plays(
    [heard('ann', 'one'), 'deliver ann: one to all'],
    [comes('j1'), 'answer j1 ok alice', 'roster'],
    [goes, 'roster'],
    [configure(3)],
    [heard('ann', 'two'), 'deliver ann: two to all'],
    [heard('ann', 'three'), 'deliver ann: three to all'],
    [comes('j2'), 'answer j2 ok alice', `${told}ann: two, ann: three`, 'roster'],
    [goes, 'roster'],
    [configure(1)],
    [comes('j3'), 'answer j3 ok alice', `${told}ann: three`, 'roster'],
    [goes, 'roster'],
    [configure(0)],
    [comes('j4'), 'answer j4 ok alice', 'roster'],
    [goes, 'roster'],
    [configure(3)],
    [comes('j5'), 'answer j5 ok alice', 'roster'],
  );
});

test('a message keeps the time at which it was said, and the nick that its author had', () => {
  const stage = roomOf(['alice'], { networked: false, history: 5 });
  stage.now += 60_000;
  stage.plays(
    [say('m1', 'alice', 'hello'), 'deliver alice: hello to all but alice/phone', 'answer m1 ok'],
    [{ type: 'rename', request: 'n1', participant: 'alice', nick: 'Queen' }, 'answer n1 ok Queen', 'roster'],
  );
  stage.now += 60_000;
  const effects = stage.room.handle(join('j1', 'bob'), stage.now);
  const replay = effects.find((effect) => effect.type === 'replay');
  assert.ok(replay);
  assert.deepEqual(
    replay.messages.map(({ at, from }) => [at - START, from.id, from.nick]),
    [[60_000, 'alice', 'alice']],
  );
});

test('a line of IRC keeps the time that its server says, however late it is heard', () => {
  const stage = roomOf(['alice'], { history: 5 });
  const content = text('hello');
  stage.room.handle({ type: 'heard', from: 'ann', nick: 'ann', content, at: START - 5000 }, stage.now);
  const effects = stage.room.handle(join('j1', 'alice', { device: 'tablet' }), stage.now);
  assert.deepEqual(
    effects.flatMap((effect) => (effect.type === 'replay' ? effect.messages.map(({ at }) => at) : [])),
    [START - 5000],
  );
});

test('a text that would fill all of it is not kept, and what was said before stays', () => {
  const history = new History(10);
  history.add(ann, text('before'), START);
  history.add(ann, text('x'.repeat(512 * 1024)), START);
  assert.deepEqual(ids(history.all()), [1]);
});

test('a small picture is kept, a large one and what is not there as a whole are not', () => {
  const history = new History(10);
  history.add(ann, thing('file', 'image/png', 64 * 1024), START);
  history.add(ann, thing('file', 'image/png', 64 * 1024 + 1), START);
  history.add(ann, thing('file', 'image/png', Infinity), START);
  history.add(ann, text('after all'), START);
  assert.deepEqual(ids(history.all()), [1, 4]);
});

test('what is replayed was taken at that moment', () => {
  const history = new History(2);
  history.add(ann, text('one'), START);
  const before = history.all();
  history.add(ann, text('two'), START);
  history.add(ann, text('three'), START);
  assert.deepEqual(ids(before), [1]);
});

test('law: the last messages, in order, each once, no more than the limit and 512 KiB', () => {
  const size = fc.oneof(fc.nat(200), fc.integer({ min: 60_000, max: 70_000 }), fc.nat(600_000));
  const kind = fc.constantFrom('text' as const, 'file' as const, 'signal' as const);
  const message = fc.record({ kind, size });
  const resize = fc.record({ limit: fc.nat(8) });
  fc.assert(
    fc.property(
      fc.nat(8),
      fc.array(fc.oneof(message, message, resize), { maxLength: 60 }),
      (first, steps) => {
        const history = new History(first);
        let limit = first;
        let count = 0;
        for (const step of steps) {
          if ('limit' in step) {
            limit = step.limit;
            history.resize(limit);
          } else {
            const { kind: what, size: bytes } = step;
            count += 1;
            history.add(
              ann,
              { kind: what, type: 'x/y', size: bytes, held: bytes, text: () => undefined },
              START,
            );
          }
          const all = history.all();
          const held = all.reduce((sum, { content }) => sum + content.held, 0);
          assert.ok(all.length <= limit);
          assert.ok(held <= 512 * 1024);
          assert.deepEqual(
            ids(all),
            [...new Set(ids(all))].toSorted((a, b) => a - b),
          );
          const last = 'kind' in step && step.kind !== 'signal' && step.size < 60_000 && limit > 0;
          if (last) assert.equal(all.at(-1)?.id, count);
        }
      },
    ),
  );
});
