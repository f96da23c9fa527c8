/** The client in the terminal: what it understands, what it shows, and whole visits to a room on real sockets. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { deletedDocument, fullDocument, partialDocument } from '../../../src/formats/conference-info.ts';
import { writeCpim } from '../../../src/formats/cpim.ts';
import { type Action, parseLine } from './commands.ts';
import { heardLines, notSent, reasonOf } from './lines.ts';
import { openLobby, runClient, type ClientProcess, type Lobby } from './lobby.ts';
import { Roster } from './roster.ts';
import { userOf } from './target.ts';
import { hear } from './wrapping.ts';

const COMMANDS: readonly (readonly [string, Action])[] = [
  ['hello', { type: 'say', text: 'hello' }],
  ['  two spaces', { type: 'say', text: '  two spaces' }],
  ['a line\r', { type: 'say', text: 'a line' }],
  ['', { type: 'nothing' }],
  ['   ', { type: 'nothing' }],
  ['/me waves', { type: 'say', text: '/me waves' }],
  ['/ME  waves ', { type: 'say', text: '/me waves' }],
  ['/me', { type: 'wrong', problem: 'it is written /me TEXT' }],
  ['//me waves', { type: 'say', text: '/me waves' }],
  ['/etc/passwd is a file', { type: 'say', text: '/etc/passwd is a file' }],
  ['/', { type: 'say', text: '/' }],
  ['/msg bob how are you?', { type: 'whisper', nick: 'bob', text: 'how are you?' }],
  ['/msg sip:bob@example.org hi', { type: 'whisper', nick: 'sip:bob@example.org', text: 'hi' }],
  ['/msg bob', { type: 'wrong', problem: 'it is written /msg NICK TEXT' }],
  ['/nick Al', { type: 'nickname', nick: 'Al' }],
  ['/nick Al the "Great"', { type: 'nickname', nick: 'Al the "Great"' }],
  ['/nick', { type: 'nickname', nick: '' }],
  ['/names', { type: 'names' }],
  ['/topic', { type: 'topic' }],
  ['/help me', { type: 'help' }],
  ['/quit', { type: 'quit', reason: '' }],
  ['/QUIT so long', { type: 'quit', reason: 'so long' }],
  ['/join #x', { type: 'wrong', problem: 'there is no command /join; /help shows those that there are' }],
];

test('what is typed is said, or is a command', () => {
  for (const [line, action] of COMMANDS) assert.deepEqual(parseLine(line), action, line);
});

const place = { self: 'sip:alice@127.0.0.1', room: 'sip:lobby@127.0.0.1' };

function heard(
  from: string,
  to: string,
  body: string | Buffer,
  contentType = 'text/plain',
): string[] | undefined {
  const [, name = '', uri = ''] = /^(.*?) ?<(.*)>$/s.exec(from) ?? [];
  const address = { name, uri };
  const wrapped = writeCpim({
    from: address,
    to: { name: '', uri: to },
    dateTime: new Date(0),
    contentType,
    body,
  });
  const message = hear(wrapped, place);
  return message && heardLines(message);
}

test('messages are shown by whom they are from and for', () => {
  const bob = 'Bob <sip:bob@example.org>';
  assert.deepEqual(heard(bob, place.room, 'hello'), ['<Bob> hello']);
  assert.deepEqual(heard(bob, 'sip:lobby@chat.example.org', 'one\r\ntwo\n'), ['<Bob> one', '<Bob> two']);
  assert.deepEqual(heard(bob, place.room, '/me waves'), ['* Bob waves']);
  assert.deepEqual(heard(bob, place.self, 'psst'), ['[private] <Bob> psst']);
  assert.deepEqual(heard(bob, place.self, '/me winks'), ['[private] * Bob winks']);
  assert.deepEqual(heard('<sip:alice@127.0.0.1>', 'sip:bob@example.org', 'my own'), [
    '[to bob] <alice> my own',
  ]);
  assert.deepEqual(heard('<sip:lobby@chat.example.org>', place.room, 'IRC is away'), ['-- IRC is away']);
  assert.deepEqual(heard(bob, place.room, '<b>x</b> &amp; y<br>z', 'text/html'), ['<Bob> x & y', '<Bob> z']);
  assert.deepEqual(heard(bob, place.room, Buffer.alloc(34_000), 'image/png'), ['<Bob> [image/png 34 kB]']);
  assert.equal(heard(bob, place.room, '<isComposing/>', 'application/im-iscomposing+xml'), undefined);
});

test('nothing that came from others moves the cursor or pretends to be another line', () => {
  assert.deepEqual(heard('B\nob <sip:b@x>', place.room, 'a\u001b[2Jb\u0007\u202ec\u2028d'), [
    '<B ob> a [2Jb  c',
    '<B ob> d',
  ]);
  assert.equal(notSent(403, 'no\r\n<Bob> yes', 'x\ny'), '! not sent: 403 no <Bob> yes ("x")');
  assert.equal(
    notSent(428, '', 'y'.repeat(50)),
    `! not sent: 428 the other client takes no private messages ("${'y'.repeat(40)}...")`,
  );
  assert.equal(reasonOf('SIP;cause=403;text="kicked by \\"ann\\"\u001b[0m"'), 'kicked by "ann" [0m');
  assert.equal(reasonOf('Q.850;cause=16'), '');
});

test('a name makes a user part', () => {
  assert.deepEqual(['Alice', 'Al é. B', '***', 'a_b-c.d'].map(userOf), [
    'alice',
    'al-.-b',
    'guest',
    'a_b-c.d',
  ]);
});

test('the roster tells who came, left and changed, and knows the addresses', () => {
  const user = (entity: string, nickname: string, roles: readonly string[] = []) => ({
    entity,
    nickname,
    roles,
    endpoints: [],
  });
  const info = { entity: place.room, subject: 'tea', userCount: 3, active: true };
  const [self, bob, ann] = [
    user(place.self, 'Alice'),
    user('sip:bob@x', 'bob'),
    user('sip:ann@x', 'Ann', ['operator']),
  ];
  const roster = new Roster(place.self);
  assert.deepEqual(roster.take(fullDocument({ ...info, users: [self, bob, ann] }, 1)).news, [
    '-- you are called Alice',
    '-- 3 here: Alice, bob, @Ann',
    '-- topic: tea',
  ]);
  const change = {
    ...info,
    users: [user('sip:bob@x', 'rob'), { ...ann, state: 'deleted' as const }, user('sip:c@x', 'c')],
  };
  assert.deepEqual(roster.take(partialDocument(change, 2)).news, [
    '<- Ann left',
    '-> c joined',
    '-- bob is now rob',
  ]);
  assert.equal(roster.addressOf('ROB'), 'sip:bob@x');
  assert.equal(roster.addressOf('Ann'), undefined);
  assert.deepEqual(
    roster.take(partialDocument({ ...info, subject: '', users: [] }, 3, { description: true })).news,
    ['-- topic: there is no topic'],
  );
  assert.deepEqual(roster.take(partialDocument({ ...info, users: [] }, 5)), { news: [], lost: true });
  roster.restart();
  const many = Array.from({ length: 12 }, (_, index) => user(`sip:m${index}@x`, `m${index}`));
  assert.deepEqual(roster.take(fullDocument({ ...info, userCount: 400, users: [self, ...many] }, 1)).news, [
    '<- rob, c left',
    '-> m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more joined',
    '-- topic: tea',
  ]);
  assert.match(roster.names(), /^-- 400 here: Alice, m0, .*m11 and 387 more$/);
  assert.deepEqual(roster.take(deletedDocument(place.room, 2)).lost, false);
  assert.throws(() => roster.take('<other/>'));
});

/** A client that is in the room and knows who is there. */
async function joins(
  t: TestContext,
  lobby: Lobby,
  name: string,
  ...more: readonly string[]
): Promise<ClientProcess> {
  const port = more.includes('--udp') ? lobby.udp : lobby.tcp;
  const client = runClient(t, `sip:lobby@127.0.0.1:${port}`, ...more, '--name', name);
  await client.shows(/^-- you are in sip:lobby@127\.0\.0\.1 as /);
  await client.shows(/^-- \d+ here: /);
  return client;
}

