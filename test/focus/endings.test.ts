/** How calls end, with simple clients over real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, isRefused } from '../naive/join.ts';
import { field, type MsrpFrame } from '../naive/msrp-frame.ts';
import { header } from '../naive/sip-message.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { stage } from './stage.ts';

test('contract: a session that is lost is hung up on at once, and the room is told', async (t) => {
  const { joins, lobby } = await stage(t);
  const alice = await joins('alice');
  alice.vanishes();
  const bye = await alice.isSentAway();
  assert.equal(header(bye, 'reason'), 'SIP;cause=480;text="the MSRP connection was lost"');
  const rude = await joins('rude');
  rude.msrp.responds = () => ({ status: 481, comment: 'Who?' });
  const carol = await joins('carol');
  await carol.says('hello?');
  assert.match(header(await rude.isSentAway(), 'reason'), /^SIP;cause=481;/);
  assert.deepEqual(
    [...lobby.loop.roster.entries()].map(({ id }) => id),
    [carol.address],
  );
  await joins('alice', { source: '127.0.0.2' });
});

test('checklist 41: who gives no sign of life when asked for one is hung up on; who does stays', async (t) => {
  const clock = new FakeClock();
  const { joins, lobby } = await stage(t, { msrp: { clock, keepAliveMs: 60_000 } });
  const [alice, dead] = [await joins('alice'), await joins('dead')];
  dead.msrp.responds = () => undefined;
  clock.advance(75_000);
  for (const { msrp } of [alice, dead]) {
    const isEmptySend = ({ method, body }: MsrpFrame): boolean => method === 'SEND' && body === undefined;
    await msrp.frames.takes('an empty SEND', isEmptySend);
  }
  // Her answer, which was written before this, is heard.
  await alice.says('still here');
  clock.advance(30_000);
  const bye = await dead.isSentAway();
  assert.equal(header(bye, 'reason'), 'SIP;cause=480;text="the MSRP connection was lost"');
  assert.deepEqual(
    [...lobby.loop.roster.entries()].map(({ id }) => id),
    [alice.address],
  );
});

test('RFC 4975 section 7.3.2: who reports that bytes were not received is hung up on; checklist 63: the author hears nothing of it', async (t) => {
  const { joins, lobby } = await stage(t);
  const [alice, bob, deaf] = [await joins('alice'), await joins('bob'), await joins('deaf')];
  const reported = async (text: string, status: string): Promise<void> => {
    await alice.says(text, { successReport: 'yes' });
    await deaf.hears(text);
    const { messageId } = deaf.msrp.messages.all.at(-1) ?? {};
    deaf.msrp.report(messageId ?? '', '1-10/10', status);
  };
  // A message that is refused, with whatever code, leaves the session as it is.
  await reported('not for me', '415 no such type');
  await reported('behind me', '408 Timeout');
  assert.equal(
    header(await deaf.isSentAway(), 'reason'),
    'SIP;cause=408;text="the MSRP session has failed: a message did not arrive"',
  );
  await alice.says('who is left?');
  await bob.hears('who is left?');
  assert.equal(lobby.loop.roster.size, 2);
  assert.deepEqual(
    alice.msrp.reports.all.map((report) => field(report, 'Status')?.slice(0, 7)),
    ['000 200', '000 200'],
  );
});

test('a session that nobody connects is hung up on', async (t) => {
  const { lobby, how } = await stage(t, { bindTimeoutMs: 100 });
  const { call } = await calls(t, how('bob'));
  await call.answer();
  assert.match(header(await call.dialog.gets('BYE'), 'reason'), /^SIP;cause=408;/);
  assert.equal(lobby.loop.roster.size, 0);
});

test('who is expelled hears why before the BYE, and cannot speak any more', async (t) => {
  const { joins, lobby } = await stage(t);
  const alice = await joins('alice');
  const tablet = await joins('alice');
  const roster = await alice.subscribes();
  const bob = await joins('bob');
  lobby.loop.push({ type: 'expelled', participant: alice.address, text: 'kicked by ann: "enough"' });
  for (const device of [alice, tablet]) {
    const bye = await device.isSentAway();
    assert.equal(header(bye, 'reason'), 'SIP;cause=403;text="kicked by ann: \\"enough\\""');
    await device.hears('kicked by ann: "enough"', { from: alice.roomUri });
  }
  await roster.ends();
  const back = await joins('alice');
  await back.says('sorry');
  await bob.hears('sorry');
});

test('checklist 20: a room that ends says so to all, and takes nobody any more', async (t) => {
  const { joins, lobby, how } = await stage(t);
  const alice = await joins('alice');
  const bob = await joins('bob', { udp: true });
  const roster = await alice.subscribes();
  lobby.loop.push({ type: 'close', text: 'the gateway stops' });
  const closed = lobby.focus.close();
  for (const person of [alice, bob]) {
    assert.match(header(await person.isSentAway(), 'reason'), /^SIP;cause=503;text="the gateway stops"$/);
    await person.hears('the gateway stops');
  }
  await roster.ends();
  await closed;
  await isRefused(t, how('carol'), 404);
});

test('a client that does not answer cannot hold up the end of a room', async (t) => {
  const clock = new FakeClock();
  const { joins, lobby } = await stage(t, { clock });
  const alice = await joins('alice');
  alice.msrp.responds = () => undefined;
  alice.phone.answers = () => 'silence';
  lobby.loop.push({ type: 'close', text: 'the gateway stops' });
  const closed = lobby.focus.close();
  await alice.msrp.frames.takes('the farewell', ({ body }) => body?.includes('the gateway stops') === true);
  clock.advance(1000);
  await alice.isSentAway();
  clock.advance(1000);
  await closed;
});
