/** People whose address can be written in several ways (RFC 7701 section 6.1 lets From be a SIP, a tel or an IM URI). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefused } from '../naive/join.ts';
import { Subscription } from '../naive/subscription.ts';
import { stage } from './stage.ts';

test('checklist 53: From may be the im or the sips URI of the sender; it goes on untouched, and answers to it come back', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice'), await joins('bob')];
  for (const as of ['im:alice@users.test', 'sips:alice@users.test', 'IM:alice@USERS.test']) {
    const sent = alice.wraps(`I am ${as}`, { as });
    assert.equal((await alice.msrp.send(sent))[0]?.status, 200);
    const heard = await bob.hears(`I am ${as}`, { from: as });
    assert.deepEqual(heard.raw, sent, 'the very bytes (checklist 56)');
    await bob.whispers(as, `psst, ${as}`);
    await alice.hears(`psst, ${as}`, { from: bob.address });
  }
  for (const as of ['im:bob@users.test', 'im:alice@elsewhere.test', 'tel:+12015550123', 'mailto:alice@users.test']) {
    await alice.says('who am I?', { as, expect: 403 });
    await alice.whispers(bob.address, 'who am I?', { as, expect: 403 });
  }
  await alice.says('it is me');
  await bob.hears('it is me');
  bob.heardNothing('who am I?');
}); // prettier-ignore

test('checklist 53: whose address is a telephone number may write it with other separators (RFC 3966 section 4)', async (t) => {
  const { joins, lobby } = await stage(t);
  const phone = await joins('phone', { from: '<tel:+1-201-555-0123>' });
  const bob = await joins('bob');
  assert.ok(lobby.loop.roster.entry('tel:+1-201-555-0123'));
  await phone.says('by my number', { as: 'tel:+12015550123' });
  await bob.hears('by my number', { from: 'tel:+12015550123' });
  await bob.whispers('tel:+1(201)555-0123', 'to your number');
  await phone.hears('to your number');
  await phone.says('by another', { as: 'tel:+12015550124', expect: 403 });
  // The number at a host is somebody's whom that host knows.
  await phone.says('at a host', { as: 'sip:+12015550123@users.test', expect: 403 });
  const host = await joins('+12015550124');
  await host.says('by my number', { as: 'tel:+12015550124', expect: 403 });
});

test('sip and sips: one person with two devices, and nobody else can take the other form', async (t) => {
  const { joins, how, lobby } = await stage(t);
  const alice = await joins('alice', { from: '<sips:alice@users.test>' });
  const tablet = await joins('alice');
  const bob = await joins('bob');
  assert.equal(lobby.loop.roster.size, 2);
  assert.equal(lobby.loop.roster.entry('sips:alice@users.test')?.endpoints.length, 2);
  await bob.whispers('sip:alice@users.test', 'on both');
  await alice.hears('on both');
  await tablet.hears('on both');
  await tablet.says('from the tablet');
  await bob.hears('from the tablet', { from: 'sip:alice@users.test' });
  const subscription = await Subscription.start(tablet.phone, tablet.roomUri, 600);
  subscription.close();
  for (const from of ['<sips:alice@users.test>', '<sip:alice@users.test>']) {
    await isRefused(t, how('mallory', { from, source: '127.0.0.2' }), 403);
  }
});

test('checklist 18: who is anonymous gives its address away in no form', async (t) => {
  const { joins } = await stage(t);
  const alice = await joins('alice', { privacy: 'id' });
  const bob = await joins('bob');
  for (const as of ['im:alice@users.test', 'sips:alice@users.test']) {
    await alice.says(`as ${as}`, { as });
    const { raw } = await bob.hears(`as ${as}`, { from: 'sip:anonymous1@anonymous.invalid' });
    assert.doesNotMatch(raw.toString().split('\r\n\r\n', 1)[0] ?? '', /alice/);
  }
  // Nor can it be asked for.
  await bob.whispers('im:alice@users.test', 'are you there?', { expect: 404 });
});
