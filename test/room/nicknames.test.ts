/** How nicknames are prepared and compared (RFC 8266), proposed and kept back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cutNickname,
  nicknameCandidates,
  nicknameKey,
  prepareNickname,
  Quarantine,
} from '../../src/room/nicknames.ts';

const MINUTES = 60_000;
/** Any text, with the characters that the rules are about more often than chance would have them. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
      fc.constantFrom(
        ' ',
        '\u3000',
        '\u00a0',
        'ϔ',
        'Ⅳ',
        'ﬀ',
        'İ',
        'Σ',
        'ς',
        'ａ',
        'é',
        'e\u0301',
        '\u1e9e',
        '한',
        '´',
        'A',
        '\n',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

function taken<T>(count: number, from: Iterable<T>): T[] {
  const result: T[] = [];
  for (const item of from) {
    result.push(item);
    if (result.length === count) break;
  }
  return result;
}

const compared: readonly [nickname: string, key: string][] = [
  ['Foo', 'foo'],
  ['foo', 'foo'],
  ['Foo Bar', 'foo bar'],
  ['foo bar', 'foo bar'],
  ['Σ', 'σ'],
  ['σ', 'σ'],
  ['ς', 'ς'],
  ['ϔ', 'ϋ'],
  ['∞', '∞'],
  ['Richard Ⅳ', 'richard iv'],
];

for (const [nickname, key] of compared) {
  test(`checklist 75: <${nickname}> compares as <${key}> (RFC 8266 section 3)`, () => {
    assert.equal(nicknameKey(nickname), key);
  });
}

const prepared: readonly [written: string, nickname: string | undefined][] = [
  ['Alice', 'Alice'],
  ['stpeter ', 'stpeter'],
  ['  St \u3000 Peter\u00a0', 'St Peter'],
  ['ＡＬＩＣＥ', 'ALICE'],
  ['Queen of Hearts ♥', 'Queen of Hearts ♥'],
  ['\u{1f469}', '\u{1f469}'],
  // Comes out with a space at its beginning, which the next round takes away.
  ['´a', '\u0301a'],
  ['', undefined],
  ['\u2003', undefined],
  ['\nAlice', undefined],
  ['Alice\r', undefined],
  ['\ufeffAlice', undefined],
  ['Al\u200bice', undefined],
  ['Alice\u034f', undefined],
  ['\u3164', undefined],
  ['\ue000', undefined],
  ['\udc00', undefined],
];

for (const [written, nickname] of prepared) {
  test(`checklist 75: ${JSON.stringify(written)} is ${nickname ?? 'no nickname'} (RFC 8266 sections 2.2, 2.3)`, () => {
    assert.equal(prepareNickname(written), nickname);
  });
}

test('checklist 73: 1023 octets are a nickname, and one more is none (RFC 7701 section 7.1)', () => {
  assert.equal(prepareNickname('x'.repeat(1023))?.length, 1023);
  assert.equal(prepareNickname('x'.repeat(1024)), undefined);
  assert.equal(prepareNickname('é'.repeat(512)), undefined);
});

test('what is prepared stays as it is when prepared again', () => {
  fc.assert(
    fc.property(text, (written) => {
      const nickname = prepareNickname(written);
      if (nickname !== undefined) assert.equal(prepareNickname(nickname), nickname);
    }),
  );
});

test('a prepared nickname compares as what it was made of, and a key as itself', () => {
  fc.assert(
    fc.property(text, (written) => {
      const nickname = prepareNickname(written);
      if (nickname !== undefined) assert.equal(nicknameKey(nickname), nicknameKey(written));
      assert.equal(nicknameKey(nicknameKey(written)), nicknameKey(written));
    }),
  );
});

test('spaces, width and the case of letters make no difference', () => {
  const words = fc.array(fc.stringMatching(/^[A-Za-z0-9é♥]{1,8}$/), { minLength: 1, maxLength: 4 });
  const space = fc.constantFrom(' ', '  ', '\u3000', '\u00a0 \u2003');
  fc.assert(
    fc.property(words, space, space, (parts, between, around) => {
      const other = `${around}${parts.join(between).toUpperCase()}${around}`;
      assert.equal(nicknameKey(other), nicknameKey(parts.join(' ')));
    }),
  );
});

test('first nicknames: the first name that fits, marked, then numbered', () => {
  const cut = (name: string, room: number): string => name.slice(0, 5 - room);
  const fits = (name: string): boolean => /^[a-z_]+$/.test(name);
  const tries = (...names: string[]): string[] => taken(5, nicknameCandidates(names, fits, cut));
  assert.deepEqual(tries('Bob B', 'bob'), ['bob', 'bob_', 'bob2', 'bob3', 'bob4']);
  assert.deepEqual(tries('duchess'), ['duche', 'duch_', 'duch2', 'duch3', 'duch4']);
  assert.deepEqual(tries('4711', ''), ['gues1', 'gues2', 'gues3', 'gues4', 'gues5']);
  assert.deepEqual(tries('abcd_'), ['abcd_', 'abcd2', 'abcd3', 'abcd4', 'abcd5']);
});

test('the first 50 candidates all fit and are all different', () => {
  const names = fc.array(text, { maxLength: 3 });
  fc.assert(
    fc.property(names, fc.integer({ min: 3, max: 40 }), (written, longest) => {
      const cut = (name: string, room: number): string => name.slice(0, longest - room);
      const candidates = taken(
        50,
        nicknameCandidates(written, (name) => name !== '', cut),
      );
      assert.equal(new Set(candidates).size, 50);
      assert.ok(candidates.every((candidate) => candidate !== '' && candidate.length <= longest));
    }),
  );
});

test('also a nickname of full length has candidates that are nicknames', () => {
  const long = [
    text,
    fc.constant('x'.repeat(1023)),
    fc.constant(`${'é'.repeat(511)}_`),
    fc.constant(`a${'\u0301'.repeat(511)}`),
  ];
  fc.assert(
    fc.property(fc.oneof(...long), (written) => {
      const names = [prepareNickname(written) ?? ''];
      for (const candidate of taken(
        50,
        nicknameCandidates(names, (name) => name !== '', cutNickname),
      )) {
        assert.equal(prepareNickname(candidate), candidate);
      }
    }),
    { numRuns: 20 },
  );
});

test('checklist 82: a nickname rests for ten minutes, for others only, in any spelling', () => {
  const quarantine = new Quarantine();
  quarantine.add('Alice', 'alice', 0);
  assert.ok(quarantine.holds('ALICE', 'bob', 10 * MINUTES - 1));
  assert.ok(!quarantine.holds('alice', 'alice', 1));
  assert.ok(!quarantine.holds('alice', 'bob', 10 * MINUTES));
  assert.ok(!quarantine.holds('bob', 'bob', 1));
  quarantine.add('alice', 'bob', 5 * MINUTES);
  assert.ok(quarantine.holds('alice', 'alice', 12 * MINUTES));
});

test('a thousand nicknames rest at most', () => {
  const quarantine = new Quarantine();
  for (let i = 0; i <= 1000; i++) quarantine.add(`nick${i}`, `user${i}`, i);
  assert.ok(!quarantine.holds('nick0', 'bob', 1000));
  assert.ok(quarantine.holds('nick1', 'bob', 1000));
  assert.ok(quarantine.holds('nick1000', 'bob', 1000));
});

test('checklist 82: who changes its nickname again and again ends the rest of its own only', () => {
  const quarantine = new Quarantine();
  quarantine.add('Bob', 'bob', 0);
  for (let i = 0; i < 2000; i++) quarantine.add(`nick${i}`, 'mallory', i);
  assert.ok(quarantine.holds('bob', 'mallory', 2000));
  assert.ok(quarantine.holds('nick1980', 'bob', 2000));
  assert.ok(!quarantine.holds('nick1979', 'bob', 2000));
});
