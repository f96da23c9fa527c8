/** MSRP by other hands: Kamailio as the relay of some participants (RFC 4976), in a room without IRC. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from '../naive/join.ts';
import { field } from '../naive/msrp-frame.ts';
import type { Participant } from '../naive/participant.ts';
import { startMsrpRelay } from '../peers/kamailio.ts';
import { startParley } from '../support/parley.ts';
import { howTo, type Manner } from './scene.ts';

const picture = Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * 7) % 251));

test('Kamailio relays MSRP for some', { timeout: 60_000 }, async (t) => {
  const relay = await startMsrpRelay(t);
  const parley = await startParley(t, { config: { rooms: { lobby: { network: null } } } });
  const bob = await join(t, howTo(parley, 'bob'));
  const joins = (user: string, manner: Manner = {}): Promise<Participant> =>
    join(t, howTo(parley, user, { relay, ...manner }));

  let people = 0;
  for (const uri of [relay.uri, relay.secureUri]) {
    for (const setup of ['active', 'passive'] as const) {
      const how = `${uri.split(':')[0]} to the relay, ${setup}`;
      await t.test(`checklist 8, 34: ${how}`, async () => {
        const user = `user${people++}`;
        const alice = await joins(user, { setup, relay: { ...relay, uri } });
        const id = await alice.says(`${user} says hello`, { successReport: 'yes' });
        await bob.hears(`${user} says hello`, { from: alice.address });
        const report = await alice.getsReport(id);
        assert.equal(report.status, 200);
        const [ours = ''] = alice.msrp.hops;
        assert.equal(field(report.frame, 'From-Path'), `${ours} ${alice.msrp.peer}`);
        await bob.says(`hello ${user}`);
        await alice.hears(`hello ${user}`, { from: bob.address });
        // The answer to a NICKNAME goes the whole way back (RFC 4975 section 7.2).
        await alice.nickname(`Queen ${user}`);
        await bob.whispers(alice.address, 'between us');
        await alice.hears('between us', { to: alice.address });
        await alice.leaves();
      });
    }
  }

  const alice = await joins('alice');
  const carol = await joins('carol');

  await t.test('checklist 33: what is sent in chunks comes out as it was', async () => {
    await alice.says(picture, { content: 'image/png', chunk: 5000, successReport: 'yes' });
    for (const who of [bob, carol]) {
      const heard = await who.hears(/./s, { type: 'image/png' });
      assert.deepEqual(heard.cpim.content, picture);
    }
  });

  await t.test('checklist 42: one of several sessions of its connection ends, the others go on', async () => {
    await alice.leaves();
    await carol.says('still here');
    await bob.hears('still here', { from: carol.address });
    await bob.says('so are we');
    await carol.hears('so are we');
  });

  await t.test('checklist 41: with the relay its sessions are lost, and nobody else', async () => {
    assert.deepEqual(relay.complaints(), []);
    await relay.kill();
    await carol.isSentAway();
    const dora = await join(t, howTo(parley, 'dora'));
    await bob.says('we are two');
    await dora.hears('we are two');
  });
});

test('Kamailio relays MSRP over TLS on both sides', { timeout: 60_000 }, async (t) => {
  const relay = await startMsrpRelay(t, 'msrps');
  const parley = await startParley(t, {
    config: { rooms: { lobby: { network: null } }, tls: { ca: relay.certificate } },
  });
  const bob = await join(t, howTo(parley, 'bob', { tls: true }));
  for (const setup of ['active', 'passive'] as const) {
    await t.test(`checklist 8, 27: ${setup}`, async () => {
      // The fingerprint in the offer is the client's, which the other side never meets.
      const how = { tls: true, relay: { ...relay, uri: relay.secureUri }, setup };
      const alice = await join(t, howTo(parley, `alice-${setup}`, how));
      const id = await alice.says(`hello, ${setup}`, { successReport: 'yes' });
      assert.equal((await alice.getsReport(id)).status, 200);
      await bob.hears(`hello, ${setup}`, { from: alice.address });
      await bob.says(`hello to you, ${setup}`);
      await alice.hears(`hello to you, ${setup}`);
      await alice.leaves();
    });
  }
  assert.deepEqual(relay.complaints(), []);
});
