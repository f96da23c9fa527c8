/** The program as an operator sees it: signals, and what they leave of the sessions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefused, join } from '../naive/join.ts';
import { startParley } from '../support/parley.ts';
import { howTo, story } from './scene.ts';

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  story(
    `${signal}: BYE to everybody, QUIT on IRC, exit status 0 within 5 s`,
    async ({ joins, ann, parley }) => {
      const alice = await joins('alice');
      const bob = await joins('bob', { udp: true });
      const [{ status, ms }] = await Promise.all([
        parley.stop(signal),
        alice.isSentAway(),
        bob.isSentAway(),
        ann.sees({ command: 'QUIT', from: 'alice' }),
        ann.sees({ command: 'QUIT', from: 'bob' }),
        ann.sees({ command: 'QUIT', from: 'parley' }),
      ]);
      assert.equal(status, 0);
      assert.ok(ms < 5000, `it took ${ms} ms`);
    },
  );
}

story('SIGTERM with a phone that answers no more still ends within 5 s', async ({ joins, parley }) => {
  const alice = await joins('alice', { udp: true });
  alice.vanishes({ phone: true });
  const { status, ms } = await parley.stop();
  assert.equal(status, 0);
  assert.ok(ms < 5000, `it took ${ms} ms`);
});

story(
  'checklist 20: SIGHUP: a new room opens, a room that is gone ends with BYE, the others keep every session',
  async ({ joins, isRefused: refuses, ann, parley, config }) => {
    const alice = await joins('alice');
    const bob = await joins('bob', { room: 'old' });
    const { lobby } = config['rooms'] as Record<string, unknown>;
    await parley.reload({ ...config, rooms: { lobby, new: { network: 'local', channel: '#new' } } });
    await bob.isSentAway();
    await refuses('bob', 404, { room: 'old' });
    await ann.joins('#new');
    const carol = await joins('carol', { room: 'new' });
    await carol.says('a new place');
    await ann.sees({ command: 'PRIVMSG', from: 'carol', to: '#new', text: 'a new place' });
    await alice.says('as if nothing had been');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'as if nothing had been' });
    ann.sawNothing({ command: 'QUIT', from: 'alice' });
  },
  { rooms: { old: { network: 'local', channel: '#old' } } },
);

story('SIGHUP with a wrong file changes nothing', async ({ joins, ann, parley, config }) => {
  const alice = await joins('alice');
  const record = await parley.reload({ ...config, rooms: { lobby: { network: 'nowhere', channel: 5 } } });
  assert.ok(Number(record['level']) >= 40, JSON.stringify(record));
  await alice.says('nothing has changed');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'nothing has changed' });
  await joins('bob');
});

test('a room without a network is a conference of phones alone', { timeout: 60_000 }, async (t) => {
  const parley = await startParley(t, {
    config: { rooms: { quiet: { network: null, subject: 'no IRC here' } } },
  });
  const alice = await join(t, howTo(parley, 'alice', { room: 'quiet' }));
  const bob = await join(t, howTo(parley, 'bob', { room: 'quiet', udp: true }));
  const carol = await join(t, howTo(parley, 'carol', { room: 'quiet', setup: 'actpass' }));
  await alice.says('hello, you two');
  await bob.hears('hello, you two', { from: alice.address });
  await carol.hears('hello, you two', { from: alice.address });
  await alice.nickname('Queen of Hearts ♥');
  await bob.nickname('QUEEN of hearts ♥', 425);
  await bob.subscribes();
  await bob.seesRoster(
    'three people and the subject',
    ({ people, subject }) => people.size === 3 && subject === 'no IRC here',
  );
  assert.equal(bob.roster.called('Queen of Hearts ♥')?.entity, alice.address);
  await bob.whispers(carol.address, 'between us');
  await carol.hears('between us');
  alice.heardNothing('between us');
  await carol.leaves();
  await bob.seesRoster('two people', ({ people }) => people.size === 2);
  await isRefused(t, howTo(parley, 'dora', { room: 'lobby' }), 404);
  assert.equal((await fetch(`${parley.http}/healthz`)).status, 200);
  assert.ok(parley.memory() > 0);
  assert.equal((await parley.stop()).status, 0);
});
