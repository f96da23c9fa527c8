/** What holds in a room whatever happens in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RoomEffect } from '../../src/room/effects.ts';
import type { RoomInput } from '../../src/room/inputs.ts';
import { nicknameKey } from '../../src/room/nicknames.ts';
import { refusals } from '../../src/room/refusals.ts';
import type { Entry } from '../../src/room/roster.ts';
import * as make from './transcript.ts';

const NAMES = ['alice', 'bob', 'cyd'];
const PEOPLE = ['ann', 'bea'];
const name = fc.constantFrom(...NAMES);
const anybody = fc.constantFrom(...NAMES, ...PEOPLE, 'ops', 'nobody');
const person = fc.constantFrom(...PEOPLE);
const device = fc.constantFrom('phone', 'tablet');
const nick = fc.constantFrom('alice', 'Alice', 'bob', 'Crown', 'crown', 'ann', 'no\nnick', '', 'ＣＲＯＷＮ');
const content = fc.constantFrom(
  'hello',
  make.thing('file', 'image/png'),
  make.thing('signal', 'application/im-iscomposing+xml'),
);

/** What happens next, once it is known which requests have been made so far. */
type Step = (play: Play) => RoomInput;

const renaming: fc.Arbitrary<Step> = fc.tuple(name, fc.option(nick, { nil: undefined })).map(
  ([who, wanted]) =>
    (play) =>
      make.rename(play.ask('rename'), who, wanted),
);

const fromFocus: fc.Arbitrary<Step>[] = [
  fc.tuple(name, device, fc.option(nick), fc.boolean(), fc.boolean()).map(
    ([who, on, displayName, anonymous, takesPrivate]) =>
      (play) =>
        make.join(play.ask('join'), who, {
          device: on,
          displayName: displayName ?? '',
          anonymous,
          takesPrivate,
        }),
  ),
  fc.nat().map((at) => (play) => make.cancel(play.cancelOne(at))),
  fc.tuple(name, device).map(
    ([who, on]) =>
      () =>
        make.leave(who, on),
  ),
  fc.tuple(anybody, content).map(
    ([who, what]) =>
      (play) =>
        make.say(play.ask('say'), who, what),
  ),
  fc.tuple(anybody, fc.array(anybody, { minLength: 1, maxLength: 3 }), content).map(
    ([who, to, what]) =>
      (play) =>
        make.whisper(play.ask('whisper'), who, to, what),
  ),
  renaming,
  fc.tuple(name, device, fc.boolean()).map(([who, on, takes]) => () => {
    return { type: 'takes-private', takes, participant: who, endpoint: `${who}/${on}` };
  }),
];

const settling: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.option(fc.constantFrom(...refusals), { freq: 1, nil: undefined }))
  .map(([at, refusal]) => (play) => {
    const request = play.settleOne(at);
    return refusal === undefined ? make.settled(request, undefined) : make.refusedBy(request, refusal);
  });

const fromNetwork: fc.Arbitrary<Step>[] = [
  settling,
  settling,
  settling,
  person.map((who) => () => make.arrived(who)),
  person.map((who) => () => ({ type: 'departed', id: who })),
  fc.array(person).map((who) => () => ({ type: 'people', people: who.map((id) => make.person(id)) })),
  fc.tuple(person, nick).map(([id, to]) => () => ({ type: 'changed', id, nick: to })),
  fc.boolean().map((up) => () => make.reach(up)),
  person.map((who) => () => make.heard(who, 'hello')),
  fc.tuple(person, anybody).map(
    ([from, to]) =>
      () =>
        make.whispered(from, to, 'psst'),
  ),
  name.map((who) => () => ({ type: 'expelled', participant: who, text: 'out' })),
  nick.map((text) => () => ({ type: 'topic', text })),
];

const closing: fc.Arbitrary<Step> = fc.constant(() => ({ type: 'close', text: 'closed' }));

/** Plays steps and watches what must hold at each. */
class Play {
  readonly stage: make.Stage;
  readonly asked = new Map<string, string>();
  readonly answers = new Map<string, number>();
  readonly cancelled = new Set<string>();
  #open: string[] = [];

  constructor(options: make.StageOptions) {
    this.stage = new make.Stage({ ...options, operators: options.networked === false ? undefined : 'ops' });
  }

  ask(kind: string): string {
    const request = `${kind}${this.asked.size}`;
    this.asked.set(request, kind);
    return request;
  }

  cancelOne(at: number): string {
    const joins = [...this.asked.keys()].filter((request) => request.startsWith('join'));
    const request = joins[at % joins.length] ?? 'none';
    if (!this.answers.has(request)) this.cancelled.add(request);
    return request;
  }

  /** One of the requests that the network's side has not settled yet. */
  settleOne(at: number): string {
    const request = this.#open[at % this.#open.length] ?? 'none';
    this.#open = this.#open.filter((other) => other !== request);
    return request;
  }