test('two people talk, whisper, rename and leave', { timeout: 60_000 }, async (t) => {
  const lobby = await openLobby(t);
  const [alice, bob] = [await joins(t, lobby, 'Alice'), await joins(t, lobby, 'Bob', '--udp')];
  await alice.shows('-> Bob joined');
  alice.types('hello, Bob', '/me waves', '//slash');
  for (const line of ['<Alice> hello, Bob', '* Alice waves', '<Alice> /slash']) await bob.shows(line);
  bob.types('/msg alice between us', '/msg nobody hm');
  await alice.shows('[private] <Bob> between us');
  await bob.shows('! nobody here is called nobody');
  bob.types('/nick alice', '/nick Robert', '/names', '/topic', 'it is I');
  await bob.shows(/^! nickname "alice" refused: 425 /);
  await bob.shows('-- you are called Robert');
  await bob.shows('-- 2 here: Alice, Robert');
  await bob.shows('-- topic: tea');
  await alice.shows('<Robert> it is I');
  await alice.shows('-- Bob is now Robert');
  bob.types('/msg sip:zoe@example.org hm', '/nonsense', '/quit bye');
  await bob.shows(/^! not sent: 404 .*\("hm"\)$/);
  await bob.shows(/^! there is no command \/nonsense/);
  assert.equal(await bob.ends(), 0);
  await alice.shows('<- Robert left');
  alice.interrupts();
  assert.equal(await alice.ends(), 0);
  assert.equal(lobby.loop.roster.size, 0);
});

