/** A room without a network, end to end: people with simple clients join, talk and leave. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefused } from '../naive/join.ts';
import { header } from '../naive/sip-message.ts';
import { DOMAIN, stage } from './stage.ts';

test('checklist 1 to 9: people join, are told what the room is, hear each other and leave', async (t) => {
  const { joins, lobby } = await stage(t);
  const alice = await joins('alice', { displayName: 'Alice' });
  const bob = await joins('bob', { udp: true });
  assert.ok(alice.isFocus);
  assert.deepEqual(alice.media.acceptTypes, ['message/cpim']);
  assert.ok(alice.media.acceptWrappedTypes.includes('text/plain'));
  assert.deepEqual(alice.media.chatroom, ['nickname', 'private-messages']);
  assert.equal(alice.media.maxSize, 1_048_576);
  const sent = alice.wraps('hello ☕', { cpimHeaders: [['Subject', 'kept']] });
  const [response] = await alice.msrp.send(sent);
  assert.equal(response?.status, 200);
  const heard = await bob.hears('hello ☕', { from: alice.address, to: alice.roomUri });
  assert.deepEqual(heard.raw, sent);
  await bob.says('hello back');
  await alice.hears('hello back');
  alice.heardNothing('hello ☕');
  await bob.leaves();
  assert.deepEqual(
    [...lobby.loop.roster.entries()].map(({ id }) => id),
    [alice.address],
  );
  assert.ok(lobby.effects.some((effect) => effect.type === 'deliver'));
});

test('checklist 11, 66 to 71: private messages reach those who can take them, on all their devices', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const tablet = await joins('alice');
  const bob = await joins('bob');
  const old = await joins('old', { chatroom: null });
  await alice.whispers(bob.address, 'between us');
  await bob.hears('between us', { to: bob.address });
  await tablet.hears('between us');
  await bob.whispers(alice.address, 'to both of yours');
  await alice.hears('to both of yours');
  await tablet.hears('to both of yours');
  assert.equal(await alice.saysInVain('can you?', { to: old.address }), 428);
  assert.equal(await alice.saysInVain('anybody?', { to: 'sip:nobody@users.test' }), 404);
  assert.equal(await alice.saysInVain('anybody?', { to: `sip:nick+local@${DOMAIN}` }), 404);
  await old.nickname('Oldie');
  await alice.whispers(old.address, 'now you can', { cc: [bob.address] });
  await old.hears('now you can');
  await bob.hears('now you can');
  await alice.says('aloud');
  await old.hears('aloud');
  old.heardNothing(/between us|can you/);
});

test('checklist 62, 63: each device of a recipient gets a copy, and what it reports goes no further', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const devices = [await joins('bob'), await joins('bob')];
  const id = await alice.says('hello', { successReport: 'yes' });
  assert.equal((await alice.getsReport(id)).status, 200);
  for (const bob of devices) {
    await bob.hears('hello');
    const copy = bob.msrp.messages.all.find(({ body }) => body.includes('hello'));
    for (const messageId of [copy?.messageId ?? '', id]) {
      for (const status of ['000 200 OK', '000 413 too long']) {
        bob.msrp.post('REPORT', [
          ['Message-ID', messageId],
          ['Byte-Range', '1-5/5'],
          ['Status', status],
        ]);
      }
    }
    await bob.says('and on we go');
    await alice.hears('and on we go');
  }
  assert.equal(alice.msrp.reports.all.length, 1, 'the one that is the room’s own');
});

test('checklist 103: a notification passes to whom it is for, and the room makes none', async (t) => {
  const { joins } = await stage(t);
  const wrapped = 'text/plain message/imdn+xml';
  const alice = await joins('alice', { wrapped });
  const bob = await joins('bob', { wrapped });
  const cpimHeaders = [
    ['NS', 'imdn <urn:ietf:params:imdn>'],
    ['imdn.Message-ID', 'a1'],
    ['imdn.Disposition-Notification', 'positive-delivery, display'],
  ] as const;
  await alice.whispers(bob.address, 'tell me', { cpimHeaders });
  assert.match((await bob.hears('tell me')).raw.toString(), /^imdn\.Disposition-Notification: /m);
  const xml = '<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>a1</message-id></imdn>';
  await bob.whispers(alice.address, xml, { content: 'message/imdn+xml', cpimHeaders });
  await alice.hears(xml, { from: bob.address, type: 'message/imdn+xml' });
  await alice.says('thank you');
  await bob.hears('thank you');
  bob.heardNothing(/./, { type: 'message/imdn+xml' });
  assert.deepEqual(
    alice.heard.all.map(({ text }) => text),
    [xml],
  );
});

test('checklist 52 to 54: what is refused is refused, and the room hears nothing of it', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  await alice.says('I am Bob', { expect: 403, as: bob.address });
  await alice.says('I am the room', { expect: 403, as: alice.roomUri });
  await alice.says('to two', { expect: 403, cpimHeaders: [['To', `<${bob.address}>`]] });
  await alice.says('in a strange form', { expect: 415, content: 'application/x-strange' });
  for (let i = 0; i < 2; i += 1) {
    const [response] = await alice.msrp.send(Buffer.from('bare words'), { type: 'text/plain' });
    assert.equal(response?.status, 415);
  }
  const [broken] = await alice.msrp.send(Buffer.from('no header here'));
  assert.equal(broken?.status, 400);
  await alice.hears(/message\/cpim wrapper/, { from: alice.roomUri, to: alice.roomUri });
  const id = await alice.says('?OTRv3? hello', { successReport: 'yes' });
  assert.equal((await alice.getsReport(id)).status, 200);
  await alice.says('');
  await alice.says('at last');
  await bob.hears('at last');
  assert.deepEqual(
    bob.heard.all.map(({ text }) => text),
    ['at last'],
  );
  assert.equal(alice.heard.all.length, 1, 'the reason is told once');
});

test('checklist 72 to 78: nicknames are given, refused and given up', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  await alice.subscribes();
  await bob.nickname('Crown');
  await alice.nickname('crown', 425);
  await alice.nicknameAsWritten('"no end', 424);
  await alice.nicknameAsWritten('Duchess');
  await alice.seesRoster('the Duchess', ({ people }) => people.get(alice.address)?.nickname === 'Duchess');
  await alice.nickname('');
  await alice.seesRoster('alice', ({ people }) => people.get(alice.address)?.nickname === 'alice');
});

test('a room may do without nicknames and private messages, and says so (checklist 9, 66, 72)', async (t) => {
  const { joins } = await stage(t, { settings: { nicknames: false, privateMessages: false } });
  const alice = await joins('alice');
  const bob = await joins('bob');
  assert.deepEqual(alice.media.chatroom, []);
  await alice.nickname('Queen', 403);
  await alice.says('psst', { to: bob.address, expect: 403 });
});

test('each hears the room under the URI that it dialled, and only its To is written anew', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob', { domain: '127.0.0.1' });
  const sent = alice.wraps('to the room');
  await alice.msrp.send(sent);
  const heard = await bob.hears('to the room', { to: 'sip:lobby@127.0.0.1' });
  assert.equal(
    heard.raw.toString(),
    sent.toString().replace(`To: <${alice.roomUri}>`, 'To: <sip:lobby@127.0.0.1>'),
  );
  await bob.says('and back');
  await alice.hears('and back', { to: alice.roomUri });
});

test('checklist 57: what a client does not take is not sent to it', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  const plain = await joins('plain', { wrapped: 'text/plain' });
  const none = await joins('none', { wrapped: null });
  const picture = Buffer.from([0x89, 0x50, 0, 13, 10, 255]);
  await alice.says(picture, { content: 'image/png' });
  const heard = await bob.hears(/./s, { type: 'image/png' });
  assert.deepEqual(heard.cpim.content, picture);
  await alice.says('words');
  await plain.hears('words');
  await none.hears('words');
  plain.heardNothing(/./s, { type: 'image/png' });
});

test('checklist 18, 91: who asks for privacy is anonymous to all, also in the bytes', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  await alice.subscribes();
  const shy = await joins('shy', { privacy: 'id', displayName: 'Shy One' });
  const tablet = await joins('shy', { privacy: 'id' });
  const nobody = await joins('anonymous', { userDomain: 'anonymous.invalid' });
  const other = await joins('anonymous', { userDomain: 'anonymous.invalid' });
  await alice.seesRoster('four people', ({ people }) => people.size === 4);
  const anonyms = [...alice.roster.people.keys()].filter((uri) => uri !== alice.address);
  assert.deepEqual(
    anonyms,
    [1, 2, 3].map((n) => `sip:anonymous${n}@anonymous.invalid`),
  );
  await shy.says('guess who');
  const heard = await alice.hears('guess who', { from: 'sip:anonymous1@anonymous.invalid' });
  assert.doesNotMatch(heard.raw.toString(), /shy@users|Shy One/);
  await tablet.hears('guess who');
  await alice.whispers('sip:anonymous1@anonymous.invalid', 'I know');
  await shy.hears('I know');
  await nobody.says('me neither', { as: 'sip:anonymous2@anonymous.invalid' });
  await alice.hears('me neither', { from: 'sip:anonymous2@anonymous.invalid' });
  await other.says('nor me');
  await alice.hears('nor me', { from: 'sip:anonymous3@anonymous.invalid' });
  assert.equal(await alice.saysInVain('found you', { to: 'sip:shy@users.test' }), 404);
});

test('checklist 85: who is not in the room gets no roster; who leaves loses it', async (t) => {
  const { joins } = await stage(t, { settings: { allow: ['*@users.test'], deny: ['sip:mallory@*'] } });
  const alice = await joins('alice');
  const roster = await alice.subscribes();
  const bob = await joins('bob');
  await bob.leaves();
  await assert.rejects(bob.subscribes(), { actual: 403 });
  await alice.leaves();
  await roster.ends();
});

test('who may not come in is refused, and told why', async (t) => {
  const { how, joins } = await stage(t, {
    rooms: ['lobby', 'tea'],
    settings: { allow: ['*@users.test', `*@${DOMAIN}`], deny: ['sip:mallory@*'] },
  });
  const refusal = await isRefused(t, how('mallory'), 403);
  assert.equal(header(refusal, 'warning'), '399 chat.example.com "your address is not allowed in this room"');
  await isRefused(t, how('alice', { userDomain: 'elsewhere.test' }), 403);
  await isRefused(t, how('tea', { userDomain: DOMAIN }), 403);
  await isRefused(t, how('ann+local', { userDomain: DOMAIN }), 403);
  await isRefused(t, how('alice', { acceptTypes: 'text/plain', wrapped: null }), 488);
  await isRefused(t, how('alice', { room: 'nowhere' }), 404);
  const alice = await joins('alice');
  await isRefused(t, how('alice', { source: '127.0.0.2' }), 403);
  await isRefused(t, how('alice', { source: '127.0.0.2', room: 'tea' }), 403);
  await joins('alice', { room: 'tea' });
  await alice.leaves();
});
