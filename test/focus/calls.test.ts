/** How calls begin and change, with simple clients over real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, enters, isRefused } from '../naive/join.ts';
import { header } from '../naive/sip-message.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { moves } from './moving.ts';
import { roomSettings, SETTINGS, stage } from './stage.ts';

test('checklist 12, 13: every manner of a=setup, offered by them and by us', async (t) => {
  const { joins } = await stage(t);
  const bob = await joins('bob');
  for (const setup of ['active', 'actpass', 'passive', null] as const) {
    const alice = await joins('alice', { setup });
    assert.equal(alice.media.setup, setup === 'passive' ? 'active' : 'passive');
    await alice.says(`by ${setup}`);
    await bob.hears(`by ${setup}`);
    await alice.leaves();
  }
  for (const setup of ['active', 'passive'] as const) {
    const carol = await joins('carol', { setup, offerless: true });
    assert.equal(carol.media.setup, 'actpass', 'never passive in an offer');
    await carol.says(`you offered to ${setup}`);
    await bob.hears(`you offered to ${setup}`);
    await bob.whispers(carol.address, 'your answer says that you know how');
    await carol.hears('your answer says that you know how');
    await carol.leaves();
  }
});

test('a bad answer to our offer ends the call', async (t) => {
  const { how, lobby } = await stage(t);
  const { call, phone } = await calls(t, how('alice', { offerless: true }));
  phone.sdp = 'this is no session description';
  assert.equal((await call.answer()).status, 200);
  const bye = await call.dialog.gets('BYE');
  assert.match(header(bye, 'reason'), /^SIP;cause=488;text="no answer to the offer"$/);
  assert.equal(lobby.loop.roster.size, 0);
});

test('the room takes its time: it rings, the puppet comes, and then the answer; or the caller hangs up', async (t) => {
  const clock = new FakeClock();
  const { how, lobby } = await stage(t, { clock, networked: true });
  const waiting = await calls(t, how('alice'));
  await waiting.call.invite.responses.takes('100', ({ status }) => status === 100);
  clock.advance(500);
  await waiting.call.rings();
  const [admit] = lobby.asked;
  assert.ok(admit?.type === 'admit');
  assert.deepEqual(admit.newcomer, {
    id: 'sip:alice@users.test',
    displayName: '',
    userName: 'alice',
    address: 'sip:alice@users.test',
    anonymous: false,
    host: '127.0.0.1',
  });
  lobby.loop.push({ type: 'settled', request: admit.request, outcome: { ok: true, nick: 'alice_' } });
  const alice = await enters(t, waiting, how('alice'));
  assert.equal(lobby.loop.roster.entry(alice.address)?.nick, 'alice_');

  const hasty = await calls(t, how('bob'));
  await hasty.call.invite.responses.takes('100', ({ status }) => status === 100);
  clock.advance(500);
  await hasty.call.rings();
  assert.equal((await hasty.call.cancel()).status, 200);
  assert.equal((await hasty.call.answer()).status, 487);
  assert.deepEqual(lobby.asked.at(-1), {
    type: 'release',
    participant: 'sip:bob@users.test',
    cause: 'left',
    reason: 'cancelled',
  });
  assert.equal(lobby.loop.roster.size, 1);
});

test('what the other side says of a caller becomes the answer', async (t) => {
  const { how, lobby } = await stage(t, { networked: true });
  const { call } = await calls(t, how('alice'));
  await call.invite.responses.takes('100', ({ status }) => status === 100);
  const [admit] = lobby.asked;
  assert.ok(admit?.type === 'admit');
  const outcome = { ok: false, refusal: 'unavailable', text: 'IRC is away' } as const;
  lobby.loop.push({ type: 'settled', request: admit.request, outcome });
  const answer = await call.answer();
  assert.equal(answer.status, 503);
  assert.equal(header(answer, 'retry-after'), '5');
  assert.equal(header(answer, 'warning'), '399 chat.example.com "IRC is away"');
});

test('the fate of a message: 200 when it is taken, a REPORT when it is heard or refused (RFC 4975 section 7.1.4)', async (t) => {
  const { how, lobby } = await stage(t, { networked: true });
  const enter = async (user: string) => {
    const caller = await calls(t, how(user));
    await caller.call.invite.responses.takes('100', ({ status }) => status === 100);
    const admit = lobby.asked.at(-1);
    assert.ok(admit?.type === 'admit');
    lobby.loop.push({ type: 'settled', request: admit.request, outcome: { ok: true, nick: user } });
    return enters(t, caller, how(user));
  };
  const alice = await enter('alice');
  const bob = await enter('bob');
  lobby.loop.push({ type: 'reach', up: true, text: 'IRC is there' });
  const settle = (outcome: { ok: true } | { ok: false; refusal: 'muted'; text: string }): void => {
    const relay = lobby.asked.at(-1);
    assert.ok(relay?.type === 'relay');
    lobby.loop.push({ type: 'settled', request: relay.request, outcome });
  };
  const heard = await alice.says('heard', { successReport: 'yes' });
  settle({ ok: true });
  assert.equal((await alice.getsReport(heard)).status, 200);
  await bob.hears('heard');
  const refused = await alice.says('refused');
  settle({ ok: false, refusal: 'muted', text: 'you may not speak' });
  const report = await alice.getsReport(refused);
  assert.deepEqual([report.status, report.comment], [403, 'you may not speak']);
  bob.heardNothing('refused');
  lobby.answers = () => settle({ ok: false, refusal: 'muted', text: 'at once' });
  await alice.says('refused at once', { expect: 403 });
  lobby.answers = () => {};

  lobby.loop.push({ type: 'arrived', person: { id: 'ann[x]+local', nick: 'ann', roles: [], away: false } });
  const ann = 'sip:ann%5Bx%5D+local@chat.example.com';
  const said = {
    kind: 'text',
    type: 'text/plain',
    size: 5,
    held: 5,
    text: () => ({ action: true, lines: [[{ text: 'waves', style: {} }]] }),
  } as const;
  lobby.loop.push({
    type: 'heard',
    from: 'ann[x]+local',
    nick: 'ann',
    content: said,
    at: Date.UTC(2026, 1, 3),
  });
  const wave = await alice.hears('/me waves', { from: ann, name: 'ann', to: alice.roomUri });
  assert.match(wave.raw.toString(), /^DateTime: 2026-02-03T00:00:00\.000Z\r$/m);
  lobby.loop.push({
    type: 'whispered',
    from: 'ann[x]+local',
    nick: 'ann',
    to: alice.address,
    content: said,
    at: Date.now(),
  });
  await alice.hears('/me waves', { from: ann, to: alice.address });
  await alice.whispers(ann, 'I saw');
  const relayed = lobby.asked.at(-1);
  assert.ok(relayed?.type === 'relay-private');
  assert.deepEqual(relayed.to, ['ann[x]+local']);
});

test('checklist 16: a re-INVITE with nothing new changes nothing, not even our o= line', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice', { udp: true });
  const bob = await joins('bob');
  const answer = await alice.call.again(alice.phone.sdp);
  assert.equal(answer.status, 200);
  assert.equal(answer.body, alice.answer.body);
  const held = await alice.call.again(`${alice.phone.sdp}a=sendonly\r\n`);
  assert.match(held.body, /a=recvonly/);
  assert.match(held.body, /^o=- \d+ 2 /m);
  const refused = await alice.call.again(alice.phone.sdp.replace(/^m=message \d+/m, 'm=message 0'));
  assert.equal(refused.status, 488);
  const offer = await alice.call.again('');
  assert.equal(offer.status, 200);
  assert.match(offer.body, /^a=setup:actpass\r$/m);
  await alice.says('as before');
  await bob.hears('as before');
  await bob.says('to you too');
  await alice.hears('to you too');
});

test('a re-INVITE with a new path moves the session, in either part', async (t) => {
  const { joins, lobby } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  for (const setup of ['active', 'passive'] as const) {
    const { end: moved, connects } = await moves(t, alice, setup);
    assert.notEqual(moved.peer, alice.msrp.peer, 'a session of its own');
    await connects();
    await bob.says(`to the new path, ${setup}`);
    await moved.messages.takes('the message', ({ body }) => body.includes(`to the new path, ${setup}`));
    const [response] = await moved.send(alice.wraps(`from the new path, ${setup}`));
    assert.equal(response?.status, 200);
    await bob.hears(`from the new path, ${setup}`);
  }
  await alice.msrp.closed;
  assert.equal(lobby.loop.roster.size, 2);
});

test('checklist 24: a client that knows no chat rooms is told that it is in one, unless it subscribes', async (t) => {
  const clock = new FakeClock();
  const { joins } = await stage(t, { clock });
  const aware = await joins('aware');
  const old = await joins('old', { chatroom: null });
  const knowing = await joins('knowing', { chatroom: null });
  await knowing.subscribes();
  clock.advance(2000);
  await old.hears(/^You are in the chat room lobby\. What you send goes to everybody in it\.$/, {
    from: old.roomUri,
    to: old.roomUri,
  });
  await old.hears('In the room: aware, old, knowing (3 people).');
  await aware.says('welcome');
  await knowing.hears('welcome');
  assert.equal(knowing.heard.all.length, 1);
  assert.equal(aware.heard.all.length, 0);
});

test('settings that change hold for who comes then', async (t) => {
  const { joins, lobby, how } = await stage(t);
  const alice = await joins('alice');
  const settings = { ...SETTINGS, types: ['text/plain'], nicknames: false, deny: ['*bob*'] };
  lobby.loop.push({ type: 'configure', settings: roomSettings('lobby', settings) });
  lobby.focus.configure(settings);
  await alice.says('<b>no more</b>', { content: 'text/html', expect: 415 });
  await isRefused(t, how('bob'), 403);
  const carol = await joins('carol');
  assert.deepEqual(carol.media.chatroom, ['private-messages']);
  assert.deepEqual(carol.media.acceptWrappedTypes, [
    'text/plain',
    'multipart/mixed',
    'multipart/alternative',
  ]);
});