test('lines from a pipe are all said before it leaves', { timeout: 60_000 }, async (t) => {
  const lobby = await openLobby(t);
  const alice = await joins(t, lobby, 'Alice');
  const pipe = runClient(
    t,
    `sip:lobby@127.0.0.1:${lobby.tcp}`,
    '--from',
    'sip:pipe@example.org',
    '--name',
    'Pipe',
  );
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
  pipe.types('/msg Alice first', ...lines);
  pipe.endsInput();
  assert.equal(await pipe.ends(), 0);
  await alice.shows('[private] <Pipe> first');
  await alice.shows('<Pipe> line 199');
  assert.deepEqual(
    alice.lines.filter((line) => line.startsWith('<Pipe>')),
    lines.map((line) => `<Pipe> ${line}`),
  );
});

test('who is sent away is told why, and ends with 1', { timeout: 60_000 }, async (t) => {
  const lobby = await openLobby(t);
  const alice = await joins(t, lobby, 'Alice');
  const [entry] = [...lobby.loop.roster.entries()];
  lobby.loop.push({ type: 'expelled', participant: entry?.id ?? '', text: 'kicked by ann: enough' });
  assert.equal(await alice.ends(), 1);
  assert.ok(alice.lines.includes('-- kicked by ann: enough'), alice.lines.join('\n'));
  await alice.shows(/^! the room has hung up: .*kicked by ann/);
  const bob = await joins(t, lobby, 'Bob');
  await lobby.close('the gateway is shutting down');
  assert.equal(await bob.ends(), 1);
});

test('who loses patience while the room is silent cancels the call', { timeout: 60_000 }, async (t) => {
  const lobby = await openLobby(t, { silent: true });
  const alice = runClient(t, `sip:lobby@127.0.0.1:${lobby.tcp}`, '--name', 'Alice');
  await alice.shows('.. the room takes its time to let you in');
  alice.interrupts();
  assert.equal(await alice.ends(), 1);
  assert.equal(alice.errors, '! given up\n');
  assert.equal(lobby.released, 1);
});

test('what goes wrong is told in a line', { timeout: 60_000 }, async (t) => {
  const lobby = await openLobby(t);
  const at = `127.0.0.1:${lobby.tcp}`;
  const faults: readonly (readonly [readonly string[], RegExp])[] = [
    [[`sip:nowhere@${at}`], /^! there is no room "nowhere" at 127\.0\.0\.1:\d+ \(TCP\)\n$/],
    [[`sip:lobby@${at}`, '--from', 'sip:mallory@x.org'], /^! you may not come in: .+\n$/],
    [[`sip:lobby@${at}`, '--from', 'mallory'], /^! mallory is no SIP address/],
    [['sip:lobby@127.0.0.1:1'], /^! cannot reach 127\.0\.0\.1:1 \(TCP\): nobody listens there/],
    [['lobby'], /^! lobby is no room's address/],
    [[], /^! one room is needed\n\nUsage:/],
    [[`sip:lobby@${at}`, '--bad'], /^! Unknown option '--bad'.*\n\nUsage:/s],
    [[`sip:lobby@${at}`, '--tcp', '--udp'], /^! either --tcp or --udp\n$/],
  ];
  for (const [args, wanted] of faults) {
    const client = runClient(t, ...args);
    assert.equal(await client.ends(), 1, args.join(' '));
    assert.match(client.errors, wanted);
  }
  const help = runClient(t, '--help');
  assert.equal(await help.ends(), 0);
  assert.match(help.lines.join('\n'), /^Usage:/);
});
