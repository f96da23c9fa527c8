/** Channels that outlive the server. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { silentLog, type Log } from '../../../src/common/log.ts';
import { fileStore } from '../../../src/irc/server/store.ts';
import { ask, house } from './house.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parley-ircd-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function listening(): { log: Log; errors: string[] } {
  const errors: string[] = [];
  return { log: { ...silentLog, error: (_fields, message) => errors.push(message) }, errors };
}

test('topic, modes, lists and operators are there again after a restart', async (t) => {
  const path = join(folder(t), 'state');
  const first = await house(t, { state: fileStore(path, silentLog) });
  const [alice, bob] = [await first.client('alice'), await first.client('bob')];
  await ask(alice, 'JOIN #c,#plain', 'TOPIC #c :Kept for long', 'MODE #c +mbkl-t eve s3cret 7');
  await ask(bob, 'JOIN #c s3cret');
  await first.server.close('Restart');
  const second = await house(t, { state: fileStore(path, silentLog) });
  const again = await second.client('bob');
  const lines = await ask(again, 'JOIN #c s3cret', 'MODE #c', 'MODE #c b', 'TOPIC #plain', 'LIST');
  assert.ok(lines.includes(':irc.test 332 bob #c :Kept for long'));
  assert.ok(lines.includes(':irc.test 353 bob = #c :bob'), 'it is no operator who was none');
  assert.ok(lines.includes(':irc.test 324 bob #c +mnkl s3cret 7'));
  assert.ok(lines.some((line) => line.includes(' 367 bob #c eve!*@* alice ')));
  assert.ok(lines.includes(':irc.test 403 bob #plain :No such channel'));
  const operator = await second.client('alice');
  assert.equal((await ask(operator, 'JOIN #c s3cret')).at(-1), ':irc.test MODE #c +o alice');
});

test('an empty channel with something to keep stays, and lets its operators in', async (t) => {
  const it = await house(t, { state: fileStore(join(folder(t), 'state'), silentLog) });
  const [alice, bob] = [await it.client('alice'), await it.client('bob')];
  await ask(alice, 'JOIN #c,#d', 'MODE #c +i', 'PART #c,#d');
  assert.match((await ask(bob, 'JOIN #c')).join(), / 473 /);
  assert.deepEqual(await ask(bob, 'LIST', 'TOPIC #d'), [
    ':irc.test 321 bob Channel :Users  Name',
    ':irc.test 323 bob :End of /LIST',
    ':irc.test 403 bob #d :No such channel',
  ]);
  assert.ok((await ask(alice, 'JOIN #c')).includes(':irc.test 353 alice = #c :@alice'));
});

test('changes are written after a few seconds, by replacing the file', async (t) => {
  const path = folder(t);
  const it = await house(t, { state: fileStore(join(path, 'state'), silentLog) });
  const alice = await it.client('alice');
  await ask(alice, 'JOIN #c', 'TOPIC #c :one');
  assert.deepEqual(readdirSync(path), []);
  it.clock.advance(3000);
  while (readdirSync(path).join() !== 'state') await new Promise(setImmediate);
  const kept = JSON.parse(readFileSync(join(path, 'state'), 'utf8')) as {
    channels: { topic: { text: string } }[];
  };
  assert.equal(kept.channels[0]?.topic.text, 'one');
});

test('a damaged file is put aside and told', async (t) => {
  for (const damage of [
    '{"version":1,"channels":[{"na',
    '{"version":1,"channels":[{"name":"no channel"}]}',
    '{"version":2,"channels":[]}',
    '[]',
    '',
    '{"version":1,"channels":[{"name":"#c","created":1,"usedAt":1,"modes":"","lists":{"b":[1],"e":[],"I":[]},"operators":[]}]}',
  ]) {
    const path = folder(t);
    writeFileSync(join(path, 'state'), damage);
    const { log, errors } = listening();
    assert.deepEqual(fileStore(join(path, 'state'), log).load(), []);
    assert.equal(errors.length, 1);
    const [aside = ''] = readdirSync(path);
    assert.match(aside, /^state\.damaged-\d{4}/);
    assert.equal(readFileSync(join(path, aside), 'utf8'), damage);
  }
});

test('a place that cannot be written is told, and nothing else happens', async (t) => {
  const { log, errors } = listening();
  const path = join(folder(t), 'no', 'such', 'folder');
  const store = fileStore(path, log);
  assert.deepEqual(store.load(), []);
  await store.save([]);
  assert.equal(errors.length, 1);
});

test('nothing is loaded before the first connection, and nothing saved by a server that had none', async (t) => {
  let [loads, saves] = [0, 0];
  const state = {
    load: () => {
      loads += 1;
      return [];
    },
    save: () => void (saves += 1),
  };
  const unused = await house(t, { state });
  await unused.server.close('Not needed');
  assert.deepEqual([loads, saves], [0, 0]);
  const used = await house(t, { state });
  await used.client('alice');
  await used.client('bob');
  await used.server.close('Enough');
  assert.deepEqual([loads, saves], [1, 1]);
});

test('a file that cannot be read is told, stays as it is, and is not saved over', async (t) => {
  const path = join(folder(t), 'state');
  mkdirSync(path);
  const { log, errors } = listening();
  const store = fileStore(path, log);
  assert.deepEqual(store.load(), []);
  assert.deepEqual(errors, ['cannot read the channels of the IRC server; they are not kept']);
  rmSync(path, { recursive: true });
  writeFileSync(path, 'precious');
  await store.save([]);
  assert.equal(readFileSync(path, 'utf8'), 'precious');
});

test('an operator who was deopped or thrown out gets nothing back with its former name', async (t) => {
  const accounts = new Map([['acc', 'pw']]);
  const operators = new Map([['root', 'pw']]);
  const login = ['CAP REQ sasl', 'AUTHENTICATE PLAIN', `AUTHENTICATE ${btoa('\0acc\0pw')}`];
  const changes: [string, (nick: string) => string[], string][] = [
    ['NICK', () => ['NICK other'], 'other'],
    ['ACCOUNT', () => login, 'alice'],
    ['CHGHOST', (nick) => ['OPER root pw', `CHGHOST ${nick} u other.host`, `MODE ${nick} -o`], 'alice'],
  ];
  for (const end of ['MODE #c -o', 'KICK #c']) {
    for (const [what, change, now] of changes) {
      const state = fileStore(join(folder(t), 'state'), silentLog);
      const it = await house(t, { state, accounts, operators });
      const [alice, bob] = [await it.client('alice'), await it.client('bob')];
      await ask(alice, 'JOIN #c', 'TOPIC #c :kept');
      await ask(bob, 'JOIN #c');
      await ask(alice, 'MODE #c +o bob', ...change('alice'));
      await ask(bob, `${end} ${now}`);
      await it.server.close('Restart');
      const second = await house(t, { state, accounts, operators });
      const lines = await ask(await second.client('alice'), 'JOIN #c');
      assert.equal(lines.at(-1), ':irc.test 366 alice #c :End of /NAMES list', `${end} ${what}`);
      assert.ok(lines.includes(':irc.test 353 alice = #c :alice'), `${end} ${what}`);
    }
  }
});

test('an operator is remembered by the name that it has last', async (t) => {
  const state = fileStore(join(folder(t), 'state'), silentLog);
  const it = await house(t, { state });
  const alice = await it.client('alice');
  await ask(alice, 'JOIN #c', 'TOPIC #c :kept', 'NICK alicia');
  await it.server.close('Restart');
  const second = await house(t, { state });
  const other = await second.client('alice');
  assert.ok((await ask(other, 'JOIN #c')).includes(':irc.test 353 alice = #c :alice'));
  const back = await second.stranger('alicia');
  back.sends('NICK alicia', 'USER alice 0 * :x');
  assert.equal((await ask(back, 'JOIN #c')).at(-1), ':irc.test MODE #c +o alicia');
});
