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
