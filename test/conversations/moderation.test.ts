/** What the operators of the channel decide holds for phones too. */
import assert from 'node:assert/strict';
import { header } from '../naive/sip-message.ts';
import { story } from './scene.ts';

story(
  'a line that IRC refuses is told to its sender by a REPORT, and nobody sees it',
  async ({ joins, ann }) => {
    const alice = await joins('alice');
    const bob = await joins('bob');
    ann.sends('MODE #lobby +m');
    await ann.settles();
    assert.equal(await alice.saysInVain('not for this room'), 403);
    ann.sends('MODE #lobby +v alice');
    await ann.settles();
    await alice.says('now I may');
    await bob.hears('now I may');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'now I may' });
    bob.heardNothing('not for this room');
    ann.sawNothing({ command: 'PRIVMSG', text: 'not for this room' });
  },
);

story('KICK is a message that says who and why, and a BYE with a Reason', async ({ joins, ann }) => {
  const alice = await joins('alice');
  const bob = await joins('bob');
  ann.sends('KICK #lobby alice :spoiling the tea');
  const bye = await alice.isSentAway();
  assert.match(header(bye, 'reason'), /^SIP\s*;\s*cause=\d{3}/i);
  assert.match(header(bye, 'reason'), /spoiling the tea/);
  const told = alice.heard.all.map(({ text }) => text);
  assert.ok(
    told.some((text) => text.includes('ann') && text.includes('spoiling the tea')),
    told.join(' / '),
  );
  await bob.says('poor Alice');
  await ann.sees({ command: 'PRIVMSG', from: 'bob', text: 'poor Alice' });
});

story(
  'who is banned is refused with 403, and let in when the ban is gone',
  async ({ joins, isRefused, ann }) => {
    ann.sends('MODE #lobby +b alice!*@*');
    await ann.settles();
    await isRefused('alice', 403);
    ann.sends('MODE #lobby -b alice!*@*');
    await ann.settles();
    await joins('alice');
  },
);

story('by invitation only: 403; a full channel: 486', async ({ isRefused, ann }) => {
  ann.sends('MODE #lobby +i');
  await ann.settles();
  await isRefused('alice', 403);
  ann.sends('MODE #lobby -i', 'MODE #lobby +l 2');
  await ann.settles();
  await isRefused('alice', 486);
});

story('a channel with a key that is not ours: 403', async ({ isRefused, ann }) => {
  ann.sends('MODE #lobby +k secret');
  await ann.settles();
  await isRefused('alice', 403);
});

story(
  'room.allow and room.deny decide before IRC does',
  async ({ joins, isRefused, ann }) => {
    await isRefused('mallory', 403);
    await isRefused('alice', 403, { userDomain: 'elsewhere.test' });
    await joins('alice');
    await ann.sees({ command: 'JOIN', from: 'alice' });
    ann.sawNothing({ command: 'JOIN', from: 'mallory' });
  },
  { room: { allow: ['sip:*@users.test'], deny: ['sip:mallory@*'] } },
);
