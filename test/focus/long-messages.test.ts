/** Files that are distributed while they come in (RFC 7701 section 6.1), over real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CpimContent } from '../../src/focus/cpim-content.ts';
import { LongMessage } from '../../src/focus/long-message.ts';
import { Requests } from '../../src/focus/requests.ts';
import type { MessageOpening } from '../../src/msrp/index.ts';
import type { NetworkEffect } from '../../src/room/effects.ts';
import { refused } from '../../src/room/refusals.ts';
import { field, type MsrpFrame } from '../naive/msrp-frame.ts';
import type { Participant, SayOptions } from '../naive/participant.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type OpenRoom, stage } from './stage.ts';

const PICTURE = Buffer.alloc(300_000, 'abcdefg\r\n-------');
const IMAGE: SayOptions = { content: 'image/png' };

/** A picture of which the parts are sent when the test wants it. */
function picture(
  who: Participant,
  options: SayOptions & { total?: boolean; content?: string } = {},
): {
  readonly body: Buffer;
  readonly messageId: string;
  /** Sends the bytes between two places; the response. */
  readonly send: (from: number, to: number, flag?: string) => Promise<MsrpFrame>;
} {
  const { total = true, messageId = `${who.name}picture` } = options;
  const body = who.wraps(PICTURE, { ...IMAGE, ...options });
  return {
    body,
    messageId,
    send(from, to, flag = to >= body.length ? '$' : '+') {
      const part = body.subarray(from, to);
      const headers: [string, string][] = [
        ['Message-ID', messageId],
        ['Byte-Range', `${from + 1}-*/${total ? body.length : '*'}`],
        ...(options.successReport ? [['Success-Report', options.successReport] as [string, string]] : []),
        ['Content-Type', 'message/cpim'],
      ];
      return who.msrp.request('SEND', headers, part, flag);
    },
  };
}

const gets = (who: Participant, body: Buffer) =>
  who.msrp.messages.takes('the picture', (message) => message.body.equals(body));
const gotNothing = (who: Participant) =>
  who.msrp.frames.none('picture', ({ body }) => body !== undefined && body.includes('abcdefg\r\n-------'));

test('checklist 59, 60: it is on its way before its end has come, under one Message-ID, to those who were there at its beginning', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const { body, send } = picture(alice);
  assert.equal((await send(0, 200_000)).status, 200);
  // Text is not held back by it: what has come is in a chunk of its own.
  await alice.says('in between');
  await bob.hears('in between');
  const carol = await joins('carol');
  assert.equal((await send(200_000, body.length)).status, 200);
  const { frames } = await gets(bob, body);
  assert.ok(frames.length > 1);
  assert.ok((frames[0]?.body?.length ?? 0) > 65_536);
  assert.equal(new Set(frames.map((frame) => field(frame, 'Message-ID'))).size, 1);
  await alice.says('and after');
  await carol.hears('and after');
  gotNothing(carol);
});

test('checklist 32, 56: with nothing between it is one chunk with the bytes as they came', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob, carol] = [await joins('alice'), await joins('bob'), await joins('carol')];
  await alice.says(PICTURE, { ...IMAGE, chunk: 50_000 });
  for (const who of [bob, carol]) {
    const { frames, body } = await who.msrp.messages.takes(
      'the picture',
      ({ body: b }) => b.length > 300_000,
    );
    assert.equal(frames.length, 1);
    assert.ok(body.subarray(-PICTURE.length).equals(PICTURE));
  }
});

for (const [what, ends] of [
  ['#', ({ send }) => send(200_000, 200_010, '#').then(({ status }) => assert.equal(status, 200))],
  ['BYE', (_, alice) => alice.leaves()],
  ['a lost connection', async (_, alice) => alice.vanishes()],
] as [string, (way: ReturnType<typeof picture>, alice: Participant) => Promise<unknown>][]) {
  test(`checklist 60, 61: with ${what} of its sender it is given up for all`, async (t) => {
    const { joins } = await stage(t);
    const [alice, bob, carol] = [await joins('alice'), await joins('bob'), await joins('carol')];
    const way = picture(alice);
    await way.send(0, 200_000);
    await ends(way, alice);
    for (const who of [bob, carol]) {
      const { frames } = await who.msrp.aborted.takes('the end of the picture', () => true);
      assert.ok((frames[0]?.body?.length ?? 0) > 0);
    }
    await bob.says('was that all?');
    await carol.hears('was that all?');
  });
}

test('checklist 60: who leaves in the middle hurts nobody', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob, carol] = [await joins('alice'), await joins('bob'), await joins('carol')];
  const dave = await joins('dave');
  const { body, send } = picture(alice);
  await send(0, 200_000);
  await bob.leaves();
  dave.vanishes();
  await send(200_000, body.length);
  await gets(carol, body);
});

