/** Joining and leaving, and all that may go otherwise than planned. */
import assert from 'node:assert/strict';
import { enters } from '../naive/join.ts';
import { header, listed, parameterOf } from '../naive/sip-message.ts';
import { howTo, story } from './scene.ts';

story(
  'checklist 12, 13: every manner of a=setup, with the port that goes with it',
  async ({ joins, ann }) => {
    for (const setup of ['active', 'actpass', 'passive', null] as const) {
      const alice = await joins('alice', { setup });
      const text = `by setup ${setup ?? 'none'}`;
      assert.notEqual(alice.media.setup, setup, 'the answer takes the other part');
      await alice.says(text);
      await ann.sees({ command: 'PRIVMSG', from: 'alice', text });
      await alice.leaves();
      await ann.sees({ command: 'QUIT', from: 'alice' });
    }
  },
);

story('an INVITE without an offer gets one, and the answer comes in the ACK', async ({ joins, ann }) => {
  const alice = await joins('alice', { offerless: true });
  await alice.says('you made the offer');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'you made the offer' });
});

story('a re-INVITE with nothing new changes nothing', async ({ joins, ann }) => {
  const alice = await joins('alice', { udp: true });
  const answer = await alice.call.again(alice.phone.sdp);
  assert.equal(answer.status, 200);
  assert.ok(answer.body.includes(alice.msrp.peer), 'the same path');
  await alice.says('as before');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'as before' });
});

story('CANCEL while IRC lets it wait: 487, and nobody comes in', async ({ calls, server }) => {
  server.freeze();
  const { call } = await calls('alice');
  await call.rings();
  assert.equal((await call.cancel()).status, 200);
  assert.equal((await call.answer()).status, 487);
});

story(
  'a room that is not there: 404; audio only: 488; OPTIONS tells what a room is',
  async ({ isRefused, joins, parley }) => {
    await isRefused('alice', 404, { room: 'nowhere' });
    await isRefused('alice', 488, { acceptTypes: 'text/plain', wrapped: null });
    const alice = await joins('alice');
    const { target } = alice.dialog;
    assert.match(target, new RegExp(`:${parley.sip.port}(?:;|$)`), 'the Contact leads back');
    const answer = await (await alice.dialog.request('OPTIONS')).final();
    assert.equal(answer.status, 200);
    assert.match(header(answer, 'contact'), /;isfocus/);
    assert.ok(listed(answer, 'allow').includes('SUBSCRIBE'), header(answer, 'allow'));
  },
);

story(
  'a second device from the same address is the same person; from another address it is refused',
  async ({ joins, isRefused, ann }) => {
    const phone = await joins('alice');
    const tablet = await joins('alice');
    await isRefused('alice', 403, { source: '127.0.0.2' });
    const bob = await joins('bob');
    await bob.subscribes();
    await bob.seesRoster('two devices', ({ people }) => people.get(phone.address)?.devices.size === 2);

    await phone.says('from the phone');
    await tablet.hears('from the phone', { from: phone.address });
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'from the phone' });
    await bob.whispers(phone.address, 'to all your devices');
    await phone.hears('to all your devices');
    await tablet.hears('to all your devices');

    await phone.leaves();
    await tablet.says('from the tablet');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'from the tablet' });
    ann.sawNothing({ command: 'QUIT', from: 'alice' });
    await tablet.leaves();
    await ann.sees({ command: 'QUIT', from: 'alice' });
  },
);

story(
  'checklist 23: who leaves one of two rooms parts there and stays in the other',
  async ({ joins, ann }) => {
    await ann.joins('#tea');
    const reader = { command: 'JOIN', from: 'parley', to: '#tea' };
    if (!(await ann.names('#tea')).has('parley')) await ann.sees(reader);
    const here = await joins('alice');
    const there = await joins('alice', { room: 'tea' });
    await ann.sees({ command: 'JOIN', from: 'alice', to: '#tea' });
    await there.leaves();
    await ann.sees({ command: 'PART', from: 'alice', to: '#tea' });
    await here.says('still in the lobby');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'still in the lobby' });
  },
  { rooms: { tea: { network: 'local', channel: '#tea' } } },
);

story(
  'a session that is lost is hung up at once; who comes back in time was never gone for IRC',
  async ({ joins, ann }) => {
    const lost = await joins('alice');
    lost.vanishes();
    await lost.isSentAway();
    const back = await joins('alice');
    await back.says('here I am again');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'here I am again' });
    ann.sawNothing({ command: 'QUIT', from: 'alice' });
  },
);

story(
  'a session that is lost ends on IRC after the grace',
  async ({ joins, ann }) => {
    const lost = await joins('alice');
    lost.vanishes({ phone: true });
    await ann.sees({ command: 'QUIT', from: 'alice' });
  },
  { network: { grace: 1 } },
);

story('the same INVITE three times over UDP is one session', async ({ calls, ann, parley }, t) => {
  const caller = await calls('alice', { udp: true });
  await caller.phone.send(caller.call.invite.text);
  await caller.phone.send(caller.call.invite.text);
  const alice = await enters(t, caller, howTo(parley, 'alice', { udp: true }));
  const finals = caller.call.invite.responses.all.filter(({ status }) => status >= 200);
  assert.equal(new Set(finals.map((answer) => parameterOf(header(answer, 'to'), 'tag'))).size, 1);
  await alice.says('one of me');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'one of me' });
  assert.equal(
    ann.lines.filter(({ command, from }) => command === 'JOIN' && from.startsWith('alice')).length,
    1,
  );
});
