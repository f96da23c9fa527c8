/** Programs with user mode B: they are there for others, and own no channel by being first (bot-mode). */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog } from '../../../src/common/log.ts';
import { fileStore } from '../../../src/irc/server/store.ts';
import { all, ask, house } from './house.ts';

test('a bot that is first is no operator; the first who is none is, before its eyes', async (t) => {
  const it = await house(t);
  const [bot, other] = [await it.client('bot'), await it.client('other')];
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  assert.ok((await ask(bot, 'MODE bot +B', 'JOIN #c')).includes(':irc.test 353 bot = #c :bot'));
  assert.ok((await ask(other, 'MODE other +B', 'JOIN #c')).includes(':irc.test 353 other = #c :bot other'));
  assert.deepEqual(await all(alice, [other], 'JOIN #c'), [
    [
      ':alice!alice@127.0.0.1 JOIN #c',
      ':irc.test 353 alice = #c :bot other alice',
      ':irc.test 366 alice #c :End of /NAMES list',
      ':irc.test MODE #c +o alice',
    ],
    [':alice!alice@127.0.0.1 JOIN #c', ':irc.test MODE #c +o alice'],
  ]);
  assert.ok((await ask(bob, 'JOIN #c')).includes(':irc.test 353 bob = #c :bot other @alice bob'));
  await ask(alice, 'PART #c');
  await ask(bob, 'PART #c');
  assert.equal((await ask(bob, 'JOIN #c')).at(-1), ':irc.test MODE #c +o bob');
});

test('a channel with bots alone waits for the operators that it remembers, and lets them in', async (t) => {
  const path = mkdtempSync(join(tmpdir(), 'parley-ircd-'));
  t.after(() => rmSync(path, { recursive: true }));
  const it = await house(t, { state: fileStore(join(path, 'state'), silentLog) });
  const [bot, alice, bob] = [await it.client('bot'), await it.client('alice'), await it.client('bob')];
  await ask(bot, 'MODE bot +B', 'JOIN #c');
  await ask(alice, 'JOIN #c', 'PART #c');
  assert.ok((await ask(bob, 'JOIN #c')).includes(':irc.test 366 bob #c :End of /NAMES list'));
  assert.equal((await ask(bob, 'NAMES #c'))[0], ':irc.test 353 bob = #c :bot bob');
  await ask(bob, 'PART #c');
  await ask(alice, 'JOIN #c', 'MODE #c +i', 'PART #c');
  assert.match((await ask(bob, 'JOIN #c')).join(), / 473 /);
  assert.equal((await ask(alice, 'JOIN #c')).at(-1), ':irc.test MODE #c +o alice');
});