  get unsettled(): number {
    return this.#open.length;
  }

  step(step: Step): RoomEffect[] {
    const { room } = this.stage;
    const before = told([...room.entries()]);
    this.stage.now += 1000;
    const effects = room.handle(step(this), this.stage.now);
    for (const effect of effects) {
      if (effect.type === 'answer') {
        this.answers.set(effect.request, (this.answers.get(effect.request) ?? 0) + 1);
      }
      if (
        effect.type === 'admit' ||
        effect.type === 'relay' ||
        effect.type === 'relay-private' ||
        effect.type === 'rename'
      ) {
        this.#open.push(effect.request);
      }
    }
    const changed = told([...room.entries()]) !== before;
    assert.ok(
      !changed || effects.some(({ type }) => type === 'roster'),
      'the roster changed and nobody was told',
    );
    return effects;
  }

  /** Requests of the kinds that were not answered once, or more than once. */
  wrong(kinds: readonly string[]): string[] {
    return [...this.asked]
      .filter(([request, kind]) => kinds.includes(kind) && !this.cancelled.has(request))
      .filter(([request]) => this.answers.get(request) !== 1)
      .map(([request]) => request);
  }
}

/** What of the roster others see. */
function told(entries: Entry[]): string {
  return JSON.stringify(
    entries.map((entry) => ({ ...entry, endpoints: entry.endpoints.map(({ address }) => address) })),
  );
}

function nicksOfParticipants({ stage }: Play): string[] {
  return [...stage.room.entries()].filter(({ side }) => side === 'focus').map((entry) => entry.nick);
}

const everything = fc
  .array(fc.oneof(...fromFocus, ...fromNetwork), { size: 'max', maxLength: 60 })
  .map(atTheDoor);
const names = fc
  .array(fc.oneof(renaming, settling, ...fromFocus.slice(0, 3)), { size: 'max', maxLength: 40 })
  .map(atTheDoor);

/** Everybody is at the door first, so that much happens in the room; whether they get in is left to chance. */
function atTheDoor(steps: readonly Step[]): Step[] {
  return [
    ...NAMES.map(
      (who): Step =>
        (play) =>
          make.join(play.ask('join'), who),
    ),
    ...steps,
  ];
}

const options = fc.record({
  nicknames: fc.boolean(),
  privateMessages: fc.boolean(),
  distribute: fc.constantFrom('after-irc' as const, 'immediately' as const),
});

test('in a room with a network every request is answered at most once, and once when it has been settled or the room has closed', () => {
  fc.assert(
    fc.property(everything, options, fc.boolean(), (steps, settings, closes) => {
      const play = new Play(settings);
      for (const step of steps) {
        play.step(step);
        assert.ok([...play.answers.values()].every((count) => count === 1));
      }
      if (closes) play.step(() => ({ type: 'close', text: 'closed' }));
      while (play.unsettled > 0) play.step((self) => make.settled(self.settleOne(0), undefined));
      assert.deepEqual(play.wrong(['join', 'say', 'whisper', 'rename']), []);
    }),
    { numRuns: 300 },
  );
});

test('in a room without a network every request is answered at once and once', () => {
  const steps = fc.array(fc.oneof(...fromFocus, ...fromFocus, closing), { maxLength: 60 });
  fc.assert(
    fc.property(steps, options, (sequence, settings) => {
      const play = new Play({ ...settings, networked: false });
      for (const step of sequence) {
        const effects = play.step(step);
        assert.ok(
          effects.every(
            ({ type }) => !['admit', 'release', 'relay', 'relay-private', 'rename'].includes(type),
          ),
        );
        assert.deepEqual(play.wrong(['join', 'say', 'whisper', 'rename']), []);
      }
    }),
    { numRuns: 300 },
  );
});

test('no two participants have nicknames that compare as the same', () => {
  fc.assert(
    fc.property(fc.oneof(everything, names), fc.boolean(), (steps, networked) => {
      const play = new Play({ networked });
      for (const step of steps) {
        play.step(step);
        const keys = nicksOfParticipants(play).map(nicknameKey);
        assert.equal(new Set(keys).size, keys.length, keys.join());
      }
    }),
    { numRuns: 300 },
  );
});

test('whoever has been told that it is in is in the roster, until it goes', () => {
  fc.assert(
    fc.property(everything, (steps) => {
      const play = new Play({});
      for (const step of steps) {
        for (const effect of play.step(step)) {
          if (effect.type !== 'answer' || !effect.outcome.ok || play.asked.get(effect.request) !== 'join')
            continue;
          assert.ok(nicksOfParticipants(play).includes(effect.outcome.nick ?? ''));
        }
        assert.ok(
          [...play.stage.room.entries()].every(
            ({ side, endpoints }) => (side === 'focus') === endpoints.length > 0,
          ),
        );
      }
    }),
    { numRuns: 200 },
  );
});
