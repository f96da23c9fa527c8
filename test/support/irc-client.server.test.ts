/** The IRC client of the tests, on each IRC server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServers } from '../peers/irc-server.ts';
import { ircClient, parseIrcLine } from './irc-client.ts';

for (const server of withServers) {
  test(
    `${server.name}: two clients see each other come, talk, rename and go`,
    { timeout: 30_000 },
    async (t) => {
      const { host, port } = await server.start(t);
      const ann = await ircClient(t, { host, port, nick: 'ann' });
      await ann.joins('#tea');
      const bob = await ircClient(t, { host, port, nick: 'bob' });
      await bob.joins('#tea');
      await ann.sees({ command: 'JOIN', from: 'bob', to: '#tea' });
      await bob.says('#tea', 'one: two');
      await ann.sees({ command: 'PRIVMSG', from: 'bob', to: '#tea', text: 'one: two' });
      await bob.renames('robert');
      const names = await ann.names('#tea');
      assert.deepEqual([names.size, names.get('ann'), names.get('robert')], [2, '@', '']);
      assert.equal((await ann.who('#tea')).get('robert'), 'bob');
      assert.equal(await ann.nickOf('#tea', 'bob'), 'robert');
      bob.quits();
      await ann.sees({ command: 'QUIT', from: 'robert' });
      assert.throws(() => ann.sawNothing({ command: 'PRIVMSG', text: /two/ }), /PRIVMSG #tea :one: two/);
      await assert.rejects(ann.sees({ command: 'NICK', text: 'nobody' }, 50), /ann waited for command NICK/);
    },
  );
}

test('a line of IRC with tags, prefix and a text with colons', () => {
  const line = parseIrcLine('@time=x :ann!a@host PRIVMSG #tea :a :b');
  assert.deepEqual(
    [line.from, line.command, line.params, line.text],
    ['ann', 'PRIVMSG', ['#tea', 'a :b'], 'a :b'],
  );
  assert.deepEqual(parseIrcLine('PING :').params, ['']);
});
