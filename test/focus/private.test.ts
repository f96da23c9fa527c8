/** Private messages end to end: the REPORTs about them (RFC 7701 section 6.2). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentType, cpimHeader, readCpim } from '../naive/cpim.ts';
import { field, type MsrpFrame } from '../naive/msrp-frame.ts';
import { refused } from '../../src/room/refusals.ts';
import { DOMAIN, type OpenRoom, stage } from './stage.ts';

/** From and To in the wrapper of a REPORT; nothing where it has none. */
function wrapped(report: MsrpFrame): (string | undefined)[] | undefined {
  if (report.body === undefined) return undefined;
  assert.equal(field(report, 'Content-Type'), 'message/cpim');
  const cpim = readCpim(report.body);
  assert.equal(contentType(cpim), 'text/plain');
  assert.equal(cpim.content.length, 0);
  assert.deepEqual(
    cpim.headers.map(([name]) => name),
    ['From', 'To'],
  );
  return [cpimHeader(cpim, 'From'), cpimHeader(cpim, 'To')];
}

/** IRC lets everybody in, and Ann is there; private messages are answered as told. */
function withIrc({ loop }: OpenRoom): OpenRoom['answers'] {
  return (effect) => {
    if (effect.type === 'admit') {
      const nick = effect.newcomer.userName;
      loop.push({ type: 'settled', request: effect.request, outcome: { ok: true, nick } });
    } else if (effect.type === 'relay-private') {
      const outcome = refused('nobody', 'no such nick');
      queueMicrotask(() => loop.push({ type: 'settled', request: effect.request, outcome }));
    }
  };
}

test('checklist 69: a REPORT on a private message has a wrapper with its From and To, one on another has none', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice', { displayName: 'Alice' });
  const bob = await joins('bob');
  const loud = { successReport: 'yes' } as const;
  const secret = await alice.whispers(bob.address, 'psst', loud);
  const wanted = ['"Alice" <sip:alice@users.test>', '<sip:bob@users.test>'];
  assert.deepEqual(wrapped((await alice.getsReport(secret)).frame), wanted);
  const empty = await alice.whispers(bob.address, ' ', loud);
  assert.deepEqual(wrapped((await alice.getsReport(empty)).frame), wanted);
  const open = await alice.says('aloud', loud);
  assert.equal(wrapped((await alice.getsReport(open)).frame), undefined);
  await alice.whispers(bob.address, 'no report is wanted');
  await bob.hears('no report is wanted');
  assert.equal(alice.msrp.reports.all.length, 3);
});

test('checklist 69: a failure that is known late is reported in the same form', async (t) => {
  const { joins, lobby } = await stage(t, { networked: true });
  lobby.answers = withIrc(lobby);
  lobby.loop.push({ type: 'reach', up: true, text: '' });
  lobby.loop.push({
    type: 'arrived',
    person: { id: 'ann+local', nick: 'ann', roles: [], away: false },
  });
  const alice = await joins('alice', { privacy: 'id' });
  const ann = `sip:ann+local@${DOMAIN}`;
  const id = await alice.whispers(ann, 'psst');
  const { status, frame } = await alice.getsReport(id);
  assert.equal(status, 404);
  // What it says goes to its author, who may see the name that nobody else does.
  assert.deepEqual(wrapped(frame), [`<${alice.address}>`, `<${ann}>`]);
});

test('checklist 9, 68: what a later SDP leaves out is withdrawn, and nothing private goes to that device', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  const again = async (chatroom: string): Promise<void> => {
    const sdp = bob.phone.sdp.replace(/a=chatroom[^\r]*\r\n/, chatroom);
    assert.equal((await bob.call.again(sdp)).status, 200);
  };
  await bob.nickname('Bobby');
  for (const less of ['', 'a=chatroom\r\n', 'a=chatroom:nickname\r\n']) {
    await again(less);
    assert.equal(await alice.saysInVain('not now', { to: bob.address }), 428);
    await again('a=chatroom:nickname private-messages\r\n');
    await alice.whispers(bob.address, `now, after ${less}`);
    await bob.hears(`now, after ${less}`);
  }
  await again('');
  const tablet = await joins('bob');
  await alice.whispers(bob.address, 'to the tablet alone');
  await tablet.hears('to the tablet alone');
  await alice.says('aloud');
  await bob.hears('aloud');
  bob.heardNothing(/not now|tablet alone/);
});

test('checklist 9: who declares nothing, and has shown that it knows, takes nothing back by a re-INVITE', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const old = await joins('old', { chatroom: null });
  await old.nickname('Oldie');
  assert.equal((await old.call.again(old.phone.sdp)).status, 200);
  await alice.whispers(old.address, 'still');
  await old.hears('still');
});

test('checklist 5, 57: a re-INVITE may take other types', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  const lists = async (types: string): Promise<void> => {
    const sdp = bob.phone.sdp.replace(/a=accept-wrapped-types:[^\r]*/, `a=accept-wrapped-types:${types}`);
    assert.equal((await bob.call.again(sdp)).status, 200);
  };
  const says = async (name: string): Promise<void> => {
    await alice.says(name, { content: 'IMAGE/Png; name=x' });
    await alice.says(`after ${name}`);
    await bob.hears(`after ${name}`);
  };
  await says('one');
  await lists('text/plain');
  await says('two');
  await lists('Text/* image/PNG;q=1');
  await says('three');
  assert.deepEqual(
    bob.heard.all.filter(({ type }) => type === 'image/png').map(({ text }) => text),
    ['one', 'three'],
  );
});

test('checklist 58: what none of its devices takes is refused to who sent it, and not lost in silence', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const plain = await joins('plain', { wrapped: 'text/plain' });
  const picture = { to: plain.address, content: 'image/png' };
  await alice.says('a picture', { ...picture, expect: 415 });
  await alice.says('typing', { ...picture, content: 'application/im-iscomposing+xml' });
  const tablet = await joins('plain', { wrapped: 'text/plain image/*' });
  await alice.says('a picture again', picture);
  await tablet.hears('a picture again');
  await alice.says('done');
  await plain.hears('done');
  plain.heardNothing(/picture|typing/);
});

test('checklist 102: a client that refuses to hear who types is spared, and gets all else', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob');
  const typing = { content: 'application/im-iscomposing+xml' };
  const isTyping = (body: Buffer | undefined): boolean => body?.includes('im-iscomposing') === true;
  bob.msrp.responds = ({ body }) =>
    isTyping(body) ? { status: 415, comment: 'no' } : { status: 200, comment: 'OK' };
  for (const text of ['one', 'two']) {
    await alice.says('<isComposing/>', typing);
    await alice.whispers(bob.address, '<isComposing/>', typing);
    await alice.says(text);
    await bob.hears(text);
    // Its 415 came before this does.
    await bob.says(`heard ${text}`);
    await alice.hears(`heard ${text}`);
  }
  const signals = bob.msrp.frames.all.filter(({ body }) => isTyping(body));
  assert.ok(signals.length <= 2, `${signals.length} of four: those of the first turn at most`);
});
