/** Everything of MSRP that the naive client does, over each carrier, with somebody on TCP, in rooms without IRC. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { join } from '../naive/join.ts';
import type { Cut } from '../naive/msrp-chunks.ts';
import { field } from '../naive/msrp-frame.ts';
import type { Participant } from '../naive/participant.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { howTo, type Manner } from './scene.ts';

const WAYS: readonly (readonly [string, Manner])[] = [
  ['TCP', { setup: 'active' }],
  ['TCP, passive', { setup: 'passive' }],
  ['TLS', { tls: true, setup: 'active' }],
  ['TLS, passive', { tls: true, setup: 'passive' }],
  ['WebSocket', { web: true }],
];

interface Scene {
  readonly t: TestContext;
  readonly parley: Parley;
  readonly manner: Manner;
  /** Over the carrier that is looked at. */
  readonly alice: Participant;
  /** Over TCP, in the same room. */
  readonly bob: Participant;
  /** Over TCP, in the room `den`. */
  readonly dora: Participant;
}

type Story = (scene: Scene) => Promise<void>;

const image = { content: 'image/png' } as const;

async function getsPicture(who: Participant, picture: Buffer): Promise<Buffer> {
  const { cpim, raw } = await who.hears(/./s, { type: 'image/png' });
  assert.deepEqual(cpim.content, picture);
  return raw;
}

const backwards = (count: number): number[] => Array.from({ length: count }, (_, at) => count - 1 - at);
const twoOfThemTwice = (count: number): number[] => [1, 0, ...backwards(count)].slice(0, count + 1);

const CUTS: readonly Cut[] = [
  { chunk: 1000 },
  { chunk: [3, 5000, 70, 2048, 2049] },
  { chunk: [700, 900], overlap: 9 },
  { chunk: [4000, 7], total: false },
  { chunk: 1500, order: backwards },
  { chunk: 900, overlap: 50, total: false, order: twoOfThemTwice },
];

const chunks: Story = async ({ alice, bob }) => {
  for (const how of CUTS) {
    const picture = randomBytes(20_000);
    const id = await alice.says(picture, { ...image, ...how, successReport: 'yes' });
    await getsPicture(bob, picture);
    const { status, frame } = await alice.getsReport(id);
    assert.equal(status, 200);
    assert.match(field(frame, 'Byte-Range') ?? '', /^1-(\d+)\/\1$/);
  }
};

const givenUp: Story = async ({ alice, bob }) => {
  const pictures = (): number => bob.heard.all.filter(({ type }) => type === 'image/png').length;
  const before = pictures();
  await alice.says(randomBytes(9000), { ...image, chunk: 2000, abort: 3 });
  await alice.says(`${alice.name}, after that`);
  await bob.hears(`${alice.name}, after that`);
  assert.equal(pictures(), before);
};

const longMessages: Story = async ({ alice, bob, manner }) => {
  const picture = randomBytes(300_000);
  await alice.says(picture, image);
  await getsPicture(bob, picture);
  await bob.says(picture, image);
  const raw = await getsPicture(alice, picture);
  const message = alice.msrp.messages.all.find(({ body }) => body.equals(raw));
  // On a WebSocket nothing could be interrupted (RFC 7977 section 5.1); elsewhere it is not cut needlessly.
  assert.equal((message?.frames.length ?? 0) > 1, manner.web === true);
};

const answers: Story = async ({ alice, bob }) => {
  const silent = alice.msrp.postMessage(alice.wraps('no'), { failureReport: 'no' });
  const partly = alice.msrp.postMessage(alice.wraps('partial'), { failureReport: 'partial' });
  for (const text of ['no', 'partial']) await bob.hears(text, { from: alice.address });
  const wrong = alice.msrp.postMessage(Buffer.from('x'), { type: 'a/b', failureReport: 'partial' });
  assert.equal((await alice.msrp.response(wrong.join())).status, 415);
  const reports = alice.msrp.reports.all.length;
  await alice.says('without a report');
  for (const transaction of [...silent, ...partly])
    alice.msrp.frames.none('an answer', (frame) => frame.transaction === transaction);
  assert.equal(alice.msrp.reports.all.length, reports);
};

const nicknames: Story = async ({ alice, bob }) => {
  await alice.nickname(`${alice.name} in wonderland`);
  await bob.nickname(`${alice.name} in Wonderland`, 425);
  await alice.nicknameAsWritten('"', 424);
  await alice.nickname('');
};

/** The last one: Alice leaves. */
const shared: Story = async ({ t, parley, alice, dora, manner }) => {
  const how = { ...manner, setup: 'active', room: 'den', over: alice.msrp } as const;
  const again = await join(t, howTo(parley, alice.name, how));
  assert.equal((await alice.call.bye()).status, 200);
  alice.msrp.leave();
  await again.says('from the lobby');
  await dora.hears('from the lobby', { from: alice.address });
  await dora.says(`to ${alice.name}`);
  await again.hears(`to ${alice.name}`);
  await again.leaves();
};

const STORIES: readonly (readonly [string, Story])[] = [
  ['checklist 33: chunks of any size, in any order, overlapping, of unknown total', chunks],
  ['a message that is given up is heard by nobody', givenUp],
  ['checklist 31, 32: long messages both ways', longMessages],
  ['checklist 35, 36: what is answered and reported, and what is not', answers],
  ['checklist 73, 74, 76: nicknames', nicknames],
  ['checklist 42: a second session over the same connection outlives the first', shared],
];

test('an end by another hand, over every carrier', { timeout: 120_000 }, async (t) => {
  const rooms = { lobby: { network: null }, den: { network: null } };
  const parley = await startParley(t, { config: { rooms } });
  const bob = await join(t, howTo(parley, 'bob'));
  const dora = await join(t, howTo(parley, 'dora', { room: 'den' }));
  for (const [number, [way, manner]] of WAYS.entries()) {
    const alice = await join(t, howTo(parley, `alice${number}`, manner));
    const scene = { t, parley, manner, alice, bob, dora };
    for (const [title, tell] of STORIES) await t.test(`${way}: ${title}`, () => tell(scene));
  }
});