test('who is expelled in the middle gets no more of it: the chunk is given up, and then comes why', async (t) => {
  const { joins, lobby } = await stage(t);
  const [alice, bob, carol] = [await joins('alice'), await joins('bob'), await joins('carol')];
  const { body, send } = picture(alice);
  await send(0, 200_000);
  lobby.loop.push({ type: 'expelled', participant: bob.address, text: 'kicked by ann' });
  await bob.hears('kicked by ann');
  await bob.isSentAway();
  // Given up at once, and not only interrupted for the text.
  const sends = bob.msrp.frames.all.filter(
    ({ method, body: part }) => method === 'SEND' && part !== undefined,
  );
  assert.deepEqual(
    sends.map(({ flag }) => flag),
    ['#', '$'],
  );
  await send(200_000, body.length);
  await gets(carol, body);
});

test('checklist 33: without a total, and with chunks in another order', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const order = (count: number) =>
    [0, 2, 1, 4, 3, ...Array(Math.max(0, count - 5)).keys()].map((n, i) => (i < 5 ? n : i));
  await alice.says(PICTURE, { ...IMAGE, chunk: 40_000, total: false, order });
  await alice.says(PICTURE, {
    ...IMAGE,
    chunk: 40_000,
    overlap: 100,
    order: (n) => [...Array(n).keys()].reverse(),
  });
  for (let i = 0; i < 2; i += 1) {
    const { body } = await bob.msrp.messages.takes('the picture', ({ body: b }) => b.length > 300_000);
    assert.ok(body.subarray(-PICTURE.length).equals(PICTURE));
  }
});

for (const [status, what, options] of [
  [403, 'a From that is somebody else', { as: 'sip:bob@users.test' }],
  [403, 'two To headers', { cpimHeaders: [['To', '<sip:bob@users.test>']] }],
  [404, 'a To that is nobody', { to: 'sip:nobody@users.test' }],
  [415, 'a type that the room does not take', { content: 'video/mp4' }],
  [415, 'a header that has to be understood', { cpimHeaders: [['Require', 'Magic.Word']] }],
  [428, 'somebody who takes no private messages', { to: 'sip:mute@users.test' }],
] as [number, string, SayOptions][]) {
  test(`checklist 52, 53, 59, 67, 68: ${what} is answered ${status} when the headers are there, and nobody gets any of it`, async (t) => {
    const { joins } = await stage(t);
    const [alice, bob, mute] = [
      await joins('alice'),
      await joins('bob'),
      await joins('mute', { chatroom: null }),
    ];
    const { send } = picture(alice, options);
    assert.equal((await send(0, 1000)).status, status);
    assert.equal((await send(1000, 2000)).status, 413);
    await alice.says('only this');
    for (const who of [bob, mute]) {
      await who.hears('only this');
      gotNothing(who);
    }
  });
}

test('checklist 49: a wrapper that is none is answered 400, at the latest when its headers are too long', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const send = (body: Buffer, messageId: string) =>
    alice.msrp.request(
      'SEND',
      [
        ['Message-ID', messageId],
        ['Byte-Range', '1-*/200000'],
        ['Content-Type', 'message/cpim'],
      ],
      body,
      '+',
    );
  assert.equal((await send(Buffer.from('no wrapper\r\n\r\n'), 'none1')).status, 400);
  assert.equal((await send(Buffer.from(`X: ${'y'.repeat(40_000)}`), 'none2')).status, 400);
});

test('checklist 57, 58, 70, 71: only to who takes the type, and in private only to whom it is for', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob, plain] = [
    await joins('alice'),
    await joins('bob'),
    await joins('plain', { wrapped: 'text/plain' }),
  ];
  const tablet = await joins('alice');
  const room = picture(alice, { messageId: 'for-all' });
  await room.send(0, room.body.length);
  await gets(bob, room.body);
  const own = picture(alice, { messageId: 'for-bob', to: bob.address, successReport: 'yes' });
  const carol = await joins('carol');
  await own.send(0, 100_000);
  await own.send(100_000, own.body.length);
  await gets(bob, own.body);
  await gets(tablet, own.body);
  const deaf = picture(alice, { messageId: 'for-plain', to: plain.address });
  assert.equal((await deaf.send(0, 100_000)).status, 415);
  const { status, frame } = await alice.getsReport('for-bob');
  assert.equal(status, 200);
  assert.match(frame.body?.toString() ?? '', /^From: .*alice.*\r\nTo: .*bob/);
  await alice.says('only this');
  for (const who of [plain, carol]) {
    await who.hears('only this');
    gotNothing(who);
  }
});

