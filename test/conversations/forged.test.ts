/** Nobody becomes somebody else by claiming the name. */
import assert from 'node:assert/strict';
import { Subscription } from '../naive/subscription.ts';
import { Phone } from '../naive/sip.ts';
import { ircUri, roomUri, story } from './scene.ts';

/** Another address of this host: from there comes whoever is not what it says. */
const ELSEWHERE = '127.0.0.2';

story(
  'a second device from another source address is refused with 403, and the first notices nothing',
  async ({ joins, isRefused, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    await bob.subscribes();
    await isRefused('alice', 403, { source: ELSEWHERE });
    await isRefused('alice', 403, { source: ELSEWHERE, udp: true });
    await isRefused('mallory', 403, { source: ELSEWHERE, from: `"Alice" <${alice.address}>` });
    await alice.says('there is one of me');
    await bob.hears('there is one of me', { from: alice.address });
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'there is one of me' });
    await bob.seesRoster(
      'one Alice with one device',
      ({ people }) => people.size === 3 && people.get(alice.address)?.devices.size === 1,
    );
    assert.equal(
      ann.lines.filter(({ command }) => command === 'JOIN').filter(({ from }) => from.startsWith('alice'))
        .length,
      1,
    );
  },
);

story('when she has left, the name is free for who comes next', async ({ joins, isRefused, ann }) => {
  const alice = await joins('alice');
  await isRefused('alice', 403, { source: ELSEWHERE });
  await alice.leaves();
  await ann.sees({ command: 'QUIT', from: 'alice' });
  await joins('alice', { source: ELSEWHERE });
});

story(
  'the roster is not given to who says that it is somebody in the room: 403',
  async ({ joins, parley }, t) => {
    const alice = await joins('alice');
    const server = { ...parley.sip, transport: 'tcp' as const };
    const open = (source: string): Promise<Phone> =>
      Phone.open(t, { name: `alice from ${source}`, server, address: alice.address, source });
    const stranger = await open(ELSEWHERE);
    await assert.rejects(Subscription.start(stranger, alice.roomUri, 600), { actual: 403 });
    await joins('mallory', { source: ELSEWHERE });
    await assert.rejects(Subscription.start(stranger, alice.roomUri, 600), { actual: 403 });
    const own = await Subscription.start(await open('127.0.0.1'), alice.roomUri, 600);
    own.close();
  },
);

story(
  'checklist 53: what is sent From somebody else is refused with 403, to all and in private',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    const mallory = await joins('mallory', { source: ELSEWHERE });
    for (const as of [alice.address, ircUri('ann'), roomUri('lobby'), 'sip:mallory@elsewhere.test']) {
      await mallory.says('trust me', { expect: 403, as });
      await mallory.whispers(bob.address, 'trust me', { expect: 403, as });
    }
    await mallory.says('I am who I am');
    await bob.hears('I am who I am', { from: mallory.address });
    await ann.sees({ command: 'PRIVMSG', from: 'mallory', text: 'I am who I am' });
    bob.heardNothing('trust me');
    alice.heardNothing('trust me');
    ann.sawNothing({ command: 'PRIVMSG', text: 'trust me' });
  },
);

story('nobody joins as an IRC user or as the room: 403', async ({ joins, isRefused, ann }) => {
  const alice = await joins('alice');
  for (const uri of [ircUri('ann'), roomUri('lobby')]) await isRefused('mallory', 403, { from: `<${uri}>` });
  await ann.says('#lobby', 'still me');
  await alice.hears('still me', { from: ircUri('ann') });
});
