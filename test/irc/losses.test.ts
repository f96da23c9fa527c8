/** Why links end: what IRC servers write into ERROR, and how long we stay away then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Backoff } from '../../src/irc/backoff.ts';
import { lossOf, type LossKind } from '../../src/irc/losses.ts';

/** As the servers' sources and networks have them. */
const TEXTS: Readonly<Record<LossKind, readonly string[]>> = {
  net: [
    'Closing link: (a@h) [Ping timeout: 120 seconds]',
    'Closing Link: h (Ping timeout: 265 seconds)',
    'Closing Link: h (Read error: Connection reset by peer)',
    'Closing link: (a@h) [Server shutdown]',
    'Closing Link: alice[h] (Quit: alice)',
    'Server going down (restarting)',
    '',
  ],
  throttled: [
    'Closing Link: h (Trying to reconnect too fast.)',
    'Trying to reconnect too fast.',
    'Closing Link: [h] (Throttled: Reconnecting too fast - Email help@example.net for more information.)',
    'Closing Link: [h] (Connection throttled)',
    'Closing link: (a@h) [Your IP range has been attempting to connect too many times in too short a duration. ' +
      'Wait a while, and you will be able to connect.]',
    'You have attempted to connect too many times within a short duration. Wait a while.',
    'Closing Link: [h] (Too many unknown connections from your IP)',
    'Your host is trying to (re)connect too fast -- throttled',
  ],
  limit: [
    'Closing link: (a@h) [No more connections allowed from your host via this connect class (local)]',
    'Closing link: (a@h) [No more connections allowed from your host via this connect class (global)]',
    'Closing Link: h (Too many user connections (global))',
    'Closing Link: h (Too many host connections (local))',
    'Closing Link: [h] (Too many connections from your IP)',
    'Connection refused, too many connections from your IP address',
    'Connection limit reached',
    'No more connections allowed in your connection class',
    'Sorry, server is full - try later',
    'Too many clients from your network',
    'Your host has too many clones',
  ],
  banned: [
    'Closing link: (a@h) [K-lined: spam]',
    'Closing link: (a@h) [G-Lined: too many bots]',
    'Closing link: (a@h) [Z-lined: flooding]',
    'Closing Link: h (K-Lined)',
    'Closing Link: h (*** Banned )',
    'Closing Link: h (Bad user info)',
    'Closing Link: h (D-lined)',
    'Closing Link: alice[h] (User has been permanently banned from Example (no reason))',
    'Closing Link: alice[h] (G:Line: begone)',
    'You are banned from this server (spam)',
    'AKILL ID: 12 [spam]',
  ],
  killed: [
    'Closing link: (a@h) [Killed (ann (enough))]',
    'Closing Link: h (Killed (ann (too many lines)))',
    'Closing Link: alice[h] (Killed by ann (reconnect and behave))',
    'Killed: banned by hand',
  ],
  flood: [
    'Closing link: (a@h) [RecvQ exceeded]',
    'Closing link: (a@h) [Excess Flood]',
    'Closing Link: h (Excess Flood)',
    'Closing Link: h (Max SendQ exceeded)',
    'Closing connection: SendQ exceeded',
  ],
  refused: [
    'Closing link: (a@h) [Registration timeout]',
    'Closing link: (a@h) [Access denied by configuration]',
    'Closing Link: h (Bad Password)',
    'Access denied: Bad password?',
    'Closing Link: h (You are not authorized to use this server)',
    'Closing Link: h (You need to identify via SASL to use this server)',
    'Password incorrect',
    'Closing Link: [h] (Registration Timeout)',
    'Unauthorised connection',
  ],
  own: [],
};

for (const [kind, texts] of Object.entries(TEXTS)) {
  for (const text of texts) test(`${kind}: ${text}`, () => assert.equal(lossOf(text), kind));
}

/** The least and the most of what would be waited next. */
function waits(kind: LossKind, before = 0): (number | undefined)[] {
  return [0, 1].map((random) => {
    const backoff = new Backoff(() => random);
    for (let attempt = 0; attempt < before; attempt++) backoff.next('net');
    return backoff.next(kind);
  });
}

test('the wait doubles up to half a minute, and chance has three quarters of it', () => {
  assert.deepEqual(waits('net'), [250, 1_000]);
  assert.deepEqual(waits('net', 1), [500, 2_000]);
  assert.deepEqual(waits('net', 4), [4_000, 16_000]);
  assert.deepEqual(waits('net', 5), [7_500, 30_000]);
  assert.deepEqual(waits('net', 1_000), [7_500, 30_000]);
});

test('what the server said makes it longer; a ban is for ever', () => {
  assert.deepEqual(waits('throttled'), [20_250, 21_000]);
  assert.deepEqual(waits('limit'), [60_250, 61_000]);
  assert.deepEqual(waits('killed'), [30_250, 31_000]);
  assert.deepEqual(waits('flood'), [5_250, 6_000]);
  assert.deepEqual(waits('refused'), [30_250, 31_000]);
  assert.deepEqual(waits('banned'), [undefined, undefined]);
});

test('a link that stood for half a minute makes the next wait short again, a shorter one does not', () => {
  const backoff = new Backoff(() => 1);
  backoff.next('net');
  backoff.next('net');
  backoff.stood(29_999);
  assert.equal(backoff.next('net'), 4_000);
  backoff.stood(30_000);
  assert.equal(backoff.next('net'), 1_000);
});

test('law: the wait is never negative and never longer than the least plus half a minute', () => {
  const kind = fc.constantFrom<LossKind>('net', 'throttled', 'limit', 'killed', 'flood', 'refused', 'own');
  fc.assert(
    fc.property(fc.array(kind), fc.double({ min: 0, max: 1, noNaN: true }), (losses, random) => {
      const backoff = new Backoff(() => random);
      for (const loss of losses) {
        const wait = backoff.next(loss) ?? -1;
        assert.ok(wait >= 0 && wait <= 90_000);
      }
    }),
  );
});
