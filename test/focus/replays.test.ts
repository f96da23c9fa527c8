/** Who comes in gets what was said before (contract.md, `rooms.*.history`): a room without a network, with real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textContent } from '../../src/room/content.ts';
import type { NetworkInput } from '../../src/room/inputs.ts';
import type { Participant } from '../naive/participant.ts';
import { cpimHeader } from '../naive/cpim.ts';
import { DOMAIN, stage } from './stage.ts';

const SAID_AT = Date.UTC(2026, 1, 3);

/** What an IRC user has said. */
function heard(words: string): NetworkInput {
  const content = textContent({ action: false, lines: [[{ text: words, style: {} }]] });
  return { type: 'heard', from: 'ann+local', nick: 'ann', content, at: SAID_AT };
}

/** Says something and waits until the other one has it, so that the order is certain. */
async function says(speaker: Participant, words: string, listener: Participant): Promise<void> {
  await speaker.says(words);
  await listener.hears(words);
}

/** The texts that somebody has got up to the given one, which is new to the room. */
async function textsUpTo(who: Participant, last: string): Promise<string[]> {
  await who.hears(last);
  return who.heard.all.map(({ text }) => text);
}

test('checklist 56: a newcomer gets the last messages with the bytes that their authors sent, and before anything newer', async (t) => {
  const { joins, lobby } = await stage(t, { history: 2 });
  const alice = await joins('alice', { displayName: 'Alice' });
  await alice.says('forgotten');
  const headers = [
    ['DateTime', '2026-11-22T23:30:37.869972+00:00'],
    ['Subject', 'kept'],
  ] as const;
  const written = alice.wraps('with a date of its own', { cpimHeaders: headers });
  assert.equal((await alice.msrp.send(written))[0]?.status, 200);
  lobby.loop.push(heard('from IRC'));
  await alice.nickname('Queen');
  const bob = await joins('bob');
  await alice.says('something new');
  assert.deepEqual(await textsUpTo(bob, 'something new'), [
    'with a date of its own',
    'from IRC',
    'something new',
  ]);
  const [first, second] = bob.heard.all;
  assert.deepEqual(first?.raw, written, 'not a byte is changed (RFC 7701 section 6.1)');
  assert.deepEqual([second?.from, second?.name, second?.to], [`sip:ann+local@${DOMAIN}`, 'ann', bob.roomUri]);
  assert.equal(second && cpimHeader(second.cpim, 'DateTime'), '2026-02-03T00:00:00.000Z');
  alice.heardNothing('with a date of its own');
});

test('a second device gets them too; who is there gets nothing again, not by a re-INVITE either', async (t) => {
  const { joins } = await stage(t, { history: 10 });
  const alice = await joins('alice');
  const bob = await joins('bob');
  await says(alice, 'one', bob);
  await says(bob, 'two', alice);
  const tablet = await joins('alice');
  assert.equal((await alice.call.again(alice.phone.sdp)).status, 200);
  assert.equal((await bob.call.again('')).status, 200);
  await bob.says('three');
  assert.deepEqual(await textsUpTo(tablet, 'three'), ['one', 'two', 'three']);
  assert.deepEqual(await textsUpTo(alice, 'three'), ['two', 'three']);
  assert.deepEqual(
    bob.heard.all.map(({ text }) => text),
    ['one'],
  );
});

test('checklist 46: a newcomer gets only what it takes, and under the URI by which it came', async (t) => {
  const { joins } = await stage(t, { history: 10 });
  const alice = await joins('alice');
  const bob = await joins('bob');
  await alice.says(Buffer.from('a picture'), { content: 'image/png' });
  await bob.hears('a picture');
  await says(alice, 'words', bob);
  const plain = await joins('plain', { wrapped: 'text/plain', domain: '127.0.0.1' });
  const rich = await joins('rich');
  await alice.says('new');
  assert.deepEqual(await textsUpTo(plain, 'new'), ['words', 'new']);
  assert.ok(plain.heard.all.every(({ to }) => to === 'sip:lobby@127.0.0.1'));
  assert.deepEqual(await textsUpTo(rich, 'new'), ['a picture', 'words', 'new']);
  assert.ok(rich.heard.all.every(({ to }) => to === `sip:lobby@${DOMAIN}`));
});

test('whose INVITE has no offer gets them when its SDP has come', async (t) => {
  const { joins } = await stage(t, { history: 10 });
  const alice = await joins('alice');
  const bob = await joins('bob');
  await says(alice, 'one', bob);
  const late = await joins('late', { offerless: true, setup: 'passive' });
  await alice.says('two');
  assert.deepEqual(await textsUpTo(late, 'two'), ['one', 'two']);
});

test('checklist 18: who was anonymous when it spoke stays so', async (t) => {
  const { joins } = await stage(t, { history: 10 });
  const hidden = await joins('hidden', { privacy: 'id' });
  const alice = await joins('alice');
  await hidden.says('who am I?');
  const { from } = await alice.hears('who am I?');
  await hidden.leaves();
  const bob = await joins('bob');
  const replayed = await bob.hears('who am I?', { from });
  assert.match(from, /^sip:anonymous\d+@anonymous\.invalid$/);
  assert.doesNotMatch(replayed.raw.toString(), /hidden/);
});
