/** Private messages, between all kinds of people. */
import assert from 'node:assert/strict';
import { ircUri, roomUri, story } from './scene.ts';

story('between a phone and an IRC user, both ways', async ({ joins, ann, ircUser }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  const cleo = await ircUser('cleo');
  await alice.whispers(ircUri('ann'), 'between us');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: 'ann', text: 'between us' });
  await ann.says('alice', 'of course');
  await alice.hears('of course', { from: ircUri('ann'), to: alice.address });

  await alice.says('and now aloud');
  await bob.hears('and now aloud');
  await cleo.sees({ command: 'PRIVMSG', text: 'and now aloud' });
  for (const text of ['between us', 'of course']) {
    bob.heardNothing(text);
    cleo.sawNothing({ command: 'PRIVMSG', text });
  }
});

story('between phones, with nothing of it on IRC', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  const carol = await joins('carol');
  await alice.whispers(bob.address, 'only Bob');
  await bob.hears('only Bob', { from: alice.address, to: bob.address });
  await alice.says('everybody');
  await carol.hears('everybody');
  await ann.sees({ command: 'PRIVMSG', text: 'everybody' });
  carol.heardNothing('only Bob');
  ann.sawNothing({ command: 'PRIVMSG', text: 'only Bob' });
});

story(
  'to nobody gets 404, and to a phone that knows none gets 428 (RFC 7701 section 6.2)',
  async ({ joins }) => {
    const alice = await joins('alice');
    const old = await joins('old', { chatroom: null });
    assert.equal(await alice.saysInVain('anybody?', { to: 'sip:nobody@users.test' }), 404);
    assert.equal(await alice.saysInVain('anybody?', { to: ircUri('nobody') }), 404);
    assert.equal(await alice.saysInVain('can you?', { to: old.address }), 428);
    await alice.says('aloud then');
    await old.hears('aloud then');
    old.heardNothing('can you?');
  },
);

story('a phone that has asked for a nickname knows private messages too', async ({ joins }) => {
  const alice = await joins('alice');
  const bob = await joins('bob', { chatroom: null });
  await bob.nickname('Robert');
  await alice.whispers(bob.address, 'you know how');
  await bob.hears('you know how', { to: bob.address });
});

story('to some: one To and cc headers reach just those', async ({ joins, ann, ircUser }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  const carol = await joins('carol');
  const dora = await joins('dora');
  const cleo = await ircUser('cleo');
  await alice.whispers(bob.address, 'you three', { cc: [carol.address, ircUri('ann')] });
  await bob.hears('you three');
  await carol.hears('you three');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: 'ann', text: 'you three' });
  await alice.says('all of you');
  await dora.hears('all of you');
  await cleo.sees({ command: 'PRIVMSG', text: 'all of you' });
  dora.heardNothing('you three');
  cleo.sawNothing({ command: 'PRIVMSG', text: 'you three' });
});

story('checklist 52: several To headers are refused with 403', async ({ joins }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  await alice.says('to two', { expect: 403, cpimHeaders: [['To', `<${bob.address}>`]] });
  await alice.says('to one');
  await bob.hears('to one');
  bob.heardNothing('to two');
});

story('checklist 53: nobody speaks with the address of somebody else', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  await alice.says('I am Bob', { expect: 403, as: bob.address });
  await alice.says('I am Ann', { expect: 403, as: ircUri('ann') });
  await alice.says('I am the room', { expect: 403, as: roomUri('lobby') });
  await alice.says('I am I');
  await bob.hears('I am I');
  await ann.sees({ command: 'PRIVMSG', text: 'I am I' });
  bob.heardNothing(/^I am (?:Bob|Ann|the room)$/);
});

story(
  'an IRC user who wrote in private is answered also after leaving the channel',
  async ({ joins, ircUser }) => {
    const alice = await joins('alice');
    const cleo = await ircUser('cleo');
    await cleo.says('alice', 'psst');
    await alice.hears('psst', { from: ircUri('cleo') });
    cleo.sends('PART #lobby');
    await cleo.settles();
    await alice.whispers(ircUri('cleo'), 'yes?');
    await cleo.sees({ command: 'PRIVMSG', from: 'alice', to: 'cleo', text: 'yes?' });
  },
);