test('who asked for privacy is not named, and who dialled another URI finds that in To; all else stays', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice', { privacy: 'id' });
  const bob = await joins('bob');
  const other = await joins('other', { domain: '127.0.0.1' });
  const { send, body } = picture(alice);
  await send(0, 100_000);
  await send(100_000, body.length);
  for (const who of [bob, other]) {
    const { body: got } = await who.msrp.messages.takes('the picture', ({ body: b }) => b.length > 300_000);
    const head = got.subarray(0, got.length - PICTURE.length).toString();
    assert.ok(!head.includes('alice'));
    assert.match(head, /From: .*anonymous\d+@anonymous\.invalid/);
    assert.ok(head.includes(`To: <${who.roomUri}>`), head);
    assert.ok(got.subarray(-PICTURE.length).equals(PICTURE));
  }
});

/** A network that lets everybody in and answers what is relayed as told. */
function network(
  { loop }: OpenRoom,
  outcome: { ok: true } | ReturnType<typeof refused>,
): OpenRoom['answers'] {
  return (effect: NetworkEffect) => {
    if (effect.type === 'admit') {
      const nick = effect.newcomer.userName;
      loop.push({ type: 'settled', request: effect.request, outcome: { ok: true, nick } });
    }
    if (effect.type === 'relay') loop.push({ type: 'settled', request: effect.request, outcome });
  };
}

const relayed = ({ asked }: OpenRoom) =>
  asked.flatMap((effect) =>
    effect.type === 'relay' ? [`${effect.content.type} ${effect.content.size}`] : [],
  );

test('IRC is told once: at the beginning where the size is known, else at the end, and not of what was given up before', async (t) => {
  const { joins, lobby } = await stage(t, { networked: true });
  lobby.answers = network(lobby, { ok: true });
  lobby.loop.push({ type: 'reach', up: true, text: '' });
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const known = picture(alice, { messageId: 'known', successReport: 'yes' });
  await known.send(0, 100_000);
  assert.deepEqual(relayed(lobby), ['image/png 300000']);
  await known.send(100_000, known.body.length);
  await gets(bob, known.body);
  assert.equal((await alice.getsReport('known')).status, 200);
  const unknown = picture(alice, { messageId: 'unknown', total: false, successReport: 'yes' });
  await unknown.send(0, 100_000);
  assert.equal(relayed(lobby).length, 1);
  await unknown.send(100_000, unknown.body.length);
  assert.equal((await alice.getsReport('unknown')).status, 200);
  assert.deepEqual(relayed(lobby), ['image/png 300000', 'image/png 300000']);
  const up = picture(alice, { messageId: 'given-up', total: false });
  await up.send(0, 100_000);
  await up.send(100_000, 100_001, '#');
  await bob.msrp.aborted.takes('its end', () => true);
  assert.equal(relayed(lobby).length, 2);
});

test('what IRC refuses takes nothing from the others: its sender gets a REPORT when it is whole', async (t) => {
  const { joins, lobby } = await stage(t, { networked: true });
  lobby.answers = network(lobby, refused('forbidden', 'cannot send to channel'));
  lobby.loop.push({ type: 'reach', up: true, text: '' });
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const { send, body, messageId } = picture(alice);
  assert.equal((await send(0, 100_000)).status, 200);
  alice.msrp.reports.none('a REPORT', () => true);
  assert.equal((await send(100_000, body.length)).status, 200);
  await gets(bob, body);
  const { status, frame } = await alice.getsReport(messageId);
  assert.equal(status, 403);
  assert.equal(field(frame, 'Byte-Range'), `1-${body.length}/${body.length}`);
});

test('while one is behind its sender is stopped, and goes on when nobody is', () => {
  const told: string[] = [];
  const wrapper = 'From: <sip:a@b>\r\nTo: <sip:c@d>\r\n\r\nContent-Type: image/png\r\n\r\n';
  const head = new CpimContent(Buffer.from(wrapper));
  const opening = {
    body: Buffer.from(wrapper),
    total: undefined,
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
  } as unknown as MessageOpening;
  const push = ({ type }: { type: string }): number => told.push(type);
  const state = { clock: new FakeClock(), push, requests: new Requests(() => 'r') };
  const long = new LongMessage({ opening, head, enclosure: undefined, state, refused: () => {} });
  const reader = long.content.body.read({ grew: () => {}, gaveUp: () => told.push('given up') });
  const flow = long.start();
  for (let i = 0; i < 2; i += 1) flow.data(Buffer.alloc(65_536));
  assert.deepEqual(told, []);
  flow.data(Buffer.alloc(65_536));
  assert.deepEqual(told, ['pause']);
  reader.take(reader.peek().bytes.length);
  assert.deepEqual(told, ['pause', 'resume']);
  flow.aborted();
  assert.deepEqual(told, ['pause', 'resume', 'given up', 'given-up']);
  assert.equal(state.clock.pending, 0);
});

test('long text is no file: it is read as a whole', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  const text = 'long '.repeat(20_000);
  await alice.says(text, { chunk: 30_000 });
  const { frames } = await bob.msrp.messages.takes('the text', ({ body }) => body.includes(text));
  assert.equal(frames.length, 1);
});
