/** Talking: from the room to the channel and back, between phones, and what must not come through. */
import assert from 'node:assert/strict';
import { cpimHeader } from '../naive/cpim.ts';
import { ircUri, story } from './scene.ts';

story('Alice joins by phone, talks with Ann on IRC both ways, and leaves', async ({ joins, ann }) => {
  const alice = await joins('alice');
  assert.ok(alice.isFocus, 'isfocus in the Contact of the 200');
  assert.deepEqual(alice.media.acceptTypes, ['message/cpim']);
  await ann.sees({ command: 'JOIN', from: 'alice' });
  assert.equal(await ann.nickOf('#lobby', 'alice@users.test'), 'alice');

  await alice.says('hello, Ann');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'hello, Ann' });
  await ann.says('#lobby', 'hello, Alice: naïve ☕ 漢字');
  const heard = await alice.hears('hello, Alice: naïve ☕ 漢字', {
    from: ircUri('ann'),
    name: 'ann',
    to: alice.roomUri,
  });
  const type = heard.cpim.mime.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  assert.match(type ?? '', /^text\/plain; ?charset="?utf-8"?$/i);
  const when = Date.parse(cpimHeader(heard.cpim, 'DateTime') ?? '');
  assert.ok(Math.abs(Date.now() - when) < 60_000, `DateTime is now, not ${when}`);

  await alice.leaves();
  await ann.sees({ command: 'QUIT', from: 'alice' });
});

story('when the INVITE is answered the puppet is already in the channel', async ({ joins, ann }) => {
  await joins('alice', { udp: true });
  assert.ok((await ann.names('#lobby')).has('alice'));
});

story(
  'checklist 56: phones hear each other once, with the bytes of the wrapper untouched, and the speaker does not',
  async ({ joins, ann }) => {
    const alice = await joins('alice', { displayName: 'Alice' });
    const bob = await joins('bob', { udp: true });
    const cpimHeaders = [['Subject', 'kept as it is']] as const;
    const sent = alice.wraps('to all of you ☕', { cpimHeaders });
    const [response] = await alice.msrp.send(sent);
    assert.equal(response?.status, 200);
    const heard = await bob.hears('to all of you ☕', { from: alice.address, to: alice.roomUri });
    assert.deepEqual(heard.raw, sent);
    await ann.sees({ command: 'PRIVMSG', from: 'Alice', text: 'to all of you ☕' });

    await bob.says('thank you');
    await alice.hears('thank you', { from: bob.address });
    const times = (who: typeof alice, text: string): number =>
      who.heard.all.filter((said) => said.text === text).length;
    assert.deepEqual([times(alice, 'to all of you ☕'), times(bob, 'to all of you ☕')], [0, 1]);
  },
);

story('lines of IRC arrive all, once and in order', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const texts = Array.from({ length: 30 }, (_, i) => `number ${i}`);
  ann.sends(...texts.map((text) => `PRIVMSG #lobby :${text}`));
  await alice.hears('number 29');
  assert.deepEqual(
    alice.heard.all.map(({ text }) => text).filter((text) => text.startsWith('number')),
    texts,
  );
});

story('an ACTION goes both ways', async ({ joins, ann }) => {
  const alice = await joins('alice');
  await alice.says('/me pours tea');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: '\u0001ACTION pours tea\u0001' });
  await ann.says('#lobby', '\u0001ACTION drinks\u0001');
  await alice.hears(/drinks$/, { from: ircUri('ann') });
  assert.ok(alice.heard.all.every(({ text }) => !text.includes('\u0001')));
});

story('a text of several lines is several lines of IRC, and never a command', async ({ joins, ann }) => {
  const alice = await joins('alice');
  await alice.says('one\r\nQUIT :two\nPRIVMSG ann :three\u0000four');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'one' });
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'QUIT :two' });
  await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: /^PRIVMSG ann :three/ });
  await alice.says('still here');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'still here' });
  ann.sawNothing({ command: 'QUIT', from: 'alice' });
  ann.sawNothing({ command: 'PRIVMSG', to: 'ann' });
});

story('what is more than eight lines is refused with 413', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const text = Array.from({ length: 12 }, (_, i) => `line ${i}`).join('\n');
  assert.equal(await alice.saysInVain(text), 413);
  await alice.says('short');
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'short' });
  ann.sawNothing({ command: 'PRIVMSG', text: 'line 0' });
});

story('a picture reaches the phones whole and at once, and IRC is told of it', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  const picture = Buffer.from(Array.from({ length: 34_000 }, (_, i) => (i * 7) % 256));
  await alice.says(picture, { content: 'image/png' });
  const heard = await bob.hears(/./s, { type: 'image/png' });
  assert.deepEqual(heard.cpim.content, picture);
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: /^\[image\/png, 34 kB: shown on SIP only\]$/ });
});

story(
  'checklist 32: a message in many chunks comes out as one (RFC 4975 section 5.1)',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    const text = 'a message that is cut into small pieces on its way';
    await alice.says(text, { chunk: 16 });
    await bob.hears(text);
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text });
  },
);

story(
  'with distribute: immediately the phones do not wait for IRC',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    ann.sends('MODE #lobby +m');
    await ann.settles();
    const messageId = await alice.says('before IRC has a say', { expect: 200 });
    await bob.hears('before IRC has a say');
    assert.notEqual((await alice.getsReport(messageId)).status, 200);
  },
  { room: { distribute: 'immediately' } },
);
